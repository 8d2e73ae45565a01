import { css } from 'lit'

export const totalProgressStyles = css`
  .total {
    display: grid;
    gap: 0.4em;
    font-size: 0.9em;
  }

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
