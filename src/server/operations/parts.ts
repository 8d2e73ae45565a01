import type { CompletedPart, PartsRequest, SignedResponse } from '../../protocol/index.ts'
import { isGone } from '../../s3/codes.ts'
import { checksumElement } from '../../s3/complete-xml.ts'
import { elements, textOf } from '../../s3/xml.ts'
import type { MultipartGrant, RequestContext } from '../api/context.ts'
import type { BucketAnswer, BucketClient, BucketRequest } from '../sign/bucket-client.ts'
import { signUrl } from '../sign/presign.ts'

/** How many parts a bucket lists at a time. */
const PAGE = 1000

/** A part as the bucket lists it. */
export interface ListedPart extends CompletedPart {
  /** Bytes. */
  size: number
}

/** The bucket does not know the upload any more. */
export const GONE = Symbol('gone')

/**
 * `parts`: signs the URL that lists the parts which are stored.
 *
 * "Answered with the `url` of ListParts, whose XML the browser reads."
 *
 * @see docs/signer-protocol.md, "parts"
 * @throws {SignerError} `invalid-grant`
 */
export async function answerParts(
  context: RequestContext,
  request: PartsRequest,
): Promise<SignedResponse> {
  const { settings, keys, now } = context
  const grant = settings.grants.read(request.grant, context, 'multipart')
  const { url, expiresAt } = signUrl(settings.bucket, keys, {
    ...partsPage(grant, request.after),
    expiresIn: settings.uploadExpires,
    now,
  })
  const { checksum } = grant
  return { id: request.id, url, method: 'GET', expiresAt, ...(checksum ? { checksum } : {}) }
}

/** A request for the parts that come after a number. */
function partsPage(grant: MultipartGrant, after = 0) {
  const marker = after > 0 ? { 'part-number-marker': String(after) } : {}
  const query = { 'max-parts': String(PAGE), ...marker, uploadId: grant.uploadId }
  return { method: 'GET', key: grant.key, query } as const
}

/** Whether the bucket does not know the upload any more. */
export async function isUploadGone(bucket: BucketClient, grant: MultipartGrant): Promise<boolean> {
  return isGone((await bucket.ask(listPage(grant, 0))).code)
}

/**
 * Asks the bucket for all parts, page by page.
 *
 * @returns `undefined` if the bucket cannot list them
 * @throws {SignerError} `internal-error` when the bucket fails
 */
export async function listParts(
  bucket: BucketClient,
  grant: MultipartGrant,
): Promise<ListedPart[] | typeof GONE | undefined> {
  const parts: ListedPart[] = []
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = listPage(grant, after)
    const answer = await bucket.ask(page)
    if (isGone(answer.code)) return GONE
    if (isUnsupported(answer)) return undefined
    if (answer.problem !== undefined) throw bucket.refusal(page, answer)
    for (const part of elements(answer.body, 'Part')) parts.push(listedPart(part, grant))
    after = nextPage(answer.body, after)
  }
  return parts
}

function listedPart(xml: string, { checksum }: MultipartGrant): ListedPart {
  const value = checksum && textOf(xml, checksumElement(checksum))
  return {
    partNumber: Number(textOf(xml, 'PartNumber')),
    etag: textOf(xml, 'ETag'),
    size: Number(textOf(xml, 'Size') || Number.NaN),
    // A bucket that does not support checksums lists none, and must be sent none.
    ...(value ? { [checksum]: value } : {}),
  }
}

/** Another server than Amazon's may give its answer another name, as moto does. */
function listPage(grant: MultipartGrant, after: number): BucketRequest {
  return {
    operation: 'ListParts',
    expects: /^ListParts(Result|Response)$/,
    ...partsPage(grant, after),
  }
}

/** Where the next page begins. With a marker that does not advance the loop would never end. */
function nextPage(xml: string, after: number): number | undefined {
  if (textOf(xml, 'IsTruncated') !== 'true') return undefined
  const next = Number(textOf(xml, 'NextPartNumberMarker'))
  return next > after ? next : undefined
}

function isUnsupported({ status, code = '' }: BucketAnswer): boolean {
  return status === 405 || status === 501 || /^(NotImplemented|MethodNotAllowed)$/.test(code)
}
