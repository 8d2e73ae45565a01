import { css } from 'lit'

/** Buttons and links of icons or of text alone, and names that read the other way than the page. */
export const controlStyles = css`
  button.icon,
  a.icon {
    display: inline-grid;
    place-items: center;
    min-width: max(var(--_least), 36px * min(1, var(--_density)));
    min-height: var(--_target);
    padding: 0;
    border: 1px solid transparent;
    border-radius: var(--_control-radius);
    background: transparent;
    color: var(--_muted);
    font-size: 1em;
  }

  button.icon:hover,
  a.icon:hover {
    background: var(--_soft);
    color: var(--_accent);
  }

  /* A button of text alone. */
  button.plain {
    border-color: transparent;
    background: transparent;
    color: var(--_accent-text);
    font-weight: 600;
    white-space: nowrap;
  }

  button.plain:hover {
    text-decoration: underline;
  }

  :dir(rtl) > .name:dir(ltr),
  :dir(ltr) > .name:dir(rtl) {
    justify-content: flex-end;
  }

  a.icon:dir(rtl) {
    scale: -1 1;
  }
`
