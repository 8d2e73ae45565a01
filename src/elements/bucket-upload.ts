import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import {
  type FileSnapshot,
  type FileToAdd,
  type SignerFunction,
  UploadEngine,
  type UploadEventDetails,
  type UploadedFile,
} from '../engine/index.ts'
import { numberOrWarn, sizeOrWarn } from './attribute-values.ts'
import { baseStyles } from './base.styles.ts'
import { styles } from './bucket-upload.styles.ts'
import type { BucketUploadDropZone } from './drop-zone.ts'
import { EngineElement } from './engine-element.ts'
import { EventForwarder } from './event-forwarder.ts'

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
 * @slot - Elements of the family, such as `<bucket-upload-list>`, in place of the usual ones.
 *
 * @event {CustomEvent} files-added - Files were picked or dropped. Cancelable: keeps them out.
 * @event {CustomEvent} file-rejected - A file breaks a restriction, and was not added.
 * @event {CustomEvent} upload-started - A file's turn has come.
 * @event {CustomEvent} upload-progress - Progress over all files, in bytes. At most once for each frame.
 * @event {CustomEvent} file-uploaded - A file is in the bucket; the detail has its key and link.
 * @event {CustomEvent} file-failed - A file is not in the bucket; the detail says why.
 * @event {CustomEvent} upload-complete - Nothing is left to do.
 *
 * @csspart base - The whole component.
 * @csspart label - The label above the drop zone.
 * @csspart drop-zone - The area that takes files.
 * @csspart browse-button - The button that opens the file dialog.
 * @csspart hint - The line that says what may be uploaded.
 * @csspart rejections - The message about files that were not added.
 * @csspart interrupted - The uploads that an earlier page has left behind.
 * @csspart total - The line and bar of the total progress.
 * @csspart list - The list of files.
 * @csspart file - One file of the list.
 * @csspart file-name - The name in a row.
 * @csspart copy-button - The button that copies a link.
 * @csspart link - The link to an uploaded file.
 *
 * @cssproperty [--bucket-upload-accent] - Colour of buttons, bars and focus.
 * @cssproperty [--bucket-upload-radius=12px] - Roundness of the drop zone; smaller things follow it.
 */
export class BucketUpload extends EngineElement {
  static override styles = [baseStyles, styles]

  static override properties: PropertyDeclarations = {
    signer: {},
    signerHeaders: { attribute: false },
    signerCredentials: { attribute: 'signer-credentials' },
    signerTimeout: { attribute: 'signer-timeout', type: Number },
    accept: {},
    multiple: { type: Boolean },
    maxFiles: { attribute: 'max-files' },
    minSize: { attribute: 'min-size' },
    maxSize: { attribute: 'max-size' },
    maxTotalSize: { attribute: 'max-total-size' },
    manual: { type: Boolean },
    disabled: { type: Boolean, reflect: true },
    linkExpires: { attribute: 'link-expires' },
    label: {},
    hint: {},
    _hasContent: { state: true },
  }

  /** URL of the signer, or (as a property) a function that signs. */
  declare signer: string | SignerFunction | undefined
  /** Headers for the signer, or a function that makes them for each call. */
  declare signerHeaders: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined
  /** Whether cookies go to a signer of another origin: `omit`, `same-origin` (default) or `include`. */
  declare signerCredentials: RequestCredentials | undefined
  /** How long to wait for the signer, in ms. Default 30,000. */
  declare signerTimeout: number | undefined
  /** Types that may be uploaded, as for a file input: `image/*,.pdf`. */
  declare accept: string | undefined
  /** Whether more than one file can be uploaded. */
  declare multiple: boolean
  /** The most files, with `multiple`. */
  declare maxFiles: number | string | undefined
  /** The smallest size of a file: bytes, or for example `10kB`. */
  declare minSize: number | string | undefined
  /** The largest size of a file: bytes, or for example `25MB`. */
  declare maxSize: number | string | undefined
  /** The largest size of all files together: bytes, or for example `1GB`. */
  declare maxTotalSize: number | string | undefined
  /** Wait for `start()` instead of uploading at once. */
  declare manual: boolean
  /** Takes no files. Uploads that run go on. */
  declare disabled: boolean
  /** Wished lifetime of download links, in seconds. The signer may shorten it. */
  declare linkExpires: number | string | undefined
  /** Text above the drop zone, which also names the component for screen readers. */
  declare label: string | undefined
  /** Text in the drop zone. By default it says what may be uploaded. */
  declare hint: string | undefined

  declare private _hasContent: boolean

  readonly #ownEngine = new UploadEngine()
  readonly #events = new EventForwarder(this, (event) => this.#notice(event))

  constructor() {
    super()
    this.multiple = false
    this.manual = false
    this.disabled = false
    this._hasContent = false
    this.engine = this.#ownEngine
  }

  /**
   * The engine behind the element, which works without it too. Set one of your own to share it or to
   * outlive the element; then its options are yours, and the attributes only shape what is shown.
   */
  override get engine(): UploadEngine {
    return super.engine ?? this.#ownEngine
  }

  override set engine(engine: UploadEngine) {
    super.engine = engine
    this.#events.listen(engine)
    this.dispatchEvent(new Event('owner-change'))
  }

  /** Snapshots of all files. Read-only: a change makes a new list. */
  get files(): readonly FileSnapshot[] {
    return this.engine.files
  }

  /** What was uploaded: key and links of each file. */
  get value(): readonly UploadedFile[] {
    return this.files.filter((file) => file.status === 'uploaded')
  }

  /** Adds files as if somebody had picked them. Answers with the ids of those that were accepted. */
  add(files: Iterable<File | FileToAdd>): string[] {
    this.#configure()
    return this.engine.add(files)
  }

  /** Opens the file dialog. Works only while a click or key press is handled: browsers ask for that. */
  browse(): void {
    const zone = 'bucket-upload-drop-zone'
    const inside = this.renderRoot.querySelector<BucketUploadDropZone>(zone)
    const own = inside ?? this.querySelector<BucketUploadDropZone>(`${zone}, bucket-upload-button`)
    own?.browse()
  }

  /** Starts the uploads, with `manual`. */
  start(): void {
    this.#configure()
    this.engine.start()
  }

  /** Stops a file, or all of them, so that it can go on later. */
  pause(id?: string): void {
    this.engine.pause(id)
  }

  /** Lets a paused file, or all of them, go on; and those that wait for somebody to sign in. */
  resume(id?: string): void {
    this.#configure()
    this.engine.resume(id)
  }

  /** Stops a file and keeps it in the list. */
  cancel(id: string): void {
    this.engine.cancel(id)
  }

  /** Tries a file again; without an id, all that failed. */
  retry(id?: string): void {
    this.#configure()
    this.engine.retry(id)
  }

  /**
   * Takes a file out of the list, and stops it first. What is in the bucket stays there.
   * Without an id it is what every element has: it takes itself out of the page.
   */
  override remove(id?: string): void {
    if (id === undefined) super.remove()
    else this.engine.remove(id)
  }

  /** Takes all files out of the list. */
  clear(): void {
    this.engine.dismissRejections()
    this.engine.clear()
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    super.willUpdate(changed)
    this.#configure()
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.size > 0) this.dispatchEvent(new Event('owner-change'))
  }

  protected override render(): TemplateResult {
    const label = this.label || this.localize.text('fileUpload')
    return html`
      <div class="base" part="base" role="group" aria-label=${label}>
        ${this.label ? html`<div class="label" part="label" aria-hidden="true">${this.label}</div>` : nothing}
        <slot @slotchange=${this.#slotChange}></slot>
        ${this._hasContent ? nothing : this.#usual()}
        <bucket-upload-messages
          exportparts="rejections"
          .locale=${this.locale}
          .strings=${this.strings}
        ></bucket-upload-messages>
      </div>
    `
  }

  /** What the element is made of, unless the page puts in something else. */
  #usual(): TemplateResult {
    const { locale, strings } = this
    const several = this.files.length > 1 || (this.manual && this.files.length > 0)
    return html`
      <bucket-upload-drop-zone
        exportparts="drop-zone, browse-button, hint"
        .hint=${this.hint}
        .locale=${locale}
        .strings=${strings}
        ?small=${this.files.length > 0}
      ></bucket-upload-drop-zone>
      <bucket-upload-interrupted
        exportparts="interrupted"
        .locale=${locale}
        .strings=${strings}
        @list-emptied=${this.#focusZone}
      ></bucket-upload-interrupted>
      ${
        several
          ? html`<bucket-upload-progress
              exportparts="total"
              .locale=${locale}
              .strings=${strings}
            ></bucket-upload-progress>`
          : nothing
      }
      <bucket-upload-list
        exportparts="list, file, file-name, copy-button, link"
        .locale=${locale}
        .strings=${strings}
        @list-emptied=${this.#focusZone}
      ></bucket-upload-list>
    `
  }

  #slotChange = (event: Event): void => {
    this._hasContent = (event.target as HTMLSlotElement).assignedElements().length > 0
  }

  #focusZone = (): void => {
    this.renderRoot.querySelector<BucketUploadDropZone>('bucket-upload-drop-zone')?.focus()
  }

  /** Hands the attributes to the engine, so that it does not matter in which order they were set. */
  #configure(): void {
    if (this.engine !== this.#ownEngine) return
    this.engine.configure({
      signer: this.signer,
      signerHeaders: this.signerHeaders,
      signerCredentials: this.signerCredentials,
      signerTimeout: this.signerTimeout,
      accept: this.accept,
      maxFiles: this.multiple ? numberOrWarn('max-files', this.maxFiles) : 1,
      minSize: sizeOrWarn('min-size', this.minSize),
      maxSize: sizeOrWarn('max-size', this.maxSize),
      maxTotalSize: sizeOrWarn('max-total-size', this.maxTotalSize),
      linkExpires: numberOrWarn('link-expires', this.linkExpires),
      manual: this.manual,
    })
  }

  /** Tells the developer what the people who upload need not know. */
  #notice({ type, detail }: CustomEvent): void {
    if (type !== 'file-failed') return
    const { error } = detail as UploadEventDetails['file-failed']
    if (error.hint) console.warn(`<bucket-upload> ${error.code}: ${error.hint}`)
  }
}
