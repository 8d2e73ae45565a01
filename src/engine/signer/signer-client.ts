import {
  isRefusal,
  parseSignerResponse,
  type SignedResponse,
  type SignerRequest,
  type SignerResponse,
} from '../../protocol/index.ts'
import { abortable } from '../../util/abort.ts'
import {
  type ErrorFacts,
  isUploadErrorCode,
  UploadError,
  type UploadErrorCode,
} from '../api/errors.ts'
import { DEFAULT_SIGNER_TIMEOUT, type SignerOptions } from '../api/options.ts'

/** A request without the id, which the client gives it. */
export type SignerQuestion = SignerRequest extends infer R
  ? R extends SignerRequest
    ? Omit<R, 'id'>
    : never
  : never

/** An answer, and how long its URL is good. */
export interface Signed extends SignedResponse {
  /**
   * How long the URL lives from the moment at which it came, in ms: by the signer's own clock, since
   * that of this computer may be wrong by hours. `undefined` where it cannot be said.
   */
  lifetime?: number | undefined
  /** When it came, in ms of `performance.now()`. */
  receivedAt: number
}

/** Whether a URL is so near its end that it should not be used for a new request. */
export function isStale({ lifetime, receivedAt }: Signed): boolean {
  if (lifetime === undefined) return false
  return performance.now() >= receivedAt + lifetime - Math.min(10_000, lifetime / 10)
}

/** Whether a URL has stopped working. */
export function isExpired({ lifetime, receivedAt }: Signed): boolean {
  return lifetime !== undefined && performance.now() >= receivedAt + lifetime
}

interface Pending {
  request: SignerRequest
  fileName: string
  resolve: (response: Signed) => void
  reject: (error: UploadError) => void
}

/** The most requests in one call, so that a body stays far below any server's limit. */
const BATCH_SIZE = 100
/** Requests that come within so many ms of the one before join its call; none waits longer than `MOST_DELAY`. */
const DELAY = 5
const MOST_DELAY = 100
/** A bucket may take minutes to put thousands of parts together: so many times as long. */
const COMPLETE_FACTOR = 6

/** A failure that concerns all requests of one call. */
class CallFailure extends Error {
  readonly code: UploadErrorCode
  readonly facts: ErrorFacts

  constructor(code: UploadErrorCode, facts: ErrorFacts = {}) {
    super(code)
    this.code = code
    this.facts = facts
  }
}

/**
 * Asks the signer. What is asked within a few milliseconds goes out as one call.
 *
 * A signer that answers only some of a call's requests is asked for the others one by one, and from
 * then on for one at a time: that makes the simplest signer a usable one.
 */
export class SignerClient {
  /** Read at each call, so that a changed option holds from the next one on. */
  readonly #options: () => SignerOptions
  #pending: Pending[] = []
  #batchSize = BATCH_SIZE
  #lastId = 0
  #knowsMultipart = true
  /** False once it has asked for a file to be cut otherwise than by the rules that hold everywhere. */
  cutsAsUsual = true
  readonly #checksums = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | undefined
  /** When the oldest of the pending requests was asked. */
  #firstAt = 0

  constructor(options: () => SignerOptions) {
    this.#options = options
  }

  /** False once the signer has said that it knows no uploads in parts: then one PUT has to do. */
  get knowsMultipart(): boolean {
    return this.#knowsMultipart
  }

  /** The checksums that the signer has asked for so far: what is sent later carries them at once. */
  get checksums(): readonly string[] {
    return [...this.#checksums]
  }

  /**
   * @param fileName names the file in an error
   * @param options with `keepalive` it is asked at once, and also while the page is being closed
   * @throws {UploadError} when the signer refuses, fails, or does not keep to the contract
   */
  ask(question: SignerQuestion, fileName: string, { keepalive = false } = {}): Promise<Signed> {
    return new Promise((resolve, reject) => {
      const request = { ...question, id: String(++this.#lastId) } as SignerRequest
      const pending = { request, fileName, resolve, reject }
      // What takes long must not keep the others waiting.
      if (request.op === 'complete' || keepalive) return void this.#call([pending], { keepalive })
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

  async #call(batch: Pending[], init?: { keepalive: boolean }): Promise<void> {
    try {
      const requests = batch.map(({ request }) => request)
      const { responses, date } = await this.#send(requests, init)
      const byId = new Map(responses.map((response) => [response.id, response]))
      for (const { request } of batch) this.#learn(request, byId.get(request.id))
      const unanswered = batch.filter((it) => !settle(it, byId.get(it.request.id), date))
      if (unanswered.length === 0) return
      if (unanswered.length === batch.length) {
        throw new CallFailure('signer-answer-invalid', {
          said: 'No response has the id asked for.',
        })
      }
      this.#batchSize = 1
      for (const pending of unanswered) void this.#call([pending])
    } catch (error) {
      const { code, facts } = toCallFailure(error)
      if (facts.status === 413 && batch.length > 1) {
        // Together they are too long for it, by their names, meta or grants.
        const half = batch.splice(0, Math.ceil(batch.length / 2))
        for (const each of [half, batch]) void this.#call(each)
        return
      }
      for (const { reject, fileName } of batch) reject(new UploadError(code, fileName, facts))
    }
  }

  /** Notes what an answer tells of the signer itself. */
  #learn({ op }: SignerRequest, answer: SignerResponse | undefined): void {
    const refusal = answer && isRefusal(answer) ? answer.error : undefined
    const { checksum } = refusal ?? (answer as SignedResponse | undefined) ?? {}
    if (checksum) this.#checksums.add(checksum)
    if (op === 'create' && refusal?.code === 'unsupported-op') this.#knowsMultipart = false
  }

  async #send(
    requests: SignerRequest[],
    { keepalive = false } = {},
  ): Promise<{ responses: SignerResponse[]; date?: string }> {
    const { signer, signerTimeout = DEFAULT_SIGNER_TIMEOUT } = this.#options()
    if (!signer) throw new CallFailure('signer-missing')
    const factor = requests.some(({ op }) => op === 'complete') ? COMPLETE_FACTOR : 1
    const signal = AbortSignal.timeout(signerTimeout * factor)
    const asked =
      typeof signer === 'function'
        ? Promise.resolve(signer(requests, { signal })).then((responses) => ({
            version: 1,
            responses,
          }))
        : this.#post(signer, requests, { signal, keepalive })
    // A function may not look at its signal, and WebKit's fetch hides the reason behind an AbortError.
    const answer = await abortable<unknown>(asked, signal)
    try {
      return parseSignerResponse(answer)
    } catch (error) {
      throw new CallFailure('signer-answer-invalid', { said: messageOf(error) })
    }
  }

  async #post(
    signer: string | URL,
    requests: SignerRequest[],
    init: { signal: AbortSignal; keepalive: boolean },
  ): Promise<unknown> {
    const { signerHeaders, signerCredentials = 'same-origin' } = this.#options()
    const headers = new Headers(
      typeof signerHeaders === 'function' ? await signerHeaders() : signerHeaders,
    )
    headers.set('Content-Type', 'application/json')
    const response = await fetch(signer, {
      method: 'POST',
      headers,
      credentials: signerCredentials,
      body: JSON.stringify({ version: 1, requests }),
      ...init,
    })
    const body = await readJson(response)
    if (!response.ok) throw failureOf(response, body)
    if (body !== undefined) return body
    const said = 'The answer is not JSON. Is it a page, for example one to sign in?'
    throw new CallFailure('signer-answer-invalid', { status: response.status, said })
  }
}

/** Hands a response to the one who asked. False when there is no response to hand out. */
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
  else resolve({ ...response, lifetime: lifetimeOf(response, date), receivedAt: performance.now() })
  return true
}

/** What the answer lacks for what was asked, in one sentence. */
function findFault({ op }: SignerRequest, response: SignedResponse): string | undefined {
  const { url, downloadUrl, grant, stored } = response
  if ([url, downloadUrl].some((it) => it !== undefined && !isWebUrl(it))) {
    return 'A URL in it is not absolute.'
  }
  if (op === 'link' && !downloadUrl) return 'There is no downloadUrl in it.'
  if (op === 'create' && !grant) return 'There is no grant in it.'
  const needsUrl = (op === 'put' && !stored) || op === 'part' || op === 'parts'
  if (needsUrl && !url) return 'There is no URL in it.'
  return undefined
}

/**
 * By the clock that set the expiry, where the answer tells it. Otherwise by that of this computer; but
 * no longer than the signature itself says.
 */
function lifetimeOf({ url, expiresAt }: SignedResponse, date: string | undefined) {
  const now = date ? Date.parse(date) : Date.now()
  const query = url ? new URL(url).searchParams : undefined
  const limits = [
    Date.parse(expiresAt ?? '') - now,
    Number(query?.get('X-Amz-Expires') || Number.NaN) * 1000,
  ].filter((limit) => !Number.isNaN(limit))
  return limits.length > 0 ? Math.min(...limits) : undefined
}

function refusalOf(error: { code: string; message: string }, fileName: string): UploadError {
  const { message: said } = error
  // The signer's own trouble, mostly with the bucket: the same as an answer of 500 for all requests.
  if (error.code === 'internal-error') {
    return new UploadError('signer-failed', fileName, { said, status: 500 })
  }
  const code = isUploadErrorCode(error.code) ? error.code : 'signer-refused'
  return new UploadError(code, fileName, { said })
}

/** Only the web's own schemes: a link must never become script. */
function isWebUrl(url: string): boolean {
  const { protocol } = URL.canParse(url) ? new URL(url) : { protocol: '' }
  return protocol === 'https:' || protocol === 'http:'
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, and with it perhaps a presigned URL.
    return undefined
  }
}

function failureOf({ status, headers }: Response, body: unknown): CallFailure {
  const { code = '', message = '' } =
    (body as { error?: { code?: string; message?: string } } | null)?.error ?? {}
  const retryAfter = Number(headers.get('Retry-After') ?? 0) * 1000
  const facts = { status, said: String(message), ...(retryAfter > 0 ? { retryAfter } : {}) }
  if (status === 401) return new CallFailure('unauthorized', facts)
  if (status === 403) {
    return new CallFailure(code === 'origin-not-allowed' ? code : 'forbidden', facts)
  }
  if (status === 429) return new CallFailure('rate-limited', facts)
  return new CallFailure('signer-failed', facts)
}

function toCallFailure(error: unknown): CallFailure {
  if (error instanceof CallFailure) return error
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new CallFailure('signer-timeout')
  }
  // What `fetch` throws when there is no answer, or none that CORS lets us read.
  if (error instanceof TypeError) return new CallFailure('signer-unreachable')
  return new CallFailure('signer-failed', { said: messageOf(error) })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
