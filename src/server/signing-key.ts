import type { Bucket } from './providers/bucket.ts'

/** Deriving the day's key takes four HMACs. They are the same for all that is signed in one day. */
const derivedKeys = new WeakMap<Bucket, Map<string, ArrayBuffer>>()

/** A bucket's keys, by secret, day, region and service, as aws4fetch keeps them. */
export function keysOf(bucket: Bucket): Map<string, ArrayBuffer> {
  const known = derivedKeys.get(bucket)
  // One entry a day: a process that runs for months must not keep them all.
  if (known && known.size < 8) return known
  const keys = new Map<string, ArrayBuffer>()
  derivedKeys.set(bucket, keys)
  return keys
}

/**
 * The key that signs for one day.
 *
 * @param day as `20261124`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function signingKey(bucket: Bucket, day: string): Promise<ArrayBuffer> {
  const keys = keysOf(bucket)
  const name = [bucket.secretAccessKey, day, bucket.region, 's3'].join()
  const known = keys.get(name)
  if (known) return known
  let key: BufferSource = new TextEncoder().encode(`AWS4${bucket.secretAccessKey}`)
  for (const text of [day, bucket.region, 's3', 'aws4_request']) key = await hmac(key, text)
  keys.set(name, key as ArrayBuffer)
  return key as ArrayBuffer
}

/** HMAC-SHA256. */
export async function hmac(key: BufferSource, text: string): Promise<ArrayBuffer> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign'])
  return crypto.subtle.sign('HMAC', imported, new TextEncoder().encode(text))
}

export function toHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
