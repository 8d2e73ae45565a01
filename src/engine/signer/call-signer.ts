import { parseEachResponse, type SignerRequest, type SignerResponse } from '../../protocol/index.ts'
import { abortable } from '../../util/abort.ts'
import type { ErrorFacts, UploadErrorCode } from '../api/errors.ts'
import { DEFAULT_SIGNER_TIMEOUT, type SignerOptions } from '../api/options.ts'

/** Multiplies the timeout of `complete`: a bucket may need minutes for thousands of parts. */
const COMPLETE_FACTOR = 6
/**
 * The most characters of requests that outlive their page, at the same time. Browsers refuse more than
 * 64 KiB, silently.
 *
 * @see https://fetch.spec.whatwg.org/#http-network-or-cache-fetch for the limit
 */
const MOST_KEPT_ALIVE = 60_000
let keptAlive = 0

/** A failure of all requests of one call. */
export class CallFailure extends Error {
  readonly code: UploadErrorCode
  readonly facts: ErrorFacts

  constructor(code: UploadErrorCode, facts: ErrorFacts = {}) {
    super(code)
    this.code = code
    this.facts = facts
  }
}

/**
 * Sends requests to the signer in one call.
 *
 * @param keepalive whether the call should outlive the page, if its body is short enough
 * @throws {CallFailure} what is wrong with the call as a whole
 */
export async function callSigner(
  requests: SignerRequest[],
  options: SignerOptions,
  keepalive: boolean,
): Promise<{ responses: SignerResponse[]; date?: string }> {
  try {
    return await call(requests, options, keepalive)
  } catch (error) {
    throw toCallFailure(error)
  }
}

async function call(requests: SignerRequest[], options: SignerOptions, keepalive: boolean) {
  const { signer, signerTimeout = DEFAULT_SIGNER_TIMEOUT } = options
  if (!signer) throw new CallFailure('signer-missing')
  const factor = requests.some(({ op }) => op === 'complete') ? COMPLETE_FACTOR : 1
  const signal = AbortSignal.timeout(signerTimeout * factor)
  const asked =
    typeof signer === 'function'
      ? Promise.resolve(signer(requests, { signal })).then((responses) => ({
          version: 1,
          responses,
        }))
      : post(signer, requests, options, { signal, keepalive })
  // A function may ignore its signal, and WebKit's fetch replaces the reason by an AbortError.
  const answer = await abortable<unknown>(asked, signal)
  try {
    return parseEachResponse(answer)
  } catch (error) {
    throw new CallFailure('signer-answer-invalid', { said: messageOf(error) })
  }
}

async function post(
  signer: string | URL,
  requests: SignerRequest[],
  { signerHeaders, signerCredentials = 'same-origin' }: SignerOptions,
  { signal, keepalive }: { signal: AbortSignal; keepalive: boolean },
): Promise<unknown> {
  const headers = new Headers(
    typeof signerHeaders === 'function' ? await signerHeaders() : signerHeaders,
  )
  headers.set('Content-Type', 'application/json')
  const body = JSON.stringify({ version: 1, requests })
  const isKept = keepalive && keptAlive + body.length <= MOST_KEPT_ALIVE
  const size = isKept ? body.length : 0
  keptAlive += size
  try {
    const init = { method: 'POST', headers, credentials: signerCredentials, body, signal }
    return await read(await fetch(signer, { ...init, keepalive: isKept }))
  } finally {
    keptAlive -= size
  }
}

async function read(response: Response): Promise<unknown> {
  const body = await readJson(response)
  if (!response.ok) throw failureOf(response, body)
  if (body !== undefined) return body
  const said = 'The answer is not JSON. Is it a page, such as a login form?'
  throw new CallFailure('signer-answer-invalid', { status: response.status, said })
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
