import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { SignerFunction } from '../engine/index.ts'
import {
  describeAccept,
  type FileSnapshot,
  type FileToAdd,
  filesFromDrop,
  formatBytes,
  UploadEngine,
  type UploadEventDetails,
  type UploadedFile,
} from '../engine/index.ts'
import { numberOrWarn, sizeOrWarn } from './attribute-values.ts'
import { styles } from './bucket-upload.styles.ts'
import { copyText } from './copy-text.ts'
import { displayName } from './display-name.ts'
import { EngineController } from './engine-controller.ts'
import { fileRow, type RowActions } from './file-row.ts'
import { closeIcon, uploadIcon } from './icons.ts'

/** How long a row says "Copied", in ms. */
const COPIED_FOR = 2_000
/** How many rejections are spelled out; the others are counted. */
const REJECTIONS_SHOWN = 3

type Rejection = UploadEventDetails['file-rejected']

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
export class BucketUpload extends LitElement {
  static override styles = styles

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
    _dragging: { state: true },
    _rejections: { state: true },
    _copied: { state: true },
    _announcement: { state: true },
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

  declare private _dragging: boolean
  declare private _rejections: readonly Rejection[]
  declare private _copied: string
  declare private _announcement: string

  readonly #ownEngine = new UploadEngine()
  readonly #binding = new EngineController(this, this.#ownEngine, (event) => this.#notice(event))

  readonly #actions: RowActions = {
    cancel: (id) => this.cancel(id),
    pause: (id) => this.pause(id),
    resume: (id) => this.resume(id),
    retry: (id) => this.retry(id),
    remove: (id) => this.remove(id),
    copy: (id, url) => void this.#copy(id, url),
  }

  constructor() {
    super()
    this.multiple = false
    this.manual = false
    this.disabled = false
    this._dragging = false
    this._rejections = []
    this._copied = ''
    this._announcement = ''
  }

  /**
   * The engine behind the element, which works without it too. Set one of your own to share it or to
   * outlive the element; then its options are yours, and the attributes only shape what is shown.
   */
  get engine(): UploadEngine {
    return this.#binding.engine
  }

  set engine(engine: UploadEngine) {
    this.#binding.engine = engine
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
    this._rejections = []
    return this.engine.add(files)
  }

  /** Opens the file dialog. Works only while a click or key press is handled: browsers ask for that. */
  browse(): void {
    this.renderRoot.querySelector<HTMLInputElement>('input')?.click()
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
    this._rejections = []
    this.engine.clear()
  }

  protected override willUpdate(): void {
    this.#configure()
  }

  protected override render(): TemplateResult {
    return html`
      <div class="base" part="base" role="group" aria-label=${this.label || 'File upload'}>
        ${this.label ? html`<div class="label" part="label" aria-hidden="true">${this.label}</div>` : nothing}
        ${this.#dropZone()} ${this.#rejectionList()} ${this.#total()}
        ${
          this.files.length === 0
            ? nothing
            : html`<ul class="list" part="list">
                ${repeat(
                  this.files,
                  (file) => file.id,
                  (file) => fileRow(file, this.#actions, this._copied === file.id),
                )}
              </ul>`
        }
        <div class="visually-hidden" role="status">${this._announcement}</div>
      </div>
    `
  }

  #dropZone(): TemplateResult {
    const several = this.multiple
    const hint = this.hint ?? this.#defaultHint()
    return html`
      <div
        class="zone ${this._dragging ? 'dragging' : ''} ${this.files.length > 0 ? 'small' : ''}"
        part="drop-zone"
        @click=${this.#clickZone}
        @dragenter=${this.#drag}
        @dragover=${this.#drag}
        @dragleave=${this.#dragLeave}
        @drop=${this.#drop}
      >
        <input
          type="file"
          hidden
          tabindex="-1"
          accept=${this.accept || nothing}
          ?multiple=${several}
          ?disabled=${this.disabled}
          @change=${this.#pick}
        />
        <span class="cloud">${uploadIcon}</span>
        <span class="invitation">
          <button type="button" class="browse" part="browse-button" ?disabled=${this.disabled}>
            ${several ? 'Choose files' : 'Choose a file'}
          </button>
          <span>${several ? 'or drop them here' : 'or drop it here'}</span>
        </span>
        ${hint ? html`<span class="hint" part="hint">${hint}</span>` : nothing}
      </div>
    `
  }

  #rejectionList(): TemplateResult | typeof nothing {
    const hidden = this._rejections.length - REJECTIONS_SHOWN
    if (this._rejections.length === 0) return nothing
    return html`
      <div class="rejections" part="rejections" role="alert">
        <ul>
          ${this._rejections
            .slice(0, REJECTIONS_SHOWN)
            .map(
              ({ file, error }) =>
                html`<li><bdi>${displayName(file.name)}</bdi>: ${error.reason}</li>`,
            )}
          ${hidden > 0 ? html`<li>And ${hidden} more.</li>` : nothing}
        </ul>
        <button type="button" class="icon" aria-label="Dismiss" @click=${this.#dismiss}>
          ${closeIcon}
        </button>
      </div>
    `
  }

  #total(): TemplateResult | typeof nothing {
    const { loaded, total, active } = this.engine.progress
    const waiting = this.manual && this.files.some((file) => file.status === 'queued')
    const failed = this.files.some((file) => file.status === 'failed')
    if (this.files.length < 2 && !waiting) return nothing
    return html`
      <div class="total" part="total">
        <div class="total-line">
          <span>${this.#summary()}</span>
          ${waiting ? html`<button type="button" @click=${this.start}>Start upload</button>` : nothing}
          ${
            failed && active === 0
              ? html`<button type="button" @click=${() => this.retry()}>Try failed files again</button>`
              : nothing
          }
        </div>
        ${
          active > 0
            ? html`<progress
                aria-label="Total progress"
                max="1"
                .value=${total === 0 ? 0 : loaded / total}
              ></progress>`
            : nothing
        }
      </div>
    `
  }

  #summary(): string {
    const { loaded, total, active, uploaded } = this.engine.progress
    if (active > 0) {
      return `${uploaded} of ${uploaded + active} uploaded · ${formatBytes(loaded)} of ${formatBytes(total)}`
    }
    // Progress is that of the current batch; what is done is counted over the whole list.
    const done = this.value.length
    const failed = this.files.filter((file) => file.status === 'failed').length
    const text = `${done} ${done === 1 ? 'file' : 'files'} uploaded`
    return failed > 0 ? `${text}, ${failed} failed` : text
  }

  #defaultHint(): string {
    const limit = sizeOrWarn('max-size', this.maxSize)
    const parts = [
      this.accept ? describeAccept(this.accept) : '',
      limit === undefined ? '' : `up to ${formatBytes(limit)}`,
    ].filter(Boolean)
    const hint = parts.join(', ')
    return hint.charAt(0).toUpperCase() + hint.slice(1)
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

  /** Takes from the engine's events what people are to see or hear. */
  #notice({ type, detail }: CustomEvent): void {
    if (type === 'file-rejected') {
      this._rejections = [...this._rejections, detail as Rejection]
    } else if (type === 'file-failed') {
      const { error } = detail as UploadEventDetails['file-failed']
      this._announcement = displayName(error.message)
      if (error.hint) console.warn(`<bucket-upload> ${error.code}: ${error.hint}`)
    } else if (type === 'upload-complete') {
      this._announcement = this.#summary()
    }
  }

  #clickZone = (event: Event): void => {
    // The input's own click, which `browse` makes, passes here as well.
    if (this.disabled || event.target instanceof HTMLInputElement) return
    this.browse()
  }

  #pick = (event: Event): void => {
    const input = event.target as HTMLInputElement
    const files = [...(input.files ?? [])]
    // Otherwise picking the same file again would not be a change.
    input.value = ''
    this.add(files)
  }

  #drag = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return
    // Without this the browser would leave the page for the file, also on a disabled zone.
    event.preventDefault()
    event.dataTransfer.dropEffect = this.disabled ? 'none' : 'copy'
    this._dragging = !this.disabled
  }

  #dragLeave = (event: DragEvent): void => {
    // Moving onto a child of the zone is no leaving.
    const zone = event.currentTarget as HTMLElement
    if (!zone.contains(event.relatedTarget as Node | null)) this._dragging = false
  }

  #drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault()
    this._dragging = false
    if (this.disabled || !event.dataTransfer) return
    this.add(await filesFromDrop(event.dataTransfer))
  }

  #dismiss = (): void => {
    this._rejections = []
  }

  async #copy(id: string, url: string): Promise<void> {
    if (!(await copyText(url))) {
      this._announcement = 'The link could not be copied.'
      return
    }
    this._copied = id
    this._announcement = 'Link copied.'
    setTimeout(() => {
      if (this._copied === id) this._copied = ''
    }, COPIED_FOR)
  }
}
