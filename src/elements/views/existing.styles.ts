import { css } from 'lit'

export const existingStyles = css`
  .removed .detail {
    color: var(--_danger);
  }

  @container (max-width: 22em) {
    .actions {
      grid-column: 2 / -1;
    }
  }
`
