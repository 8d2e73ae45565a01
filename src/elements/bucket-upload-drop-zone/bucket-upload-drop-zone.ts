import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import { filesFromDrop } from '../../engine/index.ts'
import { baseStyles } from '../base/base.styles.ts'
import { views } from '../lazy/lazy-module.ts'
import { icon } from '../parts/icon.ts'
import { restrictionsHint } from '../parts/restrictions-hint.ts'
import { PickerElement } from '../picker/picker-element.ts'
import { dropZoneStyles } from './bucket-upload-drop-zone.styles.ts'
import { claimDrag } from './drag.ts'
import { addPageTarget, type PageDropTarget, removePageTarget } from './page-drop.ts'

const UPLOAD_ICON = icon('M12 16V5m0 0L7 10m5-5 5 5M5 19h14')

/**
 * How an upload looks: in one line, with a border (`compact`) or without (`inline`); pictures in squares
 * (`gallery`); or a panel in the corner of the page, without a zone (`tray`).
 */
export type UploadVariant = 'compact' | 'inline' | 'gallery' | 'tray'

const DRAG_TYPES = ['dragenter', 'dragover', 'dragleave', 'drop'] as const

/**
 * An area that takes dropped files and folders, and opens the file dialog when it is clicked. It also
 * takes files and images that are pasted while the focus is in it, or in its `<bucket-upload>`. While a
 * page has a drop zone, the browser does not open a file that is dropped next to it.
 *
 * ```html
 * <bucket-upload-drop-zone for="attachments"></bucket-upload-drop-zone>
 * ```
 *
 * @summary Takes dropped files for an upload.
 * @tag bucket-upload-drop-zone
 *
 * @slot - Content of the zone, instead of its icon, button and texts.
 * @slot icon - The icon.
 *
 * @csspart drop-zone - The area that takes files.
 * @csspart browse-button - The button that opens the file dialog.
 * @csspart hint - The line that says which files can be uploaded.
 * @csspart drop-cover - The cover over the files while others are dragged over them.
 * @csspart page-drop - The cover over the page while files are dragged over it, with `page`.
 *
 * @cssstate dragging - Files are dragged over the zone or, with `page`, over the page.
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

  /** The line that says which files can be uploaded. By default it follows from the restrictions. */
  declare hint: string | undefined
  /** Whether it takes less space. */
  declare small: boolean
  /** One line instead of an area: `compact` with a border, `inline` without one. */
  declare variant: UploadVariant | undefined
  /** Whether it takes files dropped anywhere on the page. Of several such zones the first one takes them. */
  declare page: boolean
  /** With `page`, it takes files pasted anywhere on the page, except into a text field. */
  declare paste: 'page' | undefined
  /** @internal Whether it takes what is dropped anywhere on the element around. Set before it is connected. */
  framed = false
  declare private _dragging: boolean
  declare private _pageDragging: boolean

  readonly #internals = this.attachInternals?.()
  #isFolded = false
  readonly #pageTarget = this.#createPageTarget()
  /** What takes the drops. */
  #area: HTMLElement | undefined

  constructor() {
    super()
    this.small = false
    this.page = false
    this._dragging = false
    this._pageDragging = false
  }

  /** @internal Whether it takes no space, because files are shown in its place. */
  set folded(value: boolean) {
    if (value === this.#isFolded) return
    this.#isFolded = value
    this.requestUpdate()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    addPageTarget(this.#pageTarget)
    this.#area = (this.framed && this.parentElement) || this
    for (const type of DRAG_TYPES) this.#area.addEventListener(type, this.#drag)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    removePageTarget(this.#pageTarget)
    for (const type of DRAG_TYPES) this.#area?.removeEventListener(type, this.#drag)
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    // In the top layer nothing in the page covers or clips it.
    const cover = this.renderRoot.querySelector<HTMLElement>('.page-drop')
    if (changed.has('_pageDragging')) cover?.showPopover?.()
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
      <div class="fold ${this.#isFolded ? 'folded' : ''}">
        <div class="clip">
          <div class=${classes.join(' ')} part="drop-zone" @click=${this.#click}>
            ${this.input()}
            <slot>${this.#content()}</slot>
          </div>
        </div>
      </div>
      ${
        this.#isFolded && this._dragging
          ? html`<div class="drop-cover" part="drop-cover"><span>${this.#dropText()}</span></div>`
          : nothing
      }
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
    const { localize, directory, takesMany, variant } = this
    const { maxSize } = this.engine?.options ?? {}
    const hint = this.hint ?? restrictionsHint(localize, this.accepted, maxSize, takesMany)
    const isLine = variant === 'compact' || variant === 'inline'
    return html`
      <span class="mark"><slot name="icon">${UPLOAD_ICON}</slot></span>
      ${isLine ? nothing : this.#title()}
      ${!isLine && hint ? html`<span class="hint" part="hint">${hint}</span>` : nothing}
      <button type="button" class="browse" part="browse-button" ?disabled=${this.isDisabled}>
        ${localize.text(this.browseText)}
      </button>
      ${isLine ? html`<span class="or fine">${localize.text(takesMany && !directory ? 'orDropThem' : 'orDropIt')}</span>` : nothing}
      ${isLine && hint ? html`<span class="hint" part="hint">${hint}</span>` : nothing}
    `
  }

  /** What can be done here: with a mouse, and with a finger. */
  #title(): TemplateResult {
    const { localize, directory, takesMany } = this
    if (this._dragging) return html`<span class="title">${this.#dropText()}</span>`
    const drop = directory ? 'dropFolder' : takesMany ? 'dropFiles' : 'dropFile'
    return html`<span class="title fine">${localize.text(drop)}</span
      ><span class="title coarse">${localize.text(takesMany ? 'addFiles' : 'addFile')}</span>`
  }

  #dropText(): string {
    return this.localize.text(this.#isFolded && !this.takesMany ? 'dropToReplace' : 'dropToAdd')
  }

  #click = (event: Event): void => {
    // The click that `browse` makes on the input bubbles up to here.
    if (!(event.target instanceof HTMLInputElement)) this.browse()
  }

  #drag = (event: DragEvent): void => {
    if (event.type === 'dragleave') this.#dragLeave(event)
    else if (event.type === 'drop') this.#drop(event)
    else if (claimDrag(event, !this.isDisabled)) this._dragging = !this.isDisabled
  }

  #dragLeave({ relatedTarget }: DragEvent): void {
    // Moving onto a child of the area also fires `dragleave`.
    if (!this.#area?.contains(relatedTarget as Node | null)) this._dragging = false
  }

  #drop(event: DragEvent): void {
    event.preventDefault()
    this._dragging = false
    if (!this.isDisabled && event.dataTransfer) void this.#takeFrom(event.dataTransfer)
  }

  async #takeFrom(data: DataTransfer, isPasted = false): Promise<void> {
    // To read a folder takes time, in which the element may leave the page.
    const { target } = this
    const now = Date.now()
    const files = await filesFromDrop(data)
    if (isPasted) await views.load()
    void this.take(isPasted && views.now ? views.now.namePasted(files, now) : files, target)
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
        if (isOver) zone.prepare()
      },
      take: (data, isPasted) => void zone.#takeFrom(data, isPasted),
    }
  }
}

/** Whether a modal dialog is open that does not contain the element: then the element is inert. */
function isBehindModal(element: Element): boolean {
  const modal = [...document.querySelectorAll(':modal')].at(-1)
  for (let at: Node | null = element; modal && at; ) {
    if (modal.contains(at)) return false
    const root: Node = at.getRootNode()
    at = root instanceof ShadowRoot ? root.host : null
  }
  return modal !== undefined
}
