import { html, type TemplateResult } from 'lit'
import { UploadError } from '../../engine/index.ts'
import type { Localize } from '../../i18n/localize.ts'

/** Says that what shows files could not be loaded. They are uploaded all the same. */
export function incomplete(localize: Localize): TemplateResult {
  const error = new UploadError('library-incomplete', '')
  return html`<div role="alert" .style=${'color: var(--_danger)'}>${localize.error(error)}</div>`
}
