import { type Bucket, type BucketOptions, checkBucket, checkRegion } from './bucket.ts'

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
 * A bucket on IBM Cloud Object Storage. The keys are HMAC credentials: IAM tokens cannot presign.
 *
 * IBM does not compare the region in a signature with anything, and does not limit the lifetime.
 *
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-hmac-signature
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-presign-url
 * @throws {Error} when an option is missing or wrong, or the region is not one of IBM's
 */
export function ibmCos(options: IbmCosOptions): Bucket {
  checkRegion('ibm-cos', options.region, IBM_COS_REGIONS)
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
  })
}
