import type { ChecksumAlgorithm, CompletedPart, Digests } from '../../protocol/index.ts'

/**
 * Whether the bucket has other parts than the client says it has sent: another client has written
 * one, or one was damaged on its way to a bucket that checks nothing.
 *
 * Some settings make the ETag of a part something else than its MD5 (encryption by KMS is one), for
 * all parts alike: so only where one ETag is the MD5 are the others expected to be.
 *
 * @param stored as the bucket lists them, from 1 on
 * @param sent what the client says of part 1, 2 and so on; what is missing is not compared
 */
export function partsDiffer(
  stored: readonly CompletedPart[],
  sent: readonly Digests[],
  checksum: ChecksumAlgorithm | undefined,
): boolean {
  const pairs = stored.map((part, index) => ({ part, digests: sent[index] ?? {} }))
  const compared = pairs.filter(({ digests }) => digests.md5 !== undefined)
  const equal = compared.filter(({ part, digests }) => isMd5(part.etag, digests.md5 ?? ''))
  if (equal.length > 0 && equal.length < compared.length) return true
  return pairs.some(({ part, digests }) => {
    const [is, should] = checksum ? [part[checksum], digests[checksum]] : []
    return is && should && is !== should
  })
}

function isMd5(etag: string, md5: string): boolean {
  return etag.replaceAll('"', '').toLowerCase() === toHex(md5)
}

/** A value that is no base64 equals nothing. */
function toHex(base64: string): string {
  try {
    const digits = Array.from(atob(base64), (char) => char.charCodeAt(0).toString(16))
    return digits.map((digit) => digit.padStart(2, '0')).join('')
  } catch {
    return ''
  }
}
