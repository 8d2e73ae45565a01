import { formatDuration, parseDuration } from '../../util/duration.ts'
import { isoText } from '../../util/iso-date.ts'
import type { Bucket, Keys } from '../api/bucket.ts'
import { checkKey, encodeKey } from '../keys/key.ts'
import { keysOf, lifetimeOf } from './access-keys.ts'
import { signingOf } from './signing.ts'
import { signQuery } from './sigv4.ts'

/** What {@link presign} signs. */
export interface PresignOptions extends Pick<SignOptions, 'key' | 'headers' | 'query'> {
  /**
   * The method of the request.
   *
   * @default 'GET'
   */
  method?: SignOptions['method'] | undefined
  /**
   * Lifetime, in seconds or as `"1h"`.
   *
   * @default '15m'
   */
  expiresIn?: number | string | undefined
  /**
   * The moment of signing.
   *
   * @default the current time
   */
  now?: Date | undefined
}

/** What is signed, with nothing left to a default. */
export interface SignOptions {
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
  /** Absolute URL. Its bearer may do what it was signed for. */
  url: string
  /** When it stops working, as an ISO 8601 date. */
  expiresAt: string
}

/**
 * Signs a URL by Signature Version 4 in the query, without the payload (`UNSIGNED-PAYLOAD`).
 *
 * @example await presign(bucket, { key: 'photos/cat.jpg', expiresIn: '1h' })
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 * @throws {SignerError} `invalid-key`
 * @throws {RangeError} when the lifetime is none, or above the provider's limit
 * @throws {TypeError} for headers that no request can have, and for what is named twice
 * @throws {Error} when the bucket's temporary keys have ended
 */
export async function presign(bucket: Bucket, options: PresignOptions): Promise<Presigned> {
  const { method = 'GET', expiresIn = '15m', now = new Date(), ...rest } = options
  const signed = { ...rest, method, expiresIn: parseDuration(expiresIn), now }
  return signUrl(bucket, await keysOf(bucket, now), signed)
}

/** As {@link presign}, by keys that are at hand: nothing is waited for. */
export function signUrl(bucket: Bucket, keys: Keys, options: SignOptions): Presigned {
  checkKey(options.key)
  return signAny(bucket, keys, options)
}

/** As {@link signUrl}, also for the bucket itself, whose key is "". For the signer's own requests only. */
export function signAny(bucket: Bucket, keys: Keys, options: SignOptions): Presigned {
  const { method, key, headers, query, now } = options
  checkExpiresIn(bucket, 'expiresIn', options.expiresIn)
  const signing = signingOf(bucket, keys, now)
  const { origin, host, path: folder } = signing.place
  const expiresIn = lifetimeOf(keys, options.expiresIn, signing.start)
  const path = `${folder}${encodeKey(key)}`
  const search = signQuery(signing, { method, path, query, host, headers, expiresIn })
  return {
    url: `${origin}${path}?${search}`,
    expiresAt: isoText(signing.start + expiresIn * 1000),
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
