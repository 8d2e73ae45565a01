import { css } from 'lit'

export const fieldStyles = css`
  .field {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.6em 0.75em;
  }

  .picture {
    display: grid;
    flex: none;
    place-items: center;
    width: 3em;
    height: 3em;
    border-radius: calc(var(--_radius) * 0.5);
    background: color-mix(in srgb, var(--_line) 40%, transparent);
    color: var(--_muted);
    overflow: hidden;
  }

  .avatar .picture {
    width: 4.5em;
    height: 4.5em;
    border-radius: 50%;
  }

  .avatar .picture svg {
    width: 2.25em;
    height: 2.25em;
  }

  .picture canvas,
  .picture img {
    grid-area: 1 / 1;
    width: 100%;
    height: 100%;
    object-fit: cover;
  }

  .picture [hidden] {
    display: none;
  }

  .main {
    flex: 1 1 8em;
  }

  .name {
    width: auto;
  }

  .name .end {
    max-width: 60%;
  }

  .removed + .detail {
    color: var(--_danger);
  }

  .field:not(.empty) .browse:enabled {
    border-color: var(--_line);
    background: var(--_surface);
    color: inherit;
    font-weight: inherit;
  }

  .field:not(.empty) .browse:hover {
    border-color: var(--_accent);
    color: var(--_accent);
  }

  .empty .actions {
    order: -1;
  }

  .empty .picture {
    order: -2;
  }

  .actions {
    flex-wrap: wrap;
  }
`
