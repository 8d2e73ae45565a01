import { CHECKSUM_ALGORITHMS, type PartRules } from '../../protocol/index.ts'
import { type Bucket, type BucketOptions, checkBucket, checkRegion } from './bucket.ts'
import { IBM_CORS } from './cors-setting.ts'

/**
 * Every location with a public endpoint, which is the only kind that a browser can reach.
 *
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-endpoints
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-advanced-endpoints
 */
export const IBM_COS_REGIONS = [
  // Regional
  'us-south',
  'us-east',
  'eu-gb',
  'eu-de',
  'eu-es',
  'au-syd',
  'jp-tok',
  'jp-osa',
  'ca-tor',
  'ca-mon',
  'br-sao',
  'in-che',
  'in-mum',
  // Cross-region
  'us',
  'eu',
  'ap',
  // Tethered: one access point of a cross-region location
  'dal.us',
  'sjc.us',
  'wdc.us',
  'ams.eu',
  'fra.eu',
  'tok.ap',
  'syd.ap',
  'osa.ap',
  // Single site
  'ams03',
  'che01',
  'mon01',
  'par01',
  'sjc04',
  'sng01',
] as const

/**
 * Locations that IBM has shut down.
 *
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-endpoints
 */
export const IBM_COS_CLOSED = [
  'mel01',
  'mex01',
  'tor01',
  'osl01',
  'hkg02',
  'seo01',
  'mil01',
] as const

/** What IBM's own pages and tools put after a location: how the bucket stores, not where. */
const CLASSES = /-(standard|vault|cold|flex|smart|onerate_active|onerate-active|geo)$/

/** One of {@link IBM_COS_REGIONS}. */
export type IbmCosRegion = (typeof IBM_COS_REGIONS)[number]

/** What {@link ibmCos} takes. */
export interface IbmCosOptions extends BucketOptions {
  /** The location of the bucket: requests must go to the endpoint of that very location. */
  region: IbmCosRegion | (string & {})
  /** Origin of the S3 API, if it is not the public one of the region. */
  endpoint?: string | undefined
}

const MIB = 2 ** 20

/**
 * IBM advises parts of 20 to 100 MB for objects below 50 GB, generally 100 MB, and in any case a
 * multiple of 4 MiB. 96 MiB is the multiple that is nearest to 100 MB. At most 10,000 parts.
 *
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-large-objects
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-performance-io
 */
const PART_RULES: PartRules = {
  minSize: 20 * MIB,
  idealSize: 96 * MIB,
  multipleOf: 4 * MIB,
  maxCount: 10_000,
}

/**
 * A bucket on IBM Cloud Object Storage. The keys are HMAC credentials: IAM tokens cannot presign.
 *
 * IBM does not compare the region in a signature with anything, and does not limit the lifetime. It
 * documents `If-None-Match` with an ETag only, and storage classes for buckets only.
 *
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-hmac-signature
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-presign-url
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-release-notes for
 *   the checksums, since August 2025
 * @throws {Error} when an option is missing or wrong, or the region is not one of IBM's
 */
export function ibmCos(options: IbmCosOptions): Bucket {
  checkLocation(options.region)
  if (options.endpoint !== undefined) checkPublic(options.endpoint)
  return checkBucket({
    provider: 'ibm-cos',
    bucket: options.bucket,
    endpoint:
      options.endpoint ?? `https://s3.${options.region}.cloud-object-storage.appdomain.cloud`,
    region: options.region,
    accessKeyId: options.accessKeyId,
    secretAccessKey: options.secretAccessKey,
    addressing: options.addressing ?? 'path',
    maxExpires: null,
    partRules: PART_RULES,
    postPolicy: false,
    conditionalPut: false,
    storageClass: false,
    links: ['presigned', 'public'],
    cors: IBM_CORS,
    checksums: CHECKSUM_ALGORITHMS,
    allowHttp: options.allowHttp,
  })
}

function checkLocation(region: string): void {
  const closed: readonly string[] = IBM_COS_CLOSED
  if (closed.includes(region)) {
    throw new Error(
      `"region" for ibm-cos is "${region}", which IBM has shut down: its buckets are to be moved. ` +
        `Use one of: ${IBM_COS_REGIONS.join(', ')}.`,
    )
  }
  // "us-south-smart" is a LocationConstraint: near to nothing, but clear.
  const location = String(region ?? '').replace(CLASSES, '')
  const isClass = location !== region && (IBM_COS_REGIONS as readonly string[]).includes(location)
  if (!isClass) {
    checkRegion('ibm-cos', region, IBM_COS_REGIONS)
    return
  }
  throw new Error(
    `"region" for ibm-cos is "${region}", a location with a storage class. Did you mean ${location}?`,
  )
}

/** A presigned URL for a host that only IBM's own network knows would fail in every browser. */
function checkPublic(endpoint: string): void {
  const inside = /^https?:\/\/(?:.+\.)?s3\.((?:private|direct)\.)/.exec(endpoint)
  if (!inside || !endpoint.includes('.appdomain.cloud')) return
  throw new Error(
    `"endpoint" is "${endpoint}", which can only be reached from inside IBM Cloud, and not by a ` +
      `browser. Did you mean ${endpoint.replace(inside[1] ?? '', '')}?`,
  )
}
