import { css } from 'lit'

/** The progress bars of single files and of all files together. */
export const progressBarStyles = css`
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

  progress:indeterminate:dir(rtl) {
    animation-direction: reverse;
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

  @media (forced-colors: active) {
    progress {
      border: 1px solid CanvasText;
    }

    progress::-webkit-progress-value {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`
