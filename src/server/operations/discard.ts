import type { DiscardRequest, SignedResponse } from '../../protocol/index.ts'
import { unquote } from '../../s3/complete-xml.ts'
import type { FileGrant, NewObject, RequestContext, StoredVersion } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'
import { openBucket } from '../sign/bucket-client.ts'
import { GRANT_LIFE, MULTIPART_GRANT_LIFE } from '../sign/grant.ts'
import { isUnkept } from '../unkept/tag.ts'

/**
 * The grant by which the person who has uploaded a file can take it back.
 *
 * @param headers of the HEAD that has found the object
 * @returns none where nothing can be taken back
 */
export function discardGrantOf(
  context: RequestContext,
  object: NewObject,
  headers: Headers,
): { discardGrant?: string } {
  const stored = discardable(context, object, headers)
  return stored ? issue(context, object.key, stored) : {}
}

/**
 * As {@link discardGrantOf}, for a file that the site has worked on. It costs a HEAD, since the work may have
 * put something else in its place, which is not the person's to remove.
 */
export async function discardGrantAfter(
  context: RequestContext,
  { key, stored, expires }: FileGrant,
): Promise<{ discardGrant?: string }> {
  const { settings, now } = context
  if (stored === undefined || settings.discardExpires === undefined) return {}
  // The grant for `status` lives for a week: too long to take back what a site has come to rely on.
  const end = expires - MULTIPART_GRANT_LIFE + GRANT_LIFE
  if (end * 1000 <= now.getTime()) return {}
  const head = { operation: 'HeadObject', method: 'HEAD', key } as const
  const { headers } = await openBucket(settings).ask(head)
  return isSame(versionOf(headers), stored) ? issue(context, key, stored) : {}
}

/**
 * What tells an object that can be taken back from others. `undefined` where it cannot be: also at a key that
 * other files may have, unless the bucket keeps versions. Between a look at the bucket and the removal another
 * one may be stored there.
 */
export function discardable(
  { settings }: RequestContext,
  { shared }: NewObject,
  headers: Headers,
): StoredVersion | undefined {
  const stored = versionOf(headers)
  if (settings.discardExpires === undefined || stored.etag === '') return undefined
  return shared && stored.version === undefined ? undefined : stored
}

function issue({ settings, user, now }: RequestContext, key: string, stored: StoredVersion) {
  const expires = Math.floor(now.getTime() / 1000) + (settings.discardExpires ?? 0)
  const grant = { purpose: 'discard' as const, key, ...stored, expires }
  return { discardGrant: settings.grants.issue(grant, user) }
}

/**
 * `discard`: removes the object that a grant was written for, and no other that is at its key by now.
 *
 * An object that is gone already is as good as removed.
 *
 * @see docs/signer-protocol.md, "discard"
 * @throws {SignerError} `unsupported-op` where nothing can be taken back; `invalid-grant`, also if another
 *   object is there; `forbidden` once it was kept; `internal-error` when the bucket fails; or as the hook refuses
 */
export async function answerDiscard(
  context: RequestContext,
  request: DiscardRequest,
): Promise<SignedResponse> {
  const { settings, call } = context
  if (settings.discardExpires === undefined) {
    throw new SignerError('unsupported-op', 'This signer removes no files.')
  }
  const grant = settings.grants.read(request.grant, context, 'discard')
  const { key, etag, version } = grant
  const bucket = openBucket(settings)
  const place = { key, ...(version === undefined ? {} : { query: { versionId: version } }) }
  const head = { operation: 'HeadObject', method: 'HEAD', ...place } as const
  const there = await bucket.ask(head)
  if (there.status === 404) return { id: request.id }
  if (there.problem !== undefined) throw bucket.refusal(head, there)
  if (!isSame(versionOf(there.headers), grant)) throw replaced()
  if (settings.expireUnkept && !(await isUnkept(bucket, place))) {
    throw new SignerError('forbidden', 'The file was kept, and can no longer be taken back.')
  }
  await settings.onDiscard?.({ ...call, key, etag })
  // For buckets that know the condition: then nothing can come in between.
  const headers = { 'If-Match': `"${etag}"` }
  const remove = { operation: 'DeleteObject', method: 'DELETE', headers, ...place } as const
  const answer = await bucket.ask(remove)
  if (answer.status === 412) throw replaced()
  if (answer.problem !== undefined && answer.status !== 404) throw bucket.refusal(remove, answer)
  return { id: request.id }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html for the headers */
function versionOf(headers: Headers): StoredVersion {
  const version = headers.get('x-amz-version-id')
  return {
    etag: unquote(headers.get('ETag') ?? ''),
    modified: headers.get('Last-Modified') ?? '',
    // What was stored before a bucket has kept versions has the version "null", which is replaced.
    ...(version === null || version === 'null' ? {} : { version }),
  }
}

function isSame(one: StoredVersion, other: StoredVersion): boolean {
  return one.etag === other.etag && one.modified === other.modified && one.version === other.version
}

function replaced(): SignerError {
  return new SignerError('invalid-grant', 'Another file is there by now.')
}
