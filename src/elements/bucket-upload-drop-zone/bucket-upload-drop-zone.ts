import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import { filesFromDrop } from '../../engine/index.ts'
import { baseStyles } from '../base/base.styles.ts'
import { PickerElement } from '../base/picker-element.ts'
import { uploadIcon } from '../parts/icons.ts'
import { restrictionsHint } from '../parts/restrictions-hint.ts'
import { dropZoneStyles } from './bucket-upload-drop-zone.styles.ts'
import { claimDrag } from './drag.ts'
import { addPageTarget, type PageDropTarget, removePageTarget } from './page-drop.ts'
import { filesFromPaste } from './pasted-files.ts'

/** How much room an upload takes. */
export type UploadVariant = 'compact' | 'inline'

/**
 * An area that takes dropped files and folders, and opens the file dialog when it is clicked. It also
 * takes files and pictures that are pasted while the focus is in it, or in the `<bucket-upload>` that it
 * belongs to. While there is a zone, a file that is dropped beside it does not make the browser leave
 * the page.
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
 * @csspart page-drop - What covers the page while files are dragged over it, with `page`.
 *
 * @cssstate dragging - Files are dragged over the zone; with `page`, over the page.
 */
export class BucketUploadDropZone extends PickerElement {
  static override styles = [baseStyles, dropZoneStyles]

  static override properties: PropertyDeclarations = {
    hint: {},
    small: { type: Boolean },
    variant: { reflect: true },
    page: { type: Boolean },
    paste: {},
    _dragging: { state: true },
    _pageDragging: { state: true },
  }

  /** The line that says what may be uploaded. By default it is made of the restrictions. */
  declare hint: string | undefined
  /** Takes less room. */
  declare small: boolean
  /** On one line: `compact` in a box, `inline` without one, for the flow of a text. */
  declare variant: UploadVariant | undefined
  /** Takes files that are dropped anywhere on the page. Of several such zones the first one does. */
  declare page: boolean
  /** With `page`, takes files that are pasted anywhere on the page, except into a text field. */
  declare paste: 'page' | undefined
  declare private _dragging: boolean
  declare private _pageDragging: boolean

  readonly #internals = this.attachInternals?.()
  readonly #pageTarget = this.#createPageTarget()

  constructor() {
    super()
    this.small = false
    this.page = false
    this._dragging = false
    this._pageDragging = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    addPageTarget(this.#pageTarget)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    removePageTarget(this.#pageTarget)
  }

  protected override updated(): void {
    // In the top layer no part of the page hides it, or cuts it off.
    const cover = this.renderRoot.querySelector<HTMLElement>('.page-drop')
    cover?.hidePopover?.()
    cover?.showPopover?.()
    if (this._dragging || this._pageDragging) this.#internals?.states.add('dragging')
    else this.#internals?.states.delete('dragging')
  }

  protected override render(): TemplateResult {
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
        <slot>${this.#content()}</slot>
      </div>
      ${
        this._pageDragging
          ? html`<div class="page-drop" part="page-drop" popover="manual">
              ${this.localize.text('dropToUpload')}
            </div>`
          : nothing
      }
    `
  }

  #content(): TemplateResult {
    const { localize, directory, takesMany } = this
    const { maxSize } = this.engine?.options ?? {}
    const hint = this.hint ?? restrictionsHint(localize, this.accepted, maxSize)
    return html`
      <span class="cloud"><slot name="icon">${uploadIcon}</slot></span>
      <span class="invitation">
        <button type="button" class="browse" part="browse-button" ?disabled=${this.isDisabled}>
          ${localize.text(this.browseText)}
        </button>
        <span>${localize.text(takesMany && !directory ? 'orDropThem' : 'orDropIt')}</span>
      </span>
      ${hint ? html`<span class="hint" part="hint">${hint}</span>` : nothing}
    `
  }

  #click = (event: Event): void => {
    // The input's own click, which `browse` makes, passes here as well.
    if (!(event.target instanceof HTMLInputElement)) this.browse()
  }

  #drag = (event: DragEvent): void => {
    if (claimDrag(event, !this.isDisabled)) this._dragging = !this.isDisabled
  }

  #dragLeave = (event: DragEvent): void => {
    // Moving onto a child of the zone is no leaving.
    const zone = event.currentTarget as HTMLElement
    if (!zone.contains(event.relatedTarget as Node | null)) this._dragging = false
  }

  #drop = (event: DragEvent): void => {
    event.preventDefault()
    this._dragging = false
    if (!this.isDisabled && event.dataTransfer) void this.#takeFrom(event.dataTransfer)
  }

  async #takeFrom(data: DataTransfer, read = filesFromDrop): Promise<void> {
    this.take(await read(data))
  }

  #createPageTarget(): PageDropTarget {
    const zone = this
    return {
      get isOpen() {
        // The element itself may have no box, with `display: contents`.
        const area = zone.renderRoot.querySelector('.zone')
        return !zone.isDisabled && area?.checkVisibility?.() !== false && !isBehindModal(zone)
      },
      get takesDrops() {
        return zone.page
      },
      get takesPastes() {
        return zone.paste === 'page'
      },
      get places() {
        return zone.owner ? [zone, zone.owner] : [zone]
      },
      hover(isOver) {
        zone._pageDragging = isOver
        if (isOver) zone.engine?.prepare()
      },
      take: (data, isPasted) => void zone.#takeFrom(data, isPasted ? filesFromPaste : undefined),
    }
  }
}

/** Whether a modal dialog is open that the element is not part of: then nothing else can be used. */
function isBehindModal(element: Element): boolean {
  const modal = [...document.querySelectorAll(':modal')].at(-1)
  for (let at: Node | null = element; modal && at; ) {
    if (modal.contains(at)) return false
    const root: Node = at.getRootNode()
    at = root instanceof ShadowRoot ? root.host : null
  }
  return modal !== undefined
}
