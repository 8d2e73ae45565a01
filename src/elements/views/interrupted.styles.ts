import { css } from 'lit'

export const interruptedStyles = css`
  .interrupted {
    container-type: inline-size;
  }

  .total-line,
  .more {
    padding: 0.4em calc(12px * var(--_inset, 1));
  }

  .list {
    overflow: hidden;
  }

  .actions {
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
    .actions {
      grid-column: 2 / -1;
      margin-inline-start: -0.1em;
    }
  }
`
