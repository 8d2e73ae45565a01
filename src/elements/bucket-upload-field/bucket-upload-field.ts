import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type {
  FileSnapshot,
  FileWithStatus,
  ItemToAdd,
  UploadEngineOptions,
  UploadedFile,
} from '../../engine/index.ts'
import { loadModule } from '../../util/load-module.ts'
import { numberOrWarn } from '../base/attribute-values.ts'
import { baseStyles } from '../base/base.styles.ts'
import type { ExistingFile, RestoredFile } from '../base/existing-files.ts'
import type { BucketUploadDropZone } from '../bucket-upload-drop-zone/bucket-upload-drop-zone.ts'
import { formStyles } from '../form/form-element.styles.ts'
import { FormElement } from '../form/form-element.ts'
import { incomplete } from '../lazy/incomplete.ts'
import { fieldView, views } from '../lazy/lazy-module.ts'
import { LazyView } from '../lazy/lazy-view.ts'
import type { SharedViews } from '../views/field/field-content.ts'
import { fieldFrameStyles } from './bucket-upload-field.styles.ts'

/** Most px of a photo that was cropped. */
const USUAL_CROP = 1024

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
 * @event {CustomEvent} processing-started - The file is in the bucket, and the site goes on with it.
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
 * @csspart crop-dialog - The dialog in which people choose the part of a photo.
 *
 * @cssstate uploading - The file is being uploaded.
 * @cssstate invalid - The value is invalid, and a message says so.
 * @cssstate holding - The submit of the form waits for the upload.
 */
export class BucketUploadField extends FormElement {
  static override styles = [baseStyles, formStyles, fieldFrameStyles]

  static override properties: PropertyDeclarations = {
    kind: { reflect: true },
    capture: {},
    crop: {},
  }

  /**
   * Kind of file: an `avatar`, which is shown round and larger, or a `document`.
   *
   * @default 'document'
   */
  declare kind: 'avatar' | 'document'
  /** On phones: opens the front camera (`user`) or the back camera (`environment`). */
  declare capture: 'user' | 'environment' | undefined
  /**
   * Lets people choose the square of a photo that is used, before it is uploaded. The number is the most px
   * that it has in width and height; without one it is 1024. What comes of it has no metadata.
   */
  declare crop: number | string | boolean | undefined

  /** The uploaded file, while the one that replaces it is not uploaded yet. */
  #former: FileWithStatus<'uploaded'> | undefined

  readonly #view = new LazyView(this, {
    module: fieldView,
    create: ({ FieldView }) =>
      new FieldView(this, this.binding, {
        file: () => this.#file,
        existing: () => this.#existing,
        remove: this.#remove,
        shared: views.now as SharedViews,
      }),
    isNeeded: () => true,
    otherwise: () =>
      html`<div class="room">${fieldView.hasFailed ? incomplete(this.localize) : nothing}</div>`,
  })

  constructor() {
    super()
    this.kind = 'document'
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

  /**
   * Adds a file. It replaces the current one once it is uploaded. With `crop`, a photo is added when people have
   * chosen its part, and has no id before.
   */
  override add(files: Iterable<ItemToAdd>): string[] {
    const items = [...files]
    const [item] = items
    const size =
      this.crop === '' || this.crop === true ? USUAL_CROP : numberOrWarn('crop', this.crop)
    if (!size || !item || items.length > 1) return this.#replace(items)
    void this.#crop(item, size)
    return []
  }

  /** A photo is added when people have chosen its part, or whole where that cannot be done. */
  async #crop(item: ItemToAdd, size: number): Promise<void> {
    const loading = loadModule(() => import('../crop/crop-photo.ts')).catch(() => undefined)
    // Its texts come with the views.
    await views.load()
    const crop = await loading
    const { localize, kind } = this
    const root = this.renderRoot as ShadowRoot
    const cropped =
      crop && views.now
        ? await crop.cropPhoto(item, size, { root, localize, isRound: kind === 'avatar' })
        : item
    if (cropped) this.#replace([cropped])
  }

  #replace(files: ItemToAdd[]): string[] {
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
          ${this.#view.render()}
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

  /** Removes what is shown, so that the file before it is back. The focus must not vanish with the button. */
  #remove = (): void => {
    const file = this.files.at(-1)
    if (file?.status === 'uploaded' && file.mayDiscard)
      this.engine.discard(file.id).catch(() => this.remove(file.id))
    else if (file) this.remove(file.id)
    else if (this.#former) this.clear()
    else if (this.#existing) this.existingFiles.toggle(this.#existing)
    this.focus()
  }
}
