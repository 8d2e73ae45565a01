import { css } from 'lit'

/**
 * Colors, buttons and icons of all elements. Light and dark follow the page's `color-scheme`; the other
 * colors are derived from a few. In a page from right to left, the arrow of a link is mirrored, and a file
 * name from left to right still starts where its row starts.
 *
 * Properties with `--_` are private to the elements. A variant sets `--_scale`, `--_box` and `--_ground`.
 *
 * @cssproperty {<color>} [--bucket-upload-accent=light-dark(#2456d3, #8fb4ff)] - Main button, bars, focus, icons. At least 3:1 on the surface.
 * @cssproperty {<color>} [--bucket-upload-on-accent=light-dark(#fff, #0b1220)] - Text on the accent. Set it together with the accent.
 * @cssproperty {<color>} [--bucket-upload-surface=light-dark(#fff, #181d27)] - Background of lists and buttons. The background of the drop zone is derived from it.
 * @cssproperty {<color>} [--bucket-upload-text=light-dark(#1b2330, #e8ecf3)] - Text. Less important text is mixed from it and the surface.
 * @cssproperty {<color>} [--bucket-upload-line=light-dark(#c9d0db, #465063)] - Borders.
 * @cssproperty {<color>} [--bucket-upload-danger=light-dark(#b3241c, #ff9d94)] - Failed files and problems.
 * @cssproperty {<color>} [--bucket-upload-success=light-dark(#14693b, #77d9a1)] - Uploaded files.
 * @cssproperty {<length>} [--bucket-upload-radius=12px] - Corner radius of the drop zone and of lists.
 * @cssproperty {<length>} [--bucket-upload-control-radius=calc(var(--bucket-upload-radius) * 0.6)] - Corner radius of buttons.
 * @cssproperty {<number>} [--bucket-upload-density=1] - Factor for paddings and the height of buttons, which are at least 24 px high.
 */
export const baseStyles = css`
  :host {
    --_accent: var(--bucket-upload-accent, light-dark(#2456d3, #8fb4ff));
    --_on-accent: var(--bucket-upload-on-accent, light-dark(#fff, #0b1220));
    --_surface: var(--bucket-upload-surface, light-dark(#fff, #181d27));
    --_text: var(--bucket-upload-text, light-dark(#1b2330, #e8ecf3));
    --_line: var(--bucket-upload-line, light-dark(#c9d0db, #465063));
    --_danger: var(--bucket-upload-danger, light-dark(#b3241c, #ff9d94));
    --_success: var(--bucket-upload-success, light-dark(#14693b, #77d9a1));
    --_radius: var(--bucket-upload-radius, 12px);
    --_control-radius: var(--bucket-upload-control-radius, calc(var(--_radius) * 0.6));
    --_density: calc(var(--bucket-upload-density, 1) * var(--_scale, 1));
    --_muted: color-mix(in srgb, var(--_text) 72%, var(--_surface));
    --_soft: color-mix(in srgb, var(--_text) 4%, var(--_surface));
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
    min-height: max(24px, 2.25em * var(--_density));
    padding: calc(0.3em * var(--_density)) calc(0.8em * var(--_density));
    border: 1px solid var(--_line);
    border-radius: var(--_control-radius);
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
    /* A ring instead of another background: the text stays as readable as before. */
    box-shadow: 0 0 0 3px color-mix(in srgb, var(--_accent) 25%, transparent);
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
    min-width: max(24px, 2.25em * min(1, var(--_density)));
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
