import { css } from 'lit'

export const existingListStyles = css`
  :host {
    container-type: inline-size;
  }

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
  }

  .row + .row {
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

  .name {
    display: flex;
    min-width: 0;
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
  }

  .removed .name,
  .removed .name span {
    color: var(--_muted);
    text-decoration: line-through;
  }

  .removed .detail {
    color: var(--_danger);
  }

  .actions {
    display: flex;
    flex: none;
    align-items: center;
    gap: 0.25em;
  }

  @container (max-width: 26em) {
    .row {
      flex-wrap: wrap;
      row-gap: 0.25em;
    }

    .main {
      flex-basis: calc(100% - 3.25em);
    }

    .actions {
      margin-inline-start: 3.25em;
    }
  }
`
