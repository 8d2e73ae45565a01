import { html, type LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { ItemToAdd, UploadEngineOptions } from '../../engine/index.ts'
import { numberOrWarn, sizeOrWarn } from '../base/attribute-values.ts'
import { baseStyles } from '../base/base.styles.ts'
import type {
  BucketUploadDropZone,
  UploadVariant,
} from '../bucket-upload-drop-zone/bucket-upload-drop-zone.ts'
import { formStyles } from '../form/form-element.styles.ts'
import { FormElement } from '../form/form-element.ts'
import { views } from '../lazy/lazy-module.ts'
import type { Tray } from '../views/tray/tray.ts'
import { uploadStyles } from './bucket-upload.styles.ts'

/**
 * A drop zone and file list that uploads straight into a bucket, through URLs that a signer presigns.
 *
 * ```html
 * <bucket-upload signer="/api/sign" multiple accept="image/*,.pdf" max-size="25MB"></bucket-upload>
 * ```
 *
 * @summary Uploads files into an S3 bucket and hands back download links.
 * @tag bucket-upload
 *
 * @slot - Elements such as `<bucket-upload-list>`, instead of the built-in ones.
 * @slot fields - Fields for each file, such as a caption: a `<template>`, or an element. Each row shows a copy.
 * @slot existing - Files that are in the bucket already: `<a href="…" data-key="…">name</a>`.
 *
 * @event {CustomEvent} files-added - Files were picked or dropped. Cancelable: the files are not added.
 * @event {CustomEvent} file-rejected - A file breaks a restriction and was not added.
 * @event {CustomEvent} upload-started - The upload of a file starts.
 * @event {CustomEvent} upload-progress - Progress of all files together, in bytes. At most once per frame.
 * @event {CustomEvent} processing-started - A file is in the bucket, and the site goes on with it.
 * @event {CustomEvent} file-uploaded - A file is in the bucket. The detail has its key and link.
 * @event {CustomEvent} file-failed - The upload of a file failed. The detail has the error.
 * @event {CustomEvent} upload-complete - No upload is left to do.
 * @event {CustomEvent} sign-in-needed - The user is not signed in. Cancelable: the files wait until `resume()`.
 * @event {Event} input - The value that the form sends has changed.
 * @event {Event} change - The value that the form sends has changed.
 *
 * @cssstate uploading - A file is being uploaded or waits for its turn.
 * @cssstate done - All files are uploaded.
 * @cssstate invalid - The value is invalid, and a message says so.
 * @cssstate holding - The submit of the form waits for the uploads.
 *
 * @csspart base - The whole component.
 * @csspart label - The label above the drop zone.
 * @csspart card - The frame around all that is built in.
 * @csspart drop-zone - The area that takes files.
 * @csspart browse-button - The button that opens the file dialog.
 * @csspart drop-cover - The cover over the files while others are dragged over them.
 * @csspart page-drop - The cover over the page while files are dragged over it, with `drop-anywhere`.
 * @csspart hint - The line that says which files can be uploaded.
 * @csspart rejections - The message about files that were not added.
 * @csspart interrupted - The interrupted uploads of an earlier page.
 * @csspart total - The words, bar and buttons about all files. It is also called `head`.
 * @csspart head - The same as `total`.
 * @csspart percent - How much is uploaded.
 * @csspart add-button - The button that adds files.
 * @csspart list - The list of files.
 * @csspart file - One file of the list.
 * @csspart thumbnail - The thumbnail of a file, or the icon of its kind.
 * @csspart badge - The disc on a thumbnail that repeats the state.
 * @csspart file-name - The name of a file.
 * @csspart detail - The state of a file, in words.
 * @csspart copy-button - The button that copies a link, or renews it.
 * @csspart link - The link to an uploaded file.
 * @csspart copy-links - The button that copies all links.
 * @csspart handle - The handle that moves a file, with `reorder`.
 * @csspart existing - The list of existing files.
 * @csspart existing-file - One file of that list.
 * @csspart problem - The line that says what is wrong with the value.
 * @csspart held - The line that says that the form waits for the uploads.
 *
 * @cssproperty {<length>} [--bucket-upload-list-height=24em] - Height of a list with more than 50 files, which scrolls.
 * @cssproperty {<length>} [--bucket-upload-tile-width=10em] - Least width of a tile in a grid.
 * @cssproperty {<length>} [--bucket-upload-sticky-top=0px] - Distance from the top of the window at which the head stays while files are uploaded.
 * @cssproperty {<length>} [--bucket-upload-bleed=0px] - How far the card goes over its sides in a narrow window, to the edges of the page.
 */
export class BucketUpload extends FormElement {
  static override styles = [baseStyles, formStyles, uploadStyles]

  static override properties: PropertyDeclarations = {
    multiple: { type: Boolean },
    directory: { type: Boolean },
    capture: {},
    zip: { type: Boolean },
    dropAnywhere: { attribute: 'drop-anywhere', type: Boolean },
    paste: {},
    variant: { reflect: true },
    maxFiles: { attribute: 'max-files' },
    maxTotalSize: { attribute: 'max-total-size' },
    layout: {},
    links: {},
    linksFormat: { attribute: 'links-format' },
    details: {},
    reorder: { type: Boolean },
    _hasContent: { state: true },
  }

  /** Whether more than one file can be uploaded. */
  declare multiple: boolean
  /** Whether people pick a folder, with everything in it. Implies `multiple`. */
  declare directory: boolean
  /** On phones: opens the front camera (`user`) or the back camera (`environment`). */
  declare capture: 'user' | 'environment' | undefined
  /** Whether each folder that is chosen or dropped is uploaded as one zip, which is made on the way. */
  declare zip: boolean
  /** Whether it takes files dropped anywhere on the page. Of several such elements the first one takes them. */
  declare dropAnywhere: boolean
  /**
   * With `page`, it takes files and images pasted anywhere on the page, except into a text field.
   * Otherwise it takes those that are pasted while it has the focus.
   */
  declare paste: 'page' | undefined
  /**
   * Takes less space: `compact` for narrow places, `inline` for running text or the row of a form.
   * `gallery` shows pictures in squares; `tray` is a panel in the corner of the page, which is there while
   * there are files. It takes them with `drop-anywhere`, or from a `<bucket-upload-button for>`.
   */
  declare variant: UploadVariant | undefined
  /** Largest number of files, with `multiple`. Existing files count too. */
  declare maxFiles: number | string | undefined
  /** Largest size of all files together, in bytes or as in `1GB`. */
  declare maxTotalSize: number | string | undefined
  /**
   * Shows the files as rows (`list`) or as tiles (`grid`).
   *
   * @default 'list'
   */
  declare layout: 'list' | 'grid'
  /**
   * What is shown of download links: nothing; with `copy`, a button that copies one; with `full`, until
   * when one works, and buttons that copy, open and share it.
   */
  declare links: 'copy' | 'full' | '' | undefined
  /**
   * How all links are copied: one on a line (`text`), as a Markdown list, or as a CSV table.
   *
   * @default 'text'
   */
  declare linksFormat: 'text' | 'markdown' | 'csv' | undefined
  /** With `full`, sizes and speeds besides how far an upload is. */
  declare details: 'full' | undefined
  /** Whether people can put the files in another order, in which the form sends them. */
  declare reorder: boolean

  declare private _hasContent: boolean
  #trayNow: Tray | undefined

  constructor() {
    super()
    this.multiple = false
    this.directory = false
    this.zip = false
    this.dropAnywhere = false
    this.layout = 'list'
    this.reorder = false
    this._hasContent = false
  }

  /** Opens the file dialog. Browsers allow this only while a click or key press is handled. */
  browse(): void {
    this.#picker?.browse()
  }

  override get limit(): number | undefined {
    return this.multiple || this.directory ? numberOrWarn('max-files', this.maxFiles) : 1
  }

  override get anchor(): HTMLElement | undefined {
    const parts = ['bucket-upload-progress', 'bucket-upload-list'].map((tag) =>
      this.renderRoot.querySelector<LitElement>(tag),
    )
    const buttons = [this.#picker, ...parts].flatMap((part) => [
      ...(part?.renderRoot?.querySelectorAll<HTMLElement>('button') ?? []),
    ])
    return buttons.find((it) => it.checkVisibility({ visibilityProperty: true })) ?? buttons[0]
  }

  /** Adds files. The only one that there may be takes the place of the one before. */
  override add(files: Iterable<ItemToAdd>): string[] {
    const before = this.#replaced
    const ids = super.add(files)
    if (ids.length > 0) for (const { id } of before) super.remove(id)
    return ids
  }

  protected override get engineOptions(): UploadEngineOptions {
    return {
      ...super.engineOptions,
      maxFiles: this.limit,
      existingFiles: this.kept.length - this.#replaced.length,
      maxTotalSize: sizeOrWarn('max-total-size', this.maxTotalSize),
    }
  }

  protected override render(): TemplateResult {
    const isCard = !this._hasContent
    return html`
      <div
        class="base ${this.engine.progress.active > 0 ? 'active' : ''}"
        part="base"
        role="group"
        aria-label=${this.accessibleName}
        aria-describedby=${this.problem ? 'problem' : nothing}
      >
        ${this.label ? html`<div class="label" part="label" aria-hidden="true">${this.label}</div>` : nothing}
        ${this.problemLine()}
        <slot @slotchange=${this.#slotChange}></slot>
        ${this.existingSlot()}
        <div class=${isCard ? 'card' : 'bare'} part=${isCard ? 'card' : nothing} ?hidden=${isCard && this.#isBlank}>
          ${isCard && !this.readOnly ? this.#zone() : nothing}
          <div class="top">
            ${isCard ? this.#head() : nothing}
            ${
              isCard || !this.querySelector('bucket-upload-messages')
                ? html`<bucket-upload-messages exportparts="rejections"></bucket-upload-messages>`
                : nothing
            }
          </div>
          ${isCard ? this.#lists() : nothing}
        </div>
        ${this.heldLine()}
      </div>
    `
  }

  /** Files that the next one takes the place of. */
  get #replaced() {
    return this.limit === 1 ? this.files : []
  }

  /** Whether the card has nothing in it. */
  get #isBlank(): boolean {
    return this.readOnly && this.engine.ids.length === 0 && this.existingFiles.all.length === 0
  }

  #zone(): TemplateResult {
    const { variant } = this
    const hasFiles = this.engine.ids.length > 0 && this.#hasViews
    const hasExisting = this.existingFiles.all.length > 0 && this.#hasViews
    const isLine = variant === 'compact' || variant === 'inline'
    // The zone gives its place to the list when that comes, not before.
    return html`
      <bucket-upload-drop-zone
        exportparts="drop-zone, browse-button, hint, drop-cover, page-drop"
        .framed=${true}
        .folded=${(hasFiles && !isLine) || variant === 'tray'}
        .hint=${this.hint}
        .capture=${this.capture}
        .paste=${this.paste}
        .variant=${this.variant}
        ?directory=${this.directory}
        ?page=${this.dropAnywhere}
        ?small=${hasExisting}
      ></bucket-upload-drop-zone>
    `
  }

  #head(): TemplateResult | typeof nothing {
    const { length: count } = this.engine.ids
    const tray = this.#tray
    if (count === 0 || tray?.isAway || (this.limit === 1 && !this.manual && !tray)) return nothing
    return html`<bucket-upload-progress
      exportparts="total, head, percent, add-button, copy-links"
      @list-emptied=${this.#emptied}
      >${tray?.toggle(this.localize)}</bucket-upload-progress
    >`
  }

  /** What opens, folds and closes a tray. */
  get #tray(): Tray | undefined {
    if (this.variant !== 'tray') return undefined
    const module = views.require(this)
    if (module) this.#trayNow ??= new module.Tray(this)
    return this.#trayNow
  }

  /** The built-in lists, for a page that puts none in the slot. */
  #lists(): TemplateResult {
    return html`
      ${
        this.readOnly
          ? nothing
          : html`<bucket-upload-interrupted
              exportparts="interrupted, file-name"
              @list-emptied=${this.#emptied}
            ></bucket-upload-interrupted>`
      }
      <div id="files" ?hidden=${this.#tray?.isOpen === false}>
        ${
          this.existingFiles.all.length > 0
            ? html`<bucket-upload-existing
                exportparts="existing, existing-file, file-name, link"
              ></bucket-upload-existing>`
            : nothing
        }
        <bucket-upload-list
          exportparts="list, file, thumbnail, badge, file-name, detail, copy-button, link, add-button, handle"
          .layout=${this.variant === 'gallery' ? 'gallery' : this.layout}
          @list-emptied=${this.#emptied}
        ></bucket-upload-list>
      </div>
    `
  }

  /** Moves the focus to the zone, once it is back. */
  #emptied = async (): Promise<void> => {
    this.requestUpdate()
    await this.updateComplete
    await this.#picker?.updateComplete
    this.focus()
  }

  /** Whether files can be shown; if not, it is drawn again when they can. */
  get #hasViews(): boolean {
    return views.require(this) !== undefined || views.hasFailed
  }

  /** The element that opens the file dialog: the built-in one, or that of the page. */
  get #picker(): BucketUploadDropZone | null {
    const zone = 'bucket-upload-drop-zone'
    return (
      this.renderRoot.querySelector<BucketUploadDropZone>(zone) ??
      this.querySelector<BucketUploadDropZone>(`${zone}, bucket-upload-button`)
    )
  }

  #slotChange = (event: Event): void => {
    this._hasContent = (event.target as HTMLSlotElement).assignedElements().length > 0
  }
}
