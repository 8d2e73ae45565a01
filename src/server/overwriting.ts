import { type BucketClient, openBucket } from './bucket-client.ts'
import type { Call } from './call.ts'
import { SignerError } from './signer-error.ts'

/** Has the bucket refuse to replace an object. */
export const IF_NEW = { 'If-None-Match': '*' }

/**
 * The header that keeps an object from being replaced; none where that is allowed. Looks first whether
 * there is one, so that nobody uploads for hours to hear it then. The bucket has the last word.
 *
 * @param md5 of a further try of the same upload, in base64: an earlier one may have stored it, and
 *   the same bytes may then be stored again
 * @throws {SignerError} `already-exists`
 */
export async function unlessTaken(
  { settings }: Call,
  key: string,
  md5?: string,
): Promise<Record<string, string>> {
  if (settings.overwrite) return {}
  const etag = await etagOf(openBucket(settings), key)
  if (etag === undefined) return IF_NEW
  if (md5 !== undefined && etag === hexOf(md5)) return {}
  throw alreadyExists()
}

/** The ETag of an object, or `undefined` where there is none, or where the access key may not tell. */
export async function etagOf(bucket: BucketClient, key: string): Promise<string | undefined> {
  const answer = await bucket.ask({ operation: 'HeadObject', method: 'HEAD', key })
  if (answer.problem !== undefined) return undefined
  return (answer.headers.get('ETag') ?? '').replaceAll('"', '')
}

export function alreadyExists(): SignerError {
  return new SignerError('already-exists', 'There is a file of this name already.')
}

function hexOf(base64: string): string {
  const digits = Array.from(atob(base64), (byte) =>
    byte.charCodeAt(0).toString(16).padStart(2, '0'),
  )
  return digits.join('')
}
