import type { PropertyDeclarations } from 'lit'
import {
  type FileSnapshot,
  type FileToAdd,
  type SignerFunction,
  UploadEngine,
  type UploadEngineOptions,
  type UploadEventDetails,
  type UploadedFile,
} from '../../engine/index.ts'
import { numberOrWarn, sizeOrWarn } from './attribute-values.ts'
import { EngineElement } from './engine-element.ts'
import { EventForwarder } from './event-forwarder.ts'

/** What elements with their own engine share: their attributes set it up. */
export abstract class UploadElement extends EngineElement {
  static override properties: PropertyDeclarations = {
    signer: {},
    signerHeaders: { attribute: false },
    signerCredentials: { attribute: 'signer-credentials' },
    signerTimeout: { attribute: 'signer-timeout', type: Number },
    accept: {},
    minSize: { attribute: 'min-size' },
    maxSize: { attribute: 'max-size' },
    manual: { type: Boolean },
    prefix: {},
    linkExpires: { attribute: 'link-expires' },
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
  /** The smallest size of a file: bytes, or for example `10kB`. */
  declare minSize: number | string | undefined
  /** The largest size of a file: bytes, or for example `25MB`. */
  declare maxSize: number | string | undefined
  /** Wait for `start()` instead of uploading at once. */
  declare manual: boolean
  /**
   * Goes before the path of each file, as a folder: `invoices/2026`. The signer sees it as a part of
   * `path` and decides what to make of it; `createSigner({ keepPaths: true })` keeps it in the key.
   */
  declare prefix: string | null
  /** Wished lifetime of download links, in seconds. The signer may shorten it. */
  declare linkExpires: number | string | undefined

  readonly #ownEngine = new UploadEngine()
  readonly #events = new EventForwarder(this, (event) => this.notice(event))

  constructor() {
    super()
    this.manual = false
    this.prefix = null
    this.engine = this.#ownEngine
  }

  /**
   * The engine behind the element, which works without it too. Set one of your own to share it or to
   * outlive the element; then its options are yours, and the attributes only shape what is shown.
   * Without one, the element has its own again.
   */
  override get engine(): UploadEngine {
    return super.engine ?? this.#ownEngine
  }

  override set engine(engine: UploadEngine | undefined) {
    super.engine = engine
    this.#events.listen(engine ?? this.#ownEngine)
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

  /** Adds files as if they had been picked. Returns the ids of those that were accepted. */
  add(files: Iterable<File | FileToAdd>): string[] {
    this.#configure()
    return this.engine.add(files)
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

  /** Resumes a paused file, or all of them; also those that wait for a sign-in. */
  resume(id?: string): void {
    this.#configure()
    this.engine.resume(id)
  }

  /** Stops a file, or all of them, and keeps it in the list. */
  cancel(id?: string): void {
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

  /** What the attributes say, for the engine. */
  protected get engineOptions(): UploadEngineOptions {
    return {
      signer: this.signer,
      signerHeaders: this.signerHeaders,
      signerCredentials: this.signerCredentials,
      signerTimeout: this.signerTimeout,
      accept: this.accept,
      minSize: sizeOrWarn('min-size', this.minSize),
      maxSize: sizeOrWarn('max-size', this.maxSize),
      linkExpires: numberOrWarn('link-expires', this.linkExpires),
      manual: this.manual,
      prefix: this.prefix,
    }
  }

  /** Told of each event of the engine before the page is. */
  protected notice({ type, detail }: CustomEvent): void {
    if (type !== 'file-failed') return
    // What the people who upload need not know.
    const { error } = detail as UploadEventDetails['file-failed']
    if (error.hint) console.warn(`<${this.localName}> ${error.code}: ${error.hint}`)
  }

  /** Hands the attributes to the engine, so that it does not matter in which order they were set. */
  #configure(): void {
    if (this.engine === this.#ownEngine) this.engine.configure(this.engineOptions)
  }
}
