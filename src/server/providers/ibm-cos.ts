import { PROVIDERS, recognizeHost } from '../../s3/providers.ts'
import { IBM_COS_CLOSED, IBM_COS_REGIONS } from '../../s3/regions.ts'
import type { Bucket, BucketOptions } from '../api/bucket.ts'
import { makeBucket } from './make-bucket.ts'
import { checkRegion } from './region.ts'

/** What IBM's own pages and tools put after a location: how the bucket stores, not where. */
const CLASSES = /-(standard|vault|cold|flex|smart|onerate_active|onerate-active|geo)$/

/** One of `IBM_COS_REGIONS`. */
export type IbmCosRegion = (typeof IBM_COS_REGIONS)[number]

/** What {@link ibmCos} takes. */
export interface IbmCosOptions extends BucketOptions {
  /** The location of the bucket: requests must go to the endpoint of that very location. */
  region: IbmCosRegion | (string & {})
  /**
   * Origin of the S3 API.
   *
   * @default the public one of the region
   */
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
  const { region, endpoint = PROVIDERS['ibm-cos'].endpointOf(region) } = options
  checkLocation(region)
  checkPublic(endpoint)
  return makeBucket('ibmCos', options, ['region', 'endpoint'], {
    service: 'ibm-cos',
    endpoint,
    region,
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
  const inside = URL.canParse(endpoint) ? recognizeHost(endpoint)?.inside : undefined
  if (inside === undefined) return
  throw new Error(
    `"endpoint" is "${endpoint}", which can only be reached from inside IBM Cloud, and not by a ` +
      `browser. Did you mean ${endpoint.replace(inside, '')}?`,
  )
}
