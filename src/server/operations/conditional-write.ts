import { toHex } from '../../util/bytes.ts'
import type { NewObject, RequestContext } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'
import { type BucketClient, openBucket } from '../sign/bucket-client.ts'

/** Has the bucket refuse to replace an object. */
export const IF_NONE_MATCH = { 'If-None-Match': '*' }

/** An object that an earlier try of the same upload has stored. */
export interface StoredBefore {
  etag: string
}

/**
 * Looks whether there is an object already, where none may be replaced, so that no upload takes hours
 * to be refused. The bucket has the last word.
 *
 * @param again a further try of the same upload, which an earlier one may have stored: its MD5 in base64.
 *   Where the client knows none, a key that no other file has is proof enough
 * @returns what is there from an earlier try; `undefined` where the upload may go on
 * @throws {SignerError} `already-exists`
 */
export async function findStored(
  { settings }: RequestContext,
  { key, size, shared }: Pick<NewObject, 'key' | 'size' | 'shared'>,
  again?: { md5: string | undefined },
): Promise<StoredBefore | undefined> {
  if (settings.overwrite) return undefined
  const bucket = openBucket(settings)
  const { problem, headers } = await bucket.ask({ operation: 'HeadObject', method: 'HEAD', key })
  if (problem !== undefined) return undefined
  const etag = unquoted(headers)
  // With a key of a KMS an ETag is no MD5, though it looks like one.
  const isOpaque = headers.get('x-amz-server-side-encryption')?.startsWith('aws:kms')
  const isSame = isOpaque || again?.md5 === undefined ? !shared : etag === hexOf(again.md5)
  if (again && isSame && headers.get('Content-Length') === String(size)) return { etag }
  throw alreadyExists()
}

/** The ETag of an object, or `undefined` where there is none, or where the access key may not tell. */
export async function etagOf(bucket: BucketClient, key: string): Promise<string | undefined> {
  const answer = await bucket.ask({ operation: 'HeadObject', method: 'HEAD', key })
  if (answer.problem !== undefined) return undefined
  return unquoted(answer.headers)
}

function unquoted(headers: Headers): string {
  return (headers.get('ETag') ?? '').replaceAll('"', '')
}

export function alreadyExists(): SignerError {
  return new SignerError('already-exists', 'There is a file of this name already.')
}

function hexOf(base64: string): string {
  return toHex(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))
}
