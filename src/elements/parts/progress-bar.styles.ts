import { css } from 'lit'

/** The progress bars of single files and of all files together. */
export const progressBarStyles = css`
  progress {
    --_bar: var(--_accent);
    display: block;
    width: 100%;
    height: 4px;
    margin-top: var(--_bar-gap, 3px);
    border: 0;
    border-radius: 4px;
    background: color-mix(in srgb, var(--_accent) 16%, var(--_surface));
    color: var(--_bar);
    appearance: none;
    overflow: hidden;
  }

  progress::-webkit-progress-bar {
    background: transparent;
  }

  progress::-webkit-progress-value {
    border-radius: 4px;
    background: var(--_bar);
    transition: width calc(200 * var(--_ms));
  }

  progress::-moz-progress-bar {
    border-radius: 4px;
    background: var(--_bar);
  }

  /* All bytes are sent, and the storage has not confirmed them yet. */
  progress:indeterminate {
    background: var(--_bar);
    animation: pulse calc(1400 * var(--_ms)) ease-in-out infinite;
  }

  progress:indeterminate::-moz-progress-bar {
    background: transparent;
  }

  @keyframes pulse {
    50% {
      opacity: 0.45;
    }
  }

  @media (forced-colors: active) {
    progress {
      border: 1px solid CanvasText;
      height: 7px;
    }

    progress:indeterminate {
      background: Highlight;
      forced-color-adjust: none;
    }

    progress::-webkit-progress-value {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`
