import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm } from '../../protocol/index.ts'
import { MAX_PART_SIZE, type PartRules, S3_PART_RULES } from '../../s3/part-size.ts'
import { presetOf, recognizeHost, SERVICES, type ServiceId } from '../../s3/providers.ts'
import type { Bucket, BucketFields, BucketOptions, KeySource, Keys } from '../api/bucket.ts'
import { checkOptions } from '../api/check-options.ts'
import { checkText, readKeys } from '../sign/access-keys.ts'
import { isAddress, readEndpoint } from './endpoint.ts'

/** The names of {@link BucketOptions}. */
const BUCKET_OPTIONS = [
  'bucket',
  'accessKeyId',
  'secretAccessKey',
  'sessionToken',
  'credentials',
  'uploadKeys',
  'addressing',
  'allowHttp',
  'guardHeaders',
  'lanes',
]

/** The names of the fields of {@link Bucket}. A change of one that is none would change nothing. */
const FIELDS: readonly string[] = [
  'provider',
  'endpoint',
  'region',
  'maxExpires',
  'partRules',
  'postPolicy',
  'conditionalPut',
  'expiresByTag',
  'keeps',
  'keepsOfForm',
  'links',
  'cors',
  'checksums',
  'bucket',
  'credentials',
  'uploadKeys',
  'addressing',
  'allowHttp',
  'guardHeaders',
  'lanes',
]

/** What a preset decides: the service and the place, and what differs from the facts of the service. */
interface Preset
  extends Pick<Bucket, 'endpoint' | 'region'>,
    Partial<Pick<Bucket, 'partRules' | 'postPolicy' | 'conditionalPut' | 'expiresByTag'>> {
  service: ServiceId
}

/**
 * Makes a bucket of what is known of a service and of the options of a preset.
 *
 * @param preset name of the function, for messages
 * @param more names of options that only this preset has
 * @throws {Error} with a sentence that names the option which is missing, wrong or unknown
 */
export function makeBucket(
  preset: string,
  options: BucketOptions,
  more: readonly string[],
  { service, ...decided }: Preset,
): Bucket {
  checkOptions(preset, options, [...BUCKET_OPTIONS, ...more])
  const { hasChecksums, ...facts } = SERVICES[service]
  const fields: BucketFields = {
    provider: presetOf(service),
    ...facts,
    ...decided,
    checksums: hasChecksums ? CHECKSUM_ALGORITHMS : [],
    bucket: options.bucket,
    credentials: readCredentials(options),
    uploadKeys: readUploadKeys(options.uploadKeys),
    addressing: options.addressing ?? 'path',
    guardHeaders: options.guardHeaders ?? facts.guardHeaders,
    allowHttp: options.allowHttp,
    lanes: options.lanes,
  }
  return checkBucket(fields as Bucket)
}

function readCredentials(options: BucketOptions): Keys | KeySource {
  const { credentials, accessKeyId = '', secretAccessKey = '', sessionToken } = options
  if (credentials === undefined) {
    return readKeys('credentials', { accessKeyId, secretAccessKey, sessionToken })
  }
  if (typeof credentials !== 'function') {
    throw new Error('"credentials" must be a function. Write fixed keys without it.')
  }
  if (`${accessKeyId}${secretAccessKey}${sessionToken ?? ''}` === '') return credentials
  throw new Error('"credentials" and "accessKeyId" exclude each other.')
}

function readUploadKeys(keys: BucketOptions['uploadKeys']): Keys | KeySource | undefined {
  return keys === undefined || typeof keys === 'function' ? keys : readKeys('uploadKeys', keys)
}

/**
 * Checks a bucket's fields, and reduces its endpoint to an origin.
 *
 * @throws {Error} with a sentence that names the option which is missing or wrong
 */
export function checkBucket(bucket: Bucket): Bucket {
  checkOptions('"bucket"', bucket, FIELDS)
  checkText('bucket', bucket.bucket)
  checkText('region', bucket.region)
  if (!bucket.credentials)
    throw new Error('"bucket" must be made with storj, qencode, ibmCos or s3.')
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
  checkGuards(bucket.guardHeaders)
  const endpoint = readEndpoint(bucket.endpoint, bucket.allowHttp)
  checkHostWithoutBucket(endpoint)
  if (bucket.addressing === 'virtual-hosted')
    checkVirtualHost(endpoint, bucket.bucket, 'addressing')
  checkLanes({ ...bucket, endpoint })
  return { ...bucket, endpoint }
}

function checkLanes({ lanes = [], addressing, endpoint, bucket }: Bucket): void {
  const isKnown = (lane: unknown) => lane === 'addressing' || lane === 'credentials'
  if (!Array.isArray(lanes) || !lanes.every(isKnown)) {
    throw new Error('"lanes" must be a list of "addressing" and "credentials".')
  }
  if (!lanes.includes('addressing')) return
  if (addressing === 'path') checkVirtualHost(endpoint, bucket, 'lanes')
  const known = recognizeHost(endpoint)
  if (!known?.virtualHostedOnly) return
  throw new Error(`"lanes" has "addressing", but ${known.title} has one name for each bucket.`)
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html on dots */
function checkVirtualHost(endpoint: string, bucket: string, option: 'addressing' | 'lanes'): void {
  const { hostname, protocol } = new URL(endpoint)
  const [found, remedy] =
    option === 'lanes'
      ? ['"lanes" has "addressing"', 'Leave it out.']
      : ['"addressing" is "virtual-hosted"', 'Use "path".']
  if (isAddress(hostname)) {
    throw new Error(`${found}, but no bucket's name can stand before ${hostname}. ${remedy}`)
  }
  if (protocol === 'http:' || !bucket.includes('.')) return
  throw new Error(
    `${found}, but certificates do not cover a bucket's name with a dot, as "${bucket}". ${remedy}`,
  )
}

/**
 * Refuses a checksum that the provider would ignore, or refuse: a check that is not
 * made must not be promised.
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

function checkGuards(headers: Bucket['guardHeaders']): void {
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (/^x-amz-[a-z-]+$/.test(name) && typeof value === 'string' && /^[!-~]+$/.test(value))
      continue
    throw new Error(
      `"guardHeaders" has "${name}", which must begin with "x-amz-" and have a value.`,
    )
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

/**
 * Refuses an endpoint that has the bucket's name before the host: path style would name it twice.
 *
 * @throws {Error} that says how to write it
 */
function checkHostWithoutBucket(endpoint: string): void {
  const bucket = recognizeHost(endpoint)?.bucket
  if (bucket === undefined) return
  const { host } = new URL(endpoint)
  throw new Error(
    `"endpoint" is "${endpoint}", which has the name of a bucket in it. ` +
      `Write it as "https://${host.slice(bucket.length + 1)}", and name the bucket in "bucket". ` +
      'With "addressing: \'virtual-hosted\'" URLs look as you wrote it.',
  )
}
