import { createHash } from 'node:crypto'
import { type FileSlice, readSlice } from './http-transfer.ts'

/** The MD5 of a part of a file, which is read piece by piece. */
export async function md5Of(slice: FileSlice, signal: AbortSignal): Promise<Buffer> {
  const hash = createHash('md5')
  if (slice.length > 0) {
    for await (const chunk of readSlice(slice)) {
      signal.throwIfAborted()
      hash.update(chunk)
    }
  }
  return hash.digest()
}

/** What the ETag of an object is that was put together from parts with these MD5s. */
export function etagOfParts(digests: Buffer[]): string {
  return `${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-${digests.length}`
}

/**
 * Compares an ETag with the MD5 of what was sent or received.
 *
 * @param expected 32 hexadecimal digits, or as {@link etagOfParts} makes it
 * @returns `undefined` where the ETag cannot tell: with some kinds of encryption it is no MD5
 */
export function compareEtag(headers: Headers, etag: string, expected: string): boolean | undefined {
  const plain = etag.replace(/^W\//, '').replaceAll('"', '').toLowerCase()
  if (plain === expected) return true
  const encryption = headers.get('x-amz-server-side-encryption') ?? 'AES256'
  const isOpaque =
    encryption !== 'AES256' ||
    headers.has('x-amz-server-side-encryption-customer-algorithm') ||
    headers.has('ibm-sse-kp-enabled')
  const isSameForm = expected.includes('-')
    ? plain.endsWith(expected.slice(expected.indexOf('-')))
    : /^[\da-f]{32}$/.test(plain)
  return isOpaque || !isSameForm ? undefined : false
}
