import { css } from 'lit'

/** For an element whose content adapts to its width. */
export const containerStyles = css`
  :host {
    container-type: inline-size;
  }
`

/** For an element that takes no space while it is empty, not even the gap of a grid around it. */
export const contentsStyles = css`
  :host {
    display: contents;
  }
`
