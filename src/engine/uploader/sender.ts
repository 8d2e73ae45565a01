import type { Digests, SignedResponse } from '../../protocol/index.ts'
import { abortable, wait } from '../../util/abort.ts'
import { UploadError } from '../api/errors.ts'
import type { FileInfo } from '../api/file.ts'
import { etagOf } from '../hash/md5-etag.ts'
import { isExpired, isStale, type Signed } from '../signer/signer-client.ts'
import { diagnose } from '../transport/diagnose.ts'
import { MOST_IN_FORM, mayBePut, postForm } from '../transport/form-post.ts'
import { TransferError, type Transport } from '../transport/transport.ts'
import type { TransferUnit } from '../transport/unit.ts'
import { ReadAheadWindow } from './read-ahead.ts'
import { pauseBeforeRetry, untilOnline } from './retry.ts'
import { Semaphore } from './semaphore.ts'

/** How one unit is sent, and what is told about it. */
export interface SendOptions {
  file: FileInfo
  /**
   * Asks the signer, and says whether a form is welcome. Called again whenever a URL has expired, or
   * an attempt has failed.
   */
  sign: (digests: Digests, form: boolean) => Promise<Signed>
  /** Its digests, where they are being computed already. */
  digests?: Promise<Digests> | undefined
  /** The unit's turn has come. */
  started: () => void
  /** Told how many bytes of the unit have left; starts at 0 again with each attempt. */
  progress: (loaded: number) => void
  /** The unit is in the bucket. */
  stored: () => void
  /** An attempt has failed, and there will be another. */
  waiting: (error: UploadError) => void
  signal: AbortSignal
}

/** What is known of a unit that is stored. */
export interface SentUnit {
  signed: SignedResponse
  digests: Digests
}

/** What the sender needs of its owner. */
export interface SenderContext {
  transport: Transport
  limit: number
  /** How long a request may not move, in ms. */
  stallTimeout: number
  /** What the signer is known to want of a unit, as far as it is to be had. */
  hash: (body: Blob, signal: AbortSignal) => Promise<Digests>
  /** How long to try again before a file fails, in ms. */
  retryFor: () => number
  /** Asks the page to let somebody sign in. False when nobody does. */
  signIn: (error: UploadError, signal: AbortSignal) => Promise<boolean>
}

/** Bytes from which it is cheaper to look whether an object is there than to send it again. */
const WORTH_A_LOOK = 1_000_000

/** Sends units until they are stored: hashes, signs, transfers, waits and tries again. */
export class Sender {
  readonly readAhead: ReadAheadWindow
  /** How many requests are in flight at the same time. */
  readonly limit: number
  readonly #context: SenderContext
  /** Something was signed, or stored: from then on a failure is taken for one that passes. */
  readonly #hasWorked = { signer: false, bucket: false }
  /** For what is in flight by Uppy and by forms together. */
  readonly #slots: Semaphore
  /** Whether the bucket takes forms, and its CORS rule lets this page send them. */
  #forms: 'untried' | 'work' | 'off' = 'untried'

  constructor(context: SenderContext) {
    this.#context = context
    this.limit = context.limit
    this.readAhead = new ReadAheadWindow(context.limit)
    this.#slots = new Semaphore(context.limit)
  }

  /**
   * Resolves when the unit is stored.
   *
   * @throws {UploadError} when it is not worth trying again
   * @throws the reason of the signal, when that stopped it
   */
  async send(unit: TransferUnit, options: SendOptions): Promise<SentUnit> {
    const leave = await this.readAhead.enter(unit.body.size, options.signal)
    try {
      let digests: Digests = {}
      return await this.#retrying(options, async (attempt) => {
        if (attempt === 0) digests = await (options.digests ?? this.hash(unit.body, options.signal))
        const form = attempt === 0 && this.#forms !== 'off' && fitsForm(unit)
        return { signed: await this.#attempt(unit, digests, form, options), digests }
      })
    } finally {
      leave()
    }
  }

  /** As {@link SenderContext.hash}. */
  hash(body: Blob, signal: AbortSignal): Promise<Digests> {
    return this.#context.hash(body, signal)
  }

  /** Asks the signer, and tries again as for a unit. */
  ask<T>(options: Pick<SendOptions, 'file' | 'waiting' | 'signal'>, work: () => Promise<T>) {
    return this.#retrying(options, async () => {
      const answer = await work()
      this.#hasWorked.signer = true
      return answer
    })
  }

  /** Does something until it works, waiting longer each time, or until it is hopeless. */
  async #retrying<T>(
    { file, waiting, signal }: Pick<SendOptions, 'file' | 'waiting' | 'signal'>,
    work: (attempt: number) => Promise<T>,
  ): Promise<T> {
    let firstFailure: number | undefined
    for (let attempt = 0; ; attempt++) {
      try {
        // What was lost by being offline is not lost patience.
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
   * Waits as long as an error asks for; throws it when there is no use in waiting.
   *
   * @returns whether it was something else than trouble: somebody has signed in
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
    const patience = worked ? this.#context.retryFor() : undefined
    const ms = pauseBeforeRetry(error, attempt, elapsed, patience)
    if (ms === undefined) throw error
    waiting(worked ? inPassing(error) : error)
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

  /** By a form. False when it has to be a PUT after all. */
  async #post(unit: TransferUnit, { md5 }: Digests, signed: Signed, options: SendOptions) {
    const { signal, started, file } = options
    const { url = '', fields = {} } = signed
    const release = await this.#slots.acquire(signal)
    try {
      if (this.#forms === 'off' || isStale(signed)) return false
      started()
      const timeout = this.#context.stallTimeout
      await postForm({ url, fields, body: unit.body, md5, timeout, signal })
      this.#forms = 'work'
      return true
    } catch (reason) {
      signal.throwIfAborted()
      // Where none has worked yet, none may ever: no CORS rule for POST, or a bucket without forms.
      if (this.#forms === 'untried') this.#forms = 'off'
      if (mayBePut(reason)) return false
      const { key } = signed
      throw await diagnose(reason, file, { url, key, expired: isExpired(signed), loaded: 0 })
    } finally {
      release()
    }
  }

  /** By a PUT; answers with what it was signed with in the end. */
  async #put(
    unit: TransferUnit,
    digests: Digests,
    first: Signed,
    options: SendOptions,
  ): Promise<Signed> {
    const { file, started, progress, signal } = options
    let loaded = 0
    let signed = first
    let release: (() => void) | undefined
    try {
      await this.#context.transport.put(unit, {
        signal,
        presign: async () => {
          // Asked again for what Uppy tries again by itself.
          release ??= await this.#slots.acquire(signal)
          if (signal.aborted) release()
          signal.throwIfAborted()
          started()
          if (isStale(signed)) signed = await this.#sign(unit, digests, false, options)
          if (signed.stored) throw new TransferError(0)
          return { url: signed.url ?? '', headers: headersOf(signed) }
        },
        progress: (bytes) => {
          loaded = bytes
          progress(bytes)
        },
      })
    } catch (reason) {
      signal.throwIfAborted()
      const status = reason instanceof TransferError ? reason.status : undefined
      // Nothing may be replaced, not even by a further try of the same file. The signer knows whose it is.
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

  /** Adds to the digests what the signer asks for; it has told by now what that is. */
  async #sign(
    unit: TransferUnit,
    digests: Digests,
    form: boolean,
    { sign, signal }: SendOptions,
  ): Promise<Signed> {
    const signed = await sign(digests, form).catch(async (error) => {
      if (error.code !== 'checksum-needed') throw error
      Object.assign(digests, await this.hash(unit.body, signal))
      return sign(digests, form)
    })
    this.#hasWorked.signer = true
    return signed
  }
}

/**
 * After an unclear end: is the file in the bucket? Only its MD5 proves it, as the ETag. That something
 * answers does not: many a link leads to a page, and the key may have an older object.
 */
async function isThere(
  { partNumber, body }: TransferUnit,
  digests: Digests,
  { downloadUrl }: SignedResponse,
): Promise<boolean> {
  const md5 = etagOf(digests)
  if (partNumber !== undefined || !downloadUrl || !md5 || body.size < WORTH_A_LOOK) return false
  try {
    const answer = await fetch(downloadUrl, {
      headers: { Range: 'bytes=0-0' },
      cache: 'no-store',
      signal: AbortSignal.timeout(10_000),
    })
    await answer.body?.cancel()
    return answer.headers.get('ETag') === `"${md5}"`
  } catch {
    return false
  }
}

function fitsForm({ partNumber, body }: TransferUnit): boolean {
  return partNumber === undefined && body.size <= MOST_IN_FORM
}

/**
 * A request without an answer, to a bucket that has worked: mostly the line. People should not be told
 * of a refusal, or of a wrong rule, for what goes away by itself.
 */
function inPassing(error: UploadError): UploadError {
  const isLine = error.code === 'bucket-refused' || error.code === 'cors-blocked'
  return isLine && error.status === 0 ? new UploadError('connection-lost', '') : error
}

function isOfSigner({ code }: UploadError): boolean {
  return code.startsWith('signer-') || code === 'rate-limited' || code === 'offline'
}

/**
 * What to send with a PUT. A URL that was signed by Signature Version 2 covers the Content-Type, whatever
 * it is: one that the signer does not name must not be sent. (The S3 API's "Signing and Authenticating
 * REST Requests": StringToSign has Content-Type, empty where there is none.)
 */
function headersOf({ url = '', headers = {} }: Signed): Record<string, string> {
  const isNamed = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  const isVersion2 = /[?&]AWSAccessKeyId=/.test(url) && /[?&]Signature=/.test(url)
  return isVersion2 && !isNamed ? { ...headers, 'Content-Type': '' } : headers
}
