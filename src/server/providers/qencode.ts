import { PROVIDERS } from '../../s3/providers.ts'
import { QENCODE_REGIONS } from '../../s3/regions.ts'
import type { Bucket, BucketOptions } from '../api/bucket.ts'
import { makeBucket } from './make-bucket.ts'
import { checkRegion } from './region.ts'

/** One of `QENCODE_REGIONS`. */
export type QencodeRegion = (typeof QENCODE_REGIONS)[number]

/** What {@link qencode} takes. */
export interface QencodeOptions extends BucketOptions {
  /** The region of the bucket. */
  region: QencodeRegion | (string & {})
  /**
   * Origin of the S3 API. Must be https.
   *
   * @default that of the region
   */
  endpoint?: string | undefined
}

/**
 * A bucket on Qencode Media Storage, which denies plain HTTP.
 *
 * @see https://docs.qencode.com/tutorials/media-storage/qencode-s3/using-qencode-s3
 * @throws {Error} when an option is missing, wrong or unknown, or the region is not one of Qencode's
 */
export function qencode(options: QencodeOptions): Bucket {
  const { region, endpoint = PROVIDERS.qencode.endpointOf(region) } = options
  checkRegion('qencode', region, QENCODE_REGIONS)
  // Plain HTTP is allowed here, as the sentence below says it better.
  const preset = { service: 'qencode', endpoint, region } as const
  const bucket = makeBucket(
    'qencode',
    { ...options, allowHttp: true },
    ['region', 'endpoint'],
    preset,
  )
  if (bucket.endpoint.startsWith('https:')) return bucket
  throw new Error('"endpoint" for qencode must begin with "https://": Qencode denies plain HTTP.')
}
