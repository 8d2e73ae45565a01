import type { SignedResponse } from '../protocol/index.ts'
import { orAborted } from './abort.ts'
import { diagnose } from './diagnose.ts'
import { UploadError } from './errors.ts'
import { MOST_IN_FORM, mayBePut, postForm } from './form-post.ts'
import { Gate } from './gate.ts'
import type { FileInfo } from './ledger.ts'
import type { TransferUnit } from './plan.ts'
import { pause, pauseBeforeRetry, untilOnline } from './retry.ts'
import { isExpired, isStale, type Signed } from './signer-client.ts'
import { Slots } from './slots.ts'
import { TransferError, type Transport } from './transport.ts'

/** How one unit is sent, and what is told about it. */
export interface SendOptions {
  file: FileInfo
  /** Asks the signer. Called again whenever a URL has expired, or an attempt has failed. */
  sign: (wish: SignWish) => Promise<Signed>
  /** Its MD5, where that is being computed already. */
  md5?: Promise<string | undefined> | undefined
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

/** What the signer is told of one attempt. */
export interface SignWish {
  /** Of the unit, in base64. */
  md5: string | undefined
  /** A form is welcome. */
  form: boolean
}

/** What is known of a unit that is stored. */
export interface Sent {
  signed: SignedResponse
  /** Base64; `undefined` where it was not hashed. */
  md5: string | undefined
}

/** What the sender needs of its owner. */
export interface SenderContext {
  transport: Transport
  limit: number
  /** How long a request may not move, in ms. */
  stallTimeout: number
  /** MD5 of a unit in base64, or `undefined` where it is not to be had. */
  hash: (body: Blob, signal: AbortSignal) => Promise<string | undefined>
  /** How long to try again before a file fails, in ms. */
  retryFor: () => number
  /** Asks the page to let somebody sign in. False when nobody does. */
  signIn: (error: UploadError, signal: AbortSignal) => Promise<boolean>
}

/** Bytes from which it is cheaper to look whether an object is there than to send it again. */
const WORTH_A_LOOK = 1_000_000

/** Sends units until they are stored: hashes, signs, transfers, waits and tries again. */
export class UnitSender {
  readonly gate: Gate
  readonly #context: SenderContext
  /** Something was signed, or stored: from then on a failure is taken for one that passes. */
  readonly #hasWorked = { signer: false, bucket: false }
  /** For what is in flight by Uppy and by forms together. */
  readonly #slots: Slots
  /** Whether the bucket takes forms, and its CORS rule lets this page send them. */
  #forms: 'untried' | 'work' | 'off' = 'untried'

  constructor(context: SenderContext) {
    this.#context = context
    this.gate = new Gate(context.limit)
    this.#slots = new Slots(context.limit)
  }

  /**
   * Resolves when the unit is stored.
   *
   * @throws {UploadError} when it is not worth trying again
   * @throws the reason of the signal, when that stopped it
   */
  async send(unit: TransferUnit, options: SendOptions): Promise<Sent> {
    const leave = await this.gate.enter(unit.body.size, options.signal)
    try {
      let md5: string | undefined
      return await this.persist(options, async (attempt) => {
        if (attempt === 0) md5 = await (options.md5 ?? this.hash(unit.body, options.signal))
        const form = attempt === 0 && this.#forms !== 'off' && fitsForm(unit)
        return { signed: await this.#attempt(unit, { md5, form }, options), md5 }
      })
    } finally {
      leave()
    }
  }

  /** MD5 of a unit in base64; `undefined` where it is not wanted, or not to be had. */
  hash(body: Blob, signal: AbortSignal): Promise<string | undefined> {
    return this.#context.hash(body, signal)
  }

  /** Asks the signer, and tries again as for a unit. */
  ask<T>(options: Pick<SendOptions, 'file' | 'waiting' | 'signal'>, work: () => Promise<T>) {
    return this.persist(options, async () => {
      const answer = await work()
      this.#hasWorked.signer = true
      return answer
    })
  }

  /** Does something until it works, waiting longer each time, or until it is hopeless. */
  async persist<T>(
    { file, waiting, signal }: Pick<SendOptions, 'file' | 'waiting' | 'signal'>,
    work: (attempt: number) => Promise<T>,
  ): Promise<T> {
    let firstFailure: number | undefined
    for (let attempt = 0; ; attempt++) {
      try {
        // What was lost by being offline is not lost patience.
        if (await untilOnline(signal)) firstFailure = undefined
        return await orAborted(work(attempt), signal)
      } catch (reason) {
        signal.throwIfAborted()
        const error = await diagnose(reason, file)
        firstFailure ??= performance.now()
        const elapsed = performance.now() - firstFailure
        const isFresh = await this.#bear(error, attempt, elapsed, waiting, signal)
        if (isFresh) firstFailure = undefined
      }
    }
  }

  /**
   * Waits as long as an error asks for; throws it when there is no use in waiting.
   *
   * @returns whether it was something else than trouble: somebody has signed in
   */
  async #bear(
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
    await pause(ms, signal)
    return false
  }

  async #attempt(
    unit: TransferUnit,
    wish: SignWish,
    options: SendOptions,
  ): Promise<SignedResponse> {
    let signed = await this.#sign(options.sign, wish)
    const isPosted = signed.fields !== undefined && (await this.#post(unit, wish, signed, options))
    if (!isPosted) {
      const put = { ...wish, form: false }
      if (signed.fields) signed = await this.#sign(options.sign, put)
      signed = await this.#put(unit, put, signed, options)
    }
    this.#hasWorked.bucket = true
    options.progress(unit.body.size)
    options.stored()
    return signed
  }

  /** By a form. False when it has to be a PUT after all. */
  async #post(unit: TransferUnit, { md5 }: SignWish, signed: Signed, options: SendOptions) {
    const { signal, started, file } = options
    const { url = '', fields = {} } = signed
    const release = await this.#slots.take(signal)
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
      throw await diagnose(reason, file, { url, expired: isExpired(signed), loaded: 0 })
    } finally {
      release()
    }
  }

  /** By a PUT; answers with what it was signed with in the end. */
  async #put(
    unit: TransferUnit,
    wish: SignWish,
    first: Signed,
    { file, sign, started, progress, signal }: SendOptions,
  ): Promise<Signed> {
    let loaded = 0
    let signed = first
    let release: (() => void) | undefined
    try {
      await this.#context.transport.put(unit, {
        signal,
        presign: async () => {
          // Asked again for what Uppy tries again by itself.
          release ??= await this.#slots.take(signal)
          if (signal.aborted) release()
          signal.throwIfAborted()
          started()
          if (isStale(signed)) signed = await this.#sign(sign, wish)
          return { url: signed.url ?? '', ...(signed.headers ? { headers: signed.headers } : {}) }
        },
        progress: (bytes) => {
          loaded = bytes
          progress(bytes)
        },
      })
    } catch (reason) {
      signal.throwIfAborted()
      const isUnclear = reason instanceof TransferError && reason.status === 0
      const isStored = isUnclear && loaded >= unit.body.size && (await this.#look(unit, signed))
      if (!isStored) {
        const { url } = signed
        throw await diagnose(reason, file, { url, expired: isExpired(signed), loaded })
      }
    } finally {
      release?.()
    }
    return signed
  }

  async #sign(sign: SendOptions['sign'], wish: SignWish): Promise<Signed> {
    const signed = await sign(wish)
    this.#hasWorked.signer = true
    return signed
  }

  /**
   * After an unclear end: is the object there? A PUT is all or nothing, its size is signed, and its
   * key is new, so one byte of it is proof enough.
   */
  async #look(unit: TransferUnit, { downloadUrl }: SignedResponse): Promise<boolean> {
    if (unit.partNumber !== undefined || !downloadUrl || unit.body.size < WORTH_A_LOOK) return false
    try {
      const signal = AbortSignal.timeout(10_000)
      const answer = await fetch(downloadUrl, { headers: { Range: 'bytes=0-0' }, signal })
      await answer.body?.cancel()
      return answer.status === 206 || answer.status === 200
    } catch {
      return false
    }
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
