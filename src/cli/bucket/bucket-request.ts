import type { Bucket } from '../../server/index.ts'
import { keysOf, type SignOptions, signAny } from '../../server/internal.ts'
import { type Answer, explainFailure } from './bucket-errors.ts'
import { isTemporary, pause, TRIES } from './retry.ts'

/** Milliseconds for one request. */
const LIMIT = 30_000

/** As the signal, but also after the time that a short request may take. */
export function withLimit(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(LIMIT)])
}

/** A short request to the bucket, or to an object in it. */
export interface BucketRequest
  extends Partial<Pick<SignOptions, 'key' | 'query' | 'headers'>>,
    Pick<SignOptions, 'method'> {
  body?: string
  /** The moment of signing; now, by default. */
  now?: Date
  /** Lifetime of the URL in seconds; five minutes by default. */
  expiresIn?: number
}

/**
 * Sends a short request through a presigned URL, and reads the answer, whatever it is.
 *
 * @throws {CliError} `bucket-unreachable`
 */
export async function ask(
  bucket: Bucket,
  request: BucketRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const { method, key = '', query = {}, headers = {}, body } = request
  const { expiresIn = 300, now = new Date() } = request
  const options = { method, key, query, headers, expiresIn, now }
  const { url } = signAny(bucket, await keysOf(bucket, now), options)
  try {
    const init = {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    } as const
    const answer = await fetch(url, { ...init, signal: withLimit(signal) })
    return { status: answer.status, headers: answer.headers, body: await answer.text() }
  } catch (error) {
    signal.throwIfAborted()
    throw explainFailure(error, bucket.endpoint)
  }
}

/**
 * As {@link ask}, with a few tries where the line or the bucket is out of order. Only for what may be
 * done twice.
 *
 * @throws {CliError} `bucket-unreachable`
 */
export async function askAgain(
  bucket: Bucket,
  request: BucketRequest,
  signal: AbortSignal,
): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await ask(bucket, request, signal)
      if (tries >= TRIES || !isTemporary(answer)) return answer
    } catch (error) {
      signal.throwIfAborted()
      if (tries >= TRIES) throw error
    }
    await pause(tries, signal)
  }
}
