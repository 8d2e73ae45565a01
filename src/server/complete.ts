import type {
  ChecksumAlgorithm,
  CompletedPart,
  CompleteRequest,
  Digests,
  SignedResponse,
} from '../protocol/index.ts'
import {
  type BucketAnswer,
  type BucketClient,
  type BucketRequest,
  openBucket,
} from './bucket-client.ts'
import type { Call } from './call.ts'
import { partsDiffer } from './compare-parts.ts'
import { GRANT_LIFE, type MultipartGrant } from './grant.ts'
import { checksumElement, readDigest } from './integrity.ts'
import { makeLink } from './links.ts'
import { isGone, partsPage } from './multipart.ts'
import { alreadyExists, etagOf, IF_NEW } from './overwriting.ts'
import { elements, escapeXml, textOf } from './s3-xml.ts'
import { SignerError } from './signer-error.ts'
import { tellUploaded } from './uploaded.ts'

/** What a step that needs the upload returns where the bucket does not know it any more. */
const GONE = Symbol('gone')

/**
 * Puts the parts together. The signer does it by itself, so that no object stays whose size is not
 * the one that was granted. Asked once more after an answer was lost, it answers the same.
 *
 * @throws {SignerError} `invalid-grant`, `upload-incomplete`, `upload-gone`, `already-exists`; `parts-differ` where they
 *   are not what the client has sent; `parts-needed` where the bucket cannot list them; `bad-request`;
 *   `internal-error` when the bucket fails
 */
export async function answerComplete(
  call: Call,
  request: CompleteRequest,
): Promise<SignedResponse> {
  const { settings, grants, now, user } = call
  const grant = await grants.read(request.grant, call, 'multipart')
  const bucket = openBucket(settings)
  const done = await storeObject(bucket, grant, request, settings.overwrite)
  const head = await verifyObject(bucket, grant, done !== GONE)
  await tellUploaded(call, grant, head)
  const etag = unquote(head.headers.get('ETag') ?? '')
  const { key, name, type, size } = grant
  const object = { key, name, type }
  const expires = Math.floor(now.getTime() / 1000) + GRANT_LIFE
  return {
    id: request.id,
    key,
    ...(etag === '' ? {} : { etag }),
    ...(await makeLink(call, object)),
    grant: await grants.issue({ purpose: 'file', done: true, ...object, size, user, expires }),
  }
}

async function storeObject(
  bucket: BucketClient,
  grant: MultipartGrant,
  request: CompleteRequest,
  overwrite: boolean,
): Promise<typeof GONE | undefined> {
  const parts = request.parts ?? (await listParts(bucket, grant))
  if (parts === GONE) return GONE
  checkParts(parts)
  if (!request.parts) compareParts(parts, request.digests ?? [], grant)
  const { key, uploadId } = grant
  // Some servers, as Ceph, take the condition for a PUT and not for this.
  if (!overwrite && (await etagOf(bucket, key)) !== undefined) {
    if (isGone(await bucket.ask(listPage(grant, 0)))) return GONE
    throw await leaveOut(bucket, grant)
  }
  const complete: BucketRequest = {
    operation: 'CompleteMultipartUpload',
    method: 'POST',
    key,
    query: { uploadId },
    headers: overwrite ? {} : IF_NEW,
    body: completeXml(parts, grant.checksum),
    expects: 'CompleteMultipartUploadResult',
  }
  const answer = await bucket.ask(complete)
  if (answer.problem === undefined) return undefined
  if (isGone(answer)) return GONE
  if (answer.status === 412) throw await leaveOut(bucket, grant)
  // To complete what it does not know is an InternalError to Ceph, however often it is asked.
  if (answer.status >= 500 && isGone(await bucket.ask(listPage(grant, 0)))) return GONE
  // A part that is missing, or is another than the one with that ETag.
  if (answer.code?.startsWith('InvalidPart')) throw incomplete()
  throw bucket.refusal(complete, answer)
}

/** Throws the parts away, with which nobody can do anything any more. */
async function leaveOut(bucket: BucketClient, { key, uploadId }: MultipartGrant) {
  const query = { uploadId }
  await bucket.ask({ operation: 'AbortMultipartUpload', method: 'DELETE', key, query })
  return alreadyExists()
}

/** Asks the bucket for all parts, page by page, and compares their sum with what was granted. */
async function listParts(
  bucket: BucketClient,
  grant: MultipartGrant,
): Promise<CompletedPart[] | typeof GONE> {
  const parts: CompletedPart[] = []
  let size = 0
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = listPage(grant, after)
    const answer = await bucket.ask(page)
    if (isGone(answer)) return GONE
    if (isUnsupported(answer)) {
      throw new SignerError('parts-needed', 'The bucket cannot list the parts: name them.')
    }
    if (answer.problem !== undefined) throw bucket.refusal(page, answer)
    for (const part of elements(answer.body, 'Part')) {
      parts.push(listedPart(part, grant))
      size += Number(textOf(part, 'Size'))
    }
    after = nextPage(answer.body, after)
  }
  if (size !== grant.size) throw incomplete()
  return parts
}

function listedPart(xml: string, { checksum }: MultipartGrant): CompletedPart {
  const value = checksum && textOf(xml, checksumElement(checksum))
  return {
    partNumber: Number(textOf(xml, 'PartNumber')),
    etag: textOf(xml, 'ETag'),
    // A bucket that knows no checksums lists none, and must be sent none.
    ...(value ? { [checksum]: value } : {}),
  }
}

function listPage(grant: MultipartGrant, after: number): BucketRequest {
  return { operation: 'ListParts', expects: 'ListPartsResult', ...partsPage(grant, after) }
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

function checkParts(parts: CompletedPart[]): void {
  if (parts.length === 0 || parts.some((part, index) => part.partNumber !== index + 1)) {
    throw incomplete()
  }
  // RFC 9110, section 8.8.3, without the quotes. Anything else could not be written as XML.
  if (parts.every(({ etag }) => /^[!-~]{1,256}$/.test(unquote(etag)))) return
  throw new SignerError('bad-request', 'One of the parts has an "etag" that cannot be one.')
}

/** Only what the bucket itself lists can tell anything about what it has. */
function compareParts(
  listed: CompletedPart[],
  sent: Digests[],
  { checksum }: MultipartGrant,
): void {
  if (!partsDiffer(listed, sent, checksum)) return
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
 * Looks at the object that came of it, and removes it if its size is not the one that was granted.
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
  // Without a length nothing is known about the object, and nothing must be removed.
  const length = answer.headers.get('Content-Length') ?? ''
  const right = answer.problem === undefined && length === String(size)
  if (right) return answer
  if (!stored && (answer.status === 404 || answer.problem === undefined)) {
    throw new SignerError('upload-gone', 'The upload does not exist any more. Start it again.')
  }
  if (answer.problem !== undefined || length === '') throw bucket.refusal(head, answer)
  const remove = { operation: 'DeleteObject', method: 'DELETE', key } as const
  const removed = await bucket.ask(remove)
  // The client is told that the upload is incomplete; what is left of it is for the site to know.
  if (removed.problem !== undefined) bucket.refusal(remove, removed)
  throw incomplete()
}

function incomplete(): SignerError {
  const message = 'The parts that were stored do not make up the file.'
  return new SignerError('upload-incomplete', message)
}

function unquote(etag: string): string {
  return etag.replaceAll('"', '')
}
