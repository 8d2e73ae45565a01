import type { SignedResponse } from '../protocol/index.ts'
import { diagnose } from './diagnose.ts'
import type { UploadError } from './errors.ts'
import type { CandidateFile, UploadEventDetails, UploadEventMap } from './events.ts'
import { canTake, type FileEvent, isActive, type UploadResult } from './file-state.ts'
import { type FileInfo, type FileSnapshot, Ledger, type UploadProgress } from './ledger.ts'
import { planUnits, type TransferUnit } from './plan.ts'
import { findViolation, type Restrictions } from './restrictions.ts'
import { SignerClient, type SignerOptions } from './signer-client.ts'
import type { PresignedPut, Transport, TransportFactory } from './transport.ts'
import { UppyTransport } from './uppy-transport.ts'

/** What an {@link UploadEngine} can be told. Can be changed at any time; it holds for what comes after. */
export interface UploadEngineOptions extends SignerOptions, Restrictions {
  /** Wait for `start()` instead of uploading at once. Default false. */
  manual?: boolean | undefined
  /** Wished lifetime of download links, in seconds. The signer may shorten it. */
  linkExpires?: number | undefined
  /** How many requests are in flight at the same time. Default 6; read when the first file is sent. */
  limit?: number | undefined
}

/** What an engine is built with, and keeps. */
export interface UploadEngineParts {
  /** What moves the bytes. Default: Uppy. */
  createTransport?: TransportFactory
}

/** A file to add, with what the browser does not tell of it. */
export interface FileToAdd {
  file: File
  /** Path inside a folder. Default: what the browser knows of it, else the name. */
  path?: string
  /** Handed to the signer with the file. */
  meta?: Record<string, string>
}

/** Six is the number of connections that a browser opens to one host over HTTP/1.1. */
const DEFAULT_LIMIT = 6

interface Job {
  unit: TransferUnit
  loaded: number
  signed?: SignedResponse
}

/**
 * Uploads files, without a face: what `<bucket-upload>` is built on, and what to use for a face of
 * your own. Listen with `addEventListener` to the events of {@link UploadEventDetails}, and to
 * `change`, which tells that {@link files} is a new list.
 *
 * Data flows one way: a method or the network makes an event, the ledger takes the step, and the
 * listeners are told.
 */
export class UploadEngine extends EventTarget {
  #options: UploadEngineOptions
  readonly #createTransport: TransportFactory
  readonly #ledger = new Ledger()
  readonly #signer = new SignerClient(() => this.#options)
  #transport: Transport | undefined
  /** Files that wait for a free place in the transport, oldest first. */
  readonly #waiting = new Set<string>()
  /** Units that are not finished yet, by id. A new attempt at a file makes new jobs. */
  readonly #jobs = new Map<string, Job>()
  #progressScheduled = false

  constructor(options: UploadEngineOptions = {}, parts: UploadEngineParts = {}) {
    super()
    this.#options = options
    this.#createTransport =
      parts.createTransport ?? ((limit, events) => new UppyTransport(limit, events))
  }

  /** Replaces the options given; the others stay. */
  configure(options: UploadEngineOptions): void {
    this.#options = { ...this.#options, ...options }
  }

  /** Snapshots of all files, in the order in which they were added. */
  get files(): readonly FileSnapshot[] {
    return this.#ledger.files
  }

  /** Progress of the current batch, in bytes. */
  get progress(): UploadProgress {
    return this.#ledger.progress
  }

  /**
   * Adds files and, unless `manual` is set, starts to upload them.
   *
   * @returns the ids of those that were accepted; each of the others fires `file-rejected`
   */
  add(files: Iterable<File | FileToAdd>): string[] {
    const candidates = Array.from(files, toCandidate)
    if (candidates.length === 0) return []
    if (!this.#emit('files-added', { files: candidates }, { cancelable: true })) return []
    const ids = candidates.flatMap((candidate) => this.#accept(candidate) ?? [])
    this.#changed()
    if (!this.#options.manual) this.start()
    return ids
  }

  /** Starts every file that waits to be started. */
  start(): void {
    for (const { id, status } of this.files) if (status === 'queued') this.#enqueue(id)
    this.#pump()
  }

  /** Stops a file and keeps it in the list, from where it can be tried again. */
  cancel(id: string): void {
    const file = this.#ledger.get(id)
    if (!file || !isActive(file.status)) return
    this.#drop(id)
    this.#step(id, { type: 'cancel' })
    this.#settled()
  }

  /** Tries a file again that failed or was cancelled; without an id, all that failed. */
  retry(id?: string): void {
    const ids = id ? [id] : this.files.filter((it) => it.status === 'failed').map((it) => it.id)
    for (const each of ids) {
      const file = this.#ledger.get(each)
      if (!file || !canTake(file, 'retry')) continue
      this.#step(each, { type: 'retry' })
      this.#enqueue(each)
    }
    this.#pump()
  }

  /** Takes a file out of the list, and stops it first. What is in the bucket stays there. */
  remove(id: string): void {
    const file = this.#ledger.get(id)
    if (!file) return
    this.#drop(id)
    this.#ledger.remove(id)
    this.#changed()
    if (isActive(file.status)) this.#settled()
  }

  /** Removes all files. */
  clear(): void {
    for (const { id } of this.files) this.remove(id)
  }

  override addEventListener<Name extends keyof UploadEventMap>(
    type: Name,
    listener: (event: UploadEventMap[Name]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | ((event: never) => void) | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener as EventListener, options)
  }

  #accept(candidate: CandidateFile): string | undefined {
    const present = { count: this.#ledger.count, bytes: this.#ledger.bytes }
    const error = findViolation(candidate, present, this.#options)
    if (error) {
      this.#emit('file-rejected', { file: candidate, error, code: error.code })
      return undefined
    }
    const id = crypto.randomUUID()
    this.#ledger.add({ id, ...candidate })
    return id
  }

  #enqueue(id: string): void {
    const alreadySent = this.#unitsOf(id).length > 0
    if (!alreadySent) this.#waiting.add(id)
  }

  /** Fills the free places of the transport. */
  #pump(): void {
    if (this.#waiting.size === 0) return
    this.#transport ??= this.#openTransport()
    for (const id of this.#waiting) {
      if (!this.#transport.hasRoom) return
      this.#waiting.delete(id)
      const file = this.#ledger.get(id)
      if (!file) continue
      for (const unit of planUnits(file)) {
        this.#jobs.set(unit.id, { unit, loaded: 0 })
        this.#transport.send(unit)
      }
    }
  }

  #openTransport(): Transport {
    return this.#createTransport(this.#options.limit ?? DEFAULT_LIMIT, {
      sign: (unitId) => this.#sign(unitId),
      progress: (unitId, loaded) => this.#progressed(unitId, loaded),
      stored: (unitId) => void this.#stored(unitId),
      failed: (unitId, error) => void this.#failed(unitId, error),
    })
  }

  async #sign(unitId: string): Promise<PresignedPut> {
    const job = this.#jobs.get(unitId)
    const info = job && this.#ledger.get(job.unit.fileId)
    // Only a unit that was dropped while its turn came: its answer goes nowhere.
    if (!job || !info) throw new DOMException('The file was removed.', 'AbortError')
    this.#step(info.id, { type: 'start' })
    this.#emit('upload-started', infoOf(info))
    const { name, size, type, path, meta } = info
    const file = { name, size, type, path }
    job.signed = await this.#signer.ask({ op: 'put', file, meta }, name)
    return { url: job.signed.url ?? '', ...pick(job.signed, 'headers') }
  }

  #progressed(unitId: string, loaded: number): void {
    const job = this.#jobs.get(unitId)
    const file = job && this.#ledger.get(job.unit.fileId)
    if (!job || file?.status !== 'uploading') return
    job.loaded = loaded
    // A retry inside the transport starts at 0 again; what people see does not go backwards.
    if (loaded > file.loaded && loaded < file.size) {
      this.#step(file.id, { type: 'progress', loaded })
    } else if (loaded >= file.size && file.size > 0) {
      this.#step(file.id, { type: 'sent' })
    }
  }

  async #stored(unitId: string): Promise<void> {
    this.#pump()
    const job = this.#jobs.get(unitId)
    const file = job && this.#ledger.get(job.unit.fileId)
    if (!job?.signed || !file) return
    if (file.status === 'uploading') this.#step(file.id, { type: 'sent' })
    const result = await this.#resultOf(job.signed, file)
    if (!this.#finish(unitId, job)) return
    this.#step(file.id, { type: 'succeed', result })
    this.#emit('file-uploaded', { ...infoOf(file), ...result })
    this.#settled()
  }

  async #failed(unitId: string, error: unknown): Promise<void> {
    this.#pump()
    const job = this.#jobs.get(unitId)
    const file = job && this.#ledger.get(job.unit.fileId)
    if (!job || !file) return
    const { url, expiresAt } = job.signed ?? {}
    const reason = await diagnose(error, file, { url, expiresAt, loaded: job.loaded })
    if (this.#finish(unitId, job)) this.#fail(file, reason)
  }

  /** False where the file was cancelled, removed or tried again in the meantime: only the newest attempt may go on. */
  #finish(unitId: string, job: Job): boolean {
    return this.#jobs.get(unitId) === job && this.#jobs.delete(unitId)
  }

  #fail(file: FileInfo, error: UploadError): void {
    this.#step(file.id, { type: 'fail', error })
    this.#emit('file-failed', { file: infoOf(file), error, code: error.code })
    this.#settled()
  }

  async #resultOf(signed: SignedResponse, { name }: FileInfo): Promise<UploadResult> {
    const url = new URL(signed.url ?? '')
    url.search = ''
    const link = await this.#linkOf(signed, name)
    return {
      key: signed.key ?? null,
      url: url.href,
      downloadUrl: link.downloadUrl ?? null,
      downloadUrlExpiresAt: link.downloadExpiresAt ? new Date(link.downloadExpiresAt) : null,
      etag: null,
    }
  }

  /**
   * The link that came with the upload, or a new one where that is missing, has run out during a long
   * upload, or should live for a time of the page's choosing.
   */
  async #linkOf(signed: SignedResponse, name: string): Promise<Partial<SignedResponse>> {
    const { linkExpires } = this.#options
    const { grant, downloadUrl, downloadExpiresAt } = signed
    const isFresh = !downloadExpiresAt || Date.parse(downloadExpiresAt) > Date.now()
    if (!grant || (downloadUrl && isFresh && linkExpires === undefined)) return signed
    try {
      const expiresIn = linkExpires === undefined ? {} : { expiresIn: linkExpires }
      return await this.#signer.ask({ op: 'link', grant, ...expiresIn }, name)
    } catch {
      // The file is in the bucket: that a link could not be made must not make it a failure.
      return isFresh ? signed : {}
    }
  }

  /** Takes a file out of the queue and out of the transport. */
  #drop(id: string): void {
    this.#waiting.delete(id)
    for (const unitId of this.#unitsOf(id)) {
      this.#jobs.delete(unitId)
      this.#transport?.cancel(unitId)
    }
    this.#pump()
  }

  #unitsOf(fileId: string): string[] {
    return [...this.#jobs.values()]
      .filter((it) => it.unit.fileId === fileId)
      .map((it) => it.unit.id)
  }

  #step(id: string, event: FileEvent): void {
    this.#ledger.update(id, event)
    this.#changed()
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'))
    if (this.#progressScheduled) return
    this.#progressScheduled = true
    const frame = globalThis.requestAnimationFrame ?? ((run: () => void) => setTimeout(run, 16))
    // A hidden page has no frames; its listeners are told by the timer.
    const tell = () => {
      if (!this.#progressScheduled) return
      this.#progressScheduled = false
      this.#emit('upload-progress', this.progress)
    }
    frame(tell)
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

function toCandidate(item: File | FileToAdd): CandidateFile {
  const { file, path, meta } = item instanceof File ? ({ file: item } as FileToAdd) : item
  return {
    name: file.name,
    size: file.size,
    type: file.type,
    path: path || file.webkitRelativePath || file.name,
    meta: { ...meta },
    file,
  }
}

function infoOf({ id, name, size, type, path, meta, file }: FileInfo): FileInfo {
  return { id, name, size, type, path, meta, file }
}

function pick<T extends object, K extends keyof T>(from: T, key: K): Pick<T, K> | object {
  return from[key] === undefined ? {} : { [key]: from[key] }
}
