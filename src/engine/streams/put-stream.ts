/**
 * Loaded with the first stream: reads it, and sends it in parts while it grows.
 *
 * @module
 */
import type { SignedResponse } from '../../protocol/index.ts'
import { loadModule } from '../../util/load-module.ts'
import { UploadError, type UploadErrorCode } from '../api/errors.ts'
import type { FileInfo } from '../api/file.ts'
import type { UploadEngineOptions } from '../api/options.ts'
import type { LedgerEvents } from '../files/ledger-events.ts'
import { findViolation } from '../files/restrictions.ts'
import { streams } from '../files/streams.ts'
import type { HasherPool } from '../hash/hasher-pool.ts'
import type { MultipartUpload } from '../signer/multipart.ts'
import type { SignerClient } from '../signer/signer-client.ts'
import type { Semaphore } from '../uploader/sender/semaphore.ts'
import type { Sender, SendOptions } from '../uploader/sender/sender.ts'
import { type Abortable, StreamSource } from './stream-source.ts'

/** A stream of up to so many bytes is sent as the file that it then is. The smallest part of S3. */
const MOST_IN_FILE = 5 * 2 ** 20
/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MOST_PARTS = 10_000
/** How often the page is told at most that a stream has grown, in ms. */
const TOLD_EVERY = 100

/** After these failures a stream cannot go on: what was sent of it is of no use, and is not there to be sent again. */
const FINAL: UploadErrorCode[] = [
  ...(['file-unreadable', 'too-large', 'too-small', 'total-too-large'] as const),
  ...(['metadata-not-removed', 'upload-gone', 'upload-incomplete', 'invalid-grant'] as const),
  ...(['parts-differ', 'parts-needed'] as const),
]

/** The files that a stream is one of, and the options that it keeps. */
export interface StreamHost {
  files: LedgerEvents
  options: () => Readonly<UploadEngineOptions>
}

/** What a stream is sent with. */
export interface StreamJob {
  file: FileInfo
  signal: AbortSignal
  signer: SignerClient
  sender: Sender
  hasher: HasherPool
  progress: {
    unit: (number: number) => Pick<SendOptions, 'started' | 'progress' | 'stored' | 'waiting'>
    sent: () => void
  }
}

/** What is used of the uploader, and handed over: see `uploader/tools.ts`. */
export interface StreamTools {
  abortable: Abortable
  etagOf: (digests: { md5?: string } | undefined) => string
  keepBatch: (made: File, of: File) => void
  Semaphore: typeof Semaphore
}

/** What begins and completes an upload in parts. */
export interface StreamParts<Job extends StreamJob> {
  openUpload: (job: Job) => Promise<MultipartUpload>
  completeStream: (job: Job, upload: MultipartUpload, count: number) => Promise<StoredStream>
}

interface StoredStream {
  signed: SignedResponse
  etag: string | null
  url: string | undefined
}

/** For each engine, the places of the parts that are in memory and on their way. */
const places = new WeakMap<Sender, Semaphore>()

/** The upload of one stream. Outlives a pause, and a failure after which the stream can go on. */
export class StreamUpload {
  readonly #id: string
  readonly #name: string
  readonly #host: StreamHost
  readonly #source: StreamSource
  readonly #tools: StreamTools
  #upload: MultipartUpload | undefined
  /** The parts that are cut and not stored, by number. */
  readonly #parts = new Map<number, Blob>()
  /** How many parts are cut. */
  #count = 0
  /** Bytes of the parts that are stored. */
  #stored = 0
  /** The URL of a part, which names the object. */
  #url: string | undefined
  #isLong = false
  #toldAt = 0

  /** @throws {UploadError} `file-unreadable` for a stream that something else reads */
  constructor({ id, name, file }: FileInfo, stream: unknown, host: StreamHost, tools: StreamTools) {
    this.#id = id
    this.#name = name
    this.#host = host
    this.#tools = tools
    try {
      this.#source = new StreamSource(stream as ReadableStream<Uint8Array>, tools.abortable)
    } catch (reason) {
      throw unreadable(name, reason)
    }
    // Whoever cancels the file reaches the reader: a stream that is read cannot be cancelled itself.
    streams.set(file, this.#source)
  }

  /** Whether it is too long to be sent as a file. */
  get isLong(): boolean {
    return this.#isLong
  }

  /** Whether the stream cannot go on after this error. */
  isOver({ code }: UploadError): boolean {
    return FINAL.includes(code)
  }

  /**
   * Reads the beginning. A stream that ends in it becomes an ordinary file.
   *
   * @returns the file. Of a long stream it stands for one that can be read
   * @throws {UploadError} for a stream that fails, or breaks a limit
   */
  async open(file: FileInfo, signal: AbortSignal): Promise<FileInfo> {
    const source = this.#source
    if (!this.#isLong) {
      await this.#hold(MOST_IN_FILE + 1, signal)
      if (source.held <= MOST_IN_FILE) return this.#toFile(file)
      await this.#refusePhoto()
      this.#isLong = true
    }
    const standIn = new File([' '], this.#name)
    this.#tools.keepBatch(standIn, file.file)
    return { ...this.#info, file: standIn }
  }

  /**
   * Sends the stream in parts while it is read. Parts of an earlier run that are not stored go first.
   *
   * @throws {UploadError} for a stream that fails, breaks a limit, or cannot be sent
   * @throws the reason of the signal
   */
  async send<Job extends StreamJob>(job: Job, parts: StreamParts<Job>): Promise<StoredStream> {
    const upload = await this.#begin(job, parts)
    const failure = new AbortController()
    const signal = AbortSignal.any([job.signal, failure.signal])
    const sending = new Set<Promise<void>>()
    const send = async (number: number, body: Blob) => {
      const leave = await placesOf(job.sender, this.#tools).acquire(signal)
      const sent = this.#sendPart(job, upload, { number, body, signal })
        .catch((error) => failure.abort(error))
        .finally(() => {
          leave()
          sending.delete(sent)
        })
      sending.add(sent)
    }
    job.progress.unit(0).progress(this.#stored)
    try {
      for (const [number, body] of [...this.#parts]) await send(number, body)
      for (let body = await this.#next(upload, signal); body; ) {
        await send(this.#count, body)
        body = await this.#next(upload, signal)
      }
      await Promise.all(sending)
      signal.throwIfAborted()
    } catch (error) {
      failure.abort(error)
      throw error
    }
    job.progress.sent()
    upload.size = this.#source.size
    const { url, ...stored } = await parts.completeStream(job, upload, this.#count)
    return { ...stored, url: url ?? this.#url }
  }

  get #info(): FileInfo {
    const file = this.#host.files.ledger.get(this.#id)
    // It may have been removed, and then nothing is shown of it.
    if (!file) throw new DOMException('The file was removed.', 'AbortError')
    return file
  }

  async #begin<Job extends StreamJob>(
    job: Job,
    { openUpload }: StreamParts<Job>,
  ): Promise<MultipartUpload> {
    const upload = await openUpload(job)
    // The one before has expired, and what it has is not there to be sent again.
    if (this.#upload && this.#upload !== upload) throw new UploadError('invalid-grant', this.#name)
    if (upload.maxSize === undefined) {
      const said = 'The answer to create has no maxSize, so the signer takes no streams.'
      throw new UploadError('signer-answer-invalid', this.#name, { said })
    }
    this.#upload = upload
    return upload
  }

  /** Cuts the next part. Resolves with nothing at the end of the stream. */
  async #next({ partSize }: MultipartUpload, signal: AbortSignal): Promise<Blob | undefined> {
    await this.#hold(partSize, signal)
    const body = this.#source.take(partSize)
    if (body.size === 0) return undefined
    this.#count++
    this.#parts.set(this.#count, body)
    return body
  }

  async #hold(bytes: number, signal: AbortSignal): Promise<void> {
    const source = this.#source
    try {
      await source.hold(bytes, signal, () => this.#grow())
    } catch (reason) {
      signal.throwIfAborted()
      throw reason instanceof UploadError ? reason : unreadable(this.#name, reason)
    }
    this.#grow(true)
  }

  /** Checks the limits, and tells the page how large the stream is. */
  #grow(mustTell = false): void {
    const { size, isEnded } = this.#source
    const { files } = this.#host
    const info = this.#info
    this.#check({ ...info, size, isGrowing: !isEnded }, files.ledger.bytes - info.size)
    const now = performance.now()
    if (!mustTell && now - this.#toldAt < TOLD_EVERY) return
    if (info.size === size && info.isGrowing === !isEnded) return
    this.#toldAt = now
    files.applyIfLegal(info, { type: 'start' })
    files.ledger.change(this.#id, { size, isGrowing: !isEnded })
    files.changed()
  }

  /** @param bytes of all other files */
  #check(file: FileInfo, bytes: number): void {
    const limits = { ...this.#host.options(), accept: undefined, maxFiles: undefined }
    const error = findViolation(file, { count: 0, bytes }, limits)
    const { maxSize: granted = 0, partSize = 0 } = this.#upload ?? {}
    const limit = this.#upload && Math.min(granted, partSize * MOST_PARTS)
    const isTooLarge = error?.code === 'too-large' || (limit !== undefined && file.size > limit)
    // How large it would have become is not known.
    if (isTooLarge) {
      throw new UploadError('too-large', this.#name, { limit: error?.facts.limit ?? limit ?? 0 })
    }
    if (error) throw error
  }

  #toFile({ file, type }: FileInfo): FileInfo {
    const { ledger } = this.#host.files
    const made = new File([this.#source.take(MOST_IN_FILE)], this.#name, { type })
    this.#tools.keepBatch(made, file)
    ledger.replace(this.#id, made)
    this.#host.files.changed()
    return this.#info
  }

  /** Only a whole photo can be freed of its metadata. */
  async #refusePhoto(): Promise<void> {
    if (!this.#host.options().stripMetadata) return
    const { type } = this.#info
    const { stripMetadata } = await loadModule(() => import('../photos/strip-metadata.ts')).catch(
      () => {
        throw new UploadError('library-incomplete', this.#name)
      },
    )
    const start = new File([this.#source.peek()], this.#name, { type })
    if (await stripMetadata(start, type)) throw new UploadError('metadata-not-removed', this.#name)
  }

  async #sendPart(
    job: StreamJob,
    { grant, parts }: MultipartUpload,
    { number, body, signal }: { number: number; body: Blob; signal: AbortSignal },
  ): Promise<void> {
    const { file, signer, sender, progress, hasher } = job
    const unit = { id: `${file.id}.${number}`, fileId: file.id, body, partNumber: number }
    // What turns out to differ in the end could not be read again.
    const hashing = hasher.digest(body, ['md5', ...signer.checksums], signal)
    hashing.catch(() => {})
    const { signed, digests, isCompared } = await sender.send(unit, {
      ...progress.unit(number),
      file,
      signal,
      checksums: () => signer.checksums,
      digests: hashing,
      sign: (digests) =>
        signer.ask(
          { op: 'part', grant, partNumber: number, size: body.size, ...digests },
          file.name,
        ),
    })
    parts.set(number, { etag: this.#tools.etagOf(digests), digests, isCompared })
    this.#parts.delete(number)
    this.#stored += body.size
    this.#url = signed.url
  }
}

function placesOf(sender: Sender, tools: StreamTools): Semaphore {
  const its = places.get(sender) ?? new tools.Semaphore(() => sender.limit)
  places.set(sender, its)
  return its
}

function unreadable(name: string, reason: unknown): UploadError {
  const said = reason instanceof Error ? reason.message : String(reason)
  return new UploadError('file-unreadable', name, { said })
}
