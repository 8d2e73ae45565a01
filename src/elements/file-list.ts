import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { baseStyles } from './base.styles.ts'
import { copyText } from './copy-text.ts'
import { EngineElement } from './engine-element.ts'
import { fileListStyles } from './file-list.styles.ts'
import { fileRow, type RowView } from './file-row.ts'
import { barStyles } from './progress-bar.styles.ts'

/** How long a row says "Copied", in ms. */
const COPIED_FOR = 2_000

/**
 * The files of an upload: how far each one is, its link, and what can be done with it.
 *
 * ```html
 * <bucket-upload-list for="attachments"></bucket-upload-list>
 * ```
 *
 * @summary Lists the files of an upload.
 * @tag bucket-upload-list
 *
 * @csspart list - The list of files.
 * @csspart file - One file of the list.
 * @csspart file-name - The name in a row.
 * @csspart copy-button - The button that copies a link.
 * @csspart link - The link to an uploaded file.
 */
export class BucketUploadList extends EngineElement {
  static override styles = [baseStyles, barStyles, fileListStyles]

  static override properties: PropertyDeclarations = {
    _copied: { state: true },
    _announcement: { state: true },
  }

  declare private _copied: string
  declare private _announcement: string

  constructor() {
    super()
    this._copied = ''
    this._announcement = ''
  }

  protected override render(): TemplateResult | typeof nothing {
    const files = this.engine?.files ?? []
    if (files.length === 0) return nothing
    const view = this.#view
    return html`
      <ul class="list" part="list" aria-label=${this.localize.text('files')}>
        ${repeat(
          files,
          (file) => file.id,
          (file) => fileRow(file, view),
        )}
      </ul>
      <div class="visually-hidden" role="status">${this._announcement}</div>
    `
  }

  get #view(): RowView {
    const { engine, localize } = this
    return {
      localize,
      copied: this._copied,
      isReadOnly: this.owner?.readOnly ?? false,
      actions: {
        cancel: (id) => engine?.cancel(id),
        pause: (id) => engine?.pause(id),
        resume: (id) => engine?.resume(id),
        retry: (id) => engine?.retry(id),
        remove: (id) => this.#remove(id),
        copy: (id, url) => void this.#copy(id, url),
      },
    }
  }

  /** The focus goes on to the next row, or to the one before: it must not get lost with its button. */
  #remove(id: string): void {
    const { engine } = this
    const files = engine?.files ?? []
    const index = files.findIndex((file) => file.id === id)
    const next = files[index + 1] ?? files[index - 1]
    engine?.remove(id)
    if (next) void this.#focus(next.id)
    else this.dispatchEvent(new Event('list-emptied', { bubbles: true, composed: true }))
  }

  async #focus(id: string): Promise<void> {
    this.requestUpdate()
    await this.updateComplete
    const row = this.renderRoot.querySelector(`[data-id="${CSS.escape(id)}"]`)
    row?.querySelector<HTMLElement>('button, a')?.focus()
  }

  async #copy(id: string, url: string): Promise<void> {
    if (!(await copyText(url))) {
      this._announcement = this.localize.text('notCopied')
      return
    }
    this._copied = id
    this._announcement = this.localize.text('linkCopied')
    setTimeout(() => {
      if (this._copied === id) this._copied = ''
    }, COPIED_FOR)
  }
}
