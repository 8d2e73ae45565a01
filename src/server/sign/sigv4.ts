import { createMac, type Mac, sha256Hex, toHex, utf8 } from '../../util/bytes.ts'
import type { Keys } from '../api/bucket.ts'
import { encodeRfc3986 } from '../keys/key.ts'

/** What is the same for all that is signed by the same keys in the same second. */
export interface Signing {
  /** When it is signed, in milliseconds since 1970: a whole second, as signatures have no less. */
  start: number
  /** The same, as `20261124T100000Z`. */
  moment: string
  /** For example `20261124/us-east-1/s3/aws4_request`. */
  scope: string
  /** The access key and the scope. */
  credential: string
  /** The query of a URL up to its lifetime in seconds, and from there to the names of its headers. */
  query: [before: string, after: string]
  /** HMAC under the key of the day. */
  mac: Mac
}

/** A request to be signed by its query. */
export interface SignedRequest {
  method: string
  /** As it is sent, percent-encoded. */
  path: string
  /** Parameters besides those of the signature, as they are: not percent-encoded. */
  query?: Record<string, string> | undefined
  /** Value of the `Host` header. */
  host: string
  /** Headers besides `Host`. */
  headers?: Record<string, string> | undefined
  /** Lifetime in seconds. */
  expiresIn: number
}

/** What stands for the hash of a body that is not signed. */
const UNSIGNED = 'UNSIGNED-PAYLOAD'

/**
 * Derives the key that signs for one day.
 *
 * @param day as `20261124`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function deriveMac(secret: string, day: string, region: string, service: string): Mac {
  let mac = createMac(utf8(`AWS4${secret}`))
  for (const text of [day, region, service, 'aws4_request']) mac = createMac(mac(text))
  return mac
}

/**
 * Writes all that does not hang on the single request.
 *
 * @param start a whole second, in milliseconds since 1970
 * @param dayMac finds or derives the key of a day
 */
export function beginSigning(
  { accessKeyId, sessionToken }: Keys,
  [region, service]: [region: string, service: string],
  start: number,
  dayMac: (day: string) => Mac,
): Signing {
  const moment = new Date(start).toISOString().replace(/[:-]|\.\d{3}/g, '')
  const day = moment.slice(0, 8)
  const scope = `${day}/${region}/${service}/aws4_request`
  const credential = `${accessKeyId}/${scope}`
  const before =
    `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeRfc3986(credential)}` +
    `&X-Amz-Date=${moment}&X-Amz-Expires=`
  const token =
    sessionToken === undefined ? '' : `&X-Amz-Security-Token=${encodeRfc3986(sessionToken)}`
  const query: Signing['query'] = [before, `${token}&X-Amz-SignedHeaders=`]
  return { start, moment, scope, credential, query, mac: dayMac(day) }
}

/**
 * Signs a request by Signature Version 4 in its query.
 *
 * @param payload what stands for the body's hash, unless the headers have it
 * @returns the whole query, in the order in which it was signed, with the signature at its end
 * @throws {Error} for headers and parameters that cannot be signed
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function signQuery(signing: Signing, request: SignedRequest, payload = UNSIGNED): string {
  const { moment, scope, mac } = signing
  const { lines, names, hash = payload } = canonicalHeaders(request)
  const query = canonicalQuery(signing, request, names)
  const canonical = `${request.method}\n${request.path}\n${query}\n${lines}\n${names}\n${hash}`
  const text = `AWS4-HMAC-SHA256\n${moment}\n${scope}\n${sha256Hex(canonical)}`
  return `${query}&X-Amz-Signature=${toHex(mac(text))}`
}

type Pair = [name: string, value: string]

function canonicalHeaders({ host, headers = {} }: SignedRequest) {
  const pairs = Object.entries(headers).map(([name, value]): Pair => [name.toLowerCase(), value])
  pairs.push(['host', host])
  let lines = ''
  let names = ''
  let hash: string | undefined
  if (pairs.length > 1) pairs.sort(byName)
  for (const [name, value] of pairs) {
    const canonical = canonicalValue(name, value)
    lines += `${name}:${canonical}\n`
    names += names === '' ? name : `;${name}`
    if (name === 'x-amz-content-sha256') hash = canonical
  }
  return { lines, names, hash }
}

/** Refuses what is no header, as a line break in one would be signed as another header. */
function canonicalValue(name: string, value: string): string {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw new TypeError(`"${name}" is no name of a header.`)
  if (/^[!-~]+$/.test(value)) return value
  if (/[^\t -~\x80-\xFF]/.test(value))
    throw new TypeError(`"${name}" has a value that no header has.`)
  return value.replace(/[\t ]+/g, ' ').replace(/^ | $/g, '')
}

/** The last of the parameters that a signature has, in their order. */
const LAST = 'X-Amz-SignedHeaders'

function canonicalQuery(
  { query: [before, after] }: Signing,
  { query = {}, expiresIn }: SignedRequest,
  names: string,
): string {
  const own = `${before}${expiresIn}${after}${names.replaceAll(';', '%3B')}`
  const pairs = Object.entries(query).map(
    ([name, value]): Pair => [encodeRfc3986(name), encodeRfc3986(value)],
  )
  if (pairs.length === 0) return own
  // Names of S3's own parameters are in lower case, and come after those of the signature.
  const isAfter = pairs.every(([name]) => name > LAST)
  if (!isAfter) pairs.push(...own.split('&').map((pair) => pair.split('=') as Pair))
  if (pairs.length > 1) pairs.sort(byName)
  const text = pairs.map(([name, value]) => `${name}=${value}`).join('&')
  return isAfter ? `${own}&${text}` : text
}

/** @throws {TypeError} when two are named alike: the bucket could read either */
function byName([one]: Pair, [other]: Pair): number {
  if (one === other) throw new TypeError(`"${one}" cannot be signed twice.`)
  return one < other ? -1 : 1
}
