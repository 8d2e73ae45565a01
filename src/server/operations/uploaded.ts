import type { SignedResponse } from '../../protocol/index.ts'
import type { NewObject, RequestContext } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'
import { keepClaim } from '../rules/claims.ts'
import { openBucket } from '../sign/bucket-client.ts'
import { discardGrantOf } from './discard.ts'
import { beginProcessing, dataOf } from './status.ts'

/**
 * Whether the bucket is asked for a file before its page gets a link or a receipt. Not where a key is
 * that of one file, and nobody wants to know: what is there can only be that file.
 */
export function isConfirmed({ settings }: RequestContext, { shared }: NewObject): boolean {
  const { onUploaded, receiptExpires, discardExpires } = settings
  return Boolean(onUploaded || receiptExpires || discardExpires || shared || isInAll(settings))
}

/** Limits in all: what nobody has seen in the bucket would have to be remembered for ever. */
function isInAll({ counting }: RequestContext['settings']): boolean {
  return counting?.limits.some(({ window }) => window === undefined) ?? false
}

/**
 * What a page gets of a file that is in the bucket as it was allowed: what states that, what takes it back, what
 * the site has told, and if the site goes on with it, the grant to ask about that.
 */
export type Proofs = Pick<
  SignedResponse,
  'receipt' | 'discardGrant' | 'data' | 'processing' | 'grant'
>

/**
 * Looks whether an object is there as it was allowed, and tells `onUploaded`, where that is needed.
 *
 * @returns what the page gets for it, if there is any of it
 * @throws {SignerError} `upload-incomplete` where it is not; `internal-error` when the bucket fails; or
 *   as the hook refuses
 */
export async function confirmUpload(context: RequestContext, object: NewObject): Promise<Proofs> {
  if (!isConfirmed(context, object)) return {}
  const bucket = openBucket(context.settings)
  const head = { operation: 'HeadObject', method: 'HEAD', key: object.key } as const
  const answer = await bucket.ask(head)
  if (answer.problem !== undefined && answer.status !== 404) throw bucket.refusal(head, answer)
  return notifyUploaded(context, object, answer)
}

/**
 * Tells `onUploaded` about an object, if a HEAD has confirmed its size and its type.
 *
 * @returns what the page gets for it, if there is any of it
 * @throws {SignerError} `upload-incomplete` where it does not; or as the hook refuses
 */
export async function notifyUploaded(
  context: RequestContext,
  uploaded: NewObject,
  { status, headers }: { status: number; headers: Headers },
): Promise<Proofs> {
  if (!isConfirmed(context, uploaded)) return {}
  const { settings, call } = context
  const { key, name, size, type } = uploaded
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
  if (settings.counting) await keepClaim(context, uploaded)
  const etag = (headers.get('ETag') ?? '').replaceAll('"', '')
  const object = { ...call, key, file: { name, size, type }, etag }
  const { data, processing } = (await settings.onUploaded?.(object)) ?? {}
  return {
    ...receiptOf(context, { key, name, etag, headers }),
    ...dataOf('onUploaded', data),
    // What is worked on can be taken back once that is over.
    ...(processing
      ? beginProcessing(context, uploaded, processing, headers)
      : discardGrantOf(context, uploaded, headers)),
  }
}

/** States what the bucket has said. */
function receiptOf(
  { settings, call, now }: RequestContext,
  { key, name, etag, headers }: { key: string; name: string; etag: string; headers: Headers },
): Proofs {
  const { receiptExpires, bucket, receipts } = settings
  if (receiptExpires === undefined) return {}
  const { user, route } = call
  const size = Number(headers.get('Content-Length'))
  const type = headers.get('Content-Type') ?? ''
  const statement = { bucket: bucket.bucket, key, name, size, type, etag, user, route }
  const expires = Math.floor(now.getTime() / 1000) + receiptExpires
  return { receipt: receipts.issue(statement, expires) }
}

/** Some servers change case and white space. */
function plain(type: string): string {
  return type.replace(/\s+/g, '').toLowerCase()
}
