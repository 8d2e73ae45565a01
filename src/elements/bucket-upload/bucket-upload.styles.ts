import { css } from 'lit'

/** Elements inside inherit the private properties that a variant sets. */
export const uploadStyles = css`
  :host([variant='compact']),
  :host([variant='inline']) {
    --_scale: 0.7;
  }

  :host([variant='inline']) {
    --_box: 0;
    --_ground: transparent;
    display: inline-block;
    width: 24em;
    max-width: 100%;
    vertical-align: top;
  }

  .base {
    container-type: inline-size;
    display: grid;
    gap: calc(0.75em * var(--_density));
  }
`
