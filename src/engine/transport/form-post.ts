import { base64ToHex } from '../../util/hex.ts'
import { TransferError, xmlText } from './transport.ts'

/** What {@link postForm} sends. */
export interface FormPost {
  /** Absolute URL. */
  url: string
  /** What goes before the file. */
  fields: Record<string, string>
  body: Blob
  /** Of the body in base64, where it is known. */
  md5: string | undefined
  /** How long it may take, in ms. */
  timeout: number
  signal: AbortSignal
}

/**
 * Up to so many bytes a file goes as a form, if the signer can: nobody misses the progress of so few,
 * which a form cannot tell without a preflight.
 */
export const MOST_IN_FORM = 256 * 2 ** 10

/**
 * Stores a small file by a POST policy, in one round trip instead of two: the browser sends a form
 * without asking for leave first.
 *
 * @throws {TransferError} when it is not stored, or not as it was sent
 */
export async function postForm(post: FormPost): Promise<void> {
  const { url, fields, body, md5, timeout, signal } = post
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  // The last field: a bucket reads none after it. Its name has no meaning, unlike that of the user's file.
  form.append('file', body, 'file')
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
  const etag = /[0-9a-f]{32}/.exec(xmlText(answer, 'ETag'))?.[0]
  // An ETag of that form is the MD5, unless the bucket encrypts with keys of a key service.
  if (etag && md5 && etag !== base64ToHex(md5)) {
    throw new TransferError(400, '<Code>BadDigest</Code>')
  }
}

/** Whether it is worth trying at once as a PUT: not when the bucket or the line is in trouble. */
export function mayBePut(reason: unknown): boolean {
  if (!(reason instanceof TransferError) || reason.isDamaged) return false
  const { status } = reason
  return status === 0 ? navigator.onLine !== false : status < 500 && status !== 429
}
