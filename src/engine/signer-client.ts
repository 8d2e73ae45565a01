import {
  isRefusal,
  type LinkRequest,
  type PutRequest,
  parseSignerResponse,
  type SignedResponse,
  type SignerRequest,
  type SignerResponse,
} from '../protocol/index.ts'
import { isUploadErrorCode, UploadError, type UploadErrorCode } from './errors.ts'

/** A signer that lives in the page. Answers each request by its id; may throw. */
export type SignerFunction = (
  requests: SignerRequest[],
  options: { signal: AbortSignal },
) => SignerResponse[] | Promise<SignerResponse[]>

/** How to reach the signer. */
export interface SignerOptions {
  /** URL of the endpoint, relative to the page or absolute, or a function. */
  signer?: string | URL | SignerFunction | undefined
  /** Headers for the signer, or a function that makes them anew for each call (for a token that changes). */
  signerHeaders?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined
  /** Whether cookies go to a signer of another origin: as in `fetch`. Default `same-origin`. */
  signerCredentials?: RequestCredentials | undefined
  /** How long to wait for an answer, in ms. Default 30,000. */
  signerTimeout?: number | undefined
}

/** A request without the id, which the client gives it. */
export type SignerQuestion = Omit<PutRequest, 'id'> | Omit<LinkRequest, 'id'>

interface Pending {
  request: SignerRequest
  fileName: string
  resolve: (response: SignedResponse) => void
  reject: (error: UploadError) => void
}

/** The most requests in one call, so that a body stays far below any server's limit. */
const BATCH_SIZE = 50
const DEFAULT_TIMEOUT = 30_000

/** A failure that concerns all requests of one call. */
class CallFailure extends Error {
  readonly code: UploadErrorCode
  readonly facts: { status?: number; said?: string }

  constructor(code: UploadErrorCode, facts: { status?: number; said?: string } = {}) {
    super(code)
    this.code = code
    this.facts = facts
  }
}

/**
 * Asks the signer. What is asked in the same turn of the event loop goes out as one call.
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

  constructor(options: () => SignerOptions) {
    this.#options = options
  }

  /**
   * @param fileName names the file in an error
   * @throws {UploadError} when the signer refuses, fails, or does not keep to the contract
   */
  ask(question: SignerQuestion, fileName: string): Promise<SignedResponse> {
    return new Promise((resolve, reject) => {
      const request = { ...question, id: String(++this.#lastId) } as SignerRequest
      // A macrotask: every unit whose turn comes in this turn of the loop joins the same call.
      if (this.#pending.length === 0) setTimeout(() => this.#flush())
      this.#pending.push({ request, fileName, resolve, reject })
    })
  }

  #flush(): void {
    const pending = this.#pending
    this.#pending = []
    while (pending.length > 0) void this.#call(pending.splice(0, this.#batchSize))
  }

  async #call(batch: Pending[]): Promise<void> {
    try {
      const responses = await this.#send(batch.map(({ request }) => request))
      const byId = new Map(responses.map((response) => [response.id, response]))
      const unanswered = batch.filter((pending) => !settle(pending, byId.get(pending.request.id)))
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
      for (const { reject, fileName } of batch) reject(new UploadError(code, fileName, facts))
    }
  }

  async #send(requests: SignerRequest[]): Promise<SignerResponse[]> {
    const { signer, signerTimeout = DEFAULT_TIMEOUT } = this.#options()
    if (!signer) throw new CallFailure('signer-missing')
    const signal = AbortSignal.timeout(signerTimeout)
    const responses =
      typeof signer === 'function'
        ? await raceWith(signal, signer(requests, { signal }))
        : await this.#post(signer, requests, signal)
    try {
      return parseSignerResponse({ version: 1, responses }).responses
    } catch (error) {
      throw new CallFailure('signer-answer-invalid', { said: messageOf(error) })
    }
  }

  async #post(
    signer: string | URL,
    requests: SignerRequest[],
    signal: AbortSignal,
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
      signal,
    })
    const body = await readJson(response)
    if (!response.ok) throw failureOf(response.status, body)
    if (body === undefined) {
      const said = 'The answer is not JSON. Is it a page, for example one to sign in?'
      throw new CallFailure('signer-answer-invalid', { status: response.status, said })
    }
    const { responses } = parseEnvelope(body)
    return responses
  }
}

/** Hands a response to the one who asked. False when there is no response to hand out. */
function settle(
  { resolve, reject, fileName, request }: Pending,
  response?: SignerResponse,
): boolean {
  if (!response) return false
  if (isRefusal(response)) {
    reject(refusalOf(response.error, fileName))
    return true
  }
  const url = request.op === 'link' ? response.downloadUrl : response.url
  const wrong = [url, response.downloadUrl].find((it) => it !== undefined && !isWebUrl(it))
  if (url === undefined || wrong !== undefined) {
    const said = url === undefined ? 'There is no URL in it.' : 'A URL in it is not absolute.'
    reject(new UploadError('signer-answer-invalid', fileName, { said }))
  } else {
    resolve(response)
  }
  return true
}

function refusalOf(error: { code: string; message: string }, fileName: string): UploadError {
  const code = isUploadErrorCode(error.code) ? error.code : 'signer-refused'
  return new UploadError(code, fileName, { said: error.message })
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

function parseEnvelope(body: unknown): { responses: unknown } {
  try {
    return parseSignerResponse(body)
  } catch (error) {
    throw new CallFailure('signer-answer-invalid', { said: messageOf(error) })
  }
}

function failureOf(status: number, body: unknown): CallFailure {
  const { code = '', message = '' } =
    (body as { error?: { code?: string; message?: string } } | null)?.error ?? {}
  const facts = { status, said: String(message) }
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

/** Lets a signer function that never answers, and does not look at its signal, time out as well. */
function raceWith<T>(signal: AbortSignal, work: T | Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    Promise.resolve(work).then(resolve, reject)
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
