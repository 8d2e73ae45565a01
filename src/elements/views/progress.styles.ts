import { css } from 'lit'

export const progressStyles = css`
  .total {
    display: grid;
    gap: 0.4em;
    border-radius: calc(var(--_radius) * 0.5);
    font-size: 0.9em;
  }

  .total-actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4em;
    margin-inline-start: auto;
  }
`
