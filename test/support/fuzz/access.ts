/** What a bucket checks before it does what it is asked: signature, end, rights and conditions. */
import type { FakeS3 } from './fake-s3.ts'
import {
  endOf,
  type HeaderMap,
  macOf,
  parseMoment,
  readSignedUrl,
  type SignedUrl,
  signatureOf,
} from './signed-url.ts'
import type { World } from './world.ts'

/** A request with a presigned URL. */
export interface Sent {
  method: string
  url: string
  /** By their names in lower case. */
  headers: HeaderMap
  /** Size of the body in bytes. */
  size?: number
  /** MD5 of the body, in base64. */
  md5?: string
  /** SHA-256 of the body, in base64. */
  sha256?: string
  /** The body, where the signer sends it. */
  xml?: string
}

/** A form that is submitted. */
export interface Form {
  url: string
  fields: Readonly<Record<string, string>>
  /** Size of the file in bytes. */
  size: number
  /** MD5 of the file, in base64. */
  md5: string
}

/** What a bucket does not do. */
export class Refused extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

/**
 * Checks a request as a bucket does.
 *
 * @throws {Refused}
 */
export function checkAccess({ world, options }: FakeS3, sent: Sent): SignedUrl {
  const url = readSignedUrl(sent.url)
  const key = world.findKey(url.accessKeyId)
  if (key === undefined || key.sessionToken !== url.token) throw new Refused(403, 'InvalidToken')
  if (key.ends !== undefined && key.ends <= world.now) throw new Refused(403, 'ExpiredToken')
  if (endOf(url) <= world.now) throw new Refused(403, 'RequestExpired')
  const headers = { ...sent.headers, 'content-length': String(sent.size ?? 0) }
  const signature = signatureOf(url, sent.method, headers, key.secretAccessKey)
  if (signature !== url.signature) throw new Refused(403, 'SignatureDoesNotMatch')
  if (!key.mayRead && sent.method !== 'PUT') throw new Refused(403, 'AccessDenied')
  const isUnsigned = (name: string) =>
    name.startsWith('x-amz-') && !url.signedHeaders.includes(name)
  if (!options.isLenient && Object.keys(headers).some(isUnsigned)) {
    throw new Refused(403, 'HeadersNotSigned')
  }
  checkDigests(sent)
  return url
}

function checkDigests({ headers, md5, sha256 }: Sent): void {
  const wrong =
    (headers['content-md5'] ?? md5) !== md5 ||
    (headers['x-amz-checksum-sha256'] ?? sha256) !== sha256
  if (wrong) throw new Refused(400, 'BadDigest')
}

/** The conditions of a POST policy, by the field that they are for. */
interface Policy {
  expiration: string
  conditions: (Record<string, string> | [string, string | number, string | number])[]
}

export function readPolicy(fields: Readonly<Record<string, string>>): Policy {
  return JSON.parse(Buffer.from(fields.policy ?? '', 'base64').toString())
}

/**
 * Checks a form as a bucket does: each field needs a condition that is met.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 * @throws {Refused}
 */
export function checkForm(world: World, bucket: string, { fields, size }: Form): void {
  const [accessKeyId = '', ...scope] = (fields['x-amz-credential'] ?? '').split('/')
  const key = world.findKey(accessKeyId)
  if (key === undefined || key.sessionToken !== fields['x-amz-security-token']) {
    throw new Refused(403, 'InvalidToken')
  }
  if (key.ends !== undefined && key.ends <= world.now) throw new Refused(403, 'ExpiredToken')
  const signature = macOf(key.secretAccessKey, scope.join('/'), fields.policy ?? '')
  if (signature !== fields['x-amz-signature']) throw new Refused(403, 'SignatureDoesNotMatch')
  const { expiration, conditions } = readPolicy(fields)
  const isOver = Date.parse(expiration) <= world.now
  if (isOver || !(parseMoment(fields['x-amz-date'] ?? '') <= world.now)) {
    throw new Refused(403, 'PolicyExpired')
  }
  const free = new Set(Object.keys(fields))
  for (const name of ['policy', 'x-amz-signature']) free.delete(name)
  for (const condition of conditions) {
    if (!isMet(condition, { fields, size, bucket })) throw new Refused(403, 'PolicyNotMet')
    if (Array.isArray(condition)) free.delete(String(condition[1]).slice(1))
  }
  if (free.size > 0) throw new Refused(403, 'PolicyMissesField')
}

function isMet(
  condition: Policy['conditions'][number],
  { fields, size, bucket }: { fields: Form['fields']; size: number; bucket: string },
): boolean {
  if (!Array.isArray(condition)) return condition.bucket === bucket
  const [kind, first, second] = condition
  if (kind === 'content-length-range') return size >= Number(first) && size <= Number(second)
  return kind === 'eq' && fields[String(first).slice(1)] === second
}
