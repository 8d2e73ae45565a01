import { css } from 'lit'

/** Elements inside inherit the private properties that a card or a variant sets. */
export const uploadStyles = css`
  .base {
    container-type: inline-size;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.5em;
  }

  .card {
    --_box: 0;
    --_ground: var(--_surface);
    --_inset: 1;
    position: relative;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    overflow: clip;
  }

  .card[hidden] {
    display: none;
  }

  .card bucket-upload-list,
  .card bucket-upload-existing {
    --_ground: transparent;
  }

  bucket-upload-list {
    --_first-line: 0;
  }

  bucket-upload-existing + bucket-upload-list {
    --_first-line: 1;
  }

  .active .top {
    position: sticky;
    top: var(--bucket-upload-sticky-top, 0px);
    z-index: 1;
  }

  /* With large text it would cover the window. */
  @container (max-width: 15em) {
    .active .top {
      position: static;
    }
  }

  /* In one line, and dense. */
  :host(:is([variant='compact'], [variant='inline'])) {
    --_scale: 0.7;
    --_small-row: var(--bucket-upload-row, 48px);
    --_small-thumbnail: var(--bucket-upload-thumbnail, 32px);
    --_text-height: 0px;
    --_lines: 1;
    --_bar-gap: 1px;
    --_add: none;
  }

  :host(:is([variant='compact'], [variant='inline'])) .card {
    --_box: 1;
    --_ground: initial;
    --_inset: 1;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    row-gap: calc(0.75em * var(--_density));
    border: 0;
    border-radius: 0;
    background: none;
    overflow: visible;
  }

  :host([variant='inline']) .card {
    --_box: 0;
    --_inset: 0;
    --_ground: transparent;
  }

  :host([variant='inline']) {
    display: inline-block;
    width: 24em;
    max-width: 100%;
    vertical-align: top;
  }

  :host(:is([variant='compact'], [variant='inline'])) :is(.top, bucket-upload-messages) {
    display: contents;
  }

  #files {
    display: contents;
  }

  /* The styles of a tray come with what it shows. */
  :host([variant='tray']) {
    position: fixed;
    visibility: hidden;
  }

  @media (width < 25rem) {
    :host(:not([variant='compact'], [variant='inline'])) .card {
      margin-inline: calc(-1 * var(--bucket-upload-bleed, 0px));
    }
  }
`
