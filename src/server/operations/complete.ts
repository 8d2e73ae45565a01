import type {
  ChecksumAlgorithm,
  CompletedPart,
  CompleteRequest,
  SignedResponse,
} from '../../protocol/index.ts'
import { elements, escapeXml, textOf } from '../../s3/xml.ts'
import type { Call } from '../context.ts'
import {
  type BucketAnswer,
  type BucketClient,
  type BucketRequest,
  COMPLETE_DEADLINE,
  openBucket,
} from '../sign/bucket-client.ts'
import { GRANT_LIFE, type MultipartGrant } from '../sign/grant.ts'
import { SignerError } from '../signer-error.ts'
import { checkFile } from './check-file.ts'
import { partsDiffer } from './compare-parts.ts'
import { checksumElement, readDigest } from './integrity.ts'
import { makeLink } from './link.ts'
import { isGone, partCount, partsPage, sizeOfPart } from './multipart.ts'
import { alreadyExists, etagOf, IF_NEW } from './overwriting.ts'
import { tellUploaded } from './uploaded.ts'

/** What a step that needs the upload returns where the bucket does not know it any more. */
const GONE = Symbol('gone')

/** A part as the bucket lists it. */
interface ListedPart extends CompletedPart {
  /** Bytes. */
  size: number
}

/**
 * Puts the parts together, once the bucket's own list has shown that they are those which were granted:
 * each part of its size, and what the client says it has sent. So nothing has to be removed afterwards.
 * Asked once more after an answer was lost, it answers the same.
 *
 * @throws {SignerError} `invalid-grant`, `upload-incomplete`, `upload-gone`, `already-exists`; `parts-differ` where they
 *   are not what the client has sent; `parts-needed` where the bucket cannot list them; `bad-request`;
 *   `internal-error` when the bucket fails
 */
export async function answerComplete(
  call: Call,
  request: CompleteRequest,
): Promise<SignedResponse> {
  const { settings, now, user } = call
  const grant = settings.grants.read(request.grant, call, 'multipart')
  checkFile(grant, call.limits)
  const bucket = openBucket(settings, COMPLETE_DEADLINE)
  const done = await storeObject(bucket, grant, request, settings.overwrite)
  const head = await verifyObject(bucket, grant, done !== GONE)
  await tellUploaded(call, grant, head)
  const etag = unquote(head.headers.get('ETag') ?? '')
  const { key, name, type, size, shared } = grant
  const expires = Math.floor(now.getTime() / 1000) + GRANT_LIFE
  const object = { key, name, type, size, ...(shared ? { shared } : {}) }
  const granted = { purpose: 'file' as const, done: true as const, ...object, expires }
  return {
    id: request.id,
    key,
    ...(etag === '' ? {} : { etag }),
    ...(await makeLink(call, { key, name, type })),
    grant: settings.grants.issue(granted, user),
  }
}

async function storeObject(
  bucket: BucketClient,
  grant: MultipartGrant,
  request: CompleteRequest,
  overwrite: boolean,
): Promise<typeof GONE | undefined> {
  const parts = await findParts(bucket, grant, request)
  if (parts === GONE) return GONE
  checkEtags(parts)
  const { key, uploadId } = grant
  // Some servers, as Ceph, take the condition for a PUT and not for this.
  if (!overwrite && (await etagOf(bucket, key)) !== undefined) throw await leaveOut(bucket, grant)
  const complete: BucketRequest = {
    operation: 'CompleteMultipartUpload',
    method: 'POST',
    key,
    query: { uploadId },
    headers: overwrite ? {} : IF_NEW,
    body: completeXml(parts, grant.checksum),
    expects: /^CompleteMultipartUploadResult$/,
  }
  const answer = await bucket.ask(complete)
  if (answer.problem === undefined) return undefined
  if (isGone(answer)) return GONE
  // The condition fails also where an earlier try of this very request was carried out, and its answer
  // lost. To complete what it does not know is an InternalError to Ceph, however often it is asked.
  const isUnclear = answer.status === 412 || answer.status >= 500
  if (isUnclear && isGone(await bucket.ask(listPage(grant, 0)))) return GONE
  if (answer.status === 412) throw await leaveOut(bucket, grant)
  // A part that is missing, or is another than the one with that ETag.
  if (answer.code?.startsWith('InvalidPart')) throw incomplete()
  throw bucket.refusal(complete, answer)
}

/** Throws the parts away, with which nothing can be done any more. */
async function leaveOut(bucket: BucketClient, { key, uploadId }: MultipartGrant) {
  const query = { uploadId }
  await bucket.ask({ operation: 'AbortMultipartUpload', method: 'DELETE', key, query })
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
 * Asks the bucket for all parts, page by page.
 *
 * @returns `undefined` where the bucket cannot list them
 */
async function listParts(
  bucket: BucketClient,
  grant: MultipartGrant,
): Promise<ListedPart[] | typeof GONE | undefined> {
  const parts: ListedPart[] = []
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = listPage(grant, after)
    const answer = await bucket.ask(page)
    if (isGone(answer)) return GONE
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
    // A bucket that knows no checksums lists none, and must be sent none.
    ...(value ? { [checksum]: value } : {}),
  }
}

/** A server that is not Amazon's may call its answer something else, as moto does. */
function listPage(grant: MultipartGrant, after: number): BucketRequest {
  return {
    operation: 'ListParts',
    expects: /^ListParts(Result|Response)$/,
    ...partsPage(grant, after),
  }
}

/** Where the next page begins. A marker that does not move on would have us read for ever. */
function nextPage(xml: string, after: number): number | undefined {
  if (textOf(xml, 'IsTruncated') !== 'true') return undefined
  const next = Number(textOf(xml, 'NextPartNumberMarker'))
  return next > after ? next : undefined
}

function isUnsupported({ status, code = '' }: BucketAnswer): boolean {
  return status === 405 || status === 501 || /^(NotImplemented|MethodNotAllowed)$/.test(code)
}

/** RFC 9110, section 8.8.3, without the quotes. Anything else could not be written as XML. */
function checkEtags(parts: CompletedPart[]): void {
  if (parts.every(({ etag }) => /^[!-~]{1,256}$/.test(unquote(etag)))) return
  throw new SignerError('bad-request', 'One of the parts has an "etag" that cannot be one.')
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
  throw new SignerError('parts-differ', 'The parts that are stored are not those that were sent.')
}

function completeXml(parts: CompletedPart[], checksum: ChecksumAlgorithm | undefined): string {
  const items = parts.map((part) => {
    const { partNumber, etag } = part
    const value = checksum && readDigest(part, checksum)
    const element = checksum && checksumElement(checksum)
    return (
      `<Part><PartNumber>${partNumber}</PartNumber>` +
      `<ETag>${escapeXml(`"${unquote(etag)}"`)}</ETag>` +
      `${value ? `<${element}>${value}</${element}>` : ''}</Part>`
    )
  })
  const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'
  return `<CompleteMultipartUpload xmlns="${namespace}">${items.join('')}</CompleteMultipartUpload>`
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

function incomplete(): SignerError {
  const message = 'The parts that were stored do not make up the file.'
  return new SignerError('upload-incomplete', message)
}

function unquote(etag: string): string {
  return etag.replaceAll('"', '')
}
