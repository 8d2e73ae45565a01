import { CHECKSUM_ALGORITHMS, type PartRules } from '../../protocol/index.ts'
import {
  type Bucket,
  type BucketOptions,
  checkBucket,
  S3_PART_RULES,
  SIGV4_MAX_EXPIRES,
} from './bucket.ts'

/** What {@link s3} takes. */
export interface S3Options extends BucketOptions {
  /** Region in the signature; `us-east-1` by default, which most other servers take too. */
  region?: string | undefined
  /** Origin of the S3 API; by default that of Amazon S3 in the region. */
  endpoint?: string | undefined
  /** How to cut large files, in bytes, where it is not as on Amazon S3. Parts of 64 MiB by default. */
  partRules?: Partial<PartRules> | undefined
  /**
   * Whether the server takes forms with a POST policy: true by default on Amazon S3, and false with
   * an `endpoint`, since some servers (Cloudflare R2, Backblaze B2) do not. MinIO and Ceph do.
   */
  postPolicy?: boolean | undefined
}

/**
 * A bucket on Amazon S3, or on any server that speaks its API. Whether another server checks
 * a `checksum` is for you to know: some ignore it.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/s3.html for the endpoints
 * @throws {Error} when an option is missing or wrong
 */
export function s3(options: S3Options): Bucket {
  const region = options.region ?? 'us-east-1'
  return checkBucket({
    provider: 's3',
    bucket: options.bucket,
    endpoint: options.endpoint ?? `https://s3.${region}.amazonaws.com`,
    region,
    accessKeyId: options.accessKeyId,
    secretAccessKey: options.secretAccessKey,
    addressing: options.addressing ?? 'path',
    maxExpires: SIGV4_MAX_EXPIRES,
    partRules: { ...S3_PART_RULES, ...options.partRules },
    postPolicy: options.postPolicy ?? options.endpoint === undefined,
    checksums: CHECKSUM_ALGORITHMS,
  })
}
