import { css } from 'lit'

export const messagesStyles = css`
  .rejections {
    --_end: calc(4px * var(--_inset, 1));
    display: grid;
    grid-template-columns: 20px minmax(0, 1fr) auto;
    column-gap: 12px;
    padding: 4px var(--_end) 4px 26px;
    border: calc(1px * var(--_box, 1)) solid color-mix(in srgb, var(--_danger) 35%, transparent);
    border-bottom: 1px solid color-mix(in srgb, var(--_danger) 20%, var(--_surface));
    border-radius: calc(var(--_inner-radius) * var(--_box, 1));
    background: color-mix(in srgb, var(--_danger) 8%, var(--_surface));
    font-size: 0.875em;
    line-height: 1.45;
    scroll-margin-block: 80px 8px;
  }

  .rejections:dir(rtl) {
    padding: 4px 26px 4px var(--_end);
  }

  .rejections > svg {
    width: 20px;
    height: 20px;
    margin-top: 8px;
    color: var(--_danger);
  }

  .rejections ul {
    display: grid;
    gap: 4px;
    align-self: center;
    margin: 0;
    padding: 6px 0;
    list-style: none;
  }

  .rejections li {
    overflow-wrap: anywhere;
  }

  .rejections .icon {
    align-self: start;
    font-size: 16px;
  }

  .rejections .who {
    display: block;
    font-weight: 600;
  }
`
