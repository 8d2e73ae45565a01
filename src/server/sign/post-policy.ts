import { base64Of, toHex } from '../../util/bytes.ts'
import { isoText } from '../../util/iso-date.ts'
import type { Bucket, Keys } from '../api/bucket.ts'
import { checkKey } from '../keys/key.ts'
import { lifetimeOf } from './access-keys.ts'
import { signingOf } from './signing.ts'

/** What {@link signForm} signs: exactly one object. */
export interface FormOptions {
  key: string
  /** Bytes. */
  size: number
  /** Media type. */
  type: string
  /** More fields, as of a checksum: a bucket that knows them compares it, or keeps them. */
  fields?: Record<string, string>
  /** Lifetime in seconds. */
  expiresIn: number
  /** The moment of signing. */
  now: Date
}

/** A form that stores one object. Its bearer may store that object, as with a presigned URL. */
export interface SignedForm {
  /** Where to POST it: the address of the bucket. */
  url: string
  /** All that goes before the file. */
  fields: Record<string, string>
  /** When it stops working, as an ISO 8601 date. */
  expiresAt: string
}

/**
 * Signs a POST policy of Signature Version 4.
 *
 * A form is a "simple request" of CORS: a browser sends it without asking for leave first. And since
 * all forms go to the same address, it would have to ask only once. Each presigned PUT costs a round
 * trip more.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 * @throws {SignerError} `invalid-key`
 * @throws {Error} when the keys have ended
 */
export function signForm(bucket: Bucket, keys: Keys, options: FormOptions): SignedForm {
  const { key, size, type, now } = options
  checkKey(key)
  const { start, moment, credential, place, mac } = signingOf(bucket, keys, now)
  const { sessionToken } = keys
  const expiresIn = lifetimeOf(keys, options.expiresIn, start)
  const expiresAt = isoText(start + expiresIn * 1000)
  const fields = {
    key,
    'Content-Type': type,
    ...options.fields,
    // The answer then tells the ETag in its body, which no CORS rule can hide.
    success_action_status: '201',
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': credential,
    'x-amz-date': moment,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  }
  const conditions = [
    { bucket: bucket.bucket },
    ...Object.entries(fields).map(([name, value]) => ['eq', `$${name}`, value]),
    ['content-length-range', size, size],
  ]
  // UTF-8, as keys may be in any script.
  const policy = base64Of(JSON.stringify({ expiration: expiresAt, conditions }))
  return {
    url: `${place.origin}${place.path}`,
    fields: { ...fields, policy, 'x-amz-signature': toHex(mac(policy)) },
    expiresAt,
  }
}
