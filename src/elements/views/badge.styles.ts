import { css } from 'lit'

/** Discs that show a state, small on a picture and large in the head. */
export const badgeStyles = css`
  .badge,
  .disc {
    display: grid;
    place-items: center;
    border-radius: 50%;
    background: var(--_muted);
    color: var(--_surface);
  }

  .uploaded:is(.badge, .disc) {
    background: var(--_success);
  }

  .failed:is(.badge, .disc) {
    background: var(--_danger);
  }

  .badge {
    position: absolute;
    inset-block-end: -4px;
    inset-inline-end: -4px;
    width: 20px;
    height: 20px;
    border: 2px solid var(--_surface);
    animation: pop calc(160 * var(--_ms)) ease-out;
  }

  .badge svg {
    width: 12px;
    height: 12px;
    stroke-width: 3;
  }

  @keyframes pop {
    from {
      scale: 0.6;
      opacity: 0;
    }
  }

  @media (forced-colors: active) {
    .badge,
    .disc {
      forced-color-adjust: none;
      background: CanvasText !important;
      border-color: Canvas;
      color: Canvas;
    }
  }
`
