import type { PartRules } from '../../protocol/index.ts'
import {
  type Bucket,
  type BucketOptions,
  checkBucket,
  S3_PART_RULES,
  SIGV4_MAX_EXPIRES,
} from './bucket.ts'

/** What {@link storj} takes. */
export interface StorjOptions extends BucketOptions {
  /** Origin of the gateway. By default the hosted one, which routes to a near gateway. */
  endpoint?: string | undefined
  /** Region in the signature. Storj takes any; `us-east-1` by default. */
  region?: string | undefined
}

/**
 * Storj stores each part in segments of at most 64 MiB, and bills each segment: "The ideal part size
 * for large files is 64MB, so that there is one Segment per part."
 *
 * @see https://storj.dev/dcs/api/s3/multipart-upload/multipart-part-size
 * @see https://storj.dev/dcs/api/s3/s3-compatibility for the limits, which are those of S3
 */
const PART_RULES: PartRules = { ...S3_PART_RULES, idealSize: 67_108_864 }

/**
 * A bucket on Storj, by its hosted S3 gateway.
 *
 * The gateway does not compare the region in a signature with anything, and refuses a lifetime of
 * more than seven days. It takes POST policies (minio cmd/postpolicyform.go). It ignores
 * `x-amz-checksum-…`, and its next version refuses it.
 *
 * @see https://storj.dev/dcs/api/s3/s3-compatible-gateway for the endpoint
 * @see https://github.com/storj/minio cmd/signature-v4-parser.go for the region and the limit
 * @see https://github.com/storj/gateway-st api/apierr/errors.yaml for the checksums
 * @throws {Error} when an option is missing or wrong
 */
export function storj(options: StorjOptions): Bucket {
  return checkBucket({
    provider: 'storj',
    bucket: options.bucket,
    endpoint: options.endpoint ?? 'https://gateway.storjshare.io',
    region: options.region ?? 'us-east-1',
    accessKeyId: options.accessKeyId,
    secretAccessKey: options.secretAccessKey,
    addressing: options.addressing ?? 'path',
    maxExpires: SIGV4_MAX_EXPIRES,
    partRules: PART_RULES,
    postPolicy: true,
    checksums: [],
  })
}
