import { type UploadEventDetails, UploadEventTarget } from './api/events.ts'
import type { FileSnapshot, StatusCounts, UploadProgress } from './api/file.ts'
import type { UploadEngineOptions } from './api/options.ts'
import { addFiles } from './files/admit-files.ts'
import { type ItemToAdd, toCandidates } from './files/file-to-add.ts'
import { LedgerEvents, type Rejection } from './files/ledger-events.ts'
import { hasBegunUploads } from './load-uploader.ts'
import type { InterruptedUpload } from './resume/interrupted-uploads.ts'
import type { TransportFactory } from './transport/transport.ts'
import type { UppyPlugin, UppyPluginClass } from './transport/uppy-plugins.ts'
import { UploadQueue } from './upload-queue.ts'

/** Parts of an engine that cannot change later: what sends the bytes; Uppy by default. */
export type UploadEngineParts = { createTransport?: TransportFactory }

/**
 * The headless engine under `<bucket-upload>`. Use it for a user interface of your own. It fires the
 * events of {@link UploadEventDetails}, and `change` whenever {@link files} is a new list.
 *
 * Data flows one way: a method or the network makes an event, the ledger applies it, listeners run.
 */
export class UploadEngine extends UploadEventTarget {
  #options: UploadEngineOptions
  readonly #events = new LedgerEvents(this)
  readonly #ledger = this.#events.ledger
  readonly #queue: UploadQueue

  constructor(options: UploadEngineOptions = {}, parts: UploadEngineParts = {}) {
    super()
    this.#options = options
    this.#queue = new UploadQueue({
      options: () => this.#options,
      files: this.#events,
      createTransport: parts.createTransport,
      addAgain: (file) => addFiles(toCandidates([file], {}), this.#events, this.#queue)[0],
      addFile: (file) => void this.add([file]),
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
   * Loads the uploader, starts the hash workers and connects to the signer, for when users seem about to add a
   * file. Optional: an upload does it by itself.
   */
  prepare(): Promise<void> {
    return this.#queue.prepare()
  }

  /**
   * Applies one of Uppy's plugins to all later files: one that changes files, such as `@uppy/compressor`, or one
   * that adds files, such as `@uppy/webcam`. Size limits are then those of what the plugin has made.
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

  /** Snapshots of all files, in the order of adding, or as {@link move} has left them. */
  get files(): readonly FileSnapshot[] {
    return this.#ledger.files
  }

  /** The ids of all files. The same array until a file is added, moved or removed. */
  get ids(): readonly string[] {
    return this.#ledger.ids
  }

  /** Number of files of each status. Takes constant time. */
  get counts(): StatusCounts {
    return this.#ledger.counts
  }

  /** Number of files that wait for `start()`. */
  get unstarted(): number {
    return this.#queue.unstarted
  }

  /** The snapshot of one file. */
  file(id: string): FileSnapshot | undefined {
    return this.#ledger.get(id)
  }

  /** The files that the last call of `add` rejected. */
  get rejections(): readonly Rejection[] {
    return this.#events.rejections
  }

  /** Empties {@link rejections}. */
  dismissRejections(): void {
    this.#events.rejections = []
    this.#events.changed()
  }

  /** Progress of the current batch, in bytes. */
  get progress(): UploadProgress {
    return this.#events.progress
  }

  /**
   * Adds files and starts to upload them, unless `manual` is set. A stream is uploaded while it is read.
   *
   * @returns the ids of the accepted files; each of the others fires `file-rejected`
   */
  add(files: Iterable<ItemToAdd>): string[] {
    return addFiles(toCandidates(files, this.#options), this.#events, this.#queue)
  }

  /** Starts all files that wait for it. */
  start(): void {
    this.#queue.start()
    this.#events.changed()
    this.#queue.pump()
  }

  /** Pauses a file, or all files. Stored parts are not sent again. */
  pause(id?: string): void {
    for (const each of this.#events.idsFor('pause', id)) {
      this.#queue.stop(each)
      this.#events.apply(each, { type: 'pause' })
    }
    this.#queue.pump()
  }

  /** Resumes a paused file, or all of them, and the files that wait for a sign-in. */
  resume(id?: string): void {
    for (const each of this.#events.idsFor('resume', id)) {
      if (this.#ledger.get(each)?.status !== 'paused') continue
      this.#events.apply(each, { type: 'resume' })
      this.#queue.enqueue(each)
    }
    this.#queue.signedIn()
    this.#queue.pump()
  }

  /** Cancels a file, or all files. They stay in the list; `retry` uploads them from the start, but no stream. */
  cancel(id?: string): void {
    const ids = this.#events.idsFor('cancel', id)
    for (const each of ids) {
      this.#queue.drop(each)
      this.#events.apply(each, { type: 'cancel' })
    }
    if (ids.length > 0) this.#events.settled()
    this.#queue.pump()
  }

  /** Retries a failed or cancelled file, or all failed files, but no stream that is lost. */
  retry(id?: string): void {
    for (const each of this.#events.idsFor('retry', id)) {
      if (id === undefined && this.#ledger.get(each)?.status !== 'failed') continue
      this.#events.apply(each, { type: 'retry' })
      this.#queue.enqueue(each)
    }
    this.#queue.pump()
  }

  /** Stops a file and removes it from the list. An uploaded object stays in the bucket. */
  remove(id: string): void {
    if (!this.#ledger.get(id)) return
    this.#queue.drop(id)
    this.#events.remove(id)
    this.#queue.pump()
  }

  /**
   * Takes an uploaded file back: the signer removes the object, and the file leaves the list. Only for a file
   * with `mayDiscard`.
   *
   * @throws {UploadError} if the signer refuses or cannot be reached; the file stays
   * @throws {RangeError} for a file that is not uploaded
   */
  async discard(id: string): Promise<void> {
    await (await this.#queue.load()).discard(id)
    this.remove(id)
  }

  /**
   * Moves a file to another place of the list. Uploads go on in their order; only files that wait for `start()`
   * are started in that of the list, with the option `order` at `as-added`. An unknown id changes nothing.
   *
   * @param index in {@link files}, from 0; one outside the list counts as its start or end
   */
  move(id: string, index: number): void {
    this.#ledger.move(id, index)
    this.#events.changed()
  }

  /**
   * Replaces the data along with a file. The signer gets it if the upload starts later; {@link files}, later
   * events and forms have it in any case. An unknown id changes nothing.
   *
   * @param meta texts by name, as for {@link add}; names that are missing are gone
   */
  setMeta(id: string, meta: Record<string, string>): void {
    this.#ledger.setMeta(id, meta)
    this.#events.changed()
  }

  /** Multipart uploads that an earlier page did not finish, with this signer. None if `resume` is off. */
  async interrupted(): Promise<InterruptedUpload[]> {
    // Most pages have none, and need not load anything to know.
    if (!(await hasBegunUploads())) return []
    return (await this.#queue.loadInterrupted()).list()
  }

  /**
   * Adds the file of an interrupted upload again and sends what is missing. Call it in a click handler: the
   * browser may ask for permission to read the file.
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

  /**
   * Adds the files to the list again that the site still worked on when an earlier page was closed, with this
   * signer, and goes on asking about them. None if `resume` is off. They cannot be tried again: their bytes are
   * not here.
   */
  async resumeProcessing(): Promise<void> {
    if (await hasBegunUploads()) await (await this.#queue.load()).resumeProcessing()
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
    return (await this.#queue.load()).renewLink(id)
  }
}
