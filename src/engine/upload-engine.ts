import { randomId } from '../util/random-id.ts'
import type { UploadError } from './api/errors.ts'
import { type UploadEventDetails, UploadEventTarget } from './api/events.ts'
import type {
  CandidateFile,
  FileInfo,
  FileSnapshot,
  StatusCounts,
  UploadProgress,
  UploadResult,
} from './api/file.ts'
import type { UploadEngineOptions } from './api/options.ts'
import { canTake, type FileEvent, isActive } from './files/file-state.ts'
import { type FileToAdd, toCandidates, unreadableError } from './files/file-to-add.ts'
import { infoOf, Ledger } from './files/ledger.ts'
import { findViolation, withoutSizes } from './files/restrictions.ts'
import { hasBegunUploads } from './load-uploader.ts'
import { ProgressMeter } from './progress-meter.ts'
import type { InterruptedUpload } from './resume/interrupted-uploads.ts'
import type { TransportFactory } from './transport/transport.ts'
import type { UppyPlugin, UppyPluginClass } from './transport/uppy-plugins.ts'
import { UploadQueue } from './upload-queue.ts'

/** Parts of an engine that cannot change later. */
export interface UploadEngineParts {
  /** Sends the bytes. Uppy by default. */
  createTransport?: TransportFactory
}

type Rejection = UploadEventDetails['file-rejected']

/**
 * The headless engine under `<bucket-upload>`. Use it for a user interface of your own. It fires the
 * events of {@link UploadEventDetails}, and `change` whenever {@link files} is a new list.
 *
 * Data flows one way: a method or the network makes an event, the ledger applies it, and listeners
 * run.
 */
export class UploadEngine extends UploadEventTarget {
  #options: UploadEngineOptions
  readonly #ledger = new Ledger()
  readonly #queue: UploadQueue
  readonly #meter = new ProgressMeter(this.#ledger, (it) => this.#emit('upload-progress', it))
  /** They wait for `start()`. */
  readonly #unstarted = new Set<string>()
  #rejections: Rejection[] = []

  constructor(options: UploadEngineOptions = {}, parts: UploadEngineParts = {}) {
    super()
    this.#options = options
    this.#queue = new UploadQueue({
      options: () => this.#options,
      ledger: this.#ledger,
      askToSignIn: (error) => !this.#emit('sign-in-needed', { error }, { cancelable: true }),
      createTransport: parts.createTransport,
      addAgain: (file) => this.#add(toCandidates([file], {}))[0],
      addFile: (file) => void this.add([file]),
      applyIfLegal: (file, event) => this.#applyIfLegal(file, event),
      succeed: (file, result) => this.#succeed(file, result),
      fail: (file, error) => this.#fail(file, error),
      reject: (id, rejection) => this.#reject(id, rejection),
      changed: () => this.#changed(),
    })
  }

  /** Replaces the given options and keeps the others. */
  configure(options: UploadEngineOptions): void {
    this.#options = { ...this.#options, ...options }
  }

  /** The current options. */
  get options(): Readonly<UploadEngineOptions> {
    return this.#options
  }

  /**
   * Loads the uploader, starts the hash workers and connects to the signer before the first file is added.
   * Call it when users seem about to add one. Optional: an upload does it by itself.
   */
  async prepare(): Promise<void> {
    // While the browser is offline there is nothing to load it from.
    if (globalThis.navigator?.onLine === false) return
    try {
      ;(await this.#queue.load()).prepare()
    } catch {
      // Adding a file reports it.
    }
  }

  /**
   * Applies one of Uppy's plugins to all later files: one that changes files, such as
   * `@uppy/compressor`, or one that adds files, such as `@uppy/webcam`. Size limits are then checked
   * after the plugin: a photo that shrinks below `maxSize` is accepted, one that does not fails.
   *
   * @param args the options of the plugin
   * @returns the plugin, for its own methods
   * @throws {UploadError} `library-incomplete`
   * @throws {Error} from Uppy, for example for a second plugin with the same id
   */
  use<Args extends unknown[], Plugin extends UppyPlugin>(
    Plugin: UppyPluginClass<Args, Plugin>,
    ...args: Args
  ): Promise<Plugin> {
    return this.#queue.use(Plugin, args)
  }

  /** Snapshots of all files, in the order of adding. */
  get files(): readonly FileSnapshot[] {
    return this.#ledger.files
  }

  /** The ids of all files. The same array until a file is added or removed. */
  get ids(): readonly string[] {
    return this.#ledger.ids
  }

  /** Number of files of each status. Takes constant time. */
  get counts(): StatusCounts {
    return this.#ledger.counts
  }

  /** Number of files that wait for `start()`. */
  get unstarted(): number {
    return this.#unstarted.size
  }

  /** The snapshot of one file. */
  file(id: string): FileSnapshot | undefined {
    return this.#ledger.get(id)
  }

  /** The files that the last call of `add` rejected. */
  get rejections(): readonly Rejection[] {
    return this.#rejections
  }

  /** Empties {@link rejections}. */
  dismissRejections(): void {
    this.#rejections = []
    this.#changed()
  }

  /** Progress of the current batch, in bytes. */
  get progress(): UploadProgress {
    return this.#meter.progress
  }

  /**
   * Adds files and starts to upload them, unless `manual` is set.
   *
   * @returns the ids of the accepted files; each of the others fires `file-rejected`
   */
  add(files: Iterable<File | FileToAdd>): string[] {
    return this.#add(toCandidates(files, this.#options))
  }

  #add(candidates: CandidateFile[]): string[] {
    if (candidates.length === 0) return []
    const [waitUntil, close] = this.#queue.checks.open()
    const added = { files: candidates, waitUntil }
    const isWanted = this.#emit('files-added', added, { cancelable: true })
    close()
    if (!isWanted) return []
    const rejections: Rejection[] = []
    this.#rejections = rejections
    const isManual = this.#options.manual
    const ids: string[] = []
    for (const candidate of candidates) {
      const accepted = this.#accept(candidate)
      if (typeof accepted === 'string') {
        ids.push(accepted)
        this.#queue.checks.hold(accepted, candidate)
        if (isManual) this.#unstarted.add(accepted)
      } else rejections.push(accepted)
    }
    if (!isManual) this.#enqueue(ids)
    // Fired last, so that a listener that cancels or pauses all files reaches all of them.
    for (const rejection of rejections) this.#emit('file-rejected', rejection)
    this.#changed()
    this.#queue.pump()
    return ids
  }

  /** Starts all files that wait for it. */
  start(): void {
    this.#enqueue([...this.#unstarted])
    this.#unstarted.clear()
    this.#changed()
    this.#queue.pump()
  }

  /** The smallest go first: most files are then soon done, and the last one shows how long it takes. */
  #enqueue(ids: string[]): void {
    const isSorted = this.#options.order !== 'as-added'
    for (const id of isSorted ? this.#ledger.smallestFirst(ids) : ids) this.#queue.enqueue(id)
  }

  /** Takes a file out of the list that the page does not accept. */
  #reject(id: string, rejection: Rejection): void {
    if (!this.#ledger.get(id)) return
    this.#rejections = [...this.#rejections, rejection]
    const wasActive = this.#drop(id)
    this.#emit('file-rejected', rejection)
    if (wasActive) this.#settled()
    this.#queue.pump()
  }

  /** Pauses a file, or all files. Stored parts are not sent again. */
  pause(id?: string): void {
    for (const each of this.#ids(id, 'pause')) {
      this.#stop(each)
      this.#apply(each, { type: 'pause' })
    }
    this.#queue.pump()
  }

  /** Resumes a paused file, or all of them, and the files that wait for a sign-in. */
  resume(id?: string): void {
    for (const each of this.#ids(id, 'resume')) {
      if (this.#ledger.get(each)?.status !== 'paused') continue
      this.#apply(each, { type: 'resume' })
      this.#queue.enqueue(each)
    }
    this.#queue.signedIn()
    this.#queue.pump()
  }

  /** Cancels a file, or all files. They stay in the list, and `retry` uploads them from the start. */
  cancel(id?: string): void {
    const ids = this.#ids(id, 'cancel')
    for (const each of ids) {
      this.#stop(each)
      this.#queue.abandon(each)
      this.#apply(each, { type: 'cancel' })
    }
    if (ids.length > 0) this.#settled()
    this.#queue.pump()
  }

  /** Retries a failed or cancelled file, or all failed files. */
  retry(id?: string): void {
    for (const each of this.#ids(id, 'retry')) {
      if (id === undefined && this.#ledger.get(each)?.status !== 'failed') continue
      this.#apply(each, { type: 'retry' })
      this.#queue.enqueue(each)
    }
    this.#queue.pump()
  }

  /** Stops a file and removes it from the list. An uploaded object stays in the bucket. */
  remove(id: string): void {
    if (this.#drop(id)) this.#settled()
    this.#queue.pump()
  }

  /** Removes a file. Returns whether it was still to be uploaded. */
  #drop(id: string): boolean {
    const file = this.#ledger.get(id)
    if (!file) return false
    this.#stop(id)
    this.#queue.abandon(id)
    this.#queue.forgetLink(id)
    this.#ledger.remove(id)
    this.#changed()
    return isActive(file.status)
  }

  /** Multipart uploads that an earlier page did not finish, with this signer. None if `resume` is off. */
  async interrupted(): Promise<InterruptedUpload[]> {
    // Most pages have none, and need not load anything to know.
    return (await hasBegunUploads()) ? (await this.#queue.loadInterrupted()).list() : []
  }

  /**
   * Adds the file of an interrupted upload again and sends what is missing. Call it in a click
   * handler: the browser may ask for permission to read the file.
   *
   * @param file the file, for an upload that `needsFile`
   * @returns the id of the file, or `undefined` if it was not accepted, as with `add`
   * @throws {UploadError} `file-needed`, `file-not-allowed`, `file-unreadable`, `file-changed` or
   *   `not-interrupted`; the upload stays listed
   */
  resumeInterrupted(id: string, file?: File): Promise<string | undefined> {
    return this.#queue.loadInterrupted().then((interrupted) => interrupted.resume(id, file))
  }

  /**
   * Discards an interrupted upload, and aborts it in the bucket.
   *
   * @throws {UploadError} if the signer or the bucket cannot be reached; the upload stays listed
   */
  discardInterrupted(id: string): Promise<void> {
    return this.#queue.loadInterrupted().then((interrupted) => interrupted.discard(id))
  }

  /** Removes all files. */
  clear(): void {
    // Removing one file must not start another.
    this.#queue.clear()
    for (const id of this.ids) this.remove(id)
  }

  /**
   * Asks the signer for a new link to an uploaded file, for example after the old one has expired.
   *
   * @returns the link, which is also in the snapshot of the file
   * @throws {UploadError} if the signer gives none
   * @throws {RangeError} for a file that is not uploaded
   */
  async renewLink(id: string): Promise<string> {
    const file = this.#ledger.get(id)
    if (file?.status !== 'uploaded') throw new RangeError(`No file ${id} is uploaded.`)
    const { links } = await this.#queue.load()
    const link = await links.renew(file)
    // The file may have been removed in the meantime.
    if (this.#ledger.get(id)) this.#apply(id, { type: 'relink', link })
    return link.downloadUrl ?? ''
  }

  /** Adds a file to the list. Returns its id, or why it is rejected. */
  #accept(candidate: CandidateFile): string | Rejection {
    const limits = this.#queue.hasPlugins ? withoutSizes(this.#options) : this.#options
    const error = unreadableError(candidate) ?? findViolation(candidate, this.#ledger, limits)
    if (error) return { file: candidate, error, code: error.code }
    const id = randomId()
    this.#ledger.add({ id, ...candidate })
    return id
  }

  /** The file with that id, or all files, if their state allows the event. */
  #ids(id: string | undefined, step: FileEvent['type']): string[] {
    const file = id === undefined ? undefined : this.#ledger.get(id)
    const files = id === undefined ? this.files : file ? [file] : []
    return files.filter((it) => canTake(it, step)).map((it) => it.id)
  }

  #succeed(file: FileInfo, result: UploadResult): void {
    // Events that the state does not allow are skipped.
    for (const type of ['start', 'resume', 'sent'] as const) this.#applyIfLegal(file, { type })
    this.#apply(file.id, { type: 'succeed', result })
    this.#emit('file-uploaded', { ...infoOf(file), ...result })
    this.#settled()
  }

  #fail(file: FileInfo, error: UploadError): void {
    this.#apply(file.id, { type: 'fail', error })
    this.#emit('file-failed', { file: infoOf(file), error, code: error.code })
    this.#settled()
  }

  #stop(id: string): void {
    this.#unstarted.delete(id)
    this.#queue.stop(id)
  }

  #apply(id: string, event: FileEvent): void {
    const file = this.#ledger.update(id, event)
    this.#changed()
    const isFirst = file.status === 'uploading' && this.#ledger.noteStart(id)
    if (isFirst) this.#emit('upload-started', infoOf(file))
  }

  /** As `#apply`, for events of an upload, which does not know the state. */
  #applyIfLegal(file: FileInfo, event: FileEvent): void {
    const now = this.#ledger.get(file.id)
    if (!now || !canTake(now, event.type)) return
    this.#apply(file.id, event)
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'))
    this.#meter.schedule()
  }

  #settled(): void {
    if (this.#ledger.active > 0) return
    const { batch } = this.#ledger
    this.#emit('upload-complete', {
      uploaded: batch.filter((file) => file.status === 'uploaded'),
      failed: batch.filter((file) => file.status === 'failed'),
    })
  }

  #emit<Name extends keyof UploadEventDetails>(
    type: Name,
    detail: UploadEventDetails[Name],
    init: EventInit = {},
  ): boolean {
    return this.dispatchEvent(
      new CustomEvent(type, { detail, bubbles: true, composed: true, ...init }),
    )
  }
}
