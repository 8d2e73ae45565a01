import {
  isRefusal,
  type SignedResponse,
  type SignerRequest,
  type SignerResponse,
} from '../../protocol/index.ts'
import { UploadError } from '../api/errors.ts'
import { isUploadErrorCode } from '../api/later-error-texts.ts'
import type { SignerOptions } from '../api/options.ts'
import { describeFile } from '../files/describe-file.ts'
import { CallFailure, callSigner } from './call-signer.ts'
import { findFault, receive, type Signed } from './signed.ts'

/** A request without the id, which the client adds. */
export type SignerQuestion = SignerRequest extends infer R
  ? R extends SignerRequest
    ? Omit<R, 'id'>
    : never
  : never

interface Pending {
  request: SignerRequest
  fileName: string
  resolve: (response: Signed) => void
  reject: (error: UploadError) => void
}

/** The most requests a call, so that the body stays far below any server's limit. */
const BATCH_SIZE = 100
/** How long a call waits for another request, in ms, and how long at most in all. */
const DELAY = 5
const MOST_DELAY = 100
/**
 * Sends requests to the signer. Requests within a few milliseconds share one call.
 *
 * If a signer answers only some requests of a call, the others and all later ones are sent one by one:
 * this makes the simplest signer usable.
 */
export class SignerClient {
  /** Read at each call, so that a changed option applies to the next one. */
  readonly #options: () => SignerOptions
  #pending: Pending[] = []
  /** Requests that are sent even while the page closes. */
  #leaving: Pending[] = []
  #batchSize = BATCH_SIZE
  #lastId = 0
  #knowsMultipart = true
  /** False once the signer has chosen another part size than the engine would. */
  cutsAsUsual = true
  /** True once the signer has answered `complete` with a URL, so that the browser completes uploads. */
  completesByUrl = false
  /** Whether the ETags of parts are their MD5s, once that is known. */
  #areEtagsMd5: boolean | undefined
  readonly #checksums = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | undefined
  /** When the oldest pending request was made. */
  #firstAt = 0

  /** For `multipart.ts`, which is loaded later and cannot import what this file imports. */
  readonly describe = describeFile
  readonly receive = receive

  constructor(options: () => SignerOptions) {
    this.#options = options
  }

  /** False once the signer has answered that it does not support multipart uploads. */
  get knowsMultipart(): boolean {
    return this.#knowsMultipart
  }

  /** The checksums that the signer has required so far. Later requests have them at once. */
  get checksums(): readonly string[] {
    return [...this.#checksums]
  }

  /**
   * Whether parts may be sent without a Content-MD5 and be compared with the bucket's list afterwards: not
   * where that is known to prove nothing, nor where a checksum is required.
   */
  get mayCompareLater(): boolean {
    return this.#areEtagsMd5 !== false && this.#checksums.size === 0
  }

  /** Notes whether the ETags of parts are their MD5s. */
  learnEtags(areMd5: boolean): void {
    this.#areEtagsMd5 = areMd5
  }

  /**
   * @param fileName for the text of an error
   * @param options with `keepalive` the request is sent even while the page closes
   * @throws {UploadError} if the signer refuses, fails, or violates the contract
   */
  ask(question: SignerQuestion, fileName: string, { keepalive = false } = {}): Promise<Signed> {
    return new Promise((resolve, reject) => {
      const { route } = this.#options()
      const ofRoute = route && 'file' in question ? { route } : {}
      const request = { ...question, ...ofRoute, id: String(++this.#lastId) } as SignerRequest
      const pending = { request, fileName, resolve, reject }
      if (keepalive) return this.#leave(pending)
      // A slow request must not delay the others.
      if (request.op === 'complete') return void this.#call([pending])
      this.#pending.push(pending)
      this.#scheduleFlush()
    })
  }

  #scheduleFlush(): void {
    const now = performance.now()
    if (this.#pending.length === 1) this.#firstAt = now
    clearTimeout(this.#timer)
    const delay = Math.min(DELAY, this.#firstAt + MOST_DELAY - now)
    this.#timer = setTimeout(() => this.#flush(), delay)
  }

  #flush(): void {
    const pending = this.#pending
    this.#pending = []
    while (pending.length > 0) void this.#call(pending.splice(0, this.#batchSize))
  }

  /** Many files may be cancelled in one task, and the page may close right after it. */
  #leave(pending: Pending): void {
    this.#leaving.push(pending)
    if (this.#leaving.length > 1) return
    queueMicrotask(() => {
      const leaving = this.#leaving
      this.#leaving = []
      while (leaving.length > 0) void this.#call(leaving.splice(0, this.#batchSize), true)
    })
  }

  async #call(batch: Pending[], keepalive = false): Promise<void> {
    try {
      const requests = batch.map(({ request }) => request)
      const { responses, date } = await callSigner(requests, this.#options(), keepalive)
      const byId = new Map(responses.map((response) => [response.id, response]))
      for (const { request } of batch) this.#learn(request, byId.get(request.id))
      const unanswered = batch.filter((it) => !settle(it, byId.get(it.request.id), date))
      if (unanswered.length === 0) return
      if (unanswered.length === batch.length) {
        throw new CallFailure('signer-answer-invalid', {
          said: 'No response has the requested id.',
        })
      }
      this.#batchSize = 1
      for (const pending of unanswered) void this.#call([pending])
    } catch (error) {
      const { code, facts } = error as CallFailure
      if (facts.status === 413 && batch.length > 1) {
        // The body is too long for it, by its names, meta or grants.
        const half = batch.splice(0, Math.ceil(batch.length / 2))
        for (const each of [half, batch]) void this.#call(each)
        return
      }
      for (const { reject, fileName } of batch) reject(new UploadError(code, fileName, facts))
    }
  }

  /** Learns from an answer what the signer supports and requires. */
  #learn({ op }: SignerRequest, answer: SignerResponse | undefined): void {
    const refusal = answer && isRefusal(answer) ? answer.error : undefined
    const { checksum } = refusal ?? (answer as SignedResponse | undefined) ?? {}
    if (checksum) this.#checksums.add(checksum)
    if (op === 'create' && refusal?.code === 'unsupported-op') this.#knowsMultipart = false
  }
}

/** Resolves or rejects a request. False if it has no response. */
function settle(
  { resolve, reject, fileName, request }: Pending,
  response: SignerResponse | undefined,
  date: string | undefined,
): boolean {
  if (!response) return false
  if (isRefusal(response)) {
    reject(refusalOf(response.error, fileName))
    return true
  }
  const said = findFault(request, response)
  if (said) reject(new UploadError('signer-answer-invalid', fileName, { said }))
  else resolve(receive(response, date))
  return true
}

function refusalOf(error: { code: string; message: string }, fileName: string): UploadError {
  const { message: said } = error
  // A failure of the signer, usually with the bucket: treat it as a response of 500.
  if (error.code === 'internal-error') {
    return new UploadError('signer-failed', fileName, { said, status: 500 })
  }
  const code = isUploadErrorCode(error.code) ? error.code : 'signer-refused'
  return new UploadError(code, fileName, { said })
}
