import type { PartRules } from '../../protocol/index.ts'
import { nearest } from '../nearest.ts'
import {
  type Bucket,
  type BucketOptions,
  checkBucket,
  S3_PART_RULES,
  SIGV4_MAX_EXPIRES,
} from './bucket.ts'
import { STORJ_CORS } from './cors-setting.ts'
import { recogniseHost } from './hosts.ts'

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
 * more than seven days. It takes POST policies (minio cmd/postpolicyform.go), and `If-None-Match`
 * with a "*" (gateway-st miniogw/gateway.go). It ignores `x-amz-checksum-…`, and its next version
 * refuses it.
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
    endpoint: checkGateway(options.endpoint ?? STORJ_ENDPOINTS[0]),
    region: options.region ?? 'us-east-1',
    accessKeyId: options.accessKeyId,
    secretAccessKey: options.secretAccessKey,
    addressing: options.addressing ?? 'path',
    maxExpires: SIGV4_MAX_EXPIRES,
    partRules: PART_RULES,
    postPolicy: true,
    conditionalPut: true,
    storageClass: false,
    links: ['presigned', 'linkshare'],
    cors: STORJ_CORS,
    checksums: [],
    allowHttp: options.allowHttp,
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
