import type { NewObject, RequestContext } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'
import { openBucket } from '../sign/bucket-client.ts'

/**
 * Looks whether an object is there as it was allowed, and tells `onUploaded`. Not where neither is
 * needed: where a key is that of one file, what is there can only be that file.
 *
 * @throws {SignerError} `upload-incomplete` where it is not; `internal-error` when the bucket fails; or
 *   as the hook refuses
 */
export async function confirmUpload(context: RequestContext, object: NewObject): Promise<void> {
  if (!context.settings.onUploaded && !object.shared) return
  const bucket = openBucket(context.settings)
  const head = { operation: 'HeadObject', method: 'HEAD', key: object.key } as const
  const answer = await bucket.ask(head)
  if (answer.problem !== undefined && answer.status !== 404) throw bucket.refusal(head, answer)
  await notifyUploaded(context, object, answer)
}

/**
 * Tells `onUploaded` about an object, if a HEAD has confirmed its size and its type.
 *
 * @throws {SignerError} `upload-incomplete` where it does not; or as the hook refuses
 */
export async function notifyUploaded(
  { settings, user }: RequestContext,
  { key, name, size, type, shared }: NewObject,
  { status, headers }: { status: number; headers: Headers },
): Promise<void> {
  if (!settings.onUploaded && !shared) return
  const isRight =
    status < 300 &&
    headers.get('Content-Length') === String(size) &&
    plain(headers.get('Content-Type') ?? '') === plain(type)
  if (!isRight) {
    throw new SignerError(
      'upload-incomplete',
      'The bucket does not have the file as it was signed.',
    )
  }
  const etag = (headers.get('ETag') ?? '').replaceAll('"', '')
  await settings.onUploaded?.({ key, file: { name, size, type }, etag, user: user ?? undefined })
}

/** Some servers change case and white space. */
function plain(type: string): string {
  return type.replace(/\s+/g, '').toLowerCase()
}
