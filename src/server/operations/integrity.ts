import type { ChecksumAlgorithm, Digests } from '../../protocol/index.ts'
import { SignerError } from '../api/signer-error.ts'

/** How long each value is, in bytes. */
const LENGTHS: Record<keyof Digests, number> = {
  md5: 16,
  crc32: 4,
  crc32c: 4,
  crc64nvme: 8,
  sha1: 20,
  sha256: 32,
}

/**
 * The header that makes the bucket compare what it gets with the MD5 of what was meant; none without
 * an MD5.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1864 for the form
 * @throws {SignerError} `bad-request` for a value that cannot be one
 */
export function contentMd5(digests: Digests): Record<string, string> {
  const md5 = readDigest(digests, 'md5')
  return md5 === undefined ? {} : { 'Content-MD5': md5 }
}

/**
 * The header with the checksum that is needed; none where none is. In a form it is a field.
 *
 * @throws {SignerError} `checksum-needed`, or `bad-request` for a value that cannot be one
 */
export function checksumHeader(
  digests: Digests,
  needed: ChecksumAlgorithm | undefined,
): Record<string, string> {
  if (needed === undefined) return {}
  const checksum = readDigest(digests, needed)
  if (checksum !== undefined) return { [`x-amz-checksum-${needed}`]: checksum }
  const message = `The bytes need a checksum: send "${needed}".`
  throw new SignerError('checksum-needed', message, { checksum: needed })
}

/**
 * A value as it was sent, of the right form.
 *
 * @throws {SignerError} `bad-request`
 */
export function readDigest(digests: Digests, name: keyof Digests): string | undefined {
  const value = digests[name]
  if (value === undefined || lengthOf(value) === LENGTHS[name]) return value
  const message = `"${name}" must be the ${LENGTHS[name]} bytes of it in base64.`
  throw new SignerError('bad-request', message)
}

/** How many bytes a text in base64 stands for; `undefined` unless it is written as it should be. */
function lengthOf(base64: string): number | undefined {
  try {
    const bytes = atob(base64)
    return btoa(bytes) === base64 ? bytes.length : undefined
  } catch {
    return undefined
  }
}
