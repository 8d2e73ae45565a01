import {
  type Bucket,
  type BucketOptions,
  checkBucket,
  checkRegion,
  S3_PART_RULES,
  SIGV4_MAX_EXPIRES,
} from './bucket.ts'
import { QENCODE_CORS } from './cors-setting.ts'

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
 * A bucket on Qencode Media Storage.
 *
 * Qencode denies plain HTTP. It does not document a longest lifetime, so that of Signature Version 4
 * counts: seven days. Nor does it document how to cut large files, so the rules of S3 count. It
 * documents no checksums and no conditions, so it is asked for none. Storage classes are not for its
 * S3 hosts.
 *
 * @see https://docs.qencode.com/tutorials/media-storage/qencode-s3/using-qencode-s3
 * @throws {Error} when an option is missing or wrong, or the region is not one of Qencode's
 */
export function qencode(options: QencodeOptions): Bucket {
  checkRegion('qencode', options.region, QENCODE_REGIONS)
  const bucket = checkBucket({
    provider: 'qencode',
    bucket: options.bucket,
    endpoint: options.endpoint ?? `https://${options.region}.s3.qencode.com`,
    region: options.region,
    accessKeyId: options.accessKeyId,
    secretAccessKey: options.secretAccessKey,
    addressing: options.addressing ?? 'path',
    maxExpires: SIGV4_MAX_EXPIRES,
    partRules: S3_PART_RULES,
    postPolicy: false,
    conditionalPut: false,
    storageClass: false,
    links: ['presigned', 'qencode-cdn'],
    cors: QENCODE_CORS,
    checksums: [],
    // The sentence below says it better.
    allowHttp: true,
  })
  if (bucket.endpoint.startsWith('https:')) return bucket
  throw new Error('"endpoint" for qencode must begin with "https://": Qencode denies plain HTTP.')
}
