import { css } from 'lit'

/**
 * Rows of files: a picture or icon, name and detail, buttons. Each list adds what differs. A row has room
 * for two lines of detail, so that its height is the same in each state.
 */
export const rowStyles = css`
  .list {
    margin: 0;
    padding: 0;
    border: calc(1px * var(--_box, 1)) solid var(--_line);
    border-radius: calc(var(--_radius) * var(--_box, 1));
    background: var(--_ground, var(--_surface));
    list-style: none;
  }

  .row {
    --_pad: calc(12px * var(--_inset, 1));
    --_thumbnail: var(--_small-thumbnail, var(--bucket-upload-thumbnail, 48px));
    --_text-start: calc(var(--_pad) + var(--_thumbnail) + var(--_gap, 12px));
    position: relative;
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    align-items: center;
    column-gap: var(--_gap, 12px);
    min-height: calc(
      max(var(--_small-row, var(--bucket-upload-row, 64px)), var(--_text-height, 3.45em + 8px)) *
        var(--bucket-upload-density, 1)
    );
    padding-block: calc(4px * var(--_density));
    padding-inline: var(--_pad) calc(4px * var(--_inset, 1));
    line-height: 1.3;
  }

  /* Lines begin where the text begins. */
  .row::before {
    content: '';
    position: absolute;
    inset: 0 0 auto var(--_text-start);
    border-top: 1px solid var(--_line);
  }

  .row:dir(rtl)::before {
    inset: 0 var(--_text-start) auto 0;
  }

  .kind {
    display: grid;
    flex: none;
    place-items: center;
    width: var(--_thumbnail);
    aspect-ratio: 1;
    border-radius: min(var(--_inner-radius), 25%);
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
    font-size: 0.9375em;
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
    font-size: 0.84375em;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
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
  }
`
