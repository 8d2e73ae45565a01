import { css } from 'lit'

export const dropZoneStyles = css`
  .zone {
    display: grid;
    justify-items: center;
    gap: 0.5em;
    padding: calc(2.25em * var(--_density)) calc(1em * var(--_density));
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
    padding-block: calc(1em * var(--_density));
  }

  .zone.small .cloud {
    display: none;
  }

  :host([variant='compact']) .zone,
  :host([variant='inline']) .zone {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.3em 0.75em;
    padding: 0.5em;
    text-align: start;
  }

  :host([variant='inline']) .zone {
    padding: 0;
    border-color: transparent;
    background: none;
  }

  :host([variant='compact']) .cloud,
  :host([variant='inline']) .cloud,
  :host([variant='inline']) .invitation span {
    display: none;
  }

  :host([variant='inline']) .zone.dragging {
    border-color: var(--_accent);
  }

  .zone:hover,
  .zone.dragging {
    border-color: var(--_accent);
  }

  .zone.dragging {
    border-style: solid;
    background: color-mix(in srgb, var(--_accent) 12%, var(--_surface));
  }

  .zone.disabled {
    border-color: var(--_line);
    background: none;
    color: var(--_muted);
    cursor: not-allowed;
  }

  .cloud {
    color: var(--_accent);
    font-size: 1.9em;
  }

  .disabled .cloud {
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

  .page-drop {
    position: fixed;
    z-index: 2147483647;
    inset: 0.75rem;
    display: grid;
    place-items: center;
    width: auto;
    height: auto;
    margin: 0;
    padding: 1rem;
    border: 3px dashed var(--_accent);
    border-radius: var(--_radius);
    background: color-mix(in srgb, var(--_accent) 12%, var(--_surface));
    color: var(--_text);
    font-size: 1.5rem;
    font-weight: 600;
    text-align: center;
    opacity: 0.94;
    /* The elements below still get the drag events. */
    pointer-events: none;
  }

  @media (forced-colors: active) {
    .page-drop {
      border-color: Highlight;
    }

    .zone.dragging {
      border-color: Highlight;
    }
  }
`
