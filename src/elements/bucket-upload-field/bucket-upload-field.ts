import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type {
  FileSnapshot,
  FileToAdd,
  FileWithStatus,
  UploadEngineOptions,
  UploadedFile,
} from '../../engine/index.ts'
import { baseStyles } from '../base/base.styles.ts'
import type { ExistingFile, RestoredFile } from '../base/existing-files.ts'
import type { BucketUploadDropZone } from '../bucket-upload-drop-zone/bucket-upload-drop-zone.ts'
import { formStyles } from '../form/form-element.styles.ts'
import { FormElement } from '../form/form-element.ts'
import { progressBarStyles } from '../parts/progress-bar.styles.ts'
import { restrictionsHint } from '../parts/restrictions-hint.ts'
import { rowStyles } from '../parts/row.styles.ts'
import { fieldStyles } from './bucket-upload-field.styles.ts'
import { type FieldView, fieldContent } from './field-content.ts'

/** Width and height of the canvas in pixels: about twice its size on the page. */
const PICTURE_SIZE = 160
/** Up to this ratio of width to height, an image is as sharp as the canvas can show it. */
const WIDEST = 6

/**
 * A compact field for one file, such as a portrait or a document. It shows the existing file, and replaces
 * it with a new one once that is uploaded.
 *
 * ```html
 * <bucket-upload-field signer="/api/sign" name="portrait" kind="avatar" accept="image/*"></bucket-upload-field>
 * ```
 *
 * @summary A form field for one file.
 * @tag bucket-upload-field
 *
 * @slot existing - The file that is in the bucket already: `<a href="…" data-key="…">name</a>`.
 *
 * @event {CustomEvent} files-added - A file was picked or dropped. Cancelable: the file is not added.
 * @event {CustomEvent} file-rejected - A file breaks a restriction and was not added.
 * @event {CustomEvent} upload-started - The upload of the file starts.
 * @event {CustomEvent} upload-progress - Progress in bytes. At most once per frame.
 * @event {CustomEvent} file-uploaded - The file is in the bucket. The detail has its key and link.
 * @event {CustomEvent} file-failed - The upload failed. The detail has the error.
 * @event {CustomEvent} upload-complete - No upload is left to do.
 * @event {CustomEvent} sign-in-needed - The user is not signed in. Cancelable: the file waits until `resume()`.
 * @event {Event} input - The value that the form sends has changed.
 * @event {Event} change - The value that the form sends has changed.
 *
 * @csspart base - The whole component.
 * @csspart label - The label above the field.
 * @csspart drop-zone - The area that takes a file.
 * @csspart picture - The picture or icon of the file.
 * @csspart file-name - The name of the file.
 * @csspart browse-button - The button that opens the file dialog.
 * @csspart hint - The line that says which files can be uploaded.
 * @csspart link - The link to the existing file.
 * @csspart rejections - The message about a file that was not added.
 * @csspart problem - The line that says what is wrong with the value.
 * @csspart held - The line that says that the form waits for the upload.
 *
 * @cssstate uploading - The file is being uploaded.
 * @cssstate invalid - The value is invalid, and a message says so.
 * @cssstate holding - The submit of the form waits for the upload.
 */
export class BucketUploadField extends FormElement {
  static override styles = [baseStyles, progressBarStyles, formStyles, rowStyles, fieldStyles]

  static override properties: PropertyDeclarations = {
    kind: { reflect: true },
    capture: {},
    _drawn: { state: true },
    _broken: { state: true },
  }

  /**
   * Kind of file: an `avatar`, which is shown round and larger, or a `document`.
   *
   * @default 'document'
   */
  declare kind: 'avatar' | 'document'
  /** On phones: opens the front camera (`user`) or the back camera (`environment`). */
  declare capture: 'user' | 'environment' | undefined

  /** The file whose picture is on the canvas. */
  declare private _drawn: File | undefined
  /** URL of an image that could not be loaded. */
  declare private _broken: string

  /** The file to draw. */
  #toDraw: File | undefined
  /** The uploaded file, while the one that replaces it is not uploaded yet. */
  #former: FileWithStatus<'uploaded'> | undefined

  constructor() {
    super()
    this.kind = 'document'
    this._broken = ''
  }

  override get limit(): number {
    return 1
  }

  override get anchor(): HTMLElement | undefined {
    return this.renderRoot.querySelector<HTMLElement>('.browse') ?? undefined
  }

  /** The uploaded file, if there is one. */
  override get value(): readonly UploadedFile[] {
    const uploaded = super.value
    return uploaded.length === 0 && this.#former ? [this.#former] : uploaded
  }

  /** The existing file, if it stays. */
  override get kept(): readonly RestoredFile[] {
    const existing = this.#existing
    const isKept = existing && !this.existingFiles.isRemoved(existing) && this.value.length === 0
    return isKept ? [existing] : []
  }

  /** The existing file, if it was removed or replaced. */
  override get removed(): readonly ExistingFile[] {
    const [kept] = this.kept
    return this.existing.filter((file) => file !== kept)
  }

  /** Adds a file. It replaces the current one once it is uploaded. */
  override add(files: Iterable<File | FileToAdd>): string[] {
    const [old] = this.files
    const ids = super.add(files)
    if (!old || ids.length === 0) return ids
    if (old.status === 'uploaded') this.#former = old
    super.remove(old.id)
    return ids
  }

  /** Opens the file dialog. Browsers allow this only while a click or key press is handled. */
  browse(): void {
    this.renderRoot.querySelector<BucketUploadDropZone>('bucket-upload-drop-zone')?.browse()
  }

  override clear(): void {
    this.#former = undefined
    super.clear()
  }

  protected override get engineOptions(): UploadEngineOptions {
    // The file in the list does not count, since the new one replaces it.
    return { ...super.engineOptions, maxFiles: 1, existingFiles: -this.files.length }
  }

  protected override notice(event: CustomEvent): void {
    if (event.type === 'file-uploaded') this.#former = undefined
    super.notice(event)
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    super.updated(changed)
    void this.#draw(this.#file?.file)
  }

  protected override render(): TemplateResult {
    const { problem } = this
    return html`
      <div
        class="base ${this.kind}"
        part="base"
        role="group"
        aria-label=${this.accessibleName}
        aria-describedby=${problem ? 'problem' : nothing}
      >
        ${this.label ? html`<div class="label" part="label" aria-hidden="true">${this.label}</div>` : nothing}
        ${this.existingSlot()} ${this.problemLine()}
        <bucket-upload-drop-zone
          exportparts="drop-zone"
          .capture=${this.capture}
        >
          <div class="field ${this.#file?.status ?? (this.#existing ? '' : 'empty')}" @click=${this.#click}>
            ${fieldContent(this.#view)}
          </div>
        </bucket-upload-drop-zone>
        <bucket-upload-messages
          exportparts="rejections"
        ></bucket-upload-messages>
        ${this.heldLine()}
      </div>
    `
  }

  /** The file that was added in this page. */
  get #file(): FileSnapshot | undefined {
    return this.files.at(-1) ?? this.#former
  }

  /** The existing file; one that was uploaded before the browser restored the page goes first. */
  get #existing(): RestoredFile | undefined {
    return this.existingFiles.all.at(-1)
  }

  get #view(): FieldView {
    const { localize, kind } = this
    const [file, existing] = [this.#file, this.#existing]
    return {
      localize,
      file,
      existing,
      isRemoved: existing !== undefined && this.existingFiles.isRemoved(existing),
      isReadOnly: this.readOnly,
      isLocked: this.isLocked,
      isAvatar: kind === 'avatar',
      hint: this.hint ?? restrictionsHint(localize, this.accept, this.engine.options.maxSize),
      isDrawn: file !== undefined && file.file === this._drawn,
      broken: this._broken,
      pictureFailed: (url) => {
        this._broken = url
      },
      retry: (id) => this.retry(id),
      remove: this.#remove,
    }
  }

  /** Removes what is shown, so that the file before it is back. The focus must not vanish with the button. */
  #remove = (): void => {
    const file = this.files.at(-1)
    if (file) this.remove(file.id)
    else if (this.#former) this.clear()
    else if (this.#existing) this.existingFiles.toggle(this.#existing)
    this.focus()
  }

  /** A click next to the buttons opens the dialog: the drop zone does that. */
  #click = (event: Event): void => {
    const button = (event.target as Element).closest('button, a')
    if (button && !button.classList.contains('browse')) event.stopPropagation()
  }

  async #draw(file: File | undefined): Promise<void> {
    if (file === this.#toDraw) return
    this.#toDraw = file
    const canvas = this.renderRoot.querySelector('canvas')
    if (!file?.type.startsWith('image/') || !canvas) return
    try {
      const { decode, drawMiddle } = await import('../parts/thumbnails.ts')
      // Larger than the canvas, since a wide image is cut at its sides: no pixel is enlarged.
      const image = await decode(file, PICTURE_SIZE * WIDEST, 'high')
      if (!image) return
      if (file === this.#toDraw) {
        drawMiddle(image, canvas, PICTURE_SIZE, PICTURE_SIZE)
        this._drawn = file
      }
      image.close()
    } catch {
      // The browser cannot decode it, or the code for it did not arrive: the icon stays.
    }
  }
}
