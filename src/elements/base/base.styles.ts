import { css } from 'lit'

/**
 * Colors, buttons and icons of all elements. Light and dark follow the page's `color-scheme`; the other
 * colors are derived from a few. In a page from right to left, the arrow of a link is mirrored, and a file
 * name from left to right still starts where its row starts.
 *
 * Properties with `--_` are private to the elements. A card or a variant sets `--_scale`, `--_box`,
 * `--_ground` and `--_inset`.
 *
 * @cssproperty {<color>} [--bucket-upload-accent=light-dark(#2456d3, #8fb4ff)] - Main button, bars, focus, icons. At least 3:1 on the surface.
 * @cssproperty {<color>} [--bucket-upload-on-accent=light-dark(#fff, #0b1220)] - Text on the accent. Set it together with the accent.
 * @cssproperty {<color>} [--bucket-upload-surface=light-dark(#fff, #181d27)] - Background of lists and buttons. The background of the drop zone is derived from it.
 * @cssproperty {<color>} [--bucket-upload-text=light-dark(#1b2330, #e8ecf3)] - Text. Less important text is mixed from it and the surface.
 * @cssproperty {<color>} [--bucket-upload-line=light-dark(#dde2ea, #333b4a)] - Borders of the card and of lists, and the lines between rows.
 * @cssproperty {<color>} [--bucket-upload-zone-line=color-mix(in srgb, var(--bucket-upload-text) 50%, var(--bucket-upload-surface))] - Dashed border of the drop zone. At least 3:1 on the surface.
 * @cssproperty {<color>} [--bucket-upload-muted=color-mix(in srgb, var(--bucket-upload-text) 70%, var(--bucket-upload-surface))] - Less important text, and icons.
 * @cssproperty {<color>} [--bucket-upload-danger=light-dark(#b3241c, #ff9d94)] - Failed files and problems.
 * @cssproperty {<color>} [--bucket-upload-success=light-dark(#1a7f4b, #4cc483)] - Uploaded files. The tick on it has the color of the surface.
 * @cssproperty {<length>} [--bucket-upload-radius=16px] - Corner radius of the card and of lists. Pictures and the drop zone have 6 px less.
 * @cssproperty {<length>} [--bucket-upload-control-radius=calc(var(--bucket-upload-radius) * 0.6)] - Corner radius of buttons.
 * @cssproperty {<number>} [--bucket-upload-density=1] - Factor for paddings, and for the height of rows and buttons. Buttons are at least 24 px high, for fingers 44 px.
 * @cssproperty {<length>} [--bucket-upload-row=64px] - Height of a row.
 * @cssproperty {<length>} [--bucket-upload-thumbnail=48px] - Width and height of the picture in a row.
 * @cssproperty {<number>} [--bucket-upload-motion=1] - Factor for the length of movements; 0 for none.
 */
export const baseStyles = css`
  :host {
    --_accent: var(--bucket-upload-accent, light-dark(#2456d3, #8fb4ff));
    --_on-accent: var(--bucket-upload-on-accent, light-dark(#fff, #0b1220));
    --_surface: var(--bucket-upload-surface, light-dark(#fff, #181d27));
    --_text: var(--bucket-upload-text, light-dark(#1b2330, #e8ecf3));
    --_line: var(--bucket-upload-line, light-dark(#dde2ea, #333b4a));
    --_danger: var(--bucket-upload-danger, light-dark(#b3241c, #ff9d94));
    --_success: var(--bucket-upload-success, light-dark(#1a7f4b, #4cc483));
    --_radius: var(--bucket-upload-radius, 16px);
    --_inner-radius: max(0px, var(--_radius) - 6px);
    --_control-radius: var(--bucket-upload-control-radius, calc(var(--_radius) * 0.6));
    --_density: calc(var(--bucket-upload-density, 1) * var(--_scale, 1));
    --_muted: var(--bucket-upload-muted, color-mix(in srgb, var(--_text) 70%, var(--_surface)));
    --_zone-line: var(--bucket-upload-zone-line, color-mix(in srgb, var(--_text) 50%, var(--_surface)));
    /* An accent has 3:1 on the surface, and words need 4.5:1. */
    --_accent-text: color-mix(in srgb, var(--_accent) 75%, var(--_text));
    --_soft: color-mix(in srgb, var(--_text) 4%, var(--_surface));
    --_least: 24px;
    --_target: max(var(--_least), 36px * var(--_density));
    --_ms: calc(1ms * var(--bucket-upload-motion, 1));
    display: block;
    color: var(--_text);
    font-size: inherit;
    line-height: 1.4;
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

  button {
    min-height: var(--_target);
    padding: calc(0.3em * var(--_density)) calc(0.8em * var(--_density));
    border: 1px solid color-mix(in srgb, var(--_text) 25%, var(--_surface));
    border-radius: var(--_control-radius);
    background: var(--_surface);
    color: inherit;
    font: inherit;
    font-size: 0.875em;
    cursor: pointer;
  }

  button:hover {
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
    min-height: max(var(--_least), 40px * var(--_density));
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

  @media (pointer: coarse) {
    :host {
      --_least: 44px;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }
`
