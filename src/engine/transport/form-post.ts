import { textOf } from '../../s3/xml.ts'
import { base64ToHex } from '../../util/hex.ts'
import { TransferError } from './transport.ts'

/** The form that {@link postForm} sends. */
export interface FormPost {
  /** Absolute URL. */
  url: string
  /** The fields before the file. */
  fields: Record<string, string>
  body: Blob
  /** Of the body, in base64, if it is known. */
  md5: string | undefined
  /** How long it may take, in ms. */
  timeout: number
  signal: AbortSignal
}

/**
 * Files up to this size are sent as a form, if the signer supports it. In bytes. A form reports no
 * progress without a preflight, and for so few bytes none is needed.
 */
export const MOST_IN_FORM = 256 * 2 ** 10

/** The name of the file in each form. Not the user's, which the bucket does not need. */
export const FORM_FILE_NAME = 'file'

/** The slowest line on which a form may take its time, in bytes a second for all requests together. */
const SLOWEST_LINE = 40_000

/**
 * How long a form may take, in ms: it has no progress by which a stall could be noticed.
 *
 * @param bytes of the file
 * @param limit how many requests share the line
 * @param stallTimeout how long a request may make no progress, in ms
 */
export function formTimeout(bytes: number, limit: number, stallTimeout: number): number {
  return Math.ceil(stallTimeout + ((bytes * limit) / SLOWEST_LINE) * 1000)
}

/**
 * Stores a small file with a POST policy, in one round trip instead of two: a form needs no preflight.
 *
 * @throws {TransferError} if it is not stored, or not as it was sent
 */
export async function postForm(post: FormPost): Promise<void> {
  const { url, fields, body, md5, timeout, signal } = post
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  // The last field: buckets ignore the ones after it.
  form.append('file', body, FORM_FILE_NAME)
  const response = await fetch(url, {
    method: 'POST',
    body: form,
    credentials: 'omit',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
  }).catch(() => undefined)
  const answer = await response?.text().catch(() => undefined)
  signal.throwIfAborted()
  if (!response || answer === undefined) throw new TransferError(0)
  if (!response.ok) throw new TransferError(response.status, answer)
  const etag = /[0-9a-f]{32}/.exec(textOf(answer, 'ETag'))?.[0]
  // Such an ETag is the MD5, unless the bucket encrypts with a key management service.
  if (etag && md5 && etag !== base64ToHex(md5)) {
    throw new TransferError(400, '<Code>BadDigest</Code>')
  }
}

/** Whether to try a PUT at once: not if the bucket or the connection has a problem. */
export function mayBePut(reason: unknown): boolean {
  if (!(reason instanceof TransferError) || reason.isDamaged) return false
  const { status } = reason
  return status === 0 ? navigator.onLine !== false : status < 500 && status !== 429
}
