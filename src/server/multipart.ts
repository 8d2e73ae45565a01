import type {
  AbortRequest,
  CreateRequest,
  PartRequest,
  PartsRequest,
  SignedResponse,
} from '../protocol/index.ts'
import { planPartSize } from '../protocol/part-size.ts'
import {
  type BucketAnswer,
  type BucketClient,
  type BucketRequest,
  openBucket,
} from './bucket-client.ts'
import type { Call } from './call.ts'
import { formatSize } from './check-file.ts'
import { MULTIPART_GRANT_LIFE, type MultipartGrant } from './grant.ts'
import { checksumHeader, contentMd5 } from './integrity.ts'
import { announce, newObject } from './new-object.ts'
import { unlessTaken } from './overwriting.ts'
import { presign } from './presign.ts'
import { MAX_PART_SIZE } from './providers/bucket.ts'
import { elements, textOf } from './s3-xml.ts'
import { SignerError } from './signer-error.ts'
import { storedHeaders } from './stored-headers.ts'

/** How many parts a bucket lists at a time. */
const PAGE = 1000

/** How many parts a client is taken to send at a time: as many as a browser has connections to a host. */
const LANES = 6

/**
 * Starts a multipart upload. The signer does it by itself, since its grant must bind the upload's id.
 *
 * @throws {SignerError} when the file or its key is refused; `internal-error` when the bucket fails
 */
export async function answerCreate(call: Call, request: CreateRequest): Promise<SignedResponse> {
  const { settings, grants, user, now } = call
  const object = await newObject(call, request)
  await unlessTaken(call, object.key)
  await announce(call, object, request.meta)
  const bucket = openBucket(settings)
  const checksum = settings.checksum && { checksum: settings.checksum }
  const create: BucketRequest = {
    operation: 'CreateMultipartUpload',
    method: 'POST',
    key: object.key,
    // With its "=", without which Storj counts the signature as wrong.
    query: { uploads: '' },
    headers: {
      'Content-Type': object.type,
      ...(await storedHeaders(call, object, request.meta)),
      ...(checksum && { 'x-amz-checksum-algorithm': checksum.checksum.toUpperCase() }),
    },
    expects: 'InitiateMultipartUploadResult',
  }
  let uploadId = request.again ? await findUpload(bucket, object.key) : ''
  if (uploadId === '') {
    const answer = await bucket.ask(create)
    uploadId = textOf(answer.body, 'UploadId')
    if (answer.problem !== undefined || uploadId === '') throw bucket.refusal(create, answer)
  }
  const expires = Math.floor(now.getTime() / 1000) + MULTIPART_GRANT_LIFE
  const granted = { ...object, uploadId, user, expires, ...checksum }
  return {
    id: request.id,
    key: object.key,
    uploadId,
    grant: await grants.issue({ purpose: 'multipart', ...granted }),
    expiresAt: new Date(expires * 1000).toISOString(),
    partSize: planPartSize(object.size, settings.bucket.partRules, LANES),
    ...checksum,
  }
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
 * Signs the URL that stores one part.
 *
 * @throws {SignerError} `invalid-grant`, `checksum-needed`, or `bad-request` for a size or a digest that
 *   cannot be
 */
export async function answerPart(call: Call, request: PartRequest): Promise<SignedResponse> {
  const { settings, now } = call
  const grant = await call.grants.read(request.grant, call, 'multipart')
  // As the upload was begun: the bucket takes no other, whatever the settings are by now.
  const integrity = { ...contentMd5(request), ...checksumHeader(request, grant.checksum) }
  const { url, expiresAt } = await presign(settings.bucket, {
    method: 'PUT',
    key: grant.key,
    query: { partNumber: String(request.partNumber), uploadId: grant.uploadId },
    // Signed, so that no part is larger than the whole file that was allowed.
    headers: { 'Content-Length': String(partSize(request, grant)), ...integrity },
    expiresIn: settings.uploadExpires,
    now,
  })
  return { id: request.id, url, method: 'PUT', headers: integrity, expiresAt }
}

function partSize({ size }: PartRequest, grant: MultipartGrant): number {
  if (size === undefined) throw new SignerError('bad-request', 'A part needs its "size".')
  const limit = Math.min(grant.size, MAX_PART_SIZE)
  if (size <= limit) return size
  throw new SignerError('bad-request', `The part is too large: at most ${formatSize(limit)}.`)
}

/**
 * Signs the URL that lists the parts which are stored.
 *
 * @throws {SignerError} `invalid-grant`
 */
export async function answerParts(call: Call, request: PartsRequest): Promise<SignedResponse> {
  const { settings, now } = call
  const grant = await call.grants.read(request.grant, call, 'multipart')
  const { url, expiresAt } = await presign(settings.bucket, {
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
  const { key, uploadId } = await call.grants.read(request.grant, call, 'multipart')
  const bucket = openBucket(call.settings)
  const query = { uploadId }
  const abort = { operation: 'AbortMultipartUpload', method: 'DELETE', key, query } as const
  const answer = await bucket.ask(abort)
  if (answer.problem === undefined || isGone(answer)) return { id: request.id }
  throw bucket.refusal(abort, answer)
}
