import type {
  CreateRequest,
  FileDescription,
  SignedPart,
  SignedResponse,
} from '../../protocol/index.ts'
import { planPartSize, planStream } from '../../s3/part-size.ts'
import { textOf } from '../../s3/xml.ts'
import type { MultipartGrant, RequestContext } from '../api/context.ts'
import { type BucketClient, type BucketRequest, isLost, openBucket } from '../sign/bucket-client.ts'
import { MULTIPART_GRANT_LIFE } from '../sign/grant.ts'
import { withUnkeptTag } from '../unkept/tag.ts'
import { findUploads } from './abort.ts'
import { findStored } from './conditional-write.ts'
import { type ChosenObject, newObject, orGive, reserveAndNotify } from './new-object.ts'
import { storedHeaders } from './object-headers.ts'
import { partCount, signPart, sizeOfPart } from './part.ts'

/** How many parts a browser sends at a time. */
const CONNECTIONS = 6

/**
 * `create`: begins a multipart upload.
 *
 * "The signer asks the bucket itself, since its grant has to say which upload it is for." For `again`:
 * "an earlier try may have been heard; answer with the upload that it began". A file without a size is a
 * stream: all but its length is checked as for a file of the most bytes that it may have.
 *
 * @see docs/signer-protocol.md, "create"
 * @throws {SignerError} when the file or its key is refused; `internal-error` when the bucket fails
 */
export async function answerCreate(
  context: RequestContext,
  request: CreateRequest,
): Promise<SignedResponse> {
  const { file, ...cut } = planUpload(context, request)
  const { object, hasId } = await newObject(context, { ...request, file })
  await findStored(context, object)
  await reserveAndNotify(context, object, { meta: request.meta, lease: MULTIPART_GRANT_LIFE })
  return orGive(context, object, () => begin(context, request, { object, hasId, cut }))
}

async function begin(
  context: RequestContext,
  request: CreateRequest,
  { object, hasId, cut }: ChosenObject & { cut: Cut },
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
      ...withUnkeptTag(settings, await storedHeaders(context, object, request.meta)).all,
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
  const { key } = object
  const { partSize, maxSize } = cut
  const grant: MultipartGrant = {
    ...{ purpose: 'multipart', ...object, uploadId, partSize, expires, ...checksum },
    ...(maxSize === undefined ? {} : { isStream: true }),
    ...(mayFind.before && { isAgain: true }),
  }
  const parts = signFirstParts(context, grant, request)
  return {
    id: request.id,
    key,
    uploadId,
    grant: settings.grants.issue(grant, user),
    expiresAt: new Date(expires * 1000).toISOString(),
    ...cut,
    comparesParts: true,
    ...(object.encoding ? { encoding: object.encoding } : {}),
    ...(parts.length > 0 ? { parts } : {}),
    ...checksum,
  }
}

/** How a file is cut into parts, and for a stream the most bytes that it may have. */
interface Cut {
  partSize: number
  maxSize?: number
}

/** The file with a size, and how it is cut. */
function planUpload(
  { settings, limits }: RequestContext,
  { file, partSize: wish }: CreateRequest,
): Cut & { file: FileDescription } {
  const { partRules, lanes = [] } = settings.bucket
  if (file.size === undefined) {
    const { partSize, maxSize } = planStream(limits.maxSize, partRules)
    return { file: { ...file, size: maxSize }, partSize, maxSize }
  }
  // Twice as many parts go evenly by two, three or four lanes.
  const round = lanes.length > 0 ? 2 * CONNECTIONS : CONNECTIONS
  return {
    file: { ...file, size: file.size },
    partSize: planPartSize(file.size, partRules, round, wish),
  }
}

/** The parts that the browser sends first, so that it need not ask for them. Without their checksums. */
function signFirstParts(
  context: RequestContext,
  grant: MultipartGrant,
  { signParts = 0 }: CreateRequest,
): SignedPart[] {
  const isUnknown = grant.checksum || grant.isStream
  const count = isUnknown ? 0 : Math.min(signParts, CONNECTIONS, partCount(grant))
  return Array.from({ length: count }, (_, index) => {
    const partNumber = index + 1
    const size = sizeOfPart(grant, partNumber)
    return { partNumber, ...signPart(context, grant, { partNumber, size }, {}) }
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
  const findUpload = async () => (await findUploads(bucket, create.key))[0]
  const found = mayFind.before && (await findUpload())
  if (found) return found
  const answer = await bucket.ask(create)
  const uploadId = answer.problem === undefined ? textOf(answer.body, 'UploadId') : ''
  if (uploadId !== '') return uploadId
  // The answer was lost, but the bucket may have begun the upload, which would then stay for ever.
  const begun = isLost(answer) && mayFind.after && (await findUpload())
  if (begun) return begun
  throw bucket.refusal(create, answer)
}
