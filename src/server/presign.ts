import { AwsV4Signer } from 'aws4fetch'
import { formatDuration } from './duration.ts'
import { checkKey, encodeKey } from './key.ts'
import type { Bucket } from './providers/bucket.ts'
import { keysOf } from './signing-key.ts'

/** What {@link presign} signs. */
export interface PresignOptions {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** Object key, as it is: not percent-encoded. */
  key: string
  /** Headers that the request must carry with exactly these values. `Host` is always signed. */
  headers?: Record<string, string>
  /** More query parameters, such as `response-content-disposition`. An empty value keeps its "=". */
  query?: Record<string, string>
  /** Lifetime in seconds. */
  expiresIn: number
  /** The moment of signing. */
  now: Date
}

/** A presigned URL and its end. */
export interface Presigned {
  /** Absolute URL. Whoever has it may do what it was signed for. */
  url: string
  /** When it stops working, as an ISO 8601 date. */
  expiresAt: string
}

/**
 * Signs a URL by Signature Version 4 in the query, without the payload (`UNSIGNED-PAYLOAD`).
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 * @throws {SignerError} `invalid-key`
 * @throws {RangeError} when the lifetime is not a whole number of seconds, or above the provider's limit
 */
export async function presign(bucket: Bucket, options: PresignOptions): Promise<Presigned> {
  checkKey(options.key)
  return presignAny(bucket, options)
}

/** As {@link presign}, also for the bucket itself, whose key is "". For the signer's own requests only. */
export async function presignAny(bucket: Bucket, options: PresignOptions): Promise<Presigned> {
  checkExpiresIn(bucket, 'expiresIn', options.expiresIn)
  const url = objectUrl(bucket, options.key)
  for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.set(name, value)
  url.searchParams.set('X-Amz-Expires', String(options.expiresIn))
  // The signature has no milliseconds, so neither has the expiry that follows from it.
  const start = Math.floor(options.now.getTime() / 1000) * 1000
  const signer = new AwsV4Signer({
    method: options.method,
    url: url.href,
    headers: options.headers ?? {},
    accessKeyId: bucket.accessKeyId,
    secretAccessKey: bucket.secretAccessKey,
    service: 's3',
    region: bucket.region,
    datetime: new Date(start).toISOString().replace(/[:-]|\.\d{3}/g, ''),
    signQuery: true,
    // Without it, Content-Type and Content-Length would stay outside the signature.
    allHeaders: true,
    cache: keysOf(bucket),
  })
  // The URL is put together from what was signed. URLSearchParams would write a space as "+", which
  // not every server reads as a space.
  const { encodedPath, encodedSearch } = signer
  const signature = await signer.signature()
  return {
    url: `${url.origin}${encodedPath}?${encodedSearch}&X-Amz-Signature=${signature}`,
    expiresAt: new Date(start + options.expiresIn * 1000).toISOString(),
  }
}

/**
 * Refuses a lifetime that the provider would not accept.
 *
 * @param option the name of the option, for the message
 * @param seconds lifetime in seconds
 * @throws {RangeError} that names the option, the limit and the provider
 */
export function checkExpiresIn(bucket: Bucket, option: string, seconds: number): void {
  if (!Number.isSafeInteger(seconds) || seconds < 1) {
    throw new RangeError(`"${option}" must be a whole number of seconds, 1 or more.`)
  }
  if (bucket.maxExpires === null || seconds <= bucket.maxExpires) return
  throw new RangeError(
    `"${option}" is ${formatDuration(seconds)} (${seconds} seconds), but ${bucket.provider} ` +
      `accepts at most ${formatDuration(bucket.maxExpires)} (${bucket.maxExpires} seconds).`,
  )
}

/** The address of the bucket, with a "/" at its end. */
export function bucketUrl({ endpoint, addressing, bucket }: Bucket): URL {
  const url = new URL(endpoint)
  if (addressing === 'path') return new URL(`${url.origin}/${bucket}/`)
  return new URL(`${url.protocol}//${bucket}.${url.host}/`)
}

function objectUrl(bucket: Bucket, key: string): URL {
  return new URL(`${bucketUrl(bucket).href}${encodeKey(key)}`)
}
