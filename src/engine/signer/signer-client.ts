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

/** A request without the id, which the client adds. */
export type SignerQuestion = SignerRequest extends infer R
  ? R extends SignerRequest
    ? Omit<R, 'id'>
    : never
  : never

/** An answer, and how long its URL is valid. */
export interface Signed extends SignedResponse {
  /**
   * How long the URL is valid after it arrived, in ms: by the signer's clock, since that of this computer
   * may be wrong by hours. `undefined` if it is not known.
   */
  lifetime?: number | undefined
  /** When it arrived, in ms of `performance.now()`. */
  receivedAt: number
}

/** Whether a URL expires so soon that no new request should use it. */
export function isStale({ lifetime, receivedAt }: Signed): boolean {
  if (lifetime === undefined) return false
  return performance.now() >= receivedAt + lifetime - Math.min(10_000, lifetime / 10)
}

/** Whether a URL has expired. */
export function isExpired({ lifetime, receivedAt }: Signed): boolean {
  return lifetime !== undefined && performance.now() >= receivedAt + lifetime
}

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
/** Multiplies the timeout of `complete`: a bucket may need minutes for thousands of parts. */
const COMPLETE_FACTOR = 6

/** A failure of all requests of one call. */
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
 * Sends requests to the signer. Requests within a few milliseconds share one call.
 *
 * If a signer answers only some requests of a call, the others and all later ones are sent one by one:
 * this makes the simplest signer usable.
 */
export class SignerClient {
  /** Read at each call, so that a changed option applies to the next one. */
  readonly #options: () => SignerOptions
  #pending: Pending[] = []
  #batchSize = BATCH_SIZE
  #lastId = 0
  #knowsMultipart = true
  /** False once the signer has chosen another part size than the engine would. */
  cutsAsUsual = true
  readonly #checksums = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | undefined
  /** When the oldest pending request was made. */
  #firstAt = 0

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
   * @param fileName for the text of an error
   * @param options with `keepalive` the request is sent at once, even while the page closes
   * @throws {UploadError} if the signer refuses, fails, or violates the contract
   */
  ask(question: SignerQuestion, fileName: string, { keepalive = false } = {}): Promise<Signed> {
    return new Promise((resolve, reject) => {
      const request = { ...question, id: String(++this.#lastId) } as SignerRequest
      const pending = { request, fileName, resolve, reject }
      // A slow request must not delay the others.
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
          said: 'No response has the requested id.',
        })
      }
      this.#batchSize = 1
      for (const pending of unanswered) void this.#call([pending])
    } catch (error) {
      const { code, facts } = toCallFailure(error)
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
    // A function may ignore its signal, and WebKit's fetch replaces the reason by an AbortError.
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
    const said = 'The answer is not JSON. Is it a page, such as a login form?'
    throw new CallFailure('signer-answer-invalid', { status: response.status, said })
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
  else resolve({ ...response, lifetime: lifetimeOf(response, date), receivedAt: performance.now() })
  return true
}

/** What is missing in the answer, in one sentence. */
function findFault({ op }: SignerRequest, response: SignedResponse): string | undefined {
  const { url, downloadUrl, grant, stored } = response
  if ([url, downloadUrl].some((it) => it !== undefined && !isWebUrl(it))) {
    return 'It has a URL that is not absolute.'
  }
  if (op === 'link' && !downloadUrl) return 'It has no downloadUrl.'
  if (op === 'create' && !grant) return 'It has no grant.'
  const needsUrl = (op === 'put' && !stored) || op === 'part' || op === 'parts'
  if (needsUrl && !url) return 'It has no url.'
  return undefined
}

/**
 * By the signer's clock, if the answer has it, or else by that of this computer; but no longer than the
 * signature says.
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
  // A failure of the signer, usually with the bucket: treat it as a response of 500.
  if (error.code === 'internal-error') {
    return new UploadError('signer-failed', fileName, { said, status: 500 })
  }
  const code = isUploadErrorCode(error.code) ? error.code : 'signer-refused'
  return new UploadError(code, fileName, { said })
}

/** Only HTTP and HTTPS: a link must never run a script. */
function isWebUrl(url: string): boolean {
  const { protocol } = URL.canParse(url) ? new URL(url) : { protocol: '' }
  return protocol === 'https:' || protocol === 'http:'
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message quotes the text, which may hold a presigned URL.
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
  // `fetch` throws it without an answer, or if CORS hides the answer.
  if (error instanceof TypeError) return new CallFailure('signer-unreachable')
  return new CallFailure('signer-failed', { said: messageOf(error) })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
