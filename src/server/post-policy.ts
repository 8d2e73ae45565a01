import { checkKey } from './key.ts'
import { bucketUrl } from './presign.ts'
import type { Bucket } from './providers/bucket.ts'
import { hmac, signingKey, toHex } from './signing-key.ts'

/** What {@link signForm} signs: exactly one object. */
export interface FormOptions {
  key: string
  /** Bytes. */
  size: number
  /** Media type. */
  type: string
  /** The field with a checksum, if one is needed: a bucket that knows it compares it with the file. */
  checksum?: Record<string, string>
  /** Lifetime in seconds. */
  expiresIn: number
  /** The moment of signing. */
  now: Date
}

/** A form that stores one object. Whoever has it may store that object, as with a presigned URL. */
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
 */
export async function signForm(bucket: Bucket, options: FormOptions): Promise<SignedForm> {
  const { key, size, type, checksum, expiresIn, now } = options
  checkKey(key)
  const start = Math.floor(now.getTime() / 1000) * 1000
  const moment = new Date(start).toISOString().replace(/[:-]|\.\d{3}/g, '')
  const day = moment.slice(0, 8)
  const expiresAt = new Date(start + expiresIn * 1000).toISOString()
  const fields = {
    key,
    'Content-Type': type,
    ...checksum,
    // The answer then tells the ETag in its body, which no CORS rule can hide.
    success_action_status: '201',
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${bucket.accessKeyId}/${day}/${bucket.region}/s3/aws4_request`,
    'x-amz-date': moment,
  }
  const policy = encode({
    expiration: expiresAt,
    conditions: [
      { bucket: bucket.bucket },
      ...Object.entries(fields).map(([name, value]) => ['eq', `$${name}`, value]),
      ['content-length-range', size, size],
    ],
  })
  const signature = toHex(await hmac(await signingKey(bucket, day), policy))
  return {
    url: bucketUrl(bucket).href,
    fields: { ...fields, policy, 'x-amz-signature': signature },
    expiresAt,
  }
}

/** As base64 of UTF-8: keys may be in any script. */
function encode(policy: object): string {
  const bytes = new TextEncoder().encode(JSON.stringify(policy))
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
