import { abortable } from '../../util/abort.ts'
import { loadModule } from '../../util/load-module.ts'
import { UploadError } from '../api/errors.ts'
import type { FileInfo, FileSnapshot, FileWithStatus } from '../api/file.ts'
import { copyOf, forgetCopy } from '../copies/chosen-files.ts'
import type { FileCopy } from '../copies/file-copy.ts'
import { keepBatch } from '../files/batches.ts'
import { isMetaTooLong } from '../files/describe-file.ts'
import { isActive } from '../files/file-state.ts'
import { streams } from '../files/streams.ts'
import type { SignerSession, SignerSessions } from '../signer/signer-session.ts'
import type { StreamUpload } from '../streams/put-stream.ts'
import { diagnose } from '../transport/diagnose.ts'
import type { UppyPlugins } from '../transport/uppy-plugins.ts'
import type { Uploader, UploaderHost } from './create-uploader.ts'
import type { FileJob, UploadCheckpoint } from './file-job.ts'
import { preprocess } from './preprocess.ts'
import type { Sender } from './sender/sender.ts'
import { TOOLS } from './tools.ts'
import { type Uploaded, uploadFile, withParts } from './upload-file.ts'

/** What all tasks of an engine share. */
export interface TaskContext {
  host: UploaderHost
  signers: SignerSessions
  uploader: Uploader
  /** What was made of files that could no longer be read, by the id of the file. */
  copies: Map<string, FileCopy>
  /** The plugins in use, if any. */
  plugins: () => Promise<UppyPlugins> | undefined
}

/** Why the upload of a file was stopped: the reason of its signal, which no listener sees. */
const STOPPED = new DOMException('The file was stopped.', 'AbortError')

/**
 * The upload of one file, from its first turn until it is in the bucket or given up. Each turn is a run.
 * A run can be stopped, and the next one goes on from the same checkpoint.
 */
export class FileTask {
  readonly #id: string
  readonly #context: TaskContext
  #checkpoint: UploadCheckpoint = {}
  /** If the file is a stream, or was one. */
  #stream: StreamUpload | undefined
  /** Aborts the current run. */
  #run: AbortController | undefined

  constructor(id: string, context: TaskContext) {
    this.#id = id
    this.#context = context
  }

  /** Whether a run is in progress. */
  get isRunning(): boolean {
    return this.#run !== undefined
  }

  /** Whether bytes that were sent, or are being sent, are lost when the page is left. */
  get losesBytes(): boolean {
    const file = this.#context.host.files.ledger.get(this.#id)
    const { upload, isKept } = this.#checkpoint
    if (this.#stream) return file !== undefined && isActive(file.status)
    switch (isKept ? undefined : file?.status) {
      case 'uploading':
      case 'finalizing':
        return true
      case 'waiting':
        return (file as FileWithStatus<'waiting'>).loaded > 0
      case 'paused':
        // What was sent in one piece is gone already.
        return upload !== undefined && (file as FileWithStatus<'paused'>).loaded > 0
      default:
        return false
    }
  }

  /** Uploads the file. Resolves at the end of the run, however it ends. */
  async run(file: FileSnapshot, sender: Sender): Promise<void> {
    const { host, uploader } = this.#context
    const run = new AbortController()
    this.#run = run
    // After a stop, a late answer must not change the state of the file.
    const isCurrent = () => this.#run === run
    try {
      const { job, result, forget, ...told } = await this.#upload(file, sender, run)
      const following = told.processing && (await uploader.processing.load())
      if (!isCurrent()) return
      forgetCopy(file.file)
      uploader.links.keep(this.#id, told)
      this.#checkpoint = {}
      this.#run = undefined
      if (following) following.begin(job, { ...told, result })
      else host.files.succeed(job.file, result)
      forget()
    } catch (reason) {
      const error = run.signal.aborted ? undefined : await diagnose(reason, file)
      if (!error || !isCurrent()) return
      this.#run = undefined
      if (this.#stream?.isOver(error)) this.#lose(error)
      this.#fail(file, error)
    }
  }

  /** Gives up a stream that cannot go on, and what is stored of it. */
  #lose(error: UploadError): void {
    this.#stream = undefined
    this.abandon()
    this.#context.host.files.lose(this.#id, error)
  }

  /** Stops the current run. The next one goes on from where this one was. */
  stop(): void {
    const run = this.#run
    this.#run = undefined
    run?.abort(STOPPED)
  }

  /**
   * Aborts the multipart upload in the bucket, and forgets how far the file has come.
   *
   * @returns the checkpoint to start over from
   */
  abandon(): UploadCheckpoint {
    const { upload, grant, signer } = this.#checkpoint
    this.#checkpoint = signer ? { signer } : {}
    const { host, uploader } = this.#context
    const file = host.files.ledger.get(this.#id)
    if (!signer || !file) return this.#checkpoint
    if (grant) uploader.sessions.grants.forget(file, signer.scope)
    if (upload) {
      withParts(({ abandonUpload }) => abandonUpload(signer.client, upload))
      void uploader.sessions.forget(file, signer.scope)
    }
    return this.#checkpoint
  }

  /** Uploads the file, or its copy if it can no longer be read. */
  async #upload(
    file: FileSnapshot,
    sender: Sender,
    run: AbortController,
  ): Promise<{ job: FileJob } & Uploaded> {
    try {
      const job = await this.#prepare(file, sender, run)
      return { job, ...(await uploadFile(job)) }
    } catch (reason) {
      run.signal.throwIfAborted()
      const error = await diagnose(reason, file)
      const copying = error.code === 'file-unreadable' ? copyOf(file.file) : undefined
      if (!copying) throw error
      const { files } = this.#context.host
      files.applyIfLegal(file, { type: 'wait', error })
      const copy = await abortable(copying, run.signal)
      if (!copy) throw error
      return this.#upload(this.#replace(file, copy), sender, run)
    }
  }

  /** Puts the copy in place of the file. */
  #replace(file: FileSnapshot, copy: FileCopy): FileSnapshot {
    const { files } = this.#context.host
    // Parts that are stored may be of the file as it was later.
    this.abandon()
    const { name, type } = file
    const made = new File([copy.blob], name, { type, lastModified: file.file.lastModified })
    keepBatch(made, file.file)
    files.ledger.replace(this.#id, made)
    this.#context.copies.set(this.#id, copy)
    for (const type of ['resume', 'restart'] as const) files.applyIfLegal(file, { type })
    return files.ledger.get(this.#id) ?? file
  }

  async #prepare(file: FileSnapshot, sender: Sender, run: AbortController): Promise<FileJob> {
    const { host, uploader } = this.#context
    const { signal } = run
    const { client: signer, scope } = this.#chooseSigner(file)
    const checkpoint = this.#checkpoint
    // A signer would refuse the whole call, with all files in it.
    if (isMetaTooLong(file)) throw new UploadError('meta-too-long', file.name)
    const opened = await this.#open(file, signal)
    const stream = this.#stream?.isLong ? this.#stream : undefined
    const ready = stream
      ? { file: opened, options: host.options() }
      : await this.#preprocess(opened, signal)
    return {
      ...uploader,
      ...ready,
      ...{ stream, checkpoint, signal, sender, signer, scope },
      apply: (event) => {
        if (this.#run === run) host.files.applyIfLegal(ready.file, event)
      },
      isWanted: () =>
        this.#checkpoint === checkpoint && host.files.ledger.get(this.#id) !== undefined,
      abandon: () => this.abandon(),
    }
  }

  /** The file that a short stream is, or what stands for a long one. */
  async #open(file: FileInfo, signal: AbortSignal): Promise<FileInfo> {
    const stream = streams.get(file.file)
    if (!stream) return file
    // In a separate file, since few pages have streams.
    const { StreamUpload } = await loadModule(() => import('../streams/put-stream.ts')).catch(
      () => {
        throw new UploadError('library-incomplete', file.name)
      },
    )
    signal.throwIfAborted()
    this.#stream ??= new StreamUpload(file, stream, this.#context.host, TOOLS)
    return this.#stream.open(file, signal)
  }

  async #preprocess(
    file: FileInfo,
    signal: AbortSignal,
  ): Promise<Pick<FileJob, 'file' | 'options'>> {
    const { host } = this.#context
    const plugins = await this.#context.plugins()
    // After a reload people choose the original again, which has another date. A stream is gone by then.
    const isCopy = this.#context.copies.has(this.#id) || this.#stream
    const options = isCopy ? { ...host.options(), resume: false } : host.options()
    if (!plugins && !options.stripMetadata && !options.compress) return { file, options }
    return preprocess(file, { plugins, files: host.files, options, signal })
  }

  /**
   * What was begun in the bucket keeps its signer, whatever the options name meanwhile. A file that is
   * tried again takes the current signer, and starts over if that is another one.
   */
  #chooseSigner({ status }: FileSnapshot): SignerSession {
    const { current } = this.#context.signers
    const { signer, upload, grant } = this.#checkpoint
    const hasBegun = upload !== undefined || grant !== undefined
    const mayChange = status === 'queued' && !this.#stream
    if (signer && hasBegun && (!mayChange || signer === current)) return signer
    if (signer && signer !== current) this.abandon()
    this.#checkpoint.signer = current
    return current
  }

  #fail(file: FileSnapshot, error: UploadError): void {
    const { host } = this.#context
    host.files.fail(host.files.ledger.get(this.#id) ?? file, error)
  }
}
