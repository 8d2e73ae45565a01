import { PROVIDERS, recognizeHost, STORJ_ENDPOINTS, serviceOf } from '../../s3/providers.ts'
import { suggest } from '../../util/suggest.ts'
import type { Bucket, BucketOptions } from '../api/bucket.ts'
import { makeBucket } from './make-bucket.ts'

/** What {@link storj} takes. */
export interface StorjOptions extends BucketOptions {
  /**
   * Origin of the gateway: one of `STORJ_ENDPOINTS`, or your own.
   *
   * @default the hosted one, which routes to a near gateway
   */
  endpoint?: string | undefined
  /**
   * Region in the signature. Storj takes any.
   *
   * @default 'us-east-1'
   */
  region?: string | undefined
}

/**
 * A bucket on Storj, by its hosted S3 gateway. It does not compare the region in a signature with
 * anything.
 *
 * @see https://storj.dev/dcs/api/s3/s3-compatible-gateway for the endpoint
 * @see https://github.com/storj/minio cmd/signature-v4-parser.go for the region
 * @throws {Error} when an option is missing, wrong or unknown
 */
export function storj(options: StorjOptions): Bucket {
  return makeBucket('storj', options, ['endpoint', 'region'], {
    service: 'storj',
    endpoint: checkGateway(options.endpoint ?? STORJ_ENDPOINTS[0]),
    region: options.region ?? PROVIDERS.storj.region,
  })
}

/** Refuses a host of Storj's that is not a gateway: Linkshare, the console, or a typo. */
function checkGateway(endpoint: string): string {
  const isStorj = URL.canParse(endpoint) && serviceOf(endpoint) === 'storj'
  if (!isStorj || recognizeHost(endpoint)) return endpoint
  const { hostname } = new URL(endpoint)
  const meant = suggest(`https://${hostname}`, STORJ_ENDPOINTS) ?? STORJ_ENDPOINTS[0]
  throw new Error(
    `"endpoint" is "${endpoint}", which is not an S3 gateway of Storj. Did you mean ${meant}? ` +
      `Use one of: ${STORJ_ENDPOINTS.join(', ')}.`,
  )
}
