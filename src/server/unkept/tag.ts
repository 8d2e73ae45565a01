import { escapeXml, NAMESPACE } from '../../s3/complete-xml.ts'
import { UNKEPT_TAG } from '../../s3/lifecycle.ts'
import { elements, textOf } from '../../s3/xml.ts'
import { sha256Base64 } from '../../util/bytes.ts'
import type { Bucket } from '../api/bucket.ts'
import type { Settings } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'
import type { BucketClient, BucketRequest } from '../sign/bucket-client.ts'

/** A tag of an object. */
interface Tag {
  key: string
  value: string
}

/**
 * Refuses an expiry that would never come.
 *
 * @throws {Error} that says what to do instead
 */
export function checkExpireUnkept(bucket: Bucket, expireUnkept: boolean): void {
  if (!expireUnkept || bucket.expiresByTag) return
  const remedy =
    bucket.provider === 's3'
      ? 'Where the server has lifecycle rules by tag, say "expiresByTag: true".'
      : 'Store what is not kept yet below a prefix that a rule expires: see docs/files-not-kept.md.'
  const said = `"expireUnkept": ${bucket.provider} is not known to expire objects by their tags.`
  throw new Error(`${said} ${remedy}`)
}

/**
 * Adds the tag by which a rule of the bucket expires what nobody keeps. Not by a form: some servers
 * ignore its field without a word, and the file would stay.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html, "x-amz-tagging"
 */
export function withUnkeptTag<Stored extends { all: Record<string, string>; inForm: boolean }>(
  { expireUnkept }: Pick<Settings, 'expireUnkept'>,
  stored: Stored,
): Stored {
  if (!expireUnkept) return stored
  const { 'x-amz-tagging': tags, ...others } = stored.all
  const tag = `${UNKEPT_TAG.key}=${UNKEPT_TAG.value}`
  const tagging = tags === undefined ? tag : `${tags}&${tag}`
  return { ...stored, all: { ...others, 'x-amz-tagging': tagging }, inForm: false }
}

/** Whether nobody has kept an object yet. */
export async function isUnkept(
  bucket: BucketClient,
  place: Pick<BucketRequest, 'key' | 'query'>,
): Promise<boolean> {
  return (await tagsOf(bucket, place)).some(isUnkeptTag)
}

/**
 * Adds the tag to an object that was put together of parts, where it has none: Ceph 16 forgets those that an
 * upload in parts began with. Only for the call that stored the object: later it may have been kept.
 *
 * @param headers of a HEAD of the object
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html, "x-amz-tagging-count"
 */
export async function addUnkeptTag(
  bucket: BucketClient,
  key: string,
  headers: Headers,
): Promise<void> {
  if (Number(headers.get('x-amz-tagging-count') ?? 0) > 0) return
  await change(bucket, replacement(key, [UNKEPT_TAG]))
}

/** Removes the tag from an object, and leaves its others. */
export async function removeUnkeptTag(bucket: BucketClient, key: string): Promise<void> {
  const tags = await tagsOf(bucket, { key })
  const others = tags.filter((tag) => !isUnkeptTag(tag))
  if (others.length === tags.length) return
  await change(bucket, others.length === 0 ? removal(key) : replacement(key, others))
}

async function change(bucket: BucketClient, request: BucketRequest): Promise<void> {
  const answer = await bucket.ask(request)
  if (answer.status === 404) throw gone()
  if (answer.problem !== undefined) throw bucket.refusal(request, answer)
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html */
async function tagsOf(
  bucket: BucketClient,
  { key, query }: Pick<BucketRequest, 'key' | 'query'>,
): Promise<Tag[]> {
  const read: BucketRequest = {
    operation: 'GetObjectTagging',
    method: 'GET',
    key,
    query: { ...query, tagging: '' },
    expects: /^Tagging$/,
  }
  const answer = await bucket.ask(read)
  // Ceph 16 answers nothing, also when it is asked again.
  if (answer.code === 'NoSuchTagSet' || (answer.status === 200 && answer.body === '')) return []
  if (answer.status === 404) throw gone()
  if (answer.problem !== undefined) throw bucket.refusal(read, answer)
  return elements(answer.body, 'Tag').map((xml) => ({
    key: textOf(xml, 'Key'),
    value: textOf(xml, 'Value'),
  }))
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html */
function removal(key: string): BucketRequest {
  return { operation: 'DeleteObjectTagging', method: 'DELETE', key, query: { tagging: '' } }
}

/**
 * Amazon S3 insists on a checksum, and takes this one as well as an MD5.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
 */
function replacement(key: string, tags: Tag[]): BucketRequest {
  const items = tags.map(
    ({ key, value }) => `<Tag><Key>${escapeXml(key)}</Key><Value>${escapeXml(value)}</Value></Tag>`,
  )
  const body = `<Tagging xmlns="${NAMESPACE}"><TagSet>${items.join('')}</TagSet></Tagging>`
  const headers = { 'x-amz-checksum-sha256': sha256Base64(body) }
  return {
    operation: 'PutObjectTagging',
    method: 'PUT',
    key,
    query: { tagging: '' },
    headers,
    body,
  }
}

function isUnkeptTag({ key, value }: Tag): boolean {
  return key === UNKEPT_TAG.key && value === UNKEPT_TAG.value
}

function gone(): SignerError {
  return new SignerError('upload-gone', 'The object is not there: it has expired or was removed.')
}
