import { type Bucket, type BucketOptions, checkBucket, SIGV4_MAX_EXPIRES } from './bucket.ts'

/** What {@link storj} takes. */
export interface StorjOptions extends BucketOptions {
  /** Origin of the gateway. By default the hosted one, which routes to a near gateway. */
  endpoint?: string | undefined
  /** Region in the signature. Storj takes any; `us-east-1` by default. */
  region?: string | undefined
}

/**
 * A bucket on Storj, by its hosted S3 gateway.
 *
 * The gateway does not compare the region in a signature with anything, and refuses a lifetime of
 * more than seven days.
 *
 * @see https://storj.dev/dcs/api/s3/s3-compatible-gateway for the endpoint
 * @see https://github.com/storj/minio cmd/signature-v4-parser.go for the region and the limit
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
  })
}
