import type { UploadError } from '../api/errors.ts'
import type { FileInfo, FileSnapshot, UploadResult } from '../api/file.ts'
import { DEFAULT_MULTIPART_THRESHOLD, type UploadEngineOptions } from '../api/options.ts'
import type { FileEvent } from '../files/file-state.ts'
import type { FileToAdd } from '../files/file-to-add.ts'
import type { Ledger } from '../files/ledger.ts'
import { abandonUpload } from '../signer/multipart.ts'
import { type SignerSession, SignerSessions } from '../signer/signer-session.ts'
import { diagnose } from '../transport/diagnose.ts'
import type { TransportFactory } from '../transport/transport.ts'
import type { UppyPlugin, UppyPluginClass, UppyPlugins } from '../transport/uppy-plugins.ts'
import { createUploader, type Uploader } from './create-uploader.ts'
import type { FileJob, UploadCheckpoint } from './file-job.ts'
import { preprocess } from './preprocess.ts'
import type { Sender } from './sender.ts'
import { uploadFile } from './upload-file.ts'

/** What the scheduler needs of its engine. */
export interface SchedulerHost {
  options: () => Readonly<UploadEngineOptions>
  ledger: Ledger
  /** Asks the page to sign the user in. False if no listener handles it. */
  askToSignIn: (error: UploadError) => boolean
  createTransport: TransportFactory | undefined
  /** Adds a file whose path is complete. Returns its id, if it is accepted. */
  addAgain: (file: FileToAdd) => string | undefined
  /** Adds a file that a plugin brings. */
  addFile: (file: File) => void
  /** Applies an event, if the state of the file allows it. */
  applyIfLegal: (file: FileInfo, event: FileEvent) => void
  succeed: (file: FileInfo, result: UploadResult) => void
  fail: (file: FileInfo, error: UploadError) => void
  /** The ledger has changed. */
  changed: () => void
}

/** How many files are uploaded at the same time. */
const MOST_FILES = 100

/** Why the upload of a file was stopped: the reason of its signal, which no listener sees. */
const STOPPED = new DOMException('The file was stopped.', 'AbortError')

/** The files that wait for their turn, and the uploads of those whose turn has come. */
export class Scheduler {
  /** Files that wait for their turn, oldest first. */
  readonly #small = new Set<string>()
  readonly #large = new Set<string>()
  readonly #host: SchedulerHost
  readonly #signers: SignerSessions
  /** Aborts the upload of a file. One for each file that is being uploaded. */
  readonly #running = new Map<string, AbortController>()
  /** One for each file that was begun and is not uploaded. */
  readonly #checkpoints = new Map<string, UploadCheckpoint>()
  readonly #uploader: Uploader
  #sender: Sender | undefined
  #plugins: Promise<UppyPlugins> | undefined

  constructor(host: SchedulerHost) {
    const { options, ledger, addAgain, ...rest } = host
    this.#host = host
    this.#signers = new SignerSessions(options)
    this.#uploader = createUploader({
      ...rest,
      options,
      signer: () => this.#signers.current.client,
      scope: () => {
        const { signer, resume } = options()
        return signer && resume !== false ? this.#signers.current.scope : undefined
      },
      files: () => ledger.files,
      add: addAgain,
    })
  }

  get hasher() {
    return this.#uploader.hasher
  }

  get interrupted() {
    return this.#uploader.interrupted
  }

  get links() {
    return this.#uploader.links
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
    const { multipartThreshold = DEFAULT_MULTIPART_THRESHOLD } = this.#host.options()
    const size = this.#host.ledger.get(id)?.size ?? 0
    const queue = size > multipartThreshold ? this.#large : this.#small
    queue.add(id)
  }

  /** Removes all files that have not started. */
  clear(): void {
    this.#small.clear()
    this.#large.clear()
  }

  /** Starts the files whose turn it is: small ones first, and no more large ones than can be sent. */
  pump(): void {
    if (this.#small.size + this.#large.size === 0) return
    this.#sender ??= this.#uploader.createSender(() => this.pump())
    for (let id = this.#next(this.#sender); id !== undefined; id = this.#next(this.#sender)) {
      this.#dequeue(id)
      const file = this.#host.ledger.get(id)
      // A listener may have stopped it during an event.
      const isWanted = file?.status === 'queued' || file?.status === 'uploading'
      if (isWanted) void this.#run(file, this.#sender)
    }
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
    const { multipartThreshold = DEFAULT_MULTIPART_THRESHOLD } = this.#host.options()
    return [...this.#running.keys()].filter((id) => {
      const file = this.#host.ledger.get(id)
      return file && file.size > multipartThreshold && file.status !== 'finalizing'
    }).length
  }

  #dequeue(id: string): void {
    this.#small.delete(id)
    this.#large.delete(id)
  }

  /** Stops the upload of a file. It can go on later. */
  stop(id: string): void {
    this.#dequeue(id)
    const controller = this.#running.get(id)
    this.#running.delete(id)
    controller?.abort(STOPPED)
  }

  /** Aborts the multipart upload of a file that is no longer wanted, and forgets how far it has come. */
  abandon(id: string): void {
    const checkpoint = this.#checkpoints.get(id)
    this.#checkpoints.delete(id)
    const file = this.#host.ledger.get(id)
    if (!checkpoint || !file || file.status === 'uploaded') return
    const { upload, grant, signer = this.#signers.current } = checkpoint
    if (upload) abandonUpload(signer.client, upload)
    if (upload || grant) void this.#uploader.sessions.forget(file, signer.scope)
  }

  /** Uploads one file. Only the newest run of a file may change its state. */
  async #run(file: FileSnapshot, sender: Sender): Promise<void> {
    const uploader = this.#uploader
    const { id } = file
    const { ledger, applyIfLegal, succeed, fail } = this.#host
    const controller = new AbortController()
    const { signal } = controller
    this.#running.set(id, controller)
    const isCurrent = () => this.#running.get(id) === controller
    const checkpoint = this.#checkpointOf(file)
    const { client, scope } = checkpoint.signer
    try {
      const ready = await this.#preprocess(file, signal)
      const { result, signed } = await uploadFile({
        ...uploader,
        ...ready,
        ...{ checkpoint, signal, sender },
        ...{ signer: client, scope },
        apply: (event) => {
          if (isCurrent()) applyIfLegal(ready.file, event)
        },
        isWanted: () => isCurrent() || ledger.get(id)?.status === 'paused',
        abandon: () => this.abandon(id),
      })
      if (!isCurrent()) return
      uploader.links.keep(id, signed)
      this.#checkpoints.delete(id)
      succeed(ready.file, result)
    } catch (reason) {
      const error = signal.aborted ? undefined : await diagnose(reason, file)
      if (error && isCurrent()) fail(ledger.get(id) ?? file, error)
    } finally {
      if (isCurrent()) this.#running.delete(id)
      this.pump()
    }
  }

  async #preprocess(
    file: FileInfo,
    signal: AbortSignal,
  ): Promise<Pick<FileJob, 'file' | 'options'>> {
    const { ledger, changed } = this.#host
    const options = this.#host.options()
    const plugins = await this.#plugins
    if (!plugins) return { file, options }
    return preprocess(file, { plugins, ledger, options, signal, changed })
  }

  /**
   * Where a file goes on. What was begun in the bucket keeps its signer, whatever the options name
   * meanwhile. A file that is tried again takes the signer of now, and starts over if that is another.
   */
  #checkpointOf(file: FileSnapshot): UploadCheckpoint & { signer: SignerSession } {
    const { current } = this.#signers
    const { signer, upload, grant } = this.#checkpoints.get(file.id) ?? {}
    const hasBegun = upload !== undefined || grant !== undefined
    if (hasBegun && file.status === 'queued' && signer !== current) this.abandon(file.id)
    const checkpoint = this.#checkpoints.get(file.id) ?? {}
    const isKept = hasBegun && checkpoint.signer === signer
    const started = Object.assign(checkpoint, { signer: (isKept && signer) || current })
    this.#checkpoints.set(file.id, started)
    return started
  }
}
