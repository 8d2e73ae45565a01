import type { Mac } from '../../util/bytes.ts'
import type { Bucket, Keys } from '../api/bucket.ts'
import { beginSigning, deriveMac, type Signing } from './sigv4.ts'

/** Where a bucket is. */
export interface Place {
  /** Scheme and host, without a "/" at the end. */
  origin: string
  /** Value of the `Host` header. */
  host: string
  /** What is before the key, from "/" to "/". */
  path: string
}

/** What is the same for all URLs and forms of one bucket, signed by the same keys in one second. */
export interface BucketSigning extends Signing {
  place: Place
}

/** All that a signature depends on, except for the moment and the request. */
type Source = Pick<Bucket, 'endpoint' | 'addressing' | 'bucket' | 'region'> &
  Pick<Keys, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>

interface Known {
  source: Source
  signing: BucketSigning
}

/**
 * One pair of keys may be for uploads and another for all else, and temporary ones are replaced while
 * the old ones are still good.
 */
const MOST_KNOWN = 4

/** Kept for as long as its bucket is, the last used first. */
const known = new WeakMap<Bucket, Known[]>()

/**
 * Finds or makes what is signed with. To derive the key of the day takes four HMACs, and to write what
 * goes around each URL takes as long as to sign one.
 */
export function signingOf(bucket: Bucket, keys: Keys, now: Date): BucketSigning {
  const start = Math.floor(now.getTime() / 1000) * 1000
  const list = known.get(bucket) ?? []
  const found = list.find(({ source }) => isSame(source, bucket, keys))
  if (found?.signing.start === start) return found.signing
  const signing = renew(found?.signing, bucket, keys, start)
  const others = list.filter((each) => each !== found)
  const source = found?.source ?? sourceOf(bucket, keys)
  known.set(bucket, [{ source, signing }, ...others].slice(0, MOST_KNOWN))
  return signing
}

function sourceOf(bucket: Bucket, keys: Keys): Source {
  const { endpoint, addressing, bucket: name, region } = bucket
  const { accessKeyId, secretAccessKey, sessionToken } = keys
  return { endpoint, addressing, bucket: name, region, accessKeyId, secretAccessKey, sessionToken }
}

/** Compares the values and not the objects, so that changed keys never sign as the old ones. */
function isSame(source: Source, bucket: Bucket, keys: Keys): boolean {
  return (
    source.secretAccessKey === keys.secretAccessKey &&
    source.accessKeyId === keys.accessKeyId &&
    source.sessionToken === keys.sessionToken &&
    source.bucket === bucket.bucket &&
    source.endpoint === bucket.endpoint &&
    source.region === bucket.region &&
    source.addressing === bucket.addressing
  )
}

function renew(
  old: BucketSigning | undefined,
  bucket: Bucket,
  keys: Keys,
  start: number,
): BucketSigning {
  const { region } = bucket
  const macOf = (day: string): Mac =>
    old?.moment.startsWith(day) ? old.mac : deriveMac(keys.secretAccessKey, day, region, 's3')
  const place = old?.place ?? placeOf(bucket)
  return { ...beginSigning(keys, [region, 's3'], start, macOf), place }
}

/** The address of the bucket, with a "/" at its end. */
export function bucketUrl({ endpoint, addressing, bucket }: Bucket): URL {
  const url = new URL(endpoint)
  if (addressing === 'path') return new URL(`${url.origin}/${bucket}/`)
  return new URL(`${url.protocol}//${bucket}.${url.host}/`)
}

function placeOf(bucket: Bucket): Place {
  const { origin, host, pathname } = bucketUrl(bucket)
  return { origin, host, path: pathname }
}
