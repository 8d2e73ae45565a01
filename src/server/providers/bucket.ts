import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  type PartRules,
} from '../../protocol/index.ts'
import { nearest } from '../nearest.ts'
import type { CorsSetting } from './cors-setting.ts'
import { isAddress, readEndpoint } from './endpoint.ts'
import { checkHostWithoutBucket } from './hosts.ts'

/** How the bucket is named in a URL: `host/bucket/key`, or `bucket.host/key`. */
export type Addressing = 'path' | 'virtual-hosted'

/**
 * What a link to an object can be: presigned, the plain address of a public object, or the provider's
 * own. Each is made by the function of that name.
 */
export type LinkKind = 'presigned' | 'public' | 'linkshare' | 'qencode-cdn'

/** A bucket, and all it takes to sign requests to it. Made by a preset, or by hand. */
export interface Bucket {
  /** Which preset made it. Only used in messages. */
  provider: 'storj' | 'qencode' | 'ibm-cos' | 's3'
  /** The bucket's name. */
  bucket: string
  /** Origin of the S3 API without the bucket, for example `https://gateway.storjshare.io`. */
  endpoint: string
  /** Region in the signature's scope. */
  region: string
  accessKeyId: string
  /** Never leaves the signer. */
  secretAccessKey: string
  addressing: Addressing
  /** Longest lifetime in seconds that the provider accepts for a presigned URL; `null` for no limit. */
  maxExpires: number | null
  /** How to cut large files for this provider. */
  partRules: PartRules
  /** Whether it takes forms with a POST policy, which store small files in half the time. */
  postPolicy: boolean
  /** Whether it is known to take `If-None-Match: *` with a PUT, and then never replaces an object. */
  conditionalPut: boolean
  /** Whether it is known to take a storage class for each object. */
  storageClass: boolean
  /** Which kinds of links there are to its objects. */
  links: readonly LinkKind[]
  /** What can be set so that it lets pages in. */
  cors: CorsSetting
  /** Whether plain HTTP is wanted also for an `endpoint` that is not on this computer. */
  allowHttp?: boolean | undefined
  /** The checksums that the provider is known to check and to keep. */
  checksums: readonly ChecksumAlgorithm[]
}

/** What every preset takes. */
export interface BucketOptions {
  /** The bucket's name. */
  bucket: string
  accessKeyId: string
  /** Keep it on the server. */
  secretAccessKey: string
  /** `path` unless said otherwise. */
  addressing?: Addressing | undefined
  /**
   * Allows an `endpoint` by plain HTTP on another computer, where everybody on the way can read the
   * files. False by default; on this computer plain HTTP is always allowed.
   */
  allowHttp?: boolean | undefined
}

/**
 * The longest lifetime of a Signature Version 4 query: seven days, in seconds.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html (X-Amz-Expires)
 */
export const SIGV4_MAX_EXPIRES = 604_800

const MIB = 2 ** 20

/** The largest part that S3 takes: 5 GiB, in bytes. */
export const MAX_PART_SIZE = 5 * 2 ** 30

/**
 * The limits of Amazon S3: parts of 5 MiB to 5 GiB, of which the last may be smaller, and at most
 * 10,000 of them. The best size is our choice: large enough that requests cost little time, small
 * enough that one to be sent again does not cost much either.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
 */
export const S3_PART_RULES: PartRules = {
  minSize: 5 * MIB,
  idealSize: 64 * MIB,
  multipleOf: 1,
  maxCount: 10_000,
}

/**
 * Checks a bucket's fields, and reduces its endpoint to an origin.
 *
 * @throws {Error} with a sentence that names the option which is missing or wrong
 */
export function checkBucket(bucket: Bucket): Bucket {
  for (const option of ['bucket', 'accessKeyId', 'secretAccessKey', 'region'] as const) {
    checkText(option, bucket[option])
  }
  checkBucketName(bucket.bucket)
  if (bucket.addressing !== 'path' && bucket.addressing !== 'virtual-hosted') {
    throw new Error('"addressing" must be "path" or "virtual-hosted".')
  }
  const { maxExpires } = bucket
  if (maxExpires !== null && !(Number.isSafeInteger(maxExpires) && maxExpires > 0)) {
    throw new Error('"maxExpires" must be a whole number of seconds, or null for no limit.')
  }
  checkPartRules(bucket.partRules)
  if (!Array.isArray(bucket.checksums)) throw new Error('"checksums" must be a list.')
  const endpoint = readEndpoint(bucket.endpoint, bucket.allowHttp)
  checkHostWithoutBucket(endpoint)
  if (bucket.addressing === 'virtual-hosted') checkVirtualHost(endpoint, bucket.bucket)
  return { ...bucket, endpoint }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html on dots */
function checkVirtualHost(endpoint: string, bucket: string): void {
  const { hostname, protocol } = new URL(endpoint)
  if (isAddress(hostname)) {
    throw new Error(
      `"addressing" is "virtual-hosted", but no bucket's name can stand before ${hostname}. Use "path".`,
    )
  }
  if (protocol === 'http:' || !bucket.includes('.')) return
  throw new Error(
    `"addressing" is "virtual-hosted", but certificates do not cover a bucket's name with a dot, as "${bucket}". Use "path".`,
  )
}

/**
 * Refuses a region that the provider does not have.
 *
 * @throws {Error} that asks for the name that was most likely meant, and lists the valid ones
 */
export function checkRegion(provider: string, region: string, known: readonly string[]): void {
  if (known.includes(region)) return
  const list = `Use one of: ${known.join(', ')}.`
  if (region === undefined || region === '') {
    throw new Error(`"region" is missing: ${provider} needs the one of the bucket. ${list}`)
  }
  const meant = nearest(String(region), known)
  throw new Error(
    `"region" for ${provider} is "${region}", which is not a region of theirs. ` +
      `${meant ? `Did you mean ${meant}? ` : ''}${list}`,
  )
}

/**
 * Refuses a checksum that the provider would ignore, or refuse: nobody should believe in a check that
 * nobody makes.
 *
 * @throws {Error} that lists what there is
 */
export function checkChecksum(
  { provider, checksums }: Bucket,
  checksum: ChecksumAlgorithm | undefined,
): ChecksumAlgorithm | undefined {
  if (checksum === undefined || checksums.includes(checksum)) return checksum
  if (!CHECKSUM_ALGORITHMS.includes(checksum)) {
    throw new Error(`"checksum" must be one of: ${CHECKSUM_ALGORITHMS.join(', ')}.`)
  }
  const others = checksums.length > 0 ? `use one of: ${checksums.join(', ')}` : 'leave it out'
  throw new Error(
    `"checksum" is "${checksum}", which ${provider} is not known to check; ${others}. ` +
      'The MD5 of everything is checked without it.',
  )
}

function checkText(option: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') {
    throw new Error(`"${option}" is missing: it must be a text that is not empty.`)
  }
  // A key pasted with a line break signs without complaint, and then every URL is refused.
  if (value !== value.trim()) {
    throw new Error(`"${option}" begins or ends with white space. Remove it.`)
  }
}

function checkPartRules(rules: PartRules): void {
  for (const rule of ['minSize', 'idealSize', 'multipleOf', 'maxCount'] as const) {
    if (Number.isSafeInteger(rules?.[rule]) && rules[rule] > 0) continue
    throw new Error(`"partRules.${rule}" must be a whole number above 0.`)
  }
  const { minSize, idealSize, maxCount } = rules
  if (minSize > idealSize || idealSize > MAX_PART_SIZE) {
    throw new Error('"partRules.idealSize" must be from "partRules.minSize" to 5 GiB.')
  }
  if (maxCount > S3_PART_RULES.maxCount) {
    throw new Error('"partRules.maxCount" must be at most 10000.')
  }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function checkBucketName(name: string): void {
  if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..')) return
  throw new Error(
    `"bucket" is "${name}", which is not a bucket name. A bucket name has 3 to 63 lower-case ` +
      'letters, digits, dots and hyphens, and begins and ends with a letter or digit.',
  )
}
