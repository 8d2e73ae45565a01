import type {
  AbortRequest,
  CreateRequest,
  PartRequest,
  PartsRequest,
  SignedResponse,
} from '../../protocol/index.ts'
import { planPartSize } from '../../s3/part-size.ts'
import { elements, textOf } from '../../s3/xml.ts'
import type { Call } from '../context.ts'
import {
  type BucketAnswer,
  type BucketClient,
  type BucketRequest,
  isLost,
  openBucket,
} from '../sign/bucket-client.ts'
import { MULTIPART_GRANT_LIFE, type MultipartGrant } from '../sign/grant.ts'
import { signUrl } from '../sign/presign.ts'
import { SignerError } from '../signer-error.ts'
import { checkFile } from './check-file.ts'
import { checksumHeader, contentMd5 } from './integrity.ts'
import { announce, newObject } from './new-object.ts'
import { findStored } from './overwriting.ts'
import { storedHeaders } from './stored-headers.ts'

/** How many parts a bucket lists at a time. */
const PAGE = 1000

/** How many parts a browser sends at a time. */
const CONNECTIONS = 6

/**
 * Starts a multipart upload. The signer does it by itself, since its grant must bind the upload's id.
 *
 * @throws {SignerError} when the file or its key is refused; `internal-error` when the bucket fails
 */
export async function answerCreate(call: Call, request: CreateRequest): Promise<SignedResponse> {
  const { settings, user, now } = call
  const { object, hasId } = await newObject(call, request)
  await findStored(call, object)
  await announce(call, object, request.meta)
  const checksum = settings.checksum && { checksum: settings.checksum }
  const create: BucketRequest = {
    operation: 'CreateMultipartUpload',
    method: 'POST',
    key: object.key,
    // With its "=", without which Storj counts the signature as wrong.
    query: { uploads: '' },
    headers: {
      'Content-Type': object.type,
      ...(await storedHeaders(call, object, request.meta)).all,
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
  const partSize = planPartSize(object.size, settings.bucket.partRules, CONNECTIONS)
  const { key } = object
  const granted = { ...object, uploadId, partSize, expires, ...checksum }
  return {
    id: request.id,
    key,
    uploadId,
    grant: settings.grants.issue({ purpose: 'multipart', ...granted }, user),
    expiresAt: new Date(expires * 1000).toISOString(),
    partSize,
    ...checksum,
  }
}

/**
 * At a key that another file may have too, if only one of the same batch, an upload under way may be
 * of another size or type. So there none is taken up.
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
 * without this the upload would be left behind for ever. A bucket that cannot tell has none.
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

/**
 * Signs the URL that stores one part, of exactly the size that the upload was granted for it.
 *
 * @throws {SignerError} `invalid-grant`, `checksum-needed`, or `bad-request` for a number, a size or
 *   a digest that cannot be; as for a new file where the caller's limits have become narrower
 */
export async function answerPart(call: Call, request: PartRequest): Promise<SignedResponse> {
  const { settings, uploadKeys, now } = call
  const grant = settings.grants.read(request.grant, call, 'multipart')
  checkFile(grant, call.limits)
  // As the upload was begun: the bucket takes no other, whatever the settings are by now.
  const integrity = { ...contentMd5(request), ...checksumHeader(request, grant.checksum) }
  const { 'x-amz-acl': _, ...guards } = settings.bucket.guardHeaders
  const headers = { ...integrity, ...guards }
  const { url, expiresAt } = signUrl(settings.bucket, uploadKeys, {
    method: 'PUT',
    key: grant.key,
    query: { partNumber: String(request.partNumber), uploadId: grant.uploadId },
    headers: { 'Content-Length': String(checkPart(request, grant)), ...headers },
    expiresIn: settings.uploadExpires,
    now,
  })
  return { id: request.id, url, method: 'PUT', headers, expiresAt }
}

function checkPart({ partNumber, size }: PartRequest, grant: MultipartGrant): number {
  const count = partCount(grant)
  if (partNumber > count) {
    throw new SignerError(
      'bad-request',
      `The upload has ${count} parts, and no part ${partNumber}.`,
    )
  }
  const right = sizeOfPart(grant, partNumber)
  if (size === undefined || size === right) return right
  throw new SignerError('bad-request', `Part ${partNumber} must have ${right} bytes, not ${size}.`)
}

/** How many parts an upload has. A file without a byte has one, without a byte. */
export function partCount({ size, partSize }: MultipartGrant): number {
  return Math.max(1, Math.ceil(size / partSize))
}

/** How large a part is, in bytes. */
export function sizeOfPart(grant: MultipartGrant, partNumber: number): number {
  return Math.min(grant.partSize, grant.size - (partNumber - 1) * grant.partSize)
}

/**
 * Signs the URL that lists the parts which are stored.
 *
 * @throws {SignerError} `invalid-grant`
 */
export async function answerParts(call: Call, request: PartsRequest): Promise<SignedResponse> {
  const { settings, keys, now } = call
  const grant = settings.grants.read(request.grant, call, 'multipart')
  const { url, expiresAt } = signUrl(settings.bucket, keys, {
    ...partsPage(grant, request.after),
    expiresIn: settings.uploadExpires,
    now,
  })
  const { checksum } = grant
  return { id: request.id, url, method: 'GET', expiresAt, ...(checksum ? { checksum } : {}) }
}

/** A request for the parts that come after a number. */
export function partsPage(grant: MultipartGrant, after = 0) {
  const marker = after > 0 ? { 'part-number-marker': String(after) } : {}
  const query = { 'max-parts': String(PAGE), ...marker, uploadId: grant.uploadId }
  return { method: 'GET', key: grant.key, query } as const
}

/** Whether the bucket does not know the upload any more. Ceph then misses the key. */
export function isGone({ code }: BucketAnswer): boolean {
  return code === 'NoSuchUpload' || code === 'NoSuchKey'
}

/**
 * Throws a multipart upload away. That there is none any more is as good.
 *
 * @throws {SignerError} `invalid-grant`, or `internal-error` when the bucket fails
 */
export async function answerAbort(call: Call, request: AbortRequest): Promise<SignedResponse> {
  const { settings } = call
  const { key, uploadId } = settings.grants.read(request.grant, call, 'multipart')
  const bucket = openBucket(settings)
  const query = { uploadId }
  const abort = { operation: 'AbortMultipartUpload', method: 'DELETE', key, query } as const
  const answer = await bucket.ask(abort)
  if (answer.problem === undefined || isGone(answer)) return { id: request.id }
  throw bucket.refusal(abort, answer)
}
