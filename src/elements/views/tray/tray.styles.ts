import { css } from 'lit'

/** A panel in the corner of the page. Without files it has no height, and paints nothing. */
export const trayStyles = css`
  :host([variant='tray']) {
    --_clear: inline-flex;
    --bucket-upload-bleed: 0px;
    --bucket-upload-list-height: 50vh;
    z-index: 10;
    inset-block-end: 16px;
    inset-inline-end: 16px;
    width: min(360px, 100vw - 32px);
    visibility: visible;
  }

  :host([variant='tray']) .label {
    display: none;
  }

  :host([variant='tray']) .card {
    border: 0;
    filter: drop-shadow(0 0 0.5px var(--_text)) drop-shadow(0 8px 15px #0003);
  }

  :host([variant='tray']) #files {
    display: block;
    max-height: 50vh;
    overflow: hidden auto;
  }

  :host([variant='tray']) #files[hidden] {
    display: none;
  }

  :host([variant='tray']) .toggle {
    display: grid;
    place-items: center;
    width: max(36px, var(--_least));
    height: max(36px, var(--_least));
    padding: 0;
    border-color: transparent;
    background: none;
    color: var(--_muted);
  }

  @media (width < 30rem) {
    :host([variant='tray']) {
      inset-block-end: 0;
      inset-inline: 0;
      width: auto;
    }

    :host([variant='tray']) .card {
      padding-block-end: env(safe-area-inset-bottom);
      border-end-start-radius: 0;
      border-end-end-radius: 0;
    }
  }
`
