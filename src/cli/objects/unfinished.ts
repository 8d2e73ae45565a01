import { elements, rootOf, textOf } from '../../s3/xml.ts'
import type { Bucket } from '../../server/index.ts'
import { explainAnswer } from '../bucket/bucket-errors.ts'
import { askAgain } from '../bucket/bucket-request.ts'
import { checkUrlKey } from './delete-objects.ts'
import { endless } from './listing.ts'

/** An upload in parts that was neither completed nor aborted. */
export interface Unfinished {
  key: string
  uploadId: string
  /** An ISO 8601 date. */
  started: string
}

/** What the bucket says, and when. */
export interface UnfinishedList {
  uploads: Unfinished[]
  /** The clock of the server, in milliseconds since 1970. */
  now: number
}

/**
 * All unfinished uploads whose keys begin with a prefix.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
 * @throws {CliError}
 */
export async function listUnfinished(
  bucket: Bucket,
  prefix: string,
  signal: AbortSignal,
): Promise<UnfinishedList> {
  const uploads: Unfinished[] = []
  let [key, uploadId] = ['', '']
  for (;;) {
    // Without "encoding-type": Ceph then encodes the keys, and does not say so.
    const query: Record<string, string> = { uploads: '', prefix }
    if (key) query['key-marker'] = key
    if (uploadId) query['upload-id-marker'] = uploadId
    const answer = await askAgain(bucket, { method: 'GET', query }, signal)
    const { body, headers } = answer
    if (rootOf(body) !== 'ListMultipartUploadsResult') throw explainAnswer(answer, bucket.bucket)
    const page = elements(body, 'Upload').map((xml) => ({
      key: textOf(xml, 'Key'),
      uploadId: textOf(xml, 'UploadId'),
      started: textOf(xml, 'Initiated'),
    }))
    uploads.push(...page)
    if (textOf(body, 'IsTruncated') !== 'true') {
      return { uploads, now: Date.parse(headers.get('Date') ?? '') || Date.now() }
    }
    const next = [textOf(body, 'NextKeyMarker'), textOf(body, 'NextUploadIdMarker')] as const
    if (next[0] === '' || (next[0] === key && next[1] === uploadId)) throw endless(bucket)
    ;[key, uploadId] = next
  }
}

/** A part that the bucket has. */
export interface StoredPart {
  partNumber: number
  /** Bytes. */
  size: number
  /** Without quotes. */
  etag: string
}

/**
 * The parts of an unfinished upload.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
 * @throws {CliError}
 */
export async function listStoredParts(
  bucket: Bucket,
  { key, uploadId }: Unfinished,
  signal: AbortSignal,
): Promise<StoredPart[]> {
  const parts: StoredPart[] = []
  for (let after = 0; ; ) {
    const query: Record<string, string> = { 'max-parts': '1000', uploadId }
    if (after > 0) query['part-number-marker'] = String(after)
    const answer = await askAgain(bucket, { method: 'GET', key, query }, signal)
    const { body } = answer
    if (!/^ListParts(?:Result|Response)$/.test(rootOf(body) ?? '')) {
      throw explainAnswer(answer, bucket.bucket)
    }
    for (const xml of elements(body, 'Part')) {
      parts.push({
        partNumber: Number(textOf(xml, 'PartNumber')),
        size: Number(textOf(xml, 'Size')),
        etag: textOf(xml, 'ETag').replaceAll('"', ''),
      })
    }
    if (textOf(body, 'IsTruncated') !== 'true') return parts
    const next = Number(textOf(body, 'NextPartNumberMarker'))
    if (!(next > after)) throw endless(bucket)
    after = next
  }
}

/**
 * Throws the parts of an upload away. One that is gone meanwhile is none that failed.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
 * @throws {CliError}
 */
export async function abortUpload(
  bucket: Bucket,
  { key, uploadId }: Unfinished,
  signal: AbortSignal,
): Promise<void> {
  checkUrlKey(key)
  const answer = await askAgain(bucket, { method: 'DELETE', key, query: { uploadId } }, signal)
  const isGone = answer.status < 300 || textOf(answer.body, 'Code') === 'NoSuchUpload'
  if (!isGone) throw explainAnswer(answer, bucket.bucket)
}
