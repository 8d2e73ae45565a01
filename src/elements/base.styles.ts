import { css } from 'lit'

/**
 * What all elements share: colours, buttons, icons. Light and dark follow the page's `color-scheme`; all
 * other colours follow from a few. A link is an arrow out of the page, and so points to its end.
 * The name of a file that runs in the other direction than the page still begins where its row does.
 */
export const baseStyles = css`
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

  button:disabled {
    color: var(--_muted);
    pointer-events: none;
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

  :dir(rtl) > .name:dir(ltr),
  :dir(ltr) > .name:dir(rtl) {
    justify-content: flex-end;
  }

  a.icon:dir(rtl) {
    scale: -1 1;
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
`
