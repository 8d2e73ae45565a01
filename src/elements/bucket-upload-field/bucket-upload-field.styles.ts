import { css } from 'lit'

/** What is around the content: it has its place before the content is loaded. */
export const fieldFrameStyles = css`
  .base {
    container-type: inline-size;
    display: grid;
    gap: 0.5em;
  }

  bucket-upload-drop-zone::part(drop-zone) {
    grid-template-columns: minmax(0, 1fr);
    justify-items: stretch;
    padding: calc(0.6em * var(--_density)) calc(0.75em * var(--_density));
    text-align: start;
  }

  .room {
    height: 3em;
  }

  .avatar .room {
    height: 4.5em;
  }
`
