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
import { hasMemory, loadTools, type Tools } from './load-uploader.ts'
import type { InterruptedUpload } from './resume/interrupted-uploads.ts'
import { SignIn } from './signer/sign-in.ts'
import { SignerClient } from './signer/signer-client.ts'
import type { TransportFactory } from './transport/transport.ts'
import type { UppyPlugin, UppyPluginClass, UppyPlugins } from './transport/uppy-plugins.ts'
import type { FileMemory } from './uploader/file-job.ts'
import type { UnitSender } from './uploader/sender.ts'
import type { FileWork } from './uploader/upload-file.ts'

/** What an engine is built with, and keeps. */
export interface UploadEngineParts {
  /** What moves the bytes. Default: Uppy. */
  createTransport?: TransportFactory
}

/** Six is the number of connections that a browser opens to one host over HTTP/1.1. */
const DEFAULT_LIMIT = 6
const DEFAULT_STALL = 30_000
const DEFAULT_RETRY = 120_000

type Rejection = UploadEventDetails['file-rejected']

/** How many files are worked on at the same time; the gate lets in fewer of them if they are large. */
const MOST_FILES = 100

/** Why a file's work was stopped. Its work is told by the signal, and ends without a word. */
const STOPPED = new DOMException('The file was stopped.', 'AbortError')

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
  readonly #createTransport: TransportFactory | undefined
  readonly #ledger = new Ledger()
  readonly #signer = new SignerClient(() => this.#options)
  #tools: Promise<Tools> | undefined
  #loaded: Tools | undefined
  #plugins: Promise<UppyPlugins> | undefined
  readonly #speed = new SpeedMeter()
  #sender: UnitSender | undefined
  /** Files that wait for their turn, oldest first. */
  readonly #waiting = new Set<string>()
  /** Files that wait for `start()`. */
  readonly #unstarted = new Set<string>()
  /** Stops the work on a file. One for each file that is being worked on. */
  readonly #running = new Map<string, AbortController>()
  /** What was reached for each file that is not done. */
  readonly #memories = new Map<string, FileMemory>()
  #rejections: Rejection[] = []
  readonly #signIn = new SignIn(
    (error) => !this.#emit('sign-in-needed', { error }, { cancelable: true }),
  )
  #progressScheduled = false
  #lastSpeed = 0

  constructor(options: UploadEngineOptions = {}, parts: UploadEngineParts = {}) {
    super()
    this.#options = options
    this.#createTransport = parts.createTransport
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
      const { hasher } = await this.#load()
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
  async use<Args extends unknown[], Plugin extends UppyPlugin>(
    Plugin: UppyPluginClass<Args, Plugin>,
    ...args: Args
  ): Promise<Plugin> {
    this.#plugins ??= this.#load().then((tools) => tools.startPlugins())
    // The next one tries again.
    this.#plugins.catch(() => {
      this.#plugins = undefined
    })
    return (await this.#plugins).use(Plugin, args)
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
    const queue = this.#options.manual ? this.#unstarted : this.#waiting
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
    this.#pump()
    return ids
  }

  /** Starts every file that waits to be started. */
  start(): void {
    for (const id of this.#unstarted) this.#waiting.add(id)
    this.#unstarted.clear()
    this.#changed()
    this.#pump()
  }

  /** Stops a file, or all of them, so that it can go on later. Parts that are stored are not sent again. */
  pause(id?: string): void {
    for (const each of this.#ids(id, 'pause')) {
      this.#stop(each)
      this.#step(each, { type: 'pause' })
    }
    this.#pump()
  }

  /** Lets a paused file, or all of them, go on; and those that wait for somebody to sign in. */
  resume(id?: string): void {
    for (const each of this.#ids(id, 'resume')) {
      if (this.#ledger.get(each)?.status !== 'paused') continue
      this.#step(each, { type: 'resume' })
      this.#waiting.add(each)
    }
    this.#signIn.done()
    this.#pump()
  }

  /** Stops a file, or all of them, and keeps it in the list, from where it can be tried again, from the start. */
  cancel(id?: string): void {
    const ids = this.#ids(id, 'cancel')
    for (const each of ids) {
      this.#stop(each)
      this.#abandon(each)
      this.#step(each, { type: 'cancel' })
    }
    if (ids.length > 0) this.#settled()
    this.#pump()
  }

  /** Tries a file again that failed or was cancelled; without an id, all that failed. */
  retry(id?: string): void {
    for (const each of this.#ids(id, 'retry')) {
      if (id === undefined && this.#ledger.get(each)?.status !== 'failed') continue
      this.#step(each, { type: 'retry' })
      this.#waiting.add(each)
    }
    this.#pump()
  }

  /** Takes a file out of the list, and stops it first. What is in the bucket stays there. */
  remove(id: string): void {
    const file = this.#ledger.get(id)
    if (!file) return
    this.#stop(id)
    this.#abandon(id)
    this.#loaded?.links.forget(id)
    this.#ledger.remove(id)
    this.#changed()
    if (isActive(file.status)) this.#settled()
    this.#pump()
  }

  /** Uploads that an earlier page has left behind, through this signer. None with `resume` off. */
  async interrupted(): Promise<InterruptedUpload[]> {
    // Most pages need not load anything to know.
    if (!(await hasMemory())) return []
    const { interrupted } = await this.#load()
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
    return this.#load().then(({ interrupted }) => interrupted.resume(id, file))
  }

  /**
   * Throws an interrupted upload away, in the bucket too.
   *
   * @throws {UploadError} when signer or bucket could not be asked to; it is still there then
   */
  discardInterrupted(id: string): Promise<void> {
    return this.#load().then(({ interrupted }) => interrupted.discard(id))
  }

  /** Removes all files. */
  clear(): void {
    // None of them is to begin because another one has gone.
    this.#waiting.clear()
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
    const { links } = await this.#load()
    const link = await links.renew(file)
    // It may have been removed meanwhile.
    if (this.#ledger.get(id)) this.#step(id, { type: 'relink', link })
    return link.downloadUrl ?? ''
  }

  /** Puts a file into the list, and answers with its id, or says why not. */
  #accept(candidate: CandidateFile): string | Rejection {
    const present = { count: this.#ledger.count, bytes: this.#ledger.bytes }
    const limits = this.#plugins ? withoutSizes(this.#options) : this.#options
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

  /** Begins with as many files as the gate lets in; the others wait their turn. */
  #pump(): void {
    if (this.#waiting.size === 0) return
    if (!this.#sender || !this.#loaded) return void this.#makeReady()
    for (const id of this.#waiting) {
      if (!this.#sender.gate.isOpen || this.#running.size >= MOST_FILES) return
      this.#waiting.delete(id)
      const file = this.#ledger.get(id)
      // A listener may have stopped it while it was told what happened to it.
      const isWanted = file?.status === 'queued' || file?.status === 'uploading'
      if (isWanted) void this.#run(file, this.#sender, this.#loaded)
    }
  }

  async #makeReady(): Promise<void> {
    try {
      const tools = await this.#load()
      this.#loaded = tools
      this.#sender ??= this.#createSender(tools)
      this.#pump()
    } catch (error) {
      for (const id of this.#waiting) {
        const file = this.#ledger.get(id)
        this.#waiting.delete(id)
        if (file) this.#fail(file, error as UploadError)
      }
    }
  }

  #load(): Promise<Tools> {
    this.#tools ??= loadTools({
      signer: this.#signer,
      scope: () => {
        const { signer, resume } = this.#options
        return signer && resume !== false ? this.#scope : undefined
      },
      linkExpires: () => this.#options.linkExpires,
      files: () => this.files,
      // Its path has the prefix already.
      add: (file) => this.#add(toCandidates([file], undefined))[0],
      addFile: (file) => void this.add([file]),
    })
    // The next one tries again.
    this.#tools.catch(() => {
      this.#tools = undefined
    })
    return this.#tools
  }

  #createSender(tools: Tools): UnitSender {
    const { limit = DEFAULT_LIMIT, stallTimeout = DEFAULT_STALL } = this.#options
    const createTransport =
      this.#createTransport ?? ((settings) => new tools.UppyTransport(settings))
    return new tools.UnitSender({
      limit,
      stallTimeout,
      transport: createTransport({ limit, stallTimeout }),
      hash: (body, signal) => {
        const algorithms = this.#options.integrity === 'off' ? [] : ['md5']
        return tools.digest({ ...tools, signer: this.#signer }, body, algorithms, signal)
      },
      retryFor: () => this.#options.retryFor ?? DEFAULT_RETRY,
      signIn: (error, signal) => this.#signIn.wait(error, signal),
    })
  }

  /** Works on one file from here to its end. Only the newest run of a file may write. */
  async #run(file: FileInfo, sender: UnitSender, tools: Tools): Promise<void> {
    const { id } = file
    const controller = new AbortController()
    this.#running.set(id, controller)
    const isCurrent = () => this.#running.get(id) === controller
    const memory = this.#memories.get(id) ?? {}
    this.#memories.set(id, memory)
    const { hasher, keeper, links } = tools
    try {
      const { file: ready, options } = await this.#prepare(file, controller.signal)
      const { result, signed } = await tools.uploadFile({
        ...{ file: ready, memory, sender, hasher, keeper, links, options },
        signal: controller.signal,
        limit: this.#options.limit ?? DEFAULT_LIMIT,
        scope: this.#scope,
        signer: this.#signer,
        take: (event) => {
          if (isCurrent()) this.#take(ready, event)
        },
        isWanted: () => isCurrent() || this.#ledger.get(id)?.status === 'paused',
        abandon: () => this.#abandon(id),
      })
      if (!isCurrent()) return
      links.keep(id, signed)
      this.#succeed(ready, result)
    } catch (reason) {
      const error = controller.signal.aborted ? undefined : await tools.diagnose(reason, file)
      if (error && isCurrent()) this.#fail(this.#ledger.get(id) ?? file, error)
    } finally {
      if (isCurrent()) this.#running.delete(id)
      this.#pump()
    }
  }

  /** Lets the plugins have a file, once, and holds the limits against what they have made of it. */
  async #prepare(file: FileInfo, signal: AbortSignal): Promise<Pick<FileWork, 'file' | 'options'>> {
    const options = this.#options
    const plugins = await this.#plugins
    if (!plugins) return { file, options }
    if (!plugins.isDone(file.file)) {
      this.#ledger.replace(file.id, await plugins.prepare(file, signal))
      this.#changed()
    }
    const ready = this.#ledger.get(file.id) ?? file
    const others = this.files.filter(
      (it) => it.id !== file.id && it.status !== 'failed' && plugins.isDone(it.file),
    )
    const bytes = others.reduce((sum, { size }) => sum + size, 0)
    const error = findViolation(ready, { count: 0, bytes }, { ...options, maxFiles: undefined })
    if (error) throw error
    // Whoever chooses the file again after a reload has the one that it was made of.
    return {
      file: ready,
      options: plugins.hasMade(ready.file) ? { ...options, resume: false } : options,
    }
  }

  #succeed(file: FileInfo, result: UploadResult): void {
    this.#memories.delete(file.id)
    // However it got here, these are the steps that are left.
    for (const type of ['start', 'resume', 'sent'] as const) this.#take(file, { type })
    this.#step(file.id, { type: 'succeed', result })
    this.#emit('file-uploaded', { ...infoOf(file), ...result })
    this.#settled()
  }

  #fail(file: FileInfo, error: UploadError): void {
    this.#step(file.id, { type: 'fail', error })
    this.#emit('file-failed', { file: infoOf(file), error, code: error.code })
    this.#settled()
  }

  /** Uploads through one signer are not resumed through another. */
  get #scope(): string {
    const { signer } = this.#options
    return typeof signer === 'function' ? 'function' : String(signer)
  }

  #stop(id: string): void {
    this.#waiting.delete(id)
    this.#unstarted.delete(id)
    const controller = this.#running.get(id)
    this.#running.delete(id)
    controller?.abort(STOPPED)
  }

  /** Throws away what the bucket holds of a file that nobody wants any more. */
  #abandon(id: string): void {
    const memory = this.#memories.get(id)
    this.#memories.delete(id)
    const file = this.#ledger.get(id)
    if (!memory || !file || file.status === 'uploaded') return
    if (memory.upload) this.#loaded?.abandonUpload(this.#signer, memory.upload)
    if (memory.upload || memory.grant)
      void this.#tools?.then(({ keeper }) => keeper.forget(file, this.#scope))
  }

  #step(id: string, event: FileEvent): void {
    this.#ledger.update(id, event)
    this.#changed()
  }

  /** As `#step`, for what is told by the work on a file: it does not know what the file may take. */
  #take(file: FileInfo, event: FileEvent): void {
    const now = this.#ledger.get(file.id)
    if (!now || !canTake(now, event.type)) return
    this.#step(file.id, event)
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
