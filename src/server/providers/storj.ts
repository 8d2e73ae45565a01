import { recogniseHost } from '../../s3/providers.ts'
import { nearest } from '../../util/nearest.ts'
import type { Bucket, BucketOptions } from '../bucket.ts'
import { STORJ } from './facts.ts'
import { makeBucket } from './make-bucket.ts'

/**
 * The hosted gateways. The first one leads to the nearest; the others are those of one satellite.
 *
 * @see https://storj.dev/dcs/api/s3/s3-compatible-gateway
 */
export const STORJ_ENDPOINTS = [
  'https://gateway.storjshare.io',
  'https://gateway.us1.storjshare.io',
  'https://gateway.eu1.storjshare.io',
  'https://gateway.ap1.storjshare.io',
] as const

/** What {@link storj} takes. */
export interface StorjOptions extends BucketOptions {
  /**
   * Origin of the gateway: one of {@link STORJ_ENDPOINTS}, or one of your own. By default the hosted
   * one, which routes to a near gateway.
   */
  endpoint?: string | undefined
  /** Region in the signature. Storj takes any; `us-east-1` by default. */
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
    ...STORJ,
    endpoint: checkGateway(options.endpoint ?? STORJ_ENDPOINTS[0]),
    region: options.region ?? 'us-east-1',
  })
}

/** A host of Storj's that is no gateway: Linkshare, the console, or a typo. */
function checkGateway(endpoint: string): string {
  const host = URL.canParse(endpoint) ? new URL(endpoint).hostname : ''
  if (!/(^|\.)storj(share)?\.io$/.test(host) || recogniseHost(endpoint)) return endpoint
  const meant = nearest(`https://${host}`, STORJ_ENDPOINTS) ?? STORJ_ENDPOINTS[0]
  throw new Error(
    `"endpoint" is "${endpoint}", which is not an S3 gateway of Storj. Did you mean ${meant}? ` +
      `Use one of: ${STORJ_ENDPOINTS.join(', ')}.`,
  )
}
