import { css } from 'lit'

export const totalProgressStyles = css`
  .total {
    display: grid;
    gap: 0.4em;
    border-radius: calc(var(--_radius) * 0.5);
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

  .total-actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4em;
    margin-inline-start: auto;
  }
`
