import { html, nothing, type TemplateResult } from 'lit'
import type { FileSnapshot } from '../../engine/index.ts'
import type { Localize } from '../../i18n/localize.ts'
import { shareOf } from './file-detail.ts'

/** The bar of a file, while there is progress to show. */
export function progressBar(
  file: FileSnapshot,
  name: string,
  localize: Localize,
): TemplateResult | typeof nothing {
  const label = () => localize.text('progressOf', { name })
  const { isGrowing, status } = file
  if (!isGrowing && (status === 'uploading' || status === 'paused' || status === 'waiting')) {
    const share = shareOf(file.loaded, file.size)
    return html`<progress aria-label=${label()} max="1" .value=${share}></progress>`
  }
  if (status === 'processing' && file.progress !== undefined) {
    return html`<progress aria-label=${label()} max="1" .value=${file.progress}></progress>`
  }
  // Without a value the browser shows activity instead of a share.
  return status === 'finalizing' || status === 'processing' || (isGrowing && status === 'uploading')
    ? html`<progress aria-label=${label()} max="1"></progress>`
    : nothing
}
