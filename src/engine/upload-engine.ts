import { randomId } from '../util/random-id.ts'
import { SpeedMeter } from '../util/speed.ts'
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
import { Ledger } from './files/ledger.ts'
import { findViolation, withoutSizes } from './files/restrictions.ts'
import { hasBegunUploads } from './load-uploader.ts'
import type { InterruptedUpload } from './resume/interrupted-uploads.ts'
import type { TransportFactory } from './transport/transport.ts'
import type { UppyPlugin, UppyPluginClass } from './transport/uppy-plugins.ts'
import { UploadQueue } from './upload-queue.ts'

/** What an engine is built with, and keeps. */
export interface UploadEngineParts {
  /** What moves the bytes. Default: Uppy. */
  createTransport?: TransportFactory
}

type Rejection = UploadEventDetails['file-rejected']

/**
 * Uploads files, without a face: what `<bucket-upload>` is built on, and what to use for a face of
 * your own. Listen with `addEventListener` to the events of {@link UploadEventDetails}, and to
 * `change`, which tells that {@link files} is a new list.
 *
 * Data flows one way: a method or the network makes an event, the ledger takes the step, and the
 * listeners are told.
 */
export class UploadEngine extends UploadEventTarget {
  #options: UploadEngineOptions
  readonly #ledger = new Ledger()
  readonly #queue: UploadQueue
  readonly #speed = new SpeedMeter()
  /** Files that wait for `start()`. */
  readonly #unstarted = new Set<string>()
  #rejections: Rejection[] = []
  #progressScheduled = false
  #lastSpeed = 0

  constructor(options: UploadEngineOptions = {}, parts: UploadEngineParts = {}) {
    super()
    this.#options = options
    this.#queue = new UploadQueue({
      options: () => this.#options,
      ledger: this.#ledger,
      askToSignIn: (error) => !this.#emit('sign-in-needed', { error }, { cancelable: true }),
      createTransport: parts.createTransport,
      addAgain: (file) => this.#add(toCandidates([file], undefined))[0],
      addFile: (file) => void this.add([file]),
      applyIfLegal: (file, event) => this.#applyIfLegal(file, event),
      succeed: (file, result) => this.#succeed(file, result),
      fail: (file, error) => this.#fail(file, error),
      changed: () => this.#changed(),
    })
  }

  /** Replaces the options given; the others stay. */
  configure(options: UploadEngineOptions): void {
    this.#options = { ...this.#options, ...options }
  }

  /** The options that hold now. */
  get options(): Readonly<UploadEngineOptions> {
    return this.#options
  }

  /**
   * Loads what uploads need, and starts the workers that hash, ahead of the first file: when somebody
   * seems about to add one. An upload does it by itself.
   */
  async prepare(): Promise<void> {
    try {
      const { hasher } = await this.#queue.load()
      if (this.#options.integrity !== 'off') hasher.warm()
    } catch {
      // Whoever adds a file is told.
    }
  }

  /**
   * Puts one of Uppy's plugins to work on all files that come after: one that changes files, such as
   * `@uppy/compressor`, or one that brings files, such as `@uppy/webcam`. Limits of size are then checked
   * on what comes of a file, so that a photo that shrinks below `maxSize` is taken; one that does not
   * fails.
   *
   * @param args the options of the plugin
   * @returns the plugin, for its own methods
   * @throws {UploadError} `library-incomplete`
   * @throws {Error} what Uppy throws, for example for a second plugin of the same id
   */
  use<Args extends unknown[], Plugin extends UppyPlugin>(
    Plugin: UppyPluginClass<Args, Plugin>,
    ...args: Args
  ): Promise<Plugin> {
    return this.#queue.use(Plugin, args)
  }

  /** Snapshots of all files, in the order in which they were added. */
  get files(): readonly FileSnapshot[] {
    return this.#ledger.files
  }

  /** Their ids. The same array until a file is added or removed. */
  get ids(): readonly string[] {
    return this.#ledger.ids
  }

  /** How many files there are of each status. Costs the same however many there are. */
  get counts(): StatusCounts {
    return this.#ledger.counts
  }

  /** How many files wait for `start()`. */
  get unstarted(): number {
    return this.#unstarted.size
  }

  /** The snapshot of one file. */
  file(id: string): FileSnapshot | undefined {
    return this.#ledger.get(id)
  }

  /** What was not accepted when files were added the last time. */
  get rejections(): readonly Rejection[] {
    return this.#rejections
  }

  /** Forgets what was not accepted. */
  dismissRejections(): void {
    this.#rejections = []
    this.#changed()
  }

  /** Progress of the current batch, in bytes. */
  get progress(): UploadProgress {
    const progress = this.#ledger.progress
    const speed = progress.active > 0 ? this.#lastSpeed : 0
    const left = progress.total - progress.loaded
    return { ...progress, speed, timeLeft: speed > 0 ? left / speed : null }
  }

  /**
   * Adds files and, unless `manual` is set, starts to upload them.
   *
   * @returns the ids of those that were accepted; each of the others fires `file-rejected`
   */
  add(files: Iterable<File | FileToAdd>): string[] {
    return this.#add(toCandidates(files, this.#options.prefix))
  }

  #add(candidates: CandidateFile[]): string[] {
    if (candidates.length === 0) return []
    if (!this.#emit('files-added', { files: candidates }, { cancelable: true })) return []
    const rejections: Rejection[] = []
    this.#rejections = rejections
    const queue = this.#options.manual ? this.#unstarted : this.#queue.waiting
    const ids: string[] = []
    for (const candidate of candidates) {
      const accepted = this.#accept(candidate)
      if (typeof accepted === 'string') {
        ids.push(accepted)
        queue.add(accepted)
      } else rejections.push(accepted)
    }
    // All are in the list by now: a listener that cancels or pauses them means the others too.
    for (const rejection of rejections) this.#emit('file-rejected', rejection)
    this.#changed()
    this.#queue.pump()
    return ids
  }

  /** Starts every file that waits to be started. */
  start(): void {
    for (const id of this.#unstarted) this.#queue.waiting.add(id)
    this.#unstarted.clear()
    this.#changed()
    this.#queue.pump()
  }

  /** Stops a file, or all of them, so that it can go on later. Parts that are stored are not sent again. */
  pause(id?: string): void {
    for (const each of this.#ids(id, 'pause')) {
      this.#stop(each)
      this.#apply(each, { type: 'pause' })
    }
    this.#queue.pump()
  }

  /** Lets a paused file, or all of them, go on; and those that wait for somebody to sign in. */
  resume(id?: string): void {
    for (const each of this.#ids(id, 'resume')) {
      if (this.#ledger.get(each)?.status !== 'paused') continue
      this.#apply(each, { type: 'resume' })
      this.#queue.waiting.add(each)
    }
    this.#queue.signedIn()
    this.#queue.pump()
  }

  /** Stops a file, or all of them, and keeps it in the list, from where it can be tried again, from the start. */
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

  /** Tries a file again that failed or was cancelled; without an id, all that failed. */
  retry(id?: string): void {
    for (const each of this.#ids(id, 'retry')) {
      if (id === undefined && this.#ledger.get(each)?.status !== 'failed') continue
      this.#apply(each, { type: 'retry' })
      this.#queue.waiting.add(each)
    }
    this.#queue.pump()
  }

  /** Takes a file out of the list, and stops it first. What is in the bucket stays there. */
  remove(id: string): void {
    const file = this.#ledger.get(id)
    if (!file) return
    this.#stop(id)
    this.#queue.abandon(id)
    this.#queue.forgetLink(id)
    this.#ledger.remove(id)
    this.#changed()
    if (isActive(file.status)) this.#settled()
    this.#queue.pump()
  }

  /** Uploads that an earlier page has left behind, through this signer. None with `resume` off. */
  async interrupted(): Promise<InterruptedUpload[]> {
    // Most pages need not load anything to know.
    if (!(await hasBegunUploads())) return []
    const { interrupted } = await this.#queue.load()
    return interrupted.list()
  }

  /**
   * Adds the file of an interrupted upload again, so that what is missing of it is sent. Call it while
   * a click is handled: the browser may ask whether the page may read the file.
   *
   * @param file what somebody has chosen again, for an upload that `needsFile`
   * @returns the id of the file, or `undefined` if it was not accepted, as with `add`
   * @throws {UploadError} `file-needed`, `file-not-allowed`, `file-unreadable`, `file-changed` or
   *   `not-interrupted`; the upload is still there to be tried again
   */
  resumeInterrupted(id: string, file?: File): Promise<string | undefined> {
    return this.#queue.load().then(({ interrupted }) => interrupted.resume(id, file))
  }

  /**
   * Throws an interrupted upload away, in the bucket too.
   *
   * @throws {UploadError} when signer or bucket could not be asked to; it is still there then
   */
  discardInterrupted(id: string): Promise<void> {
    return this.#queue.load().then(({ interrupted }) => interrupted.discard(id))
  }

  /** Removes all files. */
  clear(): void {
    // None of them is to begin because another one has gone.
    this.#queue.waiting.clear()
    for (const id of this.ids) this.remove(id)
  }

  /**
   * Asks the signer for a new link to an uploaded file, for instance when the one before has run out.
   *
   * @returns the link, which is in the file's snapshot too
   * @throws {UploadError} when the signer gives none
   * @throws {RangeError} for a file that is not uploaded
   */
  async renewLink(id: string): Promise<string> {
    const file = this.#ledger.get(id)
    if (file?.status !== 'uploaded') throw new RangeError(`No file ${id} is uploaded.`)
    const { links } = await this.#queue.load()
    const link = await links.renew(file)
    // It may have been removed meanwhile.
    if (this.#ledger.get(id)) this.#apply(id, { type: 'relink', link })
    return link.downloadUrl ?? ''
  }

  /** Puts a file into the list, and answers with its id, or says why not. */
  #accept(candidate: CandidateFile): string | Rejection {
    const present = { count: this.#ledger.count, bytes: this.#ledger.bytes }
    const limits = this.#queue.hasPlugins ? withoutSizes(this.#options) : this.#options
    const error = unreadableError(candidate) ?? findViolation(candidate, present, limits)
    if (error) return { file: candidate, error, code: error.code }
    const id = randomId()
    this.#ledger.add({ id, ...candidate })
    return id
  }

  /** The file of that id, or all files, if they may take the step. */
  #ids(id: string | undefined, step: FileEvent['type']): string[] {
    const file = id === undefined ? undefined : this.#ledger.get(id)
    const files = id === undefined ? this.files : file ? [file] : []
    return files.filter((it) => canTake(it, step)).map((it) => it.id)
  }

  #succeed(file: FileInfo, result: UploadResult): void {
    // However it got here, these are the steps that are left.
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
    this.#ledger.update(id, event)
    this.#changed()
  }

  /** As `#apply`, for what is told by the work on a file: it does not know what the file may take. */
  #applyIfLegal(file: FileInfo, event: FileEvent): void {
    const now = this.#ledger.get(file.id)
    if (!now || !canTake(now, event.type)) return
    this.#apply(file.id, event)
    if (event.type === 'start') this.#emit('upload-started', infoOf(file))
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'))
    if (this.#progressScheduled) return
    this.#progressScheduled = true
    const tell = () => {
      if (!this.#progressScheduled) return
      this.#progressScheduled = false
      const { loaded, active } = this.#ledger.progress
      if (active === 0) this.#speed.reset()
      this.#lastSpeed = this.#speed.measure(loaded, performance.now())
      this.#emit('upload-progress', this.progress)
    }
    // A hidden page has no frames; its listeners are told by the timer.
    globalThis.requestAnimationFrame?.(tell)
    setTimeout(tell, 250)
  }

  #settled(): void {
    if (this.#ledger.active > 0) return
    this.#emit('upload-complete', {
      uploaded: this.files.filter((file) => file.status === 'uploaded'),
      failed: this.files.filter((file) => file.status === 'failed'),
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

function infoOf({ id, name, size, type, path, meta, file }: FileInfo): FileInfo {
  return { id, name, size, type, path, meta, file }
}
