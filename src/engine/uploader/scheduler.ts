import type { FileInfo, FileSnapshot } from '../api/file.ts'
import { DEFAULT_MULTIPART_THRESHOLD } from '../api/options.ts'
import type { FileCopy } from '../copies/file-copy.ts'
import { isActive } from '../files/file-state.ts'
import { LeaveWarning } from '../page/leave-warning.ts'
import { WakeLock } from '../page/wake-lock.ts'
import { preconnect } from '../signer/preconnect.ts'
import { SignerSessions } from '../signer/signer-session.ts'
import type { UppyPlugin, UppyPluginClass, UppyPlugins } from '../transport/uppy-plugins.ts'
import { createUploader, type Uploader, type UploaderHost } from './create-uploader.ts'
import { isOneOf } from './file-job.ts'
import { FileTask, type TaskContext } from './file-task.ts'
import type { Sender } from './sender/sender.ts'
import { loadParts } from './upload-file.ts'

/** How many files are uploaded at the same time. */
const MOST_FILES = 200

/** The files that wait for their turn, and the tasks of those whose turn has come. */
export class Scheduler {
  /** Files that wait for their turn, oldest first. */
  readonly #small = new Set<string>()
  readonly #large = new Set<string>()
  readonly #host: UploaderHost
  readonly #uploader: Uploader
  readonly #context: TaskContext
  /** One for each file that was begun and is not uploaded. */
  readonly #tasks = new Map<string, FileTask>()
  /** The files whose task is running. */
  readonly #running = new Set<string>()
  /** Whether the page is in the back-forward cache. */
  #isAway = false
  #sender: Sender | undefined
  #plugins: Promise<UppyPlugins> | undefined
  /** By the id of the file. */
  readonly #copies = new Map<string, FileCopy>()
  readonly #leaveWarning = new LeaveWarning(() => this.#losesBytes())
  readonly #wakeLock = new WakeLock()

  constructor(host: UploaderHost) {
    const { options, addAgain, ...rest } = host
    this.#host = host
    const signers = new SignerSessions(options)
    this.#uploader = createUploader({
      ...rest,
      options,
      signer: () => signers.current.client,
      scope: () => {
        const { signer, resume } = options()
        return signer && resume !== false ? signers.current.scope : undefined
      },
      add: addAgain,
    })
    this.#context = {
      host,
      signers,
      uploader: this.#uploader,
      plugins: () => this.#plugins,
      copies: this.#copies,
    }
    host.files.progressed = () => this.#progressed()
  }

  /** See {@link UploadEngine.prepare}. */
  prepare(): void {
    const options = this.#host.options()
    if (options.integrity !== 'off') this.#uploader.hasher.warm()
    preconnect(options)
  }

  /** Loads the interrupted uploads. */
  loadInterrupted() {
    return this.#uploader.interrupted.load()
  }

  /** See {@link UploadEngine.resumeProcessing}. */
  async resumeProcessing(): Promise<void> {
    const processing = await this.#uploader.processing.load()
    return processing.resume(this.#context.signers.current)
  }

  /** See {@link UploadEngine.renewLink}. */
  async renewLink(id: string): Promise<string> {
    const { files } = this.#host
    const file = files.ledger.get(id)
    if (file?.status !== 'uploaded') throw new RangeError(`No file ${id} is uploaded.`)
    const link = await this.#uploader.links.renew(file)
    // The file may have been removed in the meantime.
    if (files.ledger.get(id)) files.apply(id, { type: 'relink', link })
    return link.downloadUrl ?? ''
  }

  /** See {@link UploadEngine.discard}. */
  async discard(id: string): Promise<void> {
    const { files } = this.#host
    const file = files.ledger.get(id)
    if (file?.status !== 'uploaded') throw new RangeError(`No file ${id} is uploaded.`)
    try {
      await this.#uploader.links.discard(file)
    } catch (error) {
      // What was refused once is refused again: then it can only leave the list.
      const isRefused = isOneOf(error, ['invalid-grant', 'forbidden', 'signer-refused'])
      const link = { mayDiscard: false } as const
      if (isRefused && files.ledger.get(id)) files.apply(id, { type: 'relink', link })
      throw error
    }
  }

  get signIn() {
    return this.#uploader.signIn
  }

  /** Whether a plugin may change the size of a file before it is uploaded. */
  get hasPlugins(): boolean {
    return this.#plugins !== undefined
  }

  /** See {@link UploadEngine.use}. */
  async use<Args extends unknown[], Plugin extends UppyPlugin>(
    Plugin: UppyPluginClass<Args, Plugin>,
    args: Args,
  ): Promise<Plugin> {
    this.#plugins ??= this.#uploader.startPlugins()
    // The next call tries again.
    this.#plugins.catch(() => {
      this.#plugins = undefined
    })
    return (await this.#plugins).use(Plugin, args)
  }

  /** Adds a file, which starts when it is its turn: see {@link pump}. */
  enqueue(id: string): void {
    const isLarge = this.#isLarge(this.#host.files.ledger.get(id))
    const queue = isLarge ? this.#large : this.#small
    queue.add(id)
    // Needed soon. If it cannot be loaded now, it is tried again then.
    if (isLarge) loadParts().catch(() => {})
  }

  /** Removes all files that have not started. */
  clear(): void {
    this.#small.clear()
    this.#large.clear()
  }

  /** Starts the files whose turn it is: small ones first, and no more large ones than can be sent. */
  pump(): void {
    if (this.#isAway || this.#small.size + this.#large.size === 0) return
    this.#sender ??= this.#uploader.createSender(() => this.pump())
    for (let id = this.#next(this.#sender); id !== undefined; id = this.#next(this.#sender)) {
      this.#dequeue(id)
      const file = this.#host.files.ledger.get(id)
      // A listener may have stopped it during an event.
      const isWanted = file && isActive(file.status) && file.status !== 'paused'
      if (isWanted) void this.#run(file, this.#sender)
    }
  }

  /** Stops the upload of a file. It can go on later. */
  stop(id: string): void {
    this.#dequeue(id)
    this.#running.delete(id)
    this.#tasks.get(id)?.stop()
  }

  /** Aborts the multipart upload of a file that is no longer wanted, and forgets what is known of it. */
  abandon(id: string): void {
    this.#uploader.links.forget(id)
    this.#uploader.processing.made?.forget(id)
    this.#tasks.get(id)?.abandon()
    this.#tasks.delete(id)
  }

  /** What follows from a change, at most once a frame. */
  #progressed(): void {
    this.#guardPage()
    for (const [id, copy] of this.#copies) {
      const file = this.#host.files.ledger.get(id)
      if (file && !isStored(file)) continue
      this.#copies.delete(id)
      void copy.discard?.()
    }
  }

  #losesBytes(): boolean {
    const { growing } = this.#host.files.ledger.progress
    return growing > 0 || [...this.#tasks.values()].some(({ losesBytes }) => losesBytes)
  }

  /** Keeps the page open, and the screen on, for what needs it. */
  #guardPage(): void {
    const { leaveWarning, wakeLock } = this.#host.options()
    const { uploading, waiting, paused, finalizing } = this.#host.files.ledger.counts
    const moving = uploading + finalizing
    const { growing } = this.#host.files.ledger.progress
    const mayLose = leaveWarning !== 'off' && moving + waiting + paused + growing > 0
    this.#leaveWarning.isOn = mayLose && this.#losesBytes()
    this.#wakeLock.isOn = wakeLock !== 'off' && moving > 0
  }

  async #run(file: FileSnapshot, sender: Sender): Promise<void> {
    const { id } = file
    const task = this.#tasks.get(id) ?? new FileTask(id, this.#context)
    this.#tasks.set(id, task)
    this.#running.add(id)
    globalThis.addEventListener?.('pagehide', this.#leave)
    await task.run(file, sender)
    // It may have been stopped and started again meanwhile.
    if (!task.isRunning) this.#running.delete(id)
    // An engine that is at rest may be collected.
    if (this.#running.size === 0) globalThis.removeEventListener?.('pagehide', this.#leave)
    if (isStored(this.#host.files.ledger.get(id))) this.#tasks.delete(id)
    this.pump()
  }

  /**
   * In the back-forward cache a page must hold no locks: Chromium drops it as soon as another tab asks for one
   * of them. So all files stop here, and go on when the page is shown again.
   */
  readonly #leave = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted) return
    this.#isAway = true
    const ids = [...this.#running]
    for (const id of ids) this.stop(id)
    const comeBack = () => {
      this.#isAway = false
      for (const id of ids) this.#goOn(id)
      this.pump()
    }
    globalThis.addEventListener('pageshow', comeBack, { once: true })
  }

  #goOn(id: string): void {
    const { files } = this.#host
    const file = files.ledger.get(id)
    if (!file) return
    files.applyIfLegal(file, { type: file.status === 'finalizing' ? 'restart' : 'resume' })
    this.enqueue(id)
  }

  #next({ readAhead, limit }: Sender): string | undefined {
    if (this.#running.size >= MOST_FILES) return undefined
    const [small] = this.#small
    if (small !== undefined) return small
    const [large] = this.#large
    if (large === undefined || !readAhead.isOpen) return undefined
    return this.#countLarge() < 2 * limit ? large : undefined
  }

  /** How many large files are being sent. One that the bucket only puts together is not. */
  #countLarge(): number {
    let count = 0
    for (const id of this.#running) {
      const file = this.#host.files.ledger.get(id)
      if (file?.status !== 'finalizing' && this.#isLarge(file)) count++
    }
    return count
  }

  #isLarge(file: FileInfo | undefined): boolean {
    const { multipartThreshold = DEFAULT_MULTIPART_THRESHOLD } = this.#host.options()
    return file !== undefined && !file.isGrowing && file.size > multipartThreshold
  }

  #dequeue(id: string): void {
    this.#small.delete(id)
    this.#large.delete(id)
  }
}

function isStored(file: FileSnapshot | undefined): boolean {
  return file !== undefined && 'key' in file
}
