import { css } from 'lit'

/** The handle and the buttons that move a row, and a row while it is dragged. */
export const orderStyles = css`
  .list:has(> .row > .handle) {
    position: relative;
  }

  /* A row that moves in the page would come in again. */
  .list:has(> .row > .handle) > .row {
    animation: none;
  }

  .rows .row:has(> .handle) {
    --_grip: max(24px, var(--_least));
    --_text-start: calc(
      4px * var(--_inset, 1) + var(--_grip) + 4px + var(--_thumbnail) + var(--_gap, 12px)
    );
    grid-template-columns: auto auto minmax(0, 1fr) auto auto;
    padding-inline-start: calc(4px * var(--_inset, 1));
  }

  button.handle {
    min-width: var(--_grip, var(--_target));
    margin-inline-end: calc(4px - var(--_gap, 12px));
    color: var(--_muted);
    cursor: grab;
    touch-action: none;
    user-select: none;
    -webkit-touch-callout: none;
  }

  .handle svg {
    stroke-width: 2.5;
  }

  .moves {
    display: flex;
  }

  .rows .moves {
    grid-column: 4;
  }

  .rows .row:has(> .handle) > .actions {
    grid-column: 5;
    margin-inline-start: calc(-1 * var(--_gap, 12px));
  }

  .moves .gone {
    visibility: hidden;
  }

  /* As the button that pauses: it shows when the row is pointed at, or has the focus. */
  @media (hover: hover) {
    .rows .row:not(:hover, :focus-within) > .moves {
      opacity: 0;
    }
  }

  /* In a narrow row they take the place of the others. */
  .rows .handle[aria-expanded='true'] ~ .actions {
    display: none;
  }

  .rows .handle[aria-expanded='true'] ~ .moves {
    margin-inline-end: calc(-1 * var(--_gap, 12px));
    opacity: 1;
  }

  :is(.grid, .gallery) .handle {
    position: absolute;
    inset-block-start: 0;
    inset-inline-start: 0;
    z-index: 1;
    place-items: start;
    min-width: var(--_target);
    margin: 0;
    padding: 6px;
    color: #fff;
  }

  :is(.grid, .gallery) :is(.handle, .moves button) svg {
    box-sizing: border-box;
    width: 24px;
    height: 24px;
    padding: 5px;
    border-radius: 50%;
    background: #0009;
  }

  :is(.grid, .gallery) :is(.handle, .moves button):hover {
    background: none;
    color: #fff;
  }

  :is(.grid, .gallery) .handle[aria-expanded='true'] svg {
    background: var(--_accent);
    color: var(--_on-accent);
  }

  :is(.grid, .gallery) .moves {
    position: absolute;
    inset: auto 0 0;
    z-index: 1;
    justify-content: space-between;
    background: linear-gradient(#0000, #000a);
  }

  /* The buttons lie where the name was. */
  .gallery .handle[aria-expanded='true'] ~ .main {
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }

  .grid .moves {
    inset-block: auto auto;
    margin-block-start: calc(6.5em - max(36px, var(--_target)));
  }

  :is(.grid, .gallery) .moves button {
    min-width: max(36px, var(--_target));
    min-height: max(36px, var(--_target));
    color: #fff;
  }

  :is(.grid, .gallery) .moves svg {
    rotate: -90deg;
  }

  :is(.grid, .gallery) .moves svg:dir(rtl) {
    rotate: 90deg;
  }

  [data-dragging],
  [data-dragging] .handle {
    cursor: grabbing;
  }

  [data-dragging] > .row {
    transition: translate calc(160 * var(--_ms)) ease-out;
  }

  [data-dragging] > .row[data-dragged] {
    z-index: 2;
    border-radius: var(--_inner-radius);
    background: var(--_surface);
    box-shadow:
      0 0 0 1px var(--_line),
      0 8px 24px #0003;
    transition: none;
  }

  .row[data-dragged]::before,
  .row[data-dragged] + .row::before {
    border-color: transparent;
  }

  @media (forced-colors: active) {
    .row[data-dragged] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }

    :is(.grid, .gallery) :is(.handle, .moves button) svg {
      background: Canvas;
      color: CanvasText;
    }
  }
`
