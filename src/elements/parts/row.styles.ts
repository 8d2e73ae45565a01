import { css } from 'lit'

/** Rows of files: a picture or icon, name and detail, buttons. Each list adds what differs. */
export const rowStyles = css`
  .list {
    margin: 0;
    padding: 0;
    border: calc(1px * var(--_box, 1)) solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_ground, var(--_surface));
    list-style: none;
  }

  .row {
    display: flex;
    align-items: center;
    gap: 0.75em;
    padding: calc(0.6em * var(--_density)) calc(0.75em * var(--_density) * var(--_box, 1));
    border-top: 1px solid color-mix(in srgb, var(--_line) 60%, transparent);
  }

  .kind {
    display: grid;
    flex: none;
    place-items: center;
    width: max(1.5em, 2.5em * min(1, var(--_density)));
    aspect-ratio: 1;
    border-radius: calc(var(--_radius) * 0.5);
    background: var(--_soft);
    color: var(--_muted);
  }

  .main {
    flex: 1;
    min-width: 0;
  }

  /* No wider than its text: it starts where the lines of the page start, whatever its own direction. */
  .name {
    display: flex;
    width: fit-content;
    min-width: 0;
    max-width: 100%;
    font-weight: 500;
    white-space: pre;
  }

  .name .start {
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .name .end {
    flex: none;
    max-width: 100%;
    overflow: hidden;
  }

  .detail {
    display: block;
    color: var(--_muted);
    font-size: 0.875em;
    overflow-wrap: anywhere;
  }

  .uploaded .detail {
    color: var(--_success);
  }

  .failed .detail {
    color: var(--_danger);
  }

  .removed .name,
  .removed .name span {
    color: var(--_muted);
    text-decoration: line-through;
  }

  .actions {
    display: flex;
    flex: none;
    align-items: center;
    gap: 0.25em;
  }
`
