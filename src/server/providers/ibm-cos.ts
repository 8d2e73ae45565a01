import { CHECKSUM_ALGORITHMS, type PartRules } from '../../protocol/index.ts'
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
 * IBM does not compare the region in a signature with anything, and does not limit the lifetime.
 *
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-hmac-signature
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-presign-url
 * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-release-notes for
 *   the checksums, since August 2025
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
    partRules: PART_RULES,
    postPolicy: false,
    checksums: CHECKSUM_ALGORITHMS,
  })
}
