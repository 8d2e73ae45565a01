import { css } from 'lit'

export const existingStyles = css`
  .row:first-child {
    border-top: 0;
  }

  .removed .detail {
    color: var(--_danger);
  }

  @container (max-width: 26em) {
    .row {
      flex-wrap: wrap;
      row-gap: 0.25em;
    }

    .main {
      flex-basis: calc(100% - 3.25em);
    }

    .actions {
      margin-inline-start: 3.25em;
    }
  }
`
