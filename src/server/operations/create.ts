import type { CreateRequest, SignedPart, SignedResponse } from '../../protocol/index.ts'
import { planPartSize } from '../../s3/part-size.ts'
import { elements, textOf } from '../../s3/xml.ts'
import type { MultipartGrant, RequestContext } from '../api/context.ts'
import { type BucketClient, type BucketRequest, isLost, openBucket } from '../sign/bucket-client.ts'
import { MULTIPART_GRANT_LIFE } from '../sign/grant.ts'
import { findStored } from './conditional-write.ts'
import { type ChosenObject, newObject, orGive, reserveAndNotify } from './new-object.ts'
import { partCount, signPart } from './part.ts'
import { storedHeaders } from './stored-headers.ts'

/** How many parts a browser sends at a time. */
const CONNECTIONS = 6

/**
 * `create`: begins a multipart upload.
 *
 * "The signer asks the bucket itself, since its grant has to say which upload it is for." For `again`:
 * "an earlier try may have been heard; answer with the upload that it began".
 *
 * @see docs/signer-protocol.md, "create"
 * @throws {SignerError} when the file or its key is refused; `internal-error` when the bucket fails
 */
export async function answerCreate(
  context: RequestContext,
  request: CreateRequest,
): Promise<SignedResponse> {
  const { object, hasId } = await newObject(context, request)
  await findStored(context, object)
  await reserveAndNotify(context, object, { meta: request.meta, lease: MULTIPART_GRANT_LIFE })
  return orGive(context, object, () => begin(context, request, { object, hasId }))
}

async function begin(
  context: RequestContext,
  request: CreateRequest,
  { object, hasId }: ChosenObject,
): Promise<SignedResponse> {
  const { settings, user, now } = context
  const checksum = settings.checksum && { checksum: settings.checksum }
  const create: BucketRequest = {
    operation: 'CreateMultipartUpload',
    method: 'POST',
    key: object.key,
    // Keeps its "=": without it Storj rejects the signature.
    query: { uploads: '' },
    headers: {
      'Content-Type': object.type,
      ...(await storedHeaders(context, object, request.meta)).all,
      ...(checksum && { 'x-amz-checksum-algorithm': checksum.checksum.toUpperCase() }),
    },
    expects: /^InitiateMultipartUploadResult$/,
    leavesMore: true,
  }
  const mayFind = {
    before: hasId && request.again === true && request.nonce !== undefined,
    after: hasId,
  }
  const uploadId = await startUpload(openBucket(settings), create, mayFind)
  const expires = Math.floor(now.getTime() / 1000) + MULTIPART_GRANT_LIFE
  const { partRules, lanes = [] } = settings.bucket
  // Twice as many parts go evenly by two, three or four lanes.
  const round = lanes.length > 0 ? 2 * CONNECTIONS : CONNECTIONS
  const partSize = planPartSize(object.size, partRules, round, request.partSize)
  const { key } = object
  const grant: MultipartGrant = {
    ...{ purpose: 'multipart', ...object, uploadId, partSize, expires, ...checksum },
  }
  const parts = signFirstParts(context, grant, request)
  return {
    id: request.id,
    key,
    uploadId,
    grant: settings.grants.issue(grant, user),
    expiresAt: new Date(expires * 1000).toISOString(),
    partSize,
    comparesParts: true,
    ...(parts.length > 0 ? { parts } : {}),
    ...checksum,
  }
}

/** The parts that the browser sends first, so that it need not ask for them. Without their checksums. */
function signFirstParts(
  context: RequestContext,
  grant: MultipartGrant,
  { signParts = 0 }: CreateRequest,
): SignedPart[] {
  const count = grant.checksum ? 0 : Math.min(signParts, CONNECTIONS, partCount(grant))
  return Array.from({ length: count }, (_, index) => {
    const partNumber = index + 1
    return { partNumber, ...signPart(context, grant, partNumber, {}) }
  })
}

/**
 * Begins an upload, or finds the one that an earlier try has begun. If another file may have the same
 * key, even only one of the same batch, an upload under way may be of another size or type, so none is
 * looked for.
 *
 * @param mayFind whether an earlier try may have begun the upload, and whether this one may
 */
async function startUpload(
  bucket: BucketClient,
  create: BucketRequest,
  mayFind: { before: boolean; after: boolean },
): Promise<string> {
  const found = mayFind.before ? await findUpload(bucket, create.key) : ''
  if (found !== '') return found
  const answer = await bucket.ask(create)
  const uploadId = answer.problem === undefined ? textOf(answer.body, 'UploadId') : ''
  if (uploadId !== '') return uploadId
  // The answer was lost, but the bucket may have begun the upload, which would then stay for ever.
  const begun = isLost(answer) && mayFind.after ? await findUpload(bucket, create.key) : ''
  if (begun !== '') return begun
  throw bucket.refusal(create, answer)
}

/**
 * The upload that an earlier try began for this key, or "". The answer to that try was lost, and
 * without this the upload would be left behind for ever. A bucket that cannot list uploads has none.
 */
async function findUpload(bucket: BucketClient, key: string): Promise<string> {
  const { body, problem } = await bucket.ask({
    operation: 'ListMultipartUploads',
    method: 'GET',
    key: '',
    query: { uploads: '', prefix: key },
  })
  if (problem !== undefined) return ''
  const uploads = elements(body, 'Upload').filter((xml) => textOf(xml, 'Key') === key)
  return textOf(uploads[0] ?? '', 'UploadId')
}
