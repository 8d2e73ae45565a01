import { css } from 'lit'

/** What differs from the list of files. */
export const interruptedStyles = css`
  :host {
    /* Without anything to show it takes no room, not even the gap to what is around it. */
    display: contents;
  }

  .interrupted {
    container-type: inline-size;
    display: grid;
    gap: 0.4em;
  }

  .row {
    display: flex;
    gap: 0.75em;
    background: var(--_ground, var(--_soft));
  }

  .main {
    flex: 1;
    min-width: 0;
  }

  .actions {
    flex: none;
    gap: 0.4em;
  }

  .plain {
    border-color: transparent;
    background: transparent;
    color: var(--_muted);
  }

  [aria-disabled='true'] {
    opacity: 0.5;
  }

  @container (max-width: 26em) {
    .row {
      flex-wrap: wrap;
      row-gap: 0.25em;
    }

    .main {
      flex-basis: 100%;
    }
  }
`
