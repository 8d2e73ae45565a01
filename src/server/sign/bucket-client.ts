import { isTemporary } from '../../s3/codes.ts'
import { rootOf, textOf } from '../../s3/xml.ts'
import type { Settings } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'
import { keysOf } from './access-keys.ts'
import { type SignOptions, signAny } from './presign.ts'

/** A request that the signer itself sends to the bucket. */
export interface BucketRequest extends Pick<SignOptions, 'method' | 'key' | 'headers' | 'query'> {
  /** Its name in the S3 API, for messages. */
  operation: string
  /** XML to send. */
  body?: string
  /** The outermost element of the XML that a good answer is. */
  expects?: RegExp
  /**
   * Whether each time it is carried out leaves something behind. It is then not sent again where the
   * answer was lost: it may have been heard.
   */
  leavesMore?: true
}

/** What the bucket answered, read to its end. */
export interface BucketAnswer {
  /** HTTP status, or 0 where there was no answer. */
  status: number
  headers: Headers
  body: string
  /** What went wrong, as a sentence for people that has no URL. Absent if all is well. */
  problem?: string
  /** The S3 code of what went wrong, if the bucket named one. */
  code?: string
}

/** Sends requests to the bucket for one operation of the signer, within one time limit. */
export interface BucketClient {
  /** Resolves with whatever the bucket answers, after a few tries if it is out of order. */
  ask(request: BucketRequest): Promise<BucketAnswer>
  /** Tells `onError` what went wrong, and makes the refusal for the client: an `internal-error`. */
  refusal(request: BucketRequest, answer: BucketAnswer): SignerError
}

/**
 * Milliseconds for all that one operation asks of the bucket. A browser waits for the signer for 30
 * seconds by default, and should rather be told.
 */
const DEADLINE = 20_000

/**
 * The same where parts are put together, for which a bucket may take minutes. A browser waits for
 * three.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export const COMPLETE_DEADLINE = 170_000

/** How often a request is sent again when the bucket is out of order. */
const RETRIES = 3

/** Milliseconds before the first retry, at most. Each further wait may be twice as long. */
const BACKOFF = 200

/** What requests to the bucket depend on. */
type ClientSettings = Pick<Settings, 'bucket' | 'uploadExpires' | 'fetch' | 'now' | 'onError'>

/** Begins an operation: its time limit runs from here. */
export function openBucket(settings: ClientSettings, deadline = DEADLINE): BucketClient {
  const signal = AbortSignal.timeout(deadline)
  return {
    async ask(request) {
      for (let attempt = 0; ; attempt += 1) {
        const answer = await send(settings, request, signal, deadline)
        if (attempt === RETRIES || signal.aborted || !mayTryAgain(answer)) return answer
        if (request.leavesMore && isLost(answer)) return answer
        // All the copies of a signer that a busy bucket sends away must not come back together.
        await wait(BACKOFF * 2 ** attempt * (0.5 + Math.random() / 2))
      }
    },
    refusal({ operation }, { status, problem = 'The bucket gave an answer that makes no sense.' }) {
      settings.onError(new Error(`${operation}, HTTP status ${status}: ${problem}`))
      return new SignerError('internal-error', problem)
    },
  }
}

async function send(
  settings: ClientSettings,
  request: BucketRequest,
  signal: AbortSignal,
  deadline: number,
): Promise<BucketAnswer> {
  const { method, key, headers = {}, query = {}, body } = request
  const { bucket, uploadExpires: expiresIn } = settings
  const now = settings.now()
  const keys = await keysOf(bucket, now)
  const { url } = signAny(bucket, keys, { method, key, headers, query, expiresIn, now })
  try {
    const response = await settings.fetch(url, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/xml' }) },
      ...(body === undefined ? {} : { body }),
      // Followed, a POST would become a GET. What redirects is set up with a wrong region.
      redirect: 'manual',
      signal,
    })
    return judge(request, response, await response.text())
  } catch (error) {
    const problem = signal.aborted
      ? `The bucket did not answer within ${deadline / 1000} seconds.`
      : `The bucket cannot be reached${causeOf(error)}.`
    return { status: 0, headers: new Headers(), body: '', problem }
  }
}

/**
 * Finds what is wrong with an answer. A status of 200 is not enough: while a bucket puts parts
 * together it has sent that already, and an error can only come in the body.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
function judge({ expects }: BucketRequest, response: Response, body: string): BucketAnswer {
  const { status, headers, ok } = response
  const root = rootOf(body)
  if (ok && (expects?.test(root) ?? true)) return { status, headers, body }
  const [code] = root === 'Error' ? (/^\w{1,64}$/.exec(textOf(body, 'Code')) ?? []) : []
  if (code) return { status, headers, body, code, problem: `The bucket answered ${code}.` }
  if (!ok) return { status, headers, body, problem: `The bucket answered with status ${status}.` }
  return { status, headers, body, problem: 'The bucket gave an answer that makes no sense.' }
}

/** An answer with nothing in it counts too: asked again, the bucket says what became of it. */
function mayTryAgain({ status, problem, code = '', body }: BucketAnswer): boolean {
  if (problem === undefined || status === 501) return false
  if (status === 0 || status === 429 || status >= 500) return true
  return isTemporary(code) || (status < 300 && body.trim() === '')
}

/** Whether the bucket may have done what it was asked, though it did not say so. */
export function isLost({ status, body }: BucketAnswer): boolean {
  return status === 0 || (status < 300 && body.trim() === '')
}

/** Only a code such as ECONNREFUSED: the message of a failed fetch has the URL in some runtimes. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined
  const code = /^\w{1,64}$/.exec(String(cause?.code ?? ''))
  return code ? ` (${code[0]})` : ''
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
