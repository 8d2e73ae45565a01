import { html, type TemplateResult } from 'lit'

/**
 * An icon that takes the color of the text.
 *
 * @param path of a line, in a square of 24 by 24
 */
export function icon(path: string): TemplateResult {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${path} /></svg>`
}
