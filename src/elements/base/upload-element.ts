import type { PropertyDeclarations } from 'lit'
import {
  type FileSnapshot,
  type ItemToAdd,
  type SignerFunction,
  UploadEngine,
  type UploadEngineOptions,
  type UploadEventDetails,
  type UploadedFile,
} from '../../engine/index.ts'
import { numberOrWarn, sizeOrWarn, textsOrWarn } from './attribute-values.ts'
import { EngineElement, type EngineOwner } from './engine-element.ts'
import { EventForwarder } from './event-forwarder.ts'

/** The errors whose hints are on the console: elements that share an engine all get them. */
const warned = new WeakSet<object>()

/** What a button can do without a script: `<button command="--pause" commandfor="…">`. */
const COMMANDS = ['browse', 'start', 'pause', 'resume', 'retry', 'clear'] as const

/** Base class of the elements that have an engine and set it up by their attributes. */
export abstract class UploadElement extends EngineElement {
  static override properties: PropertyDeclarations = {
    signer: {},
    signerHeaders: { attribute: false },
    signerCredentials: { attribute: 'signer-credentials' },
    signerTimeout: { attribute: 'signer-timeout', type: Number },
    route: {},
    accept: {},
    minSize: { attribute: 'min-size' },
    maxSize: { attribute: 'max-size' },
    manual: { type: Boolean },
    prefix: {},
    linkExpires: { attribute: 'link-expires' },
    meta: {},
    leaveWarning: { attribute: 'leave-warning' },
    wakeLock: { attribute: 'wake-lock' },
    stripMetadata: { attribute: 'strip-metadata', type: Boolean },
    compress: { type: Boolean },
  }

  /** URL of the signer; as a property also a function that signs. */
  declare signer: string | SignerFunction | undefined
  /** Headers for the signer, or a function that returns them for each request. */
  declare signerHeaders: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined
  /**
   * Whether the browser sends cookies to the signer: `omit`, `same-origin` or `include`.
   *
   * @default 'same-origin'
   */
  declare signerCredentials: RequestCredentials | undefined
  /**
   * How long to wait for the signer, in ms.
   *
   * @default 30000
   */
  declare signerTimeout: number | undefined
  /** Name of the kind of upload, for a signer that has `routes`: `avatar`. The signer decides what that allows. */
  declare route: string | undefined
  /** Types that may be uploaded, as for a file input: `image/*,.pdf`. */
  declare accept: string | undefined
  /** Smallest size of a file, in bytes or as in `10kB`. */
  declare minSize: number | string | undefined
  /** Largest size of a file, in bytes or as in `25MB`. */
  declare maxSize: number | string | undefined
  /** Whether uploads wait for `start()` instead of starting when files are added. */
  declare manual: boolean
  /**
   * Folder in front of the path of each file: `invoices/2026`. The signer gets it as a part of `path` and
   * decides what to do with it; `createSigner({ keepPaths: true })` keeps it in the object key.
   */
  declare prefix: string | null
  /** Requested lifetime of download links, in seconds. The signer may shorten it. */
  declare linkExpires: number | string | undefined
  /** Sent to the signer with each file that is added, and in the form: texts by name; JSON as an attribute. */
  declare meta: Record<string, string> | string | undefined
  /**
   * With `off`, the browser never asks before people leave the page. Otherwise it does while bytes would be
   * lost: of a file that is sent in one piece, or of an upload that cannot be resumed.
   *
   * @default 'on'
   */
  declare leaveWarning: 'on' | 'off' | undefined
  /**
   * With `off`, the screen may go off while bytes are sent.
   *
   * @default 'on'
   */
  declare wakeLock: 'on' | 'off' | undefined
  /**
   * Whether the position and all other metadata are taken out of photos before they are uploaded. Pixels,
   * orientation and color profile stay. A photo of which that is not certain is not uploaded.
   */
  declare stripMetadata: boolean
  /**
   * Whether texts are compressed with gzip before they are uploaded. The signer has to allow it by
   * `acceptEncoding`.
   */
  declare compress: boolean

  readonly #ownEngine = new UploadEngine()
  readonly #events = new EventForwarder(this, (event) => this.notice(event))

  constructor() {
    super()
    this.manual = false
    this.prefix = null
    this.stripMetadata = false
    this.compress = false
    this.#events.listen(this.#ownEngine)
    this.addEventListener('command', (event) => {
      const name = COMMANDS.find((it) => `--${it}` === (event as CommandEvent).command)
      if (name) this[name]()
    })
  }

  /** Opens the file dialog. Browsers allow this only while a click or key press is handled. */
  abstract browse(): void

  /**
   * The engine of the element. Set another one to share it, or to keep it when the element is gone: then
   * you set its options, and the attributes only affect what is shown. With `undefined` the element uses
   * the engine of the element whose id is in `for`, or else its built-in one.
   */
  override get engine(): UploadEngine {
    return super.engine ?? this.#ownEngine
  }

  override set engine(engine: UploadEngine | undefined) {
    super.engine = engine
  }

  /** Only one that is named: in the content of another upload, it has files of its own. */
  protected override get engineOwner(): EngineOwner | undefined {
    return this.for ? this.owner : undefined
  }

  protected override rebound(): void {
    const { engine } = this
    if (engine === this.#events.engine) return
    this.#events.listen(engine)
    this.dispatchEvent(new Event('owner-change'))
  }

  /** Snapshots of all files. Read-only: each change makes a new list. */
  get files(): readonly FileSnapshot[] {
    return this.engine.files
  }

  /** The uploaded files, with their keys and links. One that the site still works on has no link yet. */
  get value(): readonly UploadedFile[] {
    return this.files.filter((file) => 'key' in file)
  }

  /** Adds files as if they were picked. Returns the ids of the accepted ones. */
  add(files: Iterable<ItemToAdd>): string[] {
    this.#configure()
    return this.engine.add(files)
  }

  /** Starts the uploads that wait because of `manual`. */
  start(): void {
    this.#configure()
    this.engine.start()
  }

  /** Pauses a file; without an id, all files. */
  pause(id?: string): void {
    this.engine.pause(id)
  }

  /** Resumes a paused file; without an id, all of them. Also those that wait for a sign-in. */
  resume(id?: string): void {
    this.#configure()
    this.engine.resume(id)
  }

  /** Cancels a file; without an id, all files. They stay in the list. */
  cancel(id?: string): void {
    this.engine.cancel(id)
  }

  /** Tries a failed file again; without an id, all of them. */
  retry(id?: string): void {
    this.#configure()
    this.engine.retry(id)
  }

  /**
   * Cancels a file and removes it from the list. An uploaded file stays in the bucket.
   * Without an id it removes the element from the page, as for every element.
   */
  override remove(id?: string): void {
    if (id === undefined) super.remove()
    else this.engine.remove(id)
  }

  /** Removes all files from the list. */
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

  /** The options of the engine, from the attributes. */
  protected get engineOptions(): UploadEngineOptions {
    return {
      signer: this.signer,
      signerHeaders: this.signerHeaders,
      signerCredentials: this.signerCredentials,
      signerTimeout: this.signerTimeout,
      route: this.route,
      accept: this.accept,
      minSize: sizeOrWarn('min-size', this.minSize),
      maxSize: sizeOrWarn('max-size', this.maxSize),
      linkExpires: numberOrWarn('link-expires', this.linkExpires),
      leaveWarning: this.leaveWarning,
      wakeLock: this.wakeLock,
      manual: this.manual,
      prefix: this.prefix,
      meta: textsOrWarn('meta', this.meta),
      stripMetadata: this.stripMetadata,
      compress: this.compress,
    }
  }

  /** Called with each event of the engine before the page gets it. */
  protected notice({ type, detail }: CustomEvent): void {
    if (type !== 'file-failed') return
    // The hint is for developers only.
    const { error } = detail as UploadEventDetails['file-failed']
    if (!error.hint || warned.has(error)) return
    warned.add(error)
    console.warn(`<${this.localName}> ${error.code}: ${error.hint}`)
  }

  /** Sets the options of the engine all together, so that the order of the attributes does not matter. */
  #configure(): void {
    if (this.engine === this.#ownEngine) this.engine.configure(this.engineOptions)
  }
}
