import { css } from 'lit'

/** Light and dark follow the page's `color-scheme`; all other colours follow from a few. */
export const styles = css`
  :host {
    --_accent: var(--bucket-upload-accent, light-dark(#2456d3, #8fb4ff));
    --_on-accent: light-dark(#fff, #0b1220);
    --_radius: var(--bucket-upload-radius, 12px);
    --_text: light-dark(#1b2330, #e8ecf3);
    --_muted: light-dark(#586273, #a5afbf);
    --_line: light-dark(#c9d0db, #465063);
    --_surface: light-dark(#fff, #181d27);
    --_soft: light-dark(#f5f7fa, #212836);
    --_danger: light-dark(#b3241c, #ff9d94);
    --_danger-soft: light-dark(#fdf1f0, #3a2023);
    --_success: light-dark(#14693b, #77d9a1);
    display: block;
    color: var(--_text);
    font-size: inherit;
    line-height: 1.45;
    text-align: start;
  }

  :host([hidden]) {
    display: none;
  }

  * {
    box-sizing: border-box;
  }

  .base {
    container-type: inline-size;
    display: grid;
    gap: 0.75em;
  }

  .label {
    font-weight: 600;
  }

  svg {
    display: block;
    width: 1.25em;
    height: 1.25em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  /* Drop zone */

  .zone {
    display: grid;
    justify-items: center;
    gap: 0.5em;
    padding: 2.25em 1em;
    border: 1.5px dashed var(--_line);
    border-radius: var(--_radius);
    background: var(--_soft);
    text-align: center;
    cursor: pointer;
    transition:
      border-color 0.15s,
      background-color 0.15s;
  }

  .zone.small {
    padding-block: 1em;
  }

  .zone.small .cloud {
    display: none;
  }

  .zone:hover,
  .zone.dragging {
    border-color: var(--_accent);
  }

  .zone.dragging {
    border-style: solid;
    background: color-mix(in srgb, var(--_accent) 12%, var(--_surface));
  }

  :host([disabled]) .zone {
    border-color: var(--_line);
    background: none;
    color: var(--_muted);
    cursor: not-allowed;
  }

  .cloud {
    color: var(--_accent);
    font-size: 1.9em;
  }

  :host([disabled]) .cloud {
    color: inherit;
  }

  .invitation {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: 0.4em 0.6em;
  }

  .hint {
    color: var(--_muted);
    font-size: 0.875em;
    overflow-wrap: anywhere;
  }

  /* Buttons */

  button,
  a.icon {
    min-height: 2.25em;
    padding: 0.3em 0.8em;
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) * 0.6);
    background: var(--_surface);
    color: inherit;
    font: inherit;
    font-size: 0.9em;
    cursor: pointer;
  }

  button:hover,
  a.icon:hover {
    border-color: var(--_accent);
    color: var(--_accent);
  }

  button.browse {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
    font-weight: 600;
  }

  button.browse:hover {
    background: color-mix(in srgb, var(--_accent) 86%, var(--_text));
    color: var(--_on-accent);
  }

  button.browse:disabled {
    background: var(--_line);
    color: var(--_muted);
    pointer-events: none;
  }

  button.icon,
  a.icon {
    display: inline-grid;
    place-items: center;
    min-width: 2.25em;
    padding: 0;
    border-color: transparent;
    background: transparent;
    color: var(--_muted);
  }

  button.copy {
    display: inline-flex;
    align-items: center;
    gap: 0.4em;
    white-space: nowrap;
  }

  button.copy svg {
    width: 1em;
    height: 1em;
  }

  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }

  /* Messages */

  .rejections {
    display: flex;
    align-items: flex-start;
    justify-content: space-between;
    gap: 0.5em;
    padding: 0.6em 0.6em 0.6em 0.9em;
    border: 1px solid color-mix(in srgb, var(--_danger) 35%, transparent);
    border-radius: calc(var(--_radius) * 0.75);
    background: var(--_danger-soft);
    color: var(--_danger);
    font-size: 0.9em;
  }

  .rejections ul {
    margin: 0;
    padding: 0.3em 0;
    list-style: none;
  }

  .rejections li {
    overflow-wrap: anywhere;
  }

  .rejections bdi {
    font-weight: 600;
  }

  .rejections button {
    color: inherit;
  }

  /* Total */

  .total {
    display: grid;
    gap: 0.4em;
    font-size: 0.9em;
  }

  .total-line {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.4em;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }

  /* List */

  .list {
    margin: 0;
    padding: 0;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    list-style: none;
    overflow: hidden;
  }

  .row {
    display: flex;
    align-items: center;
    gap: 0.75em;
    padding: 0.65em 0.75em;
  }

  .row + .row {
    border-top: 1px solid color-mix(in srgb, var(--_line) 60%, transparent);
  }

  .kind {
    flex: none;
    color: var(--_muted);
  }

  .main {
    flex: 1;
    min-width: 0;
  }

  .name {
    display: flex;
    min-width: 0;
    font-weight: 500;
    white-space: pre;
  }

  .name .start {
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .name .end {
    flex: none;
    max-width: 60%;
    overflow: hidden;
  }

  .detail {
    display: block;
    color: var(--_muted);
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }

  .uploaded .kind,
  .uploaded .detail {
    color: var(--_success);
  }

  .failed .kind,
  .failed .detail {
    color: var(--_danger);
  }

  .cancelled .name {
    color: var(--_muted);
  }

  .actions {
    display: flex;
    flex: none;
    align-items: center;
    gap: 0.15em;
  }

  @container (max-width: 26em) {
    .row {
      flex-wrap: wrap;
      row-gap: 0.25em;
    }

    .uploaded .actions {
      margin-inline-start: 2em;
    }

    .uploaded .main {
      flex-basis: calc(100% - 2.5em);
    }
  }

  /* Bars */

  progress {
    display: block;
    width: 100%;
    height: 0.4em;
    margin-top: 0.4em;
    border: 0;
    border-radius: 1em;
    background: color-mix(in srgb, var(--_accent) 18%, transparent);
    color: var(--_accent);
    appearance: none;
    overflow: hidden;
  }

  progress::-webkit-progress-bar {
    background: transparent;
  }

  progress::-webkit-progress-value {
    border-radius: 1em;
    background: var(--_accent);
    transition: width 0.2s;
  }

  progress::-moz-progress-bar {
    border-radius: 1em;
    background: var(--_accent);
  }

  progress:indeterminate {
    background: linear-gradient(
      90deg,
      color-mix(in srgb, var(--_accent) 18%, transparent) 40%,
      var(--_accent) 50%,
      color-mix(in srgb, var(--_accent) 18%, transparent) 60%
    );
    background-size: 250% 100%;
    animation: travel 1.6s linear infinite;
  }

  progress:indeterminate::-moz-progress-bar {
    background: transparent;
  }

  @keyframes travel {
    from {
      background-position: 100% 0;
    }
    to {
      background-position: -50% 0;
    }
  }

  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }

  @media (forced-colors: active) {
    .zone.dragging {
      border-color: Highlight;
    }

    progress {
      border: 1px solid CanvasText;
    }

    progress::-webkit-progress-value {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`
