import type { Bucket, BucketOptions } from '../bucket.ts'
import { IBM } from './facts.ts'
import { checkRegion, makeBucket } from './make-bucket.ts'

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

/**
 * A bucket on IBM Cloud Object Storage. The keys are HMAC credentials: IAM tokens cannot presign. IBM
 * does not compare the region in a signature with anything.
 *
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-hmac-signature
 * @throws {Error} when an option is missing, wrong or unknown, or the region is not one of IBM's
 */
export function ibmCos(options: IbmCosOptions): Bucket {
  checkLocation(options.region)
  if (options.endpoint !== undefined) checkPublic(options.endpoint)
  return makeBucket('ibmCos', options, ['region', 'endpoint'], {
    ...IBM,
    endpoint:
      options.endpoint ?? `https://s3.${options.region}.cloud-object-storage.appdomain.cloud`,
    region: options.region,
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
