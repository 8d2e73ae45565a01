import { css } from 'lit'

/** Label and messages of the form fields. */
export const formStyles = css`
  .label {
    font-weight: 600;
  }

  .problem {
    color: var(--_danger);
    font-size: 0.9em;
  }

  .held {
    color: var(--_muted);
    font-size: 0.9em;
  }
`
