import { css } from 'lit'

export const cropStyles = css`
  .crop {
    width: min(22rem, 100vw - 2rem);
    max-height: calc(100dvh - 2rem);
    padding: 1rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    overflow: auto;
  }

  .crop::backdrop {
    background: rgb(0 0 0 / 0.5);
  }

  .crop-title {
    margin-block-end: 0.75rem;
    font-weight: 600;
  }

  .crop-stage {
    position: relative;
    width: min(100%, 100dvh - 16rem);
    min-width: 8rem;
    aspect-ratio: 1;
    margin-inline: auto;
    border-radius: var(--_inner-radius);
    background: var(--_line);
    overflow: hidden;
    touch-action: none;
    cursor: grab;
  }

  .crop-stage:active {
    cursor: grabbing;
  }

  .crop canvas {
    display: block;
    width: 100%;
    height: 100%;
  }

  /* What a round picture leaves out. */
  .round .crop-stage::after {
    content: '';
    position: absolute;
    inset: 0;
    border-radius: 50%;
    box-shadow: 0 0 0 100vmax rgb(0 0 0 / 0.5);
    outline: 2px solid #fff;
    outline-offset: -2px;
    pointer-events: none;
  }

  .crop-how {
    margin-block: 0.5rem;
    color: var(--_muted);
    font-size: 0.8125em;
  }

  .crop-zoom {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 0.75rem;
    font-size: 0.875em;
  }

  .crop-zoom input {
    flex: 1 1 8rem;
    min-width: 0;
    min-height: var(--_target);
    margin: 0;
    accent-color: var(--_accent);
  }

  .crop-actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 0.5rem;
    margin-block-start: 0.75rem;
  }
`
