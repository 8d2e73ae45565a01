import { css } from 'lit'

export const dropZoneStyles = css`
  .fold {
    display: grid;
    grid-template-rows: 1fr;
    transition: grid-template-rows calc(220 * var(--_ms)) ease-out;
  }

  .folded {
    grid-template-rows: 0fr;
    visibility: hidden;
  }

  .clip {
    min-width: 0;
    min-height: 0;
  }

  .folded > .clip {
    overflow: hidden;
  }

  .zone {
    display: grid;
    align-content: center;
    justify-items: center;
    gap: 4px;
    margin: calc(8px * (1 - var(--_box, 1)));
    padding: calc(24px * var(--_density)) 16px;
    border: 1.5px dashed var(--_zone-line);
    border-radius: var(--_inner-radius);
    background: color-mix(in srgb, var(--_accent) 4%, var(--_surface));
    text-align: center;
    cursor: pointer;
    transition:
      border-color calc(150 * var(--_ms)),
      background-color calc(150 * var(--_ms));
  }

  .mark {
    display: grid;
    place-items: center;
    width: 48px;
    height: 48px;
    margin-bottom: 8px;
    border-radius: 50%;
    background: color-mix(in srgb, var(--_accent) 12%, var(--_surface));
    color: var(--_accent);
    transition:
      background-color calc(180 * var(--_ms)),
      color calc(180 * var(--_ms));
  }

  .mark svg {
    transition: translate calc(180 * var(--_ms));
  }

  .title {
    font-size: 1.0625em;
    font-weight: 600;
  }

  .coarse {
    display: none;
  }

  @media (pointer: coarse) {
    .fine {
      display: none;
    }

    .coarse {
      display: inline;
    }
  }

  .hint {
    max-width: 100%;
    color: var(--_muted);
    font-size: 0.875em;
    overflow-wrap: anywhere;
  }

  .browse {
    margin-top: 12px;
    padding-inline: 20px;
    font-size: 0.9375em;
  }

  .zone.small {
    padding-block: calc(12px * var(--_density));
  }

  .zone.small .mark {
    display: none;
  }

  .zone.small .browse {
    margin-top: 6px;
  }

  :host([variant='compact']) .zone,
  :host([variant='inline']) .zone {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.3em 0.75em;
    margin: 0;
    padding: 0.5em;
    text-align: start;
  }

  :host([variant='inline']) .zone {
    padding: 0;
    border-color: transparent;
    background: none;
  }

  :host([variant='compact']) .mark,
  :host([variant='inline']) :is(.mark, .or) {
    display: none;
  }

  :host(:is([variant='compact'], [variant='inline'])) .browse {
    margin: 0;
    padding-inline: 0.8em;
    font-size: 0.875em;
  }

  .zone:hover,
  .zone.dragging {
    border-color: var(--_accent);
  }

  .zone.dragging,
  .drop-cover,
  .page-drop {
    background: color-mix(in srgb, var(--_accent) 12%, var(--_surface));
  }

  .dragging .mark {
    background: var(--_accent);
    color: var(--_on-accent);
  }

  .dragging .mark svg {
    translate: 0 3px;
  }

  .drop-cover,
  .page-drop {
    position: absolute;
    z-index: 2;
    inset: 0;
    display: grid;
    place-items: center;
    border: 2px solid var(--_accent);
    border-radius: inherit;
    color: var(--_text);
    font-size: 1.0625em;
    font-weight: 600;
    text-align: center;
    opacity: 0.94;
    /* The elements below still get the drag events. */
    pointer-events: none;
  }

  /* In view, also in a card that is higher than the window. */
  .drop-cover span {
    position: sticky;
    inset-block: 40vh;
    margin: 20px;
  }

  .page-drop {
    position: fixed;
    inset: 0.75rem;
    width: auto;
    height: auto;
    margin: 0;
    border: 3px dashed var(--_accent);
    border-radius: var(--_radius);
    font-size: 1.5rem;
  }

  @media (forced-colors: active) {
    .drop-cover,
    .page-drop,
    .zone.dragging {
      border-color: Highlight;
    }
  }
`
