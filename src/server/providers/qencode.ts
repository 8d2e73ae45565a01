import type { Bucket, BucketOptions } from '../bucket.ts'
import { QENCODE } from './facts.ts'
import { checkRegion, makeBucket } from './make-bucket.ts'

/**
 * Every region that Qencode has published.
 *
 * @see https://docs.qencode.com/tutorials/media-storage/qencode-s3/using-qencode-s3
 */
export const QENCODE_REGIONS = ['us-west', 'eu-central'] as const

/** One of {@link QENCODE_REGIONS}. */
export type QencodeRegion = (typeof QENCODE_REGIONS)[number]

/** What {@link qencode} takes. */
export interface QencodeOptions extends BucketOptions {
  /** The region of the bucket. */
  region: QencodeRegion | (string & {})
  /** Origin of the S3 API, if it is not the region's own. Must be https. */
  endpoint?: string | undefined
}

/**
 * A bucket on Qencode Media Storage, which denies plain HTTP.
 *
 * @see https://docs.qencode.com/tutorials/media-storage/qencode-s3/using-qencode-s3
 * @throws {Error} when an option is missing, wrong or unknown, or the region is not one of Qencode's
 */
export function qencode(options: QencodeOptions): Bucket {
  checkRegion('qencode', options.region, QENCODE_REGIONS)
  // With HTTP let through: the sentence below says it better.
  const bucket = makeBucket('qencode', { ...options, allowHttp: true }, ['region', 'endpoint'], {
    ...QENCODE,
    endpoint: options.endpoint ?? `https://${options.region}.s3.qencode.com`,
    region: options.region,
  })
  if (bucket.endpoint.startsWith('https:')) return bucket
  throw new Error('"endpoint" for qencode must begin with "https://": Qencode denies plain HTTP.')
}
