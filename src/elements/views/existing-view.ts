import { type CSSResult, html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { Binding, EngineElement } from '../base/engine-element.ts'
import type { RestoredFile } from '../base/existing-files.ts'
import { openLink } from '../parts/buttons.ts'
import { kindOf } from '../parts/file-kind.ts'
import { displayName, fileName } from '../parts/file-name.ts'
import { kindIcons } from '../parts/icons.ts'
import { rowStyles } from '../parts/row.styles.ts'
import { controlStyles } from './control.styles.ts'
import { existingStyles } from './existing.styles.ts'
import { hasFields, View } from './view.ts'

/** What the list of existing files shows. */
export class ExistingView extends View {
  #announcement = ''

  constructor(host: EngineElement, binding: Binding) {
    super(host, binding)
    const owner = binding.owner()
    // What was written beside files that the browser has restored is sent as well.
    if (owner && hasFields(owner)) {
      void import('./fields/row-fields.ts').then(({ sendFields }) => sendFields(owner))
    }
  }

  override get styles(): CSSResult[] {
    return [controlStyles, rowStyles, existingStyles]
  }

  override render(): TemplateResult | typeof nothing {
    const files = this.owner?.existingFiles?.all ?? []
    if (files.length === 0) return nothing
    return html`
      <ul class="list" part="existing" aria-label=${this.localize.text('existingFiles')}>
        ${repeat(
          files,
          (file) => file.key,
          (file) => this.#row(file),
        )}
      </ul>
      <div class="visually-hidden" role="status">${this.#announcement}</div>
    `
  }

  #row(file: RestoredFile): TemplateResult {
    const { owner, localize } = this
    const isRemoved = owner?.existingFiles?.isRemoved(file) ?? false
    const size = file.size === undefined ? '' : localize.bytes(file.size)
    return html`
      <li class="row ${isRemoved ? 'removed' : ''}" part="existing-file">
        <span class="kind">${kindIcons[kindOf({ name: file.name, type: file.type ?? '' })]}</span>
        <div class="main">
          ${fileName(file.name)}
          <span class="detail">${isRemoved ? localize.text('willBeRemoved') : size}</span>
        </div>
        <div class="actions">
          ${file.url ? openLink(localize, displayName(file.name), file.url) : nothing}
          ${owner?.readOnly ? nothing : this.#toggle(file, isRemoved)}
        </div>
      </li>
    `
  }

  #toggle(file: RestoredFile, isRemoved: boolean): TemplateResult {
    const action = this.localize.text(isRemoved ? 'keep' : 'remove')
    const name = displayName(file.name)
    return html`<button
      type="button"
      part="toggle-button"
      aria-label=${this.localize.text('actionOn', { action, name })}
      ?disabled=${this.owner?.isLocked}
      @click=${() => {
        this.owner?.existingFiles?.toggle(file)
        const will = isRemoved ? 'willBeKept' : 'willBeRemoved'
        this.#announcement = this.localize.text('actionOn', {
          action: this.localize.text(will),
          name,
        })
        this.host.requestUpdate()
      }}
    >
      ${action}
    </button>`
  }
}
