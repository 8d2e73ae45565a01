import { css } from 'lit'

export const messagesStyles = css`
  .rejections {
    display: flex;
    align-items: flex-start;
    justify-content: space-between;
    gap: 0.5em;
    padding-block: calc(0.6em * var(--_density));
    padding-inline: 0.9em 0.6em;
    border: 1px solid color-mix(in srgb, var(--_danger) 35%, transparent);
    border-radius: calc(var(--_radius) * 0.75);
    background: color-mix(in srgb, var(--_danger) 7%, var(--_surface));
    color: var(--_danger);
    font-size: 0.9em;
  }

  .rejections ul {
    margin: 0;
    padding: 0.3em 0;
    list-style: none;
  }

  .rejections li {
    overflow-wrap: anywhere;
  }

  .rejections bdi {
    font-weight: 600;
  }

  .rejections button {
    color: inherit;
  }
`
