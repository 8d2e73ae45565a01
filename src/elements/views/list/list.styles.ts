import { css } from 'lit'

export const listStyles = css`
  .list {
    overflow: hidden;
  }

  .list:not(.long) > .row:first-child::before,
  .row[aria-posinset='1']::before {
    border-top: calc(1px * var(--_first-line, 0)) solid var(--_line);
  }

  .kind {
    position: relative;
    grid-template: 100% / 100%;
  }

  canvas {
    width: 100%;
    height: 100%;
    border-radius: inherit;
    object-fit: cover;
    animation: fade calc(120 * var(--_ms));
  }

  .letters {
    font-size: 11px;
    font-weight: 700;
  }

  .letters + svg {
    display: none;
  }

  .play {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    width: 20px;
    height: 20px;
    margin: auto;
    border-radius: 50%;
    background: #0009;
    color: #fff;
  }

  .play svg {
    width: 12px;
    height: 12px;
    margin-inline-start: 1px;
    fill: currentColor;
  }

  .state {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    column-gap: 0.5em;
  }

  .detail {
    display: -webkit-box;
    min-width: 0;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: var(--_lines, 2);
  }

  :is(.uploading, .finalizing, .processing) .detail {
    -webkit-line-clamp: 1;
    overflow-wrap: normal;
    word-break: break-all;
  }

  /* What waits does not move: its words get the room. */
  .waiting progress {
    display: none;
  }

  /* A row with an error is the only one that may grow. */
  .failed .detail {
    display: block;
  }

  /* As large as a finger, and no higher than its line. */
  .cure,
  .change {
    margin-block: calc((1.2em - var(--_target)) / 2);
    padding-inline: 0.6em;
    margin-inline-start: -0.6em;
    border: 0;
  }

  .cancelled .name {
    color: var(--_muted);
  }

  .rows .row > .actions {
    gap: 0.15em;
  }

  @media (pointer: coarse) {
    .rows .row > .actions {
      gap: 0;
    }
  }

  .copy {
    display: inline-flex;
    align-items: center;
    gap: 0.4em;
    white-space: nowrap;
  }

  .copy:not(.icon) svg {
    width: 1em;
    height: 1em;
  }

  .copy.icon span {
    display: none;
  }

  .copied {
    color: var(--_success);
  }

  [aria-disabled='true'] {
    opacity: 0.6;
  }

  /* One upload is seldom paused alone: the button shows when the row is pointed at, or has the focus. */
  @media (hover: hover) {
    .rows .row:not(:hover, :focus-within) .pause {
      opacity: 0;
    }
  }

  .fold {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    padding-inline: 4px;
    border-top: calc(1px * (1 - var(--_box, 1))) solid var(--_line);
  }

  .fold button {
    min-height: 44px;
    border: 0;
  }

  .fold .clear {
    color: var(--_muted);
  }

  .fold :focus-visible {
    outline-offset: -2px;
  }

  .problem,
  .more {
    margin: 0;
    padding: 0.5em calc(12px * var(--_inset, 1));
    font-size: 0.875em;
  }

  .problem {
    color: var(--_danger);
  }

  /* What came with many others comes at once. */
  .list:not(.long) > .row {
    animation: come calc(160 * var(--_ms)) ease-out backwards;
  }

  @keyframes come {
    from {
      opacity: 0;
      translate: 0 4px;
    }
  }

  @keyframes fade {
    from {
      opacity: 0;
    }
  }

  .grid {
    display: grid;
    grid-template-columns: repeat(
      auto-fill,
      minmax(
        min(100%, max(7.5em, min(var(--bucket-upload-tile-width, 10em), 50% - 0.375em))),
        1fr
      )
    );
    /* Tiles keep their height in a long list, which scrolls. */
    grid-auto-rows: max-content;
    gap: 0.75em;
    padding: calc(8px * (1 - var(--_box, 1)));
    border: 0;
    border-radius: 0;
    background: none;
    overflow: visible;
  }

  .grid .row {
    grid-template: auto 1fr / minmax(0, 1fr);
    align-items: start;
    gap: 0;
    min-height: 0;
    padding: 0;
    border: 1px solid var(--_line);
    border-radius: var(--_inner-radius);
    background: var(--_surface);
    overflow: hidden;
  }

  .grid .row::before {
    content: none;
  }

  .grid .kind {
    width: auto;
    height: 6.5em;
    aspect-ratio: auto;
    border-radius: 0;
  }

  .grid .kind > svg {
    width: 2.25em;
    height: 2.25em;
    stroke-width: 1.25;
  }

  .grid .pause {
    display: none;
  }

  .grid .badge {
    inset-block-end: 6px;
    inset-inline-end: 6px;
  }

  .grid .main {
    min-height: 4em;
    padding: 0.5em 0.7em;
  }

  .long {
    position: relative;
    height: var(--bucket-upload-list-height, 24em);
    overflow: hidden auto;
    overflow-anchor: none;
    contain: strict;
  }

  .long.grid,
  .long.gallery {
    --_inner: 0.75em;
    height: var(--bucket-upload-list-height, 30em);
    padding: var(--_inner) var(--_inner) 0;
    border: calc(1px * var(--_box, 1)) solid var(--_line);
    border-radius: calc(var(--_radius) * var(--_box, 1));
    /* What scrolls over an opaque color need not be repainted for each frame. */
    background: var(--_soft);
  }

  .placed > .row {
    position: absolute;
    inset-block-start: calc(var(--_top) + var(--_inner, 0px));
    inset-inline: 0;
  }

  .placed::after {
    content: '';
    display: block;
    grid-column: 1 / -1;
    height: var(--_extent);
  }

  @container (max-width: 30em) {
    .rows .pause {
      display: none;
    }

    .rows .copy:not(.icon) span {
      display: none;
    }

    .rows .copy:not(.icon) {
      justify-content: center;
      min-width: var(--_target);
      padding: 0;
      border-color: transparent;
      color: var(--_muted);
    }

    .rows .copy:not(.icon) svg {
      width: 1.4em;
      height: 1.4em;
    }
  }

  /* Small screens, and large text. */
  @container (max-width: 19em) {
    .rows .row {
      --_small-thumbnail: var(--bucket-upload-thumbnail, 40px);
      --_gap: 8px;
    }

    a.icon,
    .share {
      display: none;
    }
  }

  @container (max-width: 12em) {
    .rows .name {
      display: block;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }

    .rows .detail {
      display: block;
      word-break: normal;
      overflow-wrap: anywhere;
    }
  }

  @media (forced-colors: active) {
    .kind {
      border: 1px solid CanvasText;
    }
  }
`
