import { css } from 'lit'

/** One line about several files, with buttons at its end. */
export const totalLineStyles = css`
  .total-line {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.4em;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }
`
