import type { Digests, SignedResponse } from '../../../protocol/index.ts'
import { planPartSize, S3_PART_RULES } from '../../../s3/part-size.ts'
import { abortable, wait } from '../../../util/abort.ts'
import { UploadError } from '../../api/errors.ts'
import type { FileInfo } from '../../api/file.ts'
import { etagOf } from '../../hash/md5-etag.ts'
import { isExpired, isStale, type Signed } from '../../signer/signed.ts'
import { diagnose } from '../../transport/diagnose.ts'
import { formTimeout, MOST_IN_FORM, mayBePut, postForm } from '../../transport/form-post.ts'
import { objectEtag } from '../../transport/object-etag.ts'
import { TransferError, type Transport, type TransportSettings } from '../../transport/transport.ts'
import type { TransferUnit } from '../../transport/unit.ts'
import { ConnectionSpeed } from './connection-speed.ts'
import { ReadAheadWindow } from './read-ahead.ts'
import { pauseBeforeRetry, untilOnline } from './retry.ts'
import { Semaphore } from './semaphore.ts'
import { SpeedLimit } from './speed-limit.ts'

/** How one unit is sent, and the callbacks that follow it. */
export interface SendOptions {
  file: FileInfo
  /**
   * Asks the signer for a form or a PUT. Called again when a URL has expired or an attempt has failed.
   */
  sign: (digests: Digests, form: boolean) => Promise<Signed>
  /** The checksums that the signer requires, as far as it has told. */
  checksums: () => readonly string[]
  /** The digests of the unit, if they are being computed already. */
  digests?: Promise<Digests> | undefined
  /** Whether the unit may be sent while it is hashed, if a connection is free: something compares it later. */
  mayCompareLater?: boolean
  /** The unit is about to be sent. */
  started: () => void
  /** Gets the number of bytes sent. It starts at 0 with each attempt. */
  progress: (loaded: number) => void
  /** The unit is in the bucket. */
  stored: () => void
  /** An attempt has failed and another one follows. */
  waiting: (error: UploadError) => void
  signal: AbortSignal
}

/** A unit that is in the bucket. */
export interface SentUnit {
  signed: SignedResponse
  digests: Digests
  /** False if it was sent without its MD5, and still has to be compared. */
  isCompared: boolean
}

/** What a sender goes by. The values may change while it works: they are read each time. */
export interface SenderSettings extends TransportSettings {
  /** How many bytes a second may be sent on average; `undefined` for no limit. */
  readonly maxSpeed?: number | undefined
  /** How long to retry before a file fails, in ms. */
  readonly retryFor: number
}

/** What a sender works with. */
export interface SenderContext {
  transport: Transport
  /** Loads what sends parts by several lanes; absent where the page brings its own transport. */
  lanes?: (() => Promise<Transport>) | undefined
  settings: SenderSettings
  /** Computes these checksums and, if integrity is on, the MD5. Leaves out what it cannot compute. */
  hash: (body: Blob, checksums: readonly string[], signal: AbortSignal) => Promise<Digests>
  /** More units can be taken at once, after some had to wait. */
  opened?: () => void
  /** Waits until the user has signed in. False if the page does not handle it. */
  signIn: (error: UploadError, signal: AbortSignal) => Promise<boolean>
}

/** From this size on it is cheaper to check for an object than to send it again. Bytes. */
const WORTH_A_LOOK = 1_000_000

/** Sends units: hashes, signs, transfers, and retries until they are stored. */
export class Sender {
  readonly readAhead: ReadAheadWindow
  readonly #context: SenderContext
  /** Whether anything was signed or stored yet. After that, failures count as temporary. */
  readonly #hasWorked = { signer: false, bucket: false }
  /** Shared by PUTs and forms. */
  readonly #slots: Semaphore
  readonly #speed = new ConnectionSpeed()
  readonly #speedLimit: SpeedLimit
  #lastHash: Promise<unknown> = Promise.resolve()
  /** Whether the bucket accepts forms, and its CORS rule allows POST. */
  #forms: 'untried' | 'work' | 'off' = 'untried'

  constructor(context: SenderContext) {
    this.#context = context
    this.readAhead = new ReadAheadWindow(() => this.limit, context.opened)
    this.#slots = new Semaphore(() => this.limit)
    this.#speedLimit = new SpeedLimit(() => context.settings.maxSpeed)
  }

  /** How many requests may be in flight at the same time, now. */
  get limit(): number {
    return this.#context.settings.limit
  }

  /** The part size that suits the line, in bytes; `undefined` if that is not known. */
  get partSizeWish(): number | undefined {
    const { maxSpeed } = this.#context.settings
    // Each part goes at the speed of the line, so small parts come closer to the wanted one.
    return maxSpeed && maxSpeed > 0 ? Math.ceil(maxSpeed) : this.#speed.partSize
  }

  /** The part size of a file for which the signer chooses none, in bytes. */
  usualPartSize(fileSize: number): number {
    return planPartSize(fileSize, S3_PART_RULES, this.limit)
  }

  /**
   * Resolves when the unit is stored.
   *
   * @throws {UploadError} when it gives up
   * @throws the reason of the signal, if that aborts
   */
  async send(unit: TransferUnit, options: SendOptions): Promise<SentUnit> {
    const isLineFree = this.readAhead.count < this.limit
    const leave = await this.readAhead.enter(
      unit.body.size,
      unit.partNumber !== undefined,
      options.signal,
    )
    try {
      let hashing = options.digests
      return await this.#retrying(options, async (attempt) => {
        const isEarly = attempt === 0 && isLineFree && options.mayCompareLater
        hashing ??= isEarly ? this.#hashLater(unit, options) : this.#hash(unit, options)
        const sent = isEarly ? {} : { ...(await hashing) }
        const form = attempt === 0 && this.#forms !== 'off' && fitsForm(unit)
        try {
          const signed = await this.#attempt(unit, sent, form, options)
          const digests = { ...(await hashing), ...sent }
          return { signed, digests, isCompared: digests.md5 === sent.md5 }
        } catch (error) {
          // The file may have changed since it was hashed, which not every browser notices.
          if (isCorrupted(error)) hashing = undefined
          throw error
        }
      })
    } finally {
      leave()
    }
  }

  #hash({ body }: TransferUnit, { checksums, signal }: SendOptions): Promise<Digests> {
    const hashing = this.hash(body, checksums(), signal)
    // It is awaited later, if at all.
    hashing.catch(() => {})
    return hashing
  }

  /** Hashes units one after another: sending needs the processor more. */
  #hashLater(unit: TransferUnit, options: SendOptions): Promise<Digests> {
    const hashing = this.#lastHash.then(() => {
      options.signal.throwIfAborted()
      return this.#hash(unit, options)
    })
    this.#lastHash = hashing.catch(() => {})
    return hashing
  }

  /** As {@link SenderContext.hash}. */
  hash(body: Blob, checksums: readonly string[], signal: AbortSignal): Promise<Digests> {
    return this.#context.hash(body, checksums, signal)
  }

  /** Asks the signer, with the retries of a unit. */
  ask<T>(options: Pick<SendOptions, 'file' | 'waiting' | 'signal'>, work: () => Promise<T>) {
    return this.#retrying(options, async () => {
      const answer = await work()
      this.#hasWorked.signer = true
      return answer
    })
  }

  /** Runs `work` until it succeeds or a retry cannot help. The pauses grow. */
  async #retrying<T>(
    { file, waiting, signal }: Pick<SendOptions, 'file' | 'waiting' | 'signal'>,
    work: (attempt: number) => Promise<T>,
  ): Promise<T> {
    let firstFailure: number | undefined
    for (let attempt = 0; ; attempt++) {
      try {
        // Time offline does not count.
        if (await untilOnline(signal)) firstFailure = undefined
        return await abortable(work(attempt), signal)
      } catch (reason) {
        signal.throwIfAborted()
        const error = await diagnose(reason, file)
        firstFailure ??= performance.now()
        const elapsed = performance.now() - firstFailure
        const isFresh = await this.#waitOrThrow(error, attempt, elapsed, waiting, signal)
        if (isFresh) firstFailure = undefined
      }
    }
  }

  /**
   * Waits for the next attempt, or throws the error if a retry cannot help.
   *
   * @returns whether the user has signed in, so that retries count from the start
   */
  async #waitOrThrow(
    error: UploadError,
    attempt: number,
    elapsed: number,
    waiting: (error: UploadError) => void,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (error.code === 'unauthorized') {
      waiting(error)
      if (await this.#context.signIn(error, signal)) return true
      throw error
    }
    const worked = isOfSigner(error) ? this.#hasWorked.signer : this.#hasWorked.bucket
    const patience = worked ? this.#context.settings.retryFor : undefined
    const ms = pauseBeforeRetry(error, attempt, elapsed, patience)
    if (ms === undefined) throw error
    waiting(worked ? asTemporary(error) : error)
    await wait(ms, signal)
    return false
  }

  async #attempt(
    unit: TransferUnit,
    digests: Digests,
    form: boolean,
    options: SendOptions,
  ): Promise<SignedResponse> {
    let signed = await this.#sign(unit, digests, form, options)
    const isPosted =
      signed.fields !== undefined && (await this.#post(unit, digests, signed, options))
    if (!isPosted) {
      if (signed.fields) signed = await this.#sign(unit, digests, false, options)
      if (!signed.stored) signed = await this.#put(unit, digests, signed, options)
    }
    this.#hasWorked.bucket = true
    options.progress(unit.body.size)
    options.stored()
    return signed
  }

  /** Posts a form. False if it has to be a PUT after all. */
  async #post(unit: TransferUnit, { md5 }: Digests, signed: Signed, options: SendOptions) {
    const { signal, started, file } = options
    const { url = '', fields = {} } = signed
    const release = await this.#slots.acquire(signal)
    try {
      await this.#speedLimit.pass(unit.body.size, signal)
      if (this.#forms === 'off' || isStale(signed)) return false
      started()
      const timeout = formTimeout(unit.body.size, this.limit, this.#context.settings.stallTimeout)
      await postForm({ url, fields, body: unit.body, md5, timeout, signal })
      this.#forms = 'work'
      return true
    } catch (reason) {
      signal.throwIfAborted()
      // If no form has worked yet, CORS may not allow POST, or the bucket may not accept forms.
      if (this.#forms === 'untried') this.#forms = 'off'
      if (mayBePut(reason)) return false
      const { key } = signed
      throw await diagnose(reason, file, { url, key, expired: isExpired(signed), loaded: 0 })
    } finally {
      release()
    }
  }

  /** Sends a PUT. Returns the answer of the signer that it used in the end. */
  async #put(
    unit: TransferUnit,
    digests: Digests,
    first: Signed,
    options: SendOptions,
  ): Promise<Signed> {
    const { file, started, progress, signal } = options
    let loaded = 0
    let signed = first
    let startedAt = 0
    let release: (() => void) | undefined
    const { transport, lanes } = this.#context
    try {
      const by = first.lanes && lanes ? await lanes() : transport
      await by.put(unit, {
        signal,
        presign: async () => {
          // Uppy calls this again when it retries by itself.
          release ??= await this.#slots.acquire(signal)
          if (signal.aborted) release()
          await this.#speedLimit.pass(unit.body.size, signal)
          signal.throwIfAborted()
          started()
          startedAt = performance.now()
          if (isStale(signed)) signed = await this.#sign(unit, digests, false, options)
          if (signed.stored) throw new TransferError(0)
          return { url: signed.url ?? '', headers: headersOf(signed), lanes: signed.lanes }
        },
        progress: (bytes) => {
          loaded = bytes
          progress(bytes)
        },
      })
      this.#speed.measure(unit.body.size, performance.now() - startedAt)
    } catch (reason) {
      signal.throwIfAborted()
      const status = reason instanceof TransferError ? reason.status : undefined
      // The object exists. The signer knows whether an earlier attempt of this file stored it.
      if (status === 412) signed = await this.#sign(unit, digests, false, options)
      const isStored =
        signed.stored ||
        (status === 0 && loaded >= unit.body.size && (await isThere(unit, digests, signed)))
      if (!isStored) {
        const { url, key } = signed
        throw await diagnose(reason, file, { url, key, expired: isExpired(signed), loaded })
      }
    } finally {
      release?.()
    }
    return signed
  }

  /** Asks the signer. Computes the checksum that it requires, if it is missing, and asks again. */
  async #sign(
    unit: TransferUnit,
    digests: Digests,
    form: boolean,
    { sign, checksums, signal }: SendOptions,
  ): Promise<Signed> {
    const signed = await sign(digests, form).catch(async (error) => {
      if (error.code !== 'checksum-needed') throw error
      Object.assign(digests, await this.hash(unit.body, checksums(), signal))
      return sign(digests, form)
    })
    this.#hasWorked.signer = true
    return signed
  }
}

/**
 * After a lost answer: is the file in the bucket? Only an ETag that is its MD5 proves it. An answer alone
 * does not: a link may lead to a page, and the key may have an older object.
 */
async function isThere(
  { partNumber, body }: TransferUnit,
  digests: Digests,
  { downloadUrl }: SignedResponse,
): Promise<boolean> {
  const md5 = etagOf(digests)
  if (partNumber !== undefined || !downloadUrl || !md5 || body.size < WORTH_A_LOOK) return false
  return (await objectEtag(downloadUrl)) === md5
}

function isCorrupted(error: unknown): boolean {
  return error instanceof UploadError && error.code === 'corrupted'
}

function fitsForm({ partNumber, body }: TransferUnit): boolean {
  return partNumber === undefined && body.size <= MOST_IN_FORM
}

/**
 * A request without an answer, to a bucket that has worked, is usually a bad connection. Users should not
 * read about a refusal or a CORS rule for what passes by itself.
 */
function asTemporary(error: UploadError): UploadError {
  const isConnection = error.code === 'bucket-refused' || error.code === 'cors-blocked'
  return isConnection && error.status === 0 ? new UploadError('connection-lost', '') : error
}

function isOfSigner({ code }: UploadError): boolean {
  return code.startsWith('signer-') || code === 'rate-limited' || code === 'offline'
}

/**
 * The headers of a PUT. Signature Version 2 always covers the Content-Type, so it must be empty if the
 * signer does not name one. (The S3 API's "Signing and Authenticating REST Requests": StringToSign has
 * Content-Type, empty where there is none.)
 */
function headersOf({ url = '', headers = {} }: Signed): Record<string, string> {
  const isNamed = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  const isVersion2 = /[?&]AWSAccessKeyId=/.test(url) && /[?&]Signature=/.test(url)
  return isVersion2 && !isNamed ? { ...headers, 'Content-Type': '' } : headers
}
