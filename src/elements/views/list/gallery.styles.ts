import { css } from 'lit'

/** The buttons of all tiles, and square tiles that their pictures fill. */
export const galleryStyles = css`
  .gallery {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(104px, 30%), 1fr));
    grid-auto-rows: max-content;
    gap: 8px;
    padding: calc(8px * (1 - var(--_box, 1)));
    border: 0;
    border-radius: 0;
    background: none;
    overflow: visible;
  }

  .gallery > * {
    min-height: 0;
    aspect-ratio: 1;
    border-radius: var(--_inner-radius);
    overflow: hidden;
  }

  .gallery > .row {
    display: block;
    padding: 0;
    background: var(--_soft);
  }

  .gallery > .row::before {
    content: none;
  }

  .gallery .kind {
    display: grid;
    width: 100%;
    height: 100%;
    aspect-ratio: auto;
    border-radius: 0;
  }

  /* A small tile has room for the name or the letters. */
  .gallery .letters {
    display: none;
  }

  .gallery .letters + svg {
    display: block;
  }

  .gallery .badge {
    inset-block-end: 6px;
    inset-inline-end: 6px;
    width: 22px;
    height: 22px;
    border: 0;
  }

  .gallery .main {
    position: absolute;
    inset: auto 0 0;
    padding: 24px 8px 8px;
    pointer-events: none;
  }

  .gallery .row:is(.uploading, .finalizing, .processing, .waiting, .paused, .failed, .cancelled) .main {
    background: linear-gradient(#0000, #000a);
  }

  /* Words only where there is no picture, or something to do. */
  .gallery .name {
    display: block;
    overflow: hidden;
    font-size: 0.75em;
    text-overflow: ellipsis;
  }

  .gallery .uploaded:not(.pictured) .name {
    max-width: calc(100% - 26px);
  }

  .gallery .row:is(.uploading, .finalizing, .processing, .waiting, .paused, .failed, .cancelled) .name {
    color: #fff;
  }

  .gallery .pictured:not(.failed) .name,
  .gallery .row:not(.failed) .detail {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }

  /* Why it failed takes the tile, below the button that removes it. */
  .gallery .row:is(.failed, .cancelled) .main {
    top: 0;
    padding-top: calc(max(36px, var(--_target)) + 2px);
    background: #000a;
    overflow: hidden;
  }

  .gallery .failed .detail {
    display: -webkit-box;
    color: #fff;
    font-size: 0.6875em;
    -webkit-line-clamp: 2;
  }

  .gallery .failed .state .detail {
    -webkit-line-clamp: 1;
  }

  .gallery :is(.failed .kind > :is(.badge, svg), .paused .badge) {
    display: none;
  }

  .gallery .cure {
    max-width: 100%;
    padding-inline: 6px;
    margin-inline-start: -6px;
    color: #fff;
    font-size: 0.75em;
    text-align: start;
    white-space: normal;
    pointer-events: auto;
  }

  .gallery progress {
    --_bar: #fff;
    background: #fff5;
  }

  /* On the picture: the words get the width of the tile. */
  :is(.grid, .gallery) .actions {
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: 0;
  }

  :is(.grid, .gallery) .actions .icon {
    place-items: start end;
    padding: 6px;
    color: #fff;
  }

  :is(.grid, .gallery) .actions .icon svg {
    box-sizing: border-box;
    width: 24px;
    height: 24px;
    padding: 5px;
    border-radius: 50%;
    background: #0009;
  }

  .gallery .actions .icon:not(.end) {
    display: none;
  }

  .gallery .actions .icon:is(.resume, .copy) {
    display: inline-grid;
  }

  .add-tile button {
    display: grid;
    place-content: center;
    place-items: center;
    width: 100%;
    height: 100%;
    border: 1.5px dashed var(--_zone-line);
    border-radius: var(--_inner-radius);
    background: color-mix(in srgb, var(--_accent) 4%, var(--_surface));
    color: var(--_accent-text);
    font-size: 0.8125em;
    font-weight: 600;
  }
`
