import type { CompletedPart, CompleteRequest, SignedResponse } from '../../protocol/index.ts'
import { isGone } from '../../s3/codes.ts'
import { completeXml, unquote } from '../../s3/complete-xml.ts'
import type { MultipartGrant, RequestContext } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'
import { makeLink } from '../links/make-link.ts'
import { giveClaim, keepClaim, takeClaim } from '../rules/claims.ts'
import { checkLimits } from '../rules/limits.ts'
import {
  type BucketAnswer,
  type BucketClient,
  type BucketRequest,
  COMPLETE_DEADLINE,
  openBucket,
} from '../sign/bucket-client.ts'
import { GRANT_LIFE, MULTIPART_GRANT_LIFE } from '../sign/grant.ts'
import { addUnkeptTag } from '../unkept/tag.ts'
import { abortOthers } from './abort.ts'
import { partsDiffer } from './compare-parts.ts'
import { alreadyExists, etagOf, IF_NONE_MATCH } from './conditional-write.ts'
import { readDigest } from './integrity.ts'
import { partCount, sizeOfPart } from './part.ts'
import { GONE, isUploadGone, type ListedPart, listParts } from './parts.ts'
import { notifyUploaded } from './uploaded.ts'

/**
 * `complete`: makes one object of the parts.
 *
 * "A signer should ask the bucket for its list, and compare it with what was granted before it puts
 * anything together." So nothing has to be removed afterwards. "It can be asked again after a lost
 * answer, and must then answer the same."
 *
 * @see docs/signer-protocol.md, "complete"
 * @throws {SignerError} `invalid-grant`, `upload-incomplete`, `upload-gone`, `already-exists`;
 *   `parts-differ` if the parts are not what the client has sent; `parts-needed` if the bucket cannot
 *   list them; `bad-request`; `internal-error` when the bucket fails
 */
export async function answerComplete(
  context: RequestContext,
  request: CompleteRequest,
): Promise<SignedResponse> {
  const { settings, now, user } = context
  const grant = grantOf(context, request)
  checkLimits(grant, context.limits)
  const bucket = openBucket(settings, COMPLETE_DEADLINE)
  const done = await storeObject(context, bucket, grant, request)
  const head = await verifyObject(bucket, grant, done !== GONE).catch(async (error) => {
    // An abort came in between: nothing is stored, and nothing can be.
    if (settings.counting && error.code === 'upload-gone') await giveClaim(context, grant)
    throw error
  })
  await abortOthers(bucket, grant)
  if (settings.expireUnkept && done !== GONE) await addUnkeptTag(bucket, grant.key, head.headers)
  if (settings.counting) await keepClaim(context, grant)
  const proofs = await notifyUploaded(context, grant, head)
  const etag = unquote(head.headers.get('ETag') ?? '')
  const { key, name, type, size, shared, claim } = grant
  const expires = Math.floor(now.getTime() / 1000) + GRANT_LIFE
  const rest = { ...(shared ? { shared } : {}), ...(claim ? { claim } : {}) }
  const object = { key, name, type, size, ...rest }
  const granted = { purpose: 'file' as const, done: true as const, ...object, expires }
  const known = { id: request.id, key, ...(etag === '' ? {} : { etag }), ...proofs }
  if (proofs.processing) return known
  const link = await makeLink(context, { key, name, type })
  return { ...known, ...link, grant: settings.grants.issue(granted, user) }
}

/**
 * The grant, that of a stream with the size that it has in the end.
 *
 * @throws {SignerError} `invalid-grant`; for a stream `bad-request` without a size, and `too-large` for
 *   one that is more than was granted
 */
function grantOf(context: RequestContext, { grant: token, size = 0 }: CompleteRequest) {
  const grant = context.settings.grants.read(token, context, 'multipart')
  if (!grant.isStream) return grant
  if (size === 0) throw new SignerError('bad-request', 'A stream needs its size, above 0.')
  checkLimits({ ...grant, size }, { minSize: 0, maxSize: grant.size, accept: [] })
  return { ...grant, size }
}

async function storeObject(
  context: RequestContext,
  bucket: BucketClient,
  grant: MultipartGrant,
  request: CompleteRequest,
): Promise<typeof GONE | undefined> {
  const parts = await findParts(bucket, grant, request)
  if (parts === GONE) return GONE
  const { key, uploadId } = grant
  const { overwrite, counting } = context.settings
  // It may have been given back: by the abort of another upload of the same file, for one.
  if (counting) await takeClaim(context, grant, MULTIPART_GRANT_LIFE)
  // Some servers, as Ceph, take the condition for a PUT and not for this.
  if (!overwrite && (await etagOf(bucket, key)) !== undefined) {
    throw await leaveOut(context, bucket, grant)
  }
  const complete: BucketRequest = {
    operation: 'CompleteMultipartUpload',
    method: 'POST',
    key,
    query: { uploadId },
    headers: overwrite ? {} : IF_NONE_MATCH,
    body: completeXml(checkedParts(parts, grant)),
    expects: /^CompleteMultipartUploadResult$/,
  }
  const answer = await bucket.ask(complete)
  if (answer.problem === undefined) return undefined
  if (isGone(answer.code)) return GONE
  // The condition fails also where an earlier try of this very request was carried out, and its answer
  // lost. To complete what it does not know is an InternalError to Ceph, however often it is asked.
  const isUnclear = answer.status === 412 || answer.status >= 500
  if (isUnclear && (await isUploadGone(bucket, grant))) return GONE
  if (answer.status === 412) throw await leaveOut(context, bucket, grant)
  // A part is missing, or is not the one with that ETag, which the client may have named.
  if (answer.code?.startsWith('InvalidPart')) throw request.parts ? differ() : incomplete()
  throw bucket.refusal(complete, answer)
}

/** Throws the parts away, with which nothing can be done any more. */
async function leaveOut(context: RequestContext, bucket: BucketClient, grant: MultipartGrant) {
  const { key, uploadId } = grant
  const query = { uploadId }
  await bucket.ask({ operation: 'AbortMultipartUpload', method: 'DELETE', key, query })
  if (context.settings.counting) await giveClaim(context, grant)
  return alreadyExists()
}

/**
 * The parts that are to be put together: as the bucket lists them. Only where it cannot list them they
 * are those that the client names; their sizes were signed.
 */
async function findParts(
  bucket: BucketClient,
  grant: MultipartGrant,
  request: CompleteRequest,
): Promise<CompletedPart[] | typeof GONE> {
  const listed = await listParts(bucket, grant)
  if (listed === GONE) return GONE
  const parts = listed ?? request.parts
  if (parts === undefined) {
    throw new SignerError('parts-needed', 'The bucket cannot list the parts: name them.')
  }
  const isWhole =
    parts.length === partCount(grant) &&
    parts.every((part, index) => part.partNumber === index + 1) &&
    (listed?.every(({ size, partNumber }) => size === sizeOfPart(grant, partNumber)) ?? true)
  if (!isWhole) throw incomplete()
  if (listed) comparePartsWith(request, listed, grant)
  return parts
}

/**
 * The parts as they go into the XML, with the checksum of the upload and no other.
 *
 * @throws {SignerError} `bad-request` for an ETag that cannot be one by RFC 9110, section 8.8.3: it
 *   could not be written as XML
 */
function checkedParts(parts: CompletedPart[], { checksum }: MultipartGrant): CompletedPart[] {
  return parts.map((part) => {
    const { partNumber } = part
    const etag = unquote(part.etag)
    if (!/^[!-~]{1,256}$/.test(etag)) {
      throw new SignerError('bad-request', 'One of the parts has an "etag" that cannot be one.')
    }
    const value = checksum && readDigest(part, checksum)
    return { partNumber, etag, ...(value ? { [checksum]: value } : {}) }
  })
}

/** Compares what the bucket has with what the client says it has sent. */
function comparePartsWith(
  { parts = [], digests = [] }: CompleteRequest,
  listed: ListedPart[],
  { checksum }: MultipartGrant,
): void {
  const etags = new Map(listed.map((part) => [part.partNumber, unquote(part.etag)]))
  const isOther = parts.some(({ partNumber, etag }) => etags.get(partNumber) !== unquote(etag))
  if (!isOther && !partsDiffer(listed, digests, checksum)) return
  throw differ()
}

/**
 * Looks at the object that came of it.
 *
 * @param stored whether this call stored it; otherwise it must be there from an earlier one
 * @returns what the bucket says about it
 */
async function verifyObject(
  bucket: BucketClient,
  { key, size }: MultipartGrant,
  stored: boolean,
): Promise<BucketAnswer> {
  const head = { operation: 'HeadObject', method: 'HEAD', key } as const
  const answer = await bucket.ask(head)
  const length = answer.headers.get('Content-Length') ?? ''
  if (answer.problem === undefined && length === String(size)) return answer
  if (!stored && (answer.status === 404 || answer.problem === undefined)) {
    throw new SignerError('upload-gone', 'The upload does not exist any more. Start it again.')
  }
  if (answer.problem !== undefined || length === '') throw bucket.refusal(head, answer)
  throw incomplete()
}

function differ(): SignerError {
  return new SignerError('parts-differ', 'The parts that are stored are not those that were sent.')
}

function incomplete(): SignerError {
  const message = 'The parts that were stored do not make up the file.'
  return new SignerError('upload-incomplete', message)
}
