import { css } from 'lit'

export const listStyles = css`
  .list {
    overflow: hidden;
  }

  .row {
    position: relative;
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    row-gap: 0;
  }

  .list:not(.long) > .row:first-child,
  .row[aria-posinset='1'] {
    border-top-color: transparent;
  }

  .kind {
    overflow: hidden;
  }

  canvas {
    width: 100%;
    height: 100%;
    object-fit: cover;
  }

  .detail {
    font-variant-numeric: tabular-nums;
  }

  .detail svg {
    display: inline-block;
    width: 1.15em;
    height: 1.15em;
    margin-inline-end: 0.3em;
    vertical-align: -0.2em;
  }

  .cancelled .name {
    color: var(--_muted);
  }

  /* On the line between two rows, so that it does not change the height of a row. */
  .row progress {
    position: absolute;
    inset: auto 0 0;
    height: 0.2em;
    margin: 0;
    border-radius: 0;
  }

  .actions {
    gap: 0.15em;
  }

  [aria-disabled='true'] {
    opacity: 0.6;
  }

  .links {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.4em;
    margin-top: 0.6em;
    color: var(--_muted);
    font-size: 0.9em;
  }

  .links button {
    min-height: max(24px, 2em * var(--_density));
    padding-block: 0.15em;
  }

  .problem,
  .more {
    margin: 0.5em 0 0;
    font-size: 0.9em;
  }

  .problem {
    color: var(--_danger);
  }

  .grid {
    display: grid;
    grid-template-columns: repeat(
      auto-fill,
      minmax(
        min(100%, max(8.5em, min(var(--bucket-upload-tile-width, 10em), 50% - 0.375em))),
        1fr
      )
    );
    /* Tiles keep their height in a long list, which scrolls. */
    grid-auto-rows: max-content;
    gap: 0.75em;
    border: 0;
    border-radius: 0;
    background: none;
    overflow: visible;
  }

  .grid .row {
    grid-template: auto 1fr auto / minmax(0, 1fr);
    align-items: start;
    padding: 0;
    border: 1px solid var(--_line) !important;
    border-radius: var(--_radius);
    background: var(--_surface);
    overflow: hidden;
  }

  .grid .kind {
    width: auto;
    height: 6.5em;
    aspect-ratio: auto;
    border-radius: 0;
  }

  .grid .kind svg {
    width: 2.25em;
    height: 2.25em;
    stroke-width: 1.25;
  }

  .grid .main {
    padding: 0.5em 0.7em 0;
  }

  /* Space for two lines, so that most tiles have the same height. */
  .grid .detail {
    min-height: 2.9em;
  }

  .grid .actions {
    justify-content: flex-end;
    padding: 0.2em 0.3em 0.35em;
  }

  .grid .copy {
    display: inline-grid;
    place-items: center;
    min-width: max(24px, 2.25em * min(1, var(--_density)));
    padding: 0;
    border-color: transparent;
    background: transparent;
    color: var(--_muted);
  }

  .grid .copy svg {
    width: 1.25em;
    height: 1.25em;
  }

  .grid .copy span {
    display: none;
  }

  .long {
    position: relative;
    height: var(--bucket-upload-list-height, 24em);
    overflow: hidden auto;
    overflow-anchor: none;
    contain: strict;
  }

  .long.grid {
    --_inset: 0.75em;
    height: var(--bucket-upload-list-height, 30em);
    padding: var(--_inset) var(--_inset) 0;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    /* What scrolls over an opaque color need not be repainted for each frame. */
    background: var(--_soft);
  }

  .placed > .row {
    position: absolute;
    inset-block-start: calc(var(--_top) + var(--_inset, 0px));
    inset-inline: 0;
  }

  .placed::after {
    content: '';
    display: block;
    grid-column: 1 / -1;
    height: var(--_extent);
  }

  @container (max-width: 26em) {
    .rows .row {
      align-items: start;
    }

    .rows .main {
      display: contents;
    }

    .rows .name {
      align-self: center;
    }

    .rows .detail {
      grid-area: 2 / 2 / auto / -1;
    }

    .rows .kind {
      grid-row: 1 / span 3;
    }

    .rows .uploaded .name {
      grid-column: 2 / -1;
    }

    .rows .uploaded .actions {
      grid-area: 3 / 2 / auto / -1;
      margin-top: 0.3em;
    }
  }

  /* Small screens with large text. */
  @container (max-width: 16em) {
    .rows .row .name {
      display: block;
      grid-column: 2 / -1;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }

    .rows .row .detail {
      grid-area: 2 / 1 / auto / -1;
    }

    .rows .row .actions {
      flex-wrap: wrap;
      grid-area: 3 / 1 / auto / -1;
    }

    .rows .row .kind {
      grid-row: 1;
    }

    .copy {
      white-space: normal;
    }
  }

  @media (forced-colors: active) {
    .row progress {
      height: 0.5em;
    }

    .kind {
      border: 1px solid CanvasText;
    }
  }
`
