import { css } from 'lit'

/** The head of the card. */
export const progressStyles = css`
  :host {
    container-type: inline-size;
  }

  .total {
    --_pad: calc(12px * var(--_inset, 0));
    position: relative;
    display: grid;
    grid-template-columns: max(48px, 3em) minmax(0, 1fr) auto;
    align-items: center;
    column-gap: 12px;
    min-height: 68px;
    padding-block: 6px 8px;
    padding-inline: var(--_pad) calc(var(--_pad) / 3);
    border-bottom: calc(1px * var(--_inset, 0)) solid var(--_line);
    background: var(--_ground, transparent);
  }

  .total:focus-visible {
    outline-offset: -2px;
  }

  .percent {
    color: var(--_accent-text);
    font-size: 1.1875em;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    letter-spacing: -0.02em;
    text-align: center;
    white-space: nowrap;
  }

  .still .percent {
    color: var(--_muted);
  }

  .disc {
    width: 40px;
    height: 40px;
    margin-inline: auto;
  }

  .done svg path {
    stroke-dasharray: 24;
    animation: draw calc(260 * var(--_ms)) cubic-bezier(0.2, 0.8, 0.2, 1) calc(100 * var(--_ms))
      backwards;
  }

  @keyframes draw {
    from {
      stroke-dashoffset: 24;
    }
  }

  .title {
    font-weight: 600;
    line-height: 1.3;
    overflow-wrap: anywhere;
  }

  .subtitle {
    min-height: 1.4em;
    color: var(--_muted);
    font-size: 0.84375em;
    font-variant-numeric: tabular-nums;
  }

  .problem {
    color: var(--_danger);
  }

  .total-actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 0.15em;
  }

  .total-actions button {
    border-color: transparent;
    background: transparent;
    color: var(--_muted);
    font-weight: 600;
    white-space: nowrap;
  }

  .total-actions button:hover {
    color: var(--_accent);
  }

  .total-actions button.accent {
    color: var(--_accent-text);
  }

  .total-actions button.start {
    background: var(--_accent);
    color: var(--_on-accent);
  }

  .total-actions button:not(.icon) {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.3em;
  }

  .total-actions button.add {
    display: var(--_add, inline-flex);
  }

  .total-actions .either > svg {
    width: 1.15em;
    height: 1.15em;
    stroke-width: 2.25;
  }

  .total-actions .either:not(.add) > svg,
  .short {
    display: none;
  }

  progress,
  .finish {
    position: absolute;
    inset: auto 0 -1px;
    height: 4px;
    margin: 0;
    border-radius: 0;
  }

  progress::-webkit-progress-value {
    border-radius: 0 4px 4px 0;
  }

  progress:dir(rtl)::-webkit-progress-value {
    border-radius: 4px 0 0 4px;
  }

  /* The bar of an upload that is done: full, then green, then gone. */
  .finish {
    background: var(--_success);
    animation: finish calc(550 * var(--_ms)) ease-in forwards;
    pointer-events: none;
  }

  @keyframes finish {
    0%,
    36% {
      background: var(--_accent);
    }
    64% {
      background: var(--_success);
      height: 4px;
    }
    100% {
      background: var(--_success);
      height: 0;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .finish {
      display: none;
    }
  }

  @container (max-width: 34em) {
    .either > span {
      display: none;
    }

    .over:not(.worded) .add .short {
      display: inline;
    }

    .paused .add {
      display: none !important;
    }

    /* A list with many files has the button at its end. */
    .over:not(.worded) .clear {
      display: var(--_clear, none);
    }

    .total-actions .either > svg,
    .total-actions .either:not(.add) > svg {
      display: block;
      width: 1.6em;
      height: 1.6em;
      stroke-width: 1.75;
    }

    .over:not(.worded) .total-actions .add > svg {
      width: 1.15em;
      height: 1.15em;
      stroke-width: 2.25;
    }

    .total-actions .either {
      min-width: var(--_target);
      padding: 0;
    }

    .total-actions {
      gap: 0;
    }

    /* Buttons with words get a line. */
    .worded .total-actions {
      grid-column: 2 / -1;
      justify-content: flex-start;
      margin-inline-start: -0.3em;
    }
  }

  @container (max-width: 19em) {
    .total {
      grid-template-columns: max(46px, 2.9em) minmax(0, 1fr) auto;
      column-gap: 6px;
    }

    .over:not(.worded) .add .short {
      display: none;
    }
  }

  /* Large text: words get the width, and buttons a line. */
  @container (max-width: 15em) {
    .total {
      grid-template-columns: auto minmax(0, 1fr);
    }

    .percent {
      font-size: 1em;
    }

    .total-actions {
      grid-column: 1 / -1;
    }
  }
`
