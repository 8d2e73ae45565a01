import { type CSSResult, html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { type InterruptedUpload, type UploadEngine, UploadError } from '../../engine/index.ts'
import { percentage } from '../../i18n/measures.ts'
import type { Binding, EngineElement } from '../base/engine-element.ts'
import { openPicker, takePicked } from '../base/pick-files.ts'
import { kindOf } from '../parts/file-kind.ts'
import { displayName, fileName } from '../parts/file-name.ts'
import { kindIcons } from '../parts/icons.ts'
import { rowStyles } from '../parts/row.styles.ts'
import { totalLineStyles } from '../parts/total-line.styles.ts'
import { controlStyles } from './control.styles.ts'
import { interruptedStyles } from './interrupted.styles.ts'
import { View } from './view.ts'

/** How many uploads are listed; the others are counted. */
const SHOWN = 3
/** After these errors the file handle is useless. */
const NEEDS_FILE: UploadError['code'][] = ['file-unreadable', 'file-changed']

/** Where the interrupted uploads come from. */
export interface UploadSource {
  uploads: () => readonly InterruptedUpload[]
  /** Takes one out of the list until it is read again. */
  remove: (id: string) => void
  refresh: (engine: UploadEngine) => Promise<void>
}

/** What the list of interrupted uploads shows. */
export class InterruptedView extends View {
  readonly #source: UploadSource
  readonly #busy = new Set<string>()
  readonly #errors = new Map<string, UploadError>()
  /** The upload that the file dialog is open for. */
  #wanted: InterruptedUpload | undefined
  /** Index of the row with the focus, during a redraw. -1 without focus. */
  #focused = -1

  #announcement = ''

  constructor(host: EngineElement, binding: Binding, source: UploadSource) {
    super(host, binding)
    this.#source = source
  }

  override get styles(): CSSResult[] {
    return [controlStyles, rowStyles, totalLineStyles, interruptedStyles]
  }

  override willRender(): void {
    const focused = this.host.shadowRoot?.activeElement
    const row = focused?.closest('.row')
    this.#focused = focused ? Math.max(0, row ? this.#rows().indexOf(row) : 0) : -1
  }

  override rendered(): void {
    if (this.#focused >= 0 && !this.host.shadowRoot?.activeElement) this.#refocus()
  }

  override render(): TemplateResult {
    const uploads = this.#source.uploads()
    return html`
      ${uploads.length === 0 || this.owner?.isLocked ? nothing : this.#list(uploads)}
      <div class="visually-hidden" role="status">${this.#announcement}</div>
    `
  }

  #list(uploads: readonly InterruptedUpload[]): TemplateResult {
    const { localize } = this
    const count = uploads.length
    const ready = uploads.filter((it) => !this.#needsFile(it))
    return html`
      <div class="interrupted" part="interrupted" role="group" aria-labelledby="title">
        <div class="total-line">
          <span id="title">${localize.text('interruptedUploads', { count })}</span>
          ${
            ready.length > 1
              ? html`<button type="button" @click=${() => this.#continueAll(ready)}>
                  ${localize.text('continueAll')}
                </button>`
              : nothing
          }
        </div>
        <ul class="list">
          ${repeat(
            uploads.slice(0, SHOWN),
            (it) => it.id,
            (it) => this.#row(it),
          )}
        </ul>
        ${
          count > SHOWN
            ? html`<span class="detail more">${localize.text('moreRejected', { count: count - SHOWN })}</span>`
            : nothing
        }
        <input type="file" hidden tabindex="-1" @change=${this.#pick} />
      </div>
    `
  }

  #row(upload: InterruptedUpload): TemplateResult {
    const { localize } = this
    const error = this.#errors.get(upload.id)
    const needsFile = this.#needsFile(upload)
    const advice = error
      ? localize.error(error)
      : needsFile
        ? localize.text('chooseToContinue')
        : ''
    const percent = percentage(upload.stored / upload.size, localize)
    const progress = localize.text('uploadedPart', { percent, size: localize.bytes(upload.size) })
    return html`
      <li class="row ${error ? 'failed' : ''}">
        <span class="kind">${kindIcons[kindOf({ name: upload.name, type: '' })]}</span>
        <div class="main">
          ${fileName(upload.name)}
          <span class="detail">${progress} ${advice}</span>
        </div>
        <div class="actions">
          ${
            needsFile
              ? this.#button('chooseAgain', upload, () => this.#choose(upload))
              : this.#button('continue', upload, () => this.#continue(upload))
          }
          ${this.#button('discard', upload, () => this.#discard(upload), 'plain')}
        </div>
      </li>
    `
  }

  #button(
    key: 'chooseAgain' | 'continue' | 'discard',
    { id, name }: InterruptedUpload,
    run: () => void,
    kind = '',
  ): TemplateResult {
    const action = this.localize.text(key)
    return html`<button
      type="button"
      class=${kind}
      aria-label=${this.localize.text('actionOn', { action, name: displayName(name) })}
      aria-disabled=${this.#busy.has(id)}
      @click=${run}
    >
      ${action}
    </button>`
  }

  #needsFile({ id, needsFile }: InterruptedUpload): boolean {
    const error = this.#errors.get(id)
    return needsFile || (error !== undefined && NEEDS_FILE.includes(error.code))
  }

  /** All within one click: the browser may ask for permission for each file. */
  #continueAll(uploads: InterruptedUpload[]): void {
    for (const upload of uploads) this.#continue(upload)
  }

  #continue(upload: InterruptedUpload, file?: File): void {
    void this.#work(upload, async (engine) => {
      return (await engine.resumeInterrupted(upload.id, file)) !== undefined
    })
  }

  #discard(upload: InterruptedUpload): void {
    void this.#work(upload, async (engine) => {
      await engine.discardInterrupted(upload.id)
      this.#announcement = this.localize.text('discarded', { name: displayName(upload.name) })
      return true
    })
  }

  #choose(upload: InterruptedUpload): void {
    this.#wanted = upload
    const input = this.host.renderRoot.querySelector('input')
    const accept = this.owner?.accept ?? this.engine?.options.accept
    if (input) openPicker(input, { accept, multiple: false, directory: false, capture: undefined })
  }

  #pick = (event: Event): void => {
    const [file] = takePicked(event.target as HTMLInputElement)
    if (file && this.#wanted) this.#continue(this.#wanted, file)
  }

  /** @param work resolves to true when the upload is not interrupted any more */
  async #work(
    { id, name }: InterruptedUpload,
    work: (engine: UploadEngine) => Promise<boolean>,
  ): Promise<void> {
    const { engine } = this
    if (!engine || this.#busy.has(id)) return
    this.#busy.add(id)
    this.#errors.delete(id)
    this.host.requestUpdate()
    try {
      // It must not be in both lists until the next refresh.
      if (await work(engine)) this.#source.remove(id)
    } catch (reason) {
      const error = reason instanceof UploadError ? reason : new UploadError('unexpected', name)
      this.#errors.set(id, error)
      this.#announcement = `${displayName(name)}: ${this.localize.error(error)}`
      if (error.hint) console.warn(`<bucket-upload> ${error.code}: ${error.hint}`)
    }
    this.#busy.delete(id)
    this.host.requestUpdate()
    await this.#source.refresh(engine)
  }

  /** When the row with the focus is gone, focuses the next one; without a row, leaves that to the page. */
  #refocus(): void {
    const rows = this.#rows()
    const row = rows[Math.min(this.#focused, rows.length - 1)]
    if (row) row.querySelector('button')?.focus()
    else this.host.dispatchEvent(new Event('list-emptied', { bubbles: true, composed: true }))
  }

  #rows(): Element[] {
    return [...this.host.renderRoot.querySelectorAll('.row')]
  }
}
