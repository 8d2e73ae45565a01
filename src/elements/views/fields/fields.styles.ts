import { css } from 'lit'

/** The fields of a row, below all else, so that what is above keeps its height in each state. */
export const fieldsStyles = css`
  .fields {
    min-width: 0;
    text-align: start;
  }

  .rows .row:has(> .fields) {
    grid-template-rows:
      minmax(
        calc(
          max(var(--_small-row, var(--bucket-upload-row, 64px)), var(--_text-height, 3.45em + 8px)) *
            var(--bucket-upload-density, 1) - 8px * var(--_density)
        ),
        auto
      )
      auto;
  }

  .rows .row:has(> .fields) > :not(.fields) {
    grid-row: 1;
  }

  .rows .fields {
    grid-row: 2;
    grid-column: 2 / -1;
    padding-block: calc(4px * var(--_density)) calc(8px * var(--_density));
    padding-inline-end: calc(8px * var(--_inset, 1));
  }

  .rows .handle ~ .fields {
    grid-column: 3 / -1;
  }

  @container (max-width: 30em) {
    /* The line above begins where the fields begin. */
    .rows .row:has(> .fields):has(> .kind) {
      --_text-start: calc(12px * var(--_inset, 1));
    }

    .rows .row > .fields {
      grid-column: 1 / -1;
      padding-inline-start: calc(8px * var(--_inset, 1));
    }
  }

  .grid .row:has(> .fields) {
    grid-template-rows: auto 1fr auto;
  }

  .grid .fields {
    padding: 0 0.7em 0.7em;
  }

  /* Wide enough to write in. */
  .gallery:has(> .row > .fields) {
    grid-template-columns: repeat(auto-fill, minmax(min(160px, 44%), 1fr));
  }

  .gallery > .row:has(> .fields) {
    display: grid;
    grid-template: auto 1fr / minmax(0, 1fr);
    aspect-ratio: auto;
  }

  .gallery .row:has(> .fields) > .kind {
    grid-area: 1 / 1;
    height: auto;
    aspect-ratio: 1;
  }

  .gallery .row:has(> .fields) > .main {
    position: relative;
    inset: auto;
    grid-area: 1 / 1;
    align-self: end;
  }

  .gallery .row:has(> .fields) > .moves {
    position: relative;
    grid-area: 1 / 1;
    align-self: end;
  }

  .gallery .row:is(.failed, .cancelled):has(> .fields) > .main {
    align-self: stretch;
  }

  .gallery .fields {
    padding: 6px;
  }
`
