import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import { filesFromDrop } from '../engine/index.ts'
import { baseStyles } from './base.styles.ts'
import { dropZoneStyles } from './drop-zone.styles.ts'
import { uploadIcon } from './icons.ts'
import { IntakeElement } from './intake-element.ts'
import { restrictionsHint } from './restrictions-hint.ts'

/**
 * An area that takes dropped files and folders, and opens the file dialog when it is clicked.
 *
 * ```html
 * <bucket-upload-drop-zone for="attachments"></bucket-upload-drop-zone>
 * ```
 *
 * @summary Takes dropped files for an upload.
 * @tag bucket-upload-drop-zone
 *
 * @slot - All that is in the zone, in place of its icon, its button and its texts.
 * @slot icon - The icon.
 *
 * @csspart drop-zone - The area that takes files.
 * @csspart browse-button - The button that opens the file dialog.
 * @csspart hint - The line that says what may be uploaded.
 *
 * @cssstate dragging - Files are dragged over the zone.
 */
export class BucketUploadDropZone extends IntakeElement {
  static override styles = [baseStyles, dropZoneStyles]

  static override properties: PropertyDeclarations = {
    hint: {},
    small: { type: Boolean },
    _dragging: { state: true },
  }

  /** The line that says what may be uploaded. By default it is made of the restrictions. */
  declare hint: string | undefined
  /** Takes less room. */
  declare small: boolean
  declare private _dragging: boolean

  readonly #internals = this.attachInternals?.()

  constructor() {
    super()
    this.small = false
    this._dragging = false
  }

  protected override updated(): void {
    if (this._dragging) this.#internals?.states.add('dragging')
    else this.#internals?.states.delete('dragging')
  }

  protected override render(): TemplateResult {
    const { localize } = this
    const { maxSize } = this.engine?.options ?? {}
    const hint = this.hint ?? restrictionsHint(localize, this.accepted, maxSize)
    const many = this.takesMany
    const classes = [
      'zone',
      this._dragging ? 'dragging' : '',
      this.small ? 'small' : '',
      this.isDisabled ? 'disabled' : '',
    ]
    return html`
      <div
        class=${classes.join(' ')}
        part="drop-zone"
        @click=${this.#click}
        @dragenter=${this.#drag}
        @dragover=${this.#drag}
        @dragleave=${this.#dragLeave}
        @drop=${this.#drop}
      >
        ${this.input()}
        <slot>
          <span class="cloud"><slot name="icon">${uploadIcon}</slot></span>
          <span class="invitation">
            <button type="button" class="browse" part="browse-button" ?disabled=${this.isDisabled}>
              ${localize.text(many ? 'chooseFiles' : 'chooseFile')}
            </button>
            <span>${localize.text(many ? 'orDropThem' : 'orDropIt')}</span>
          </span>
          ${hint ? html`<span class="hint" part="hint">${hint}</span>` : nothing}
        </slot>
      </div>
    `
  }

  #click = (event: Event): void => {
    // The input's own click, which `browse` makes, passes here as well.
    if (!(event.target instanceof HTMLInputElement)) this.browse()
  }

  #drag = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return
    // Without this the browser would leave the page for the file, also on a disabled zone.
    event.preventDefault()
    event.dataTransfer.dropEffect = this.isDisabled ? 'none' : 'copy'
    this._dragging = !this.isDisabled
  }

  #dragLeave = (event: DragEvent): void => {
    // Moving onto a child of the zone is no leaving.
    const zone = event.currentTarget as HTMLElement
    if (!zone.contains(event.relatedTarget as Node | null)) this._dragging = false
  }

  #drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault()
    this._dragging = false
    if (this.isDisabled || !event.dataTransfer) return
    this.take(await filesFromDrop(event.dataTransfer))
  }
}
