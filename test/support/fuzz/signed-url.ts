/**
 * Reads and recomputes what was signed, as a bucket does. Written for this alone by AWS's documents, so
 * that it shares no mistake with the signer.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
import { createHash, createHmac } from 'node:crypto'

/** Headers by their names in lower case. */
export type HeaderMap = Readonly<Record<string, string>>

/** A presigned URL, taken apart by hand: a URL parser would take out what is looked for. */
export interface SignedUrl {
  /** Scheme and host. */
  origin: string
  /** As it is written in the URL. */
  path: string
  /** Parameters besides those of the signature, decoded. */
  query: ReadonlyMap<string, string>
  accessKeyId: string
  token: string | undefined
  /** From the day to "aws4_request". */
  scope: string
  /** The date as it is written in the URL. */
  moment: string
  /** The same, in ms since 1970. */
  signedAt: number
  /** Lifetime in seconds. */
  expiresIn: number
  signedHeaders: readonly string[]
  signature: string
}

const OWN = /^X-Amz-(Algorithm|Credential|Date|Expires|Security-Token|SignedHeaders|Signature)$/

/** @throws {Error} when it is no URL that was signed in its query */
export function readSignedUrl(url: string): SignedUrl {
  const [, origin = '', path = '', search] =
    /^(https:\/\/[^/?#]+)(\/[^?#]*)\?([^#]*)$/.exec(url) ?? []
  if (search === undefined) throw new Error('It is no presigned URL.')
  const own: Record<string, string> = {}
  const query = new Map<string, string>()
  for (const pair of search.split('&')) {
    const at = pair.indexOf('=')
    const name = decodeURIComponent(pair.slice(0, at))
    const value = decodeURIComponent(pair.slice(at + 1))
    if (at < 1 || name in own || query.has(name)) throw new Error('A parameter is there twice.')
    if (OWN.test(name)) own[name] = value
    else query.set(name, value)
  }
  const [accessKeyId = '', ...scope] = (own['X-Amz-Credential'] ?? '').split('/')
  const moment = own['X-Amz-Date'] ?? ''
  return {
    origin,
    path,
    query,
    accessKeyId,
    token: own['X-Amz-Security-Token'],
    scope: scope.join('/'),
    moment,
    signedAt: parseMoment(moment),
    expiresIn: Number(own['X-Amz-Expires']),
    signedHeaders: (own['X-Amz-SignedHeaders'] ?? '').split(';'),
    signature: own['X-Amz-Signature'] ?? '',
  }
}

/** When it ends, in ms since 1970. */
export function endOf({ signedAt, expiresIn }: SignedUrl): number {
  return signedAt + expiresIn * 1000
}

/** Reads a date such as `20261124T100000Z` as ms since 1970. */
export function parseMoment(moment: string): number {
  return Date.parse(moment.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'))
}

/**
 * The signature that a request by this URL has to have.
 *
 * @returns `undefined` where a header that was signed is not sent
 */
export function signatureOf(
  url: SignedUrl,
  method: string,
  headers: HeaderMap,
  secret: string,
): string | undefined {
  let lines = ''
  for (const name of url.signedHeaders) {
    const value = name === 'host' ? url.origin.slice('https://'.length) : headers[name]
    if (value === undefined) return undefined
    lines += `${name}:${value.trim().replace(/ +/g, ' ')}\n`
  }
  const names = url.signedHeaders.join(';')
  const canonical = [method, url.path, canonicalQuery(url), lines, names, 'UNSIGNED-PAYLOAD']
  const hash = createHash('sha256').update(canonical.join('\n')).digest('hex')
  return macOf(secret, url.scope, `AWS4-HMAC-SHA256\n${url.moment}\n${url.scope}\n${hash}`)
}

function canonicalQuery(url: SignedUrl): string {
  const pairs = [
    ...url.query,
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${url.accessKeyId}/${url.scope}`],
    ['X-Amz-Date', url.moment],
    ['X-Amz-Expires', String(url.expiresIn)],
    ...(url.token === undefined ? [] : [['X-Amz-Security-Token', url.token]]),
    ['X-Amz-SignedHeaders', url.signedHeaders.join(';')],
  ].map(([name = '', value = '']) => [encode(name), encode(value)] as const)
  pairs.sort(([one], [other]) => (one < other ? -1 : 1))
  return pairs.map(([name, value]) => `${name}=${value}`).join('&')
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The keys of days, which are derived by four HMACs each. */
const days = new Map<string, Buffer>()

/**
 * Signs a text.
 *
 * @param scope from the day to "aws4_request"
 * @returns hexadecimal
 */
export function macOf(secret: string, scope: string, text: string): string {
  const name = `${secret} ${scope}`
  let key = days.get(name)
  if (key === undefined) {
    key = Buffer.from(`AWS4${secret}`)
    for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest()
    if (days.size > 500) days.clear()
    days.set(name, key)
  }
  return createHmac('sha256', key).update(text).digest('hex')
}
