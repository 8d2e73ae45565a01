import { css } from 'lit'

export const recorderStyles = css`
  /* It takes no space where it shows nothing. */
  :host {
    display: contents;
  }

  .recorder {
    display: grid;
    /* No wider than its place, whatever the picture and the level would take. */
    grid-template-columns: minmax(0, 1fr);
    gap: 0.5em;
    justify-items: start;
  }

  .live,
  .left {
    justify-self: stretch;
    overflow: clip;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
  }

  video {
    display: block;
    width: 100%;
    max-height: 27em;
    aspect-ratio: 16 / 9;
    background: #000;
  }

  /* As in a mirror, which is how people know themselves. */
  video.mirrored {
    scale: -1 1;
  }

  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(0.5em * var(--_density)) 0.75em;
  }

  .live .bar,
  .left {
    padding: calc(0.75em * var(--_density)) 1em;
  }

  .left {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.5em 1em;
  }

  .about {
    display: grid;
  }

  .choice {
    display: flex;
    gap: 0.4em;
  }

  .plain {
    border-color: transparent;
    background: transparent;
    color: var(--_muted);
  }

  button {
    display: inline-flex;
    align-items: center;
    gap: 0.5em;
    font-weight: 600;
    min-height: max(var(--_least), 40px * var(--_density));
  }

  .live button {
    margin-inline-start: auto;
  }

  .sign {
    flex: none;
    color: var(--_danger);
    fill: currentColor;
  }

  button:disabled .sign {
    color: inherit;
  }

  .time {
    display: inline-flex;
    align-items: center;
    gap: 0.4em;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }

  .level {
    flex: 1 1 4em;
    display: flex;
    justify-content: flex-end;
    align-items: center;
    gap: 2px;
    height: 1.75em;
    min-width: 0;
    max-width: 20em;
    overflow: clip;
  }

  /* The color of a border is kept where colors are forced. */
  .level i {
    flex: none;
    height: max(3px, 100% * var(--level, 0));
    border-inline-start: 3px solid var(--_accent);
    border-radius: 2px;
  }

  .asked {
    color: var(--_muted);
    font-size: 0.875em;
  }

  .problem {
    display: flex;
    gap: 0.5em;
    color: var(--_danger);
    font-size: 0.875em;
  }

  .problem svg {
    flex: none;
  }

  .problem:empty {
    display: none;
  }

  /* One bar that grows and shrinks in its place. */
  @media (prefers-reduced-motion: reduce) {
    .level i:not(:last-child) {
      display: none;
    }

    .level {
      justify-content: flex-start;
    }
  }
`
