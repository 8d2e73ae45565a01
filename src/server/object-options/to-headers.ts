import { parseDuration } from '../../util/duration.ts'
import { isoText } from '../../util/iso-date.ts'
import type { Bucket } from '../api/bucket.ts'
import { checkOptions } from '../api/check-options.ts'
import type { ObjectOptions, Retention } from '../api/object-options.ts'
import { contentDisposition } from '../links/disposition.ts'
import { checkKept } from './kept.ts'
import { metadataHeaders } from './metadata.ts'
import { tagsField, tagsHeader } from './tags.ts'

const OPTIONS: readonly (keyof ObjectOptions)[] = [
  'cacheControl',
  'contentEncoding',
  'contentLanguage',
  'contentDisposition',
  'metadata',
  'tags',
  'storageClass',
  'acl',
  'encryption',
  'retention',
  'legalHold',
  'expires',
]

/** Without those that let others write. */
const ACLS: readonly unknown[] = [
  'private',
  'public-read',
  'authenticated-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
]

/** The object, and what its headers hang on. */
export interface HeadersTarget {
  bucket: Bucket
  /** The name under which the file is saved. */
  name: string
  /** The moment from which durations run. */
  now: Date
  /** Whether a checksum comes with each upload. */
  hasChecksum: boolean
}

/**
 * Turns what `objectOptions` says into headers.
 *
 * @throws {SignerError} `bad-request` for metadata and tags, which may come from a page
 * @throws {Error} for all else that is wrong, or that the provider does not keep
 */
export function toHeaders(options: ObjectOptions, target: HeadersTarget): Record<string, string> {
  if (typeof options !== 'object' || options === null) {
    throw new Error('"objectOptions" must be an object or a function.')
  }
  checkOptions('"objectOptions"', options, OPTIONS)
  const { cacheControl, contentEncoding, contentLanguage, metadata, tags } = options
  const { contentDisposition: disposition } = options
  const { bucket, name } = target
  if (disposition !== undefined && disposition !== 'attachment' && disposition !== 'inline') {
    throw new Error('"objectOptions.contentDisposition" must be "attachment" or "inline".')
  }
  checkText('cacheControl', cacheControl, 'public, max-age=3600')
  checkTokens('contentEncoding', contentEncoding, 'gzip')
  checkTokens('contentLanguage', contentLanguage, 'de')
  if (tags !== undefined) checkKept(bucket, 'tags', 'tags')
  return {
    ...(cacheControl === undefined ? {} : { 'Cache-Control': cacheControl }),
    ...(contentEncoding === undefined ? {} : { 'Content-Encoding': contentEncoding }),
    ...(contentLanguage === undefined ? {} : { 'Content-Language': contentLanguage }),
    ...(disposition && { 'Content-Disposition': contentDisposition(disposition, name) }),
    ...metadataHeaders(metadata ?? {}),
    ...tagsHeader(tags ?? {}),
    ...classHeader(options, bucket),
    ...aclHeader(options, bucket),
    ...encryptionHeaders(options, bucket),
    ...lockHeaders(options, target),
    ...endHeader(options, target),
  }
}

/** The same for a form, which has two names of its own. */
export function toFields(headers: Readonly<Record<string, string>>): Record<string, string> {
  const { 'x-amz-acl': acl, 'x-amz-tagging': tagging, ...fields } = headers
  return {
    ...fields,
    ...(acl === undefined ? {} : { acl }),
    ...(tagging === undefined ? {} : { tagging: tagsField(tagging) }),
  }
}

function checkText(option: string, value: unknown, example: string): void {
  if (value === undefined) return
  if (typeof value === 'string' && /^[!-~]([ -~]{0,254}[!-~])?$/.test(value)) return
  throw new Error(`"${option}" must be a text such as "${example}".`)
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-8.4 for both: names with commas between them */
function checkTokens(option: string, value: unknown, example: string): void {
  checkText(option, value, example)
  if (value === undefined || /^[\w-]+(, ?[\w-]+)*$/.test(String(value))) return
  throw new Error(`"${option}" must be a text such as "${example}".`)
}

function classHeader({ storageClass }: ObjectOptions, bucket: Bucket): Record<string, string> {
  if (storageClass === undefined) return {}
  checkKept(bucket, 'storageClass', 'storageClass')
  if (typeof storageClass === 'string' && /^[\w-]{1,64}$/.test(storageClass)) {
    return { 'x-amz-storage-class': storageClass }
  }
  throw new Error('"storageClass" must be a name such as "STANDARD_IA".')
}

function aclHeader({ acl }: ObjectOptions, bucket: Bucket): Record<string, string> {
  if (acl === undefined) return {}
  if (!ACLS.includes(acl)) throw new Error(`"acl" must be one of: ${ACLS.join(', ')}.`)
  checkKept(bucket, 'acl', 'acl')
  return { 'x-amz-acl': acl }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
function encryptionHeaders({ encryption }: ObjectOptions, bucket: Bucket): Record<string, string> {
  if (encryption === undefined) return {}
  const header = 'x-amz-server-side-encryption'
  if (encryption === 'sse-s3') {
    checkKept(bucket, 'encryption', 'sse-s3')
    return { [header]: 'AES256' }
  }
  if ((encryption as unknown) === 'sse-c') {
    throw new Error(
      '"encryption": with SSE-C each page would need the key, and no link could open the object. Use "sse-kms", or encrypt in the page.',
    )
  }
  const keyId = typeof encryption === 'object' ? encryption?.kmsKeyId : ''
  const isKms = encryption === 'sse-kms' || /^[!-~]{1,2048}$/.test(String(keyId ?? ''))
  if (!isKms) throw new Error('"encryption" must be "sse-s3", "sse-kms" or { kmsKeyId }.')
  checkKept(bucket, 'encryption', 'sse-kms')
  return { [header]: 'aws:kms', ...(keyId ? { [`${header}-aws-kms-key-id`]: keyId } : {}) }
}

function lockHeaders(options: ObjectOptions, target: HeadersTarget): Record<string, string> {
  const { retention, legalHold } = options
  const { bucket, hasChecksum } = target
  if (legalHold !== undefined && typeof legalHold !== 'boolean') {
    throw new Error('"legalHold" must be true or false.')
  }
  if (retention === undefined && !legalHold) return {}
  if (legalHold) checkKept(bucket, 'legalHold', 'legalHold')
  const until = retention === undefined ? {} : retentionHeaders(retention, target)
  // "required for any request to upload an object with a retention period", and the worker of a page
  // that makes the MD5 may be missing.
  if (bucket.checksums.length > 0 && !hasChecksum) {
    throw new Error(
      `"${legalHold ? 'legalHold' : 'retention'}" needs a digest with each upload: set "checksum" too, for example to "sha256".`,
    )
  }
  return { ...until, ...(legalHold ? { 'x-amz-object-lock-legal-hold': 'ON' } : {}) }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html */
function retentionHeaders(
  retention: Retention,
  { bucket, now }: HeadersTarget,
): Record<string, string> {
  const { mode, ...length } = { ...retention }
  if (mode !== 'governance' && mode !== 'compliance') {
    throw new Error('"retention.mode" must be "governance" or "compliance".')
  }
  checkOptions('"retention"', retention, ['mode', 'for', 'until'])
  checkKept(bucket, 'retention', mode)
  const { for: duration, until } = length as { for?: number | string; until?: Date | string }
  if ((duration === undefined) === (until === undefined)) {
    throw new Error('"retention" needs either "for", as "30d", or "until", a date.')
  }
  const end = until === undefined ? after(now, duration ?? '', 'retention.for') : new Date(until)
  if (!(end > now)) throw new Error('"retention.until" must be a date that is still to come.')
  return {
    'x-amz-object-lock-mode': mode.toUpperCase(),
    'x-amz-object-lock-retain-until-date': isoText(end.getTime()),
  }
}

/**
 * Storj's own end of an object: "full RFC3339-formatted date".
 *
 * @see https://storj.dev/dcs/buckets/object-lifecycles, also for "Object Lock and TTL are Mutually Exclusive"
 */
function endHeader(
  { expires, retention, legalHold }: ObjectOptions,
  { bucket, now }: HeadersTarget,
): Record<string, string> {
  if (expires === undefined) return {}
  checkKept(bucket, 'expires', 'expires')
  if (retention !== undefined || legalHold) {
    throw new Error('"expires" and Object Lock exclude each other.')
  }
  return { 'x-amz-meta-object-expires': isoText(after(now, expires, 'expires').getTime()) }
}

function after(now: Date, duration: number | string, option: string): Date {
  try {
    return new Date(now.getTime() + parseDuration(duration) * 1000)
  } catch (error) {
    throw new RangeError(`"${option}": ${error instanceof Error ? error.message : error}`)
  }
}
