import { css } from 'lit'

export const interruptedStyles = css`
  .interrupted {
    container-type: inline-size;
    display: grid;
    gap: 0.4em;
  }

  .list {
    overflow: hidden;
  }

  .row {
    background: var(--_ground, var(--_soft));
  }

  .row:first-child {
    border-top-color: transparent;
  }

  .detail {
    font-variant-numeric: tabular-nums;
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
    .row {
      flex-wrap: wrap;
      row-gap: 0.25em;
    }

    .main {
      flex-basis: 100%;
    }
  }
`
