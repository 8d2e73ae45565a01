import { css } from 'lit'

export const fileListStyles = css`
  :host {
    container-type: inline-size;
  }

  .list {
    margin: 0;
    padding: 0;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    list-style: none;
    overflow: hidden;
  }

  .row {
    display: flex;
    align-items: center;
    gap: 0.75em;
    padding: 0.65em 0.75em;
  }

  .row + .row {
    border-top: 1px solid color-mix(in srgb, var(--_line) 60%, transparent);
  }

  .kind {
    flex: none;
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
    max-width: 60%;
    overflow: hidden;
  }

  .detail {
    display: block;
    color: var(--_muted);
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }

  .uploaded .kind,
  .uploaded .detail {
    color: var(--_success);
  }

  .failed .kind,
  .failed .detail {
    color: var(--_danger);
  }

  .cancelled .name {
    color: var(--_muted);
  }

  .actions {
    display: flex;
    flex: none;
    align-items: center;
    gap: 0.15em;
  }

  @container (max-width: 26em) {
    .row {
      flex-wrap: wrap;
      row-gap: 0.25em;
    }

    .uploaded .actions {
      margin-inline-start: 2em;
    }

    .uploaded .main {
      flex-basis: calc(100% - 2.5em);
    }
  }
`
