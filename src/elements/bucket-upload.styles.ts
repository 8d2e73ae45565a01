import { css } from 'lit'

export const styles = css`
  .base {
    container-type: inline-size;
    display: grid;
    gap: 0.75em;
  }
`
