import { CHECKSUM_ALGORITHMS, type PartRules } from '../../protocol/index.ts'
import { checkAwsRegion } from './aws-regions.ts'
import {
  type Bucket,
  type BucketOptions,
  checkBucket,
  S3_PART_RULES,
  SIGV4_MAX_EXPIRES,
} from './bucket.ts'
import { readEndpoint } from './endpoint.ts'
import { recogniseHost, UNKNOWN_SERVER } from './hosts.ts'

/** What {@link s3} takes. */
export interface S3Options extends BucketOptions {
  /**
   * Region in the signature. By default the one that the endpoint's host names, as those of Amazon S3,
   * Backblaze and Wasabi do; `auto` on Cloudflare R2; else `us-east-1`, which most servers take.
   */
  region?: string | undefined
  /** Origin of the S3 API; by default that of Amazon S3 in the region. */
  endpoint?: string | undefined
  /** How to cut large files, in bytes, where it is not as on Amazon S3. Parts of 64 MiB by default. */
  partRules?: Partial<PartRules> | undefined
  /**
   * Whether the server takes forms with a POST policy: by default true on Amazon S3 and Storj, and
   * false elsewhere, since some servers (Cloudflare R2, Backblaze B2) do not. MinIO and Ceph do.
   */
  postPolicy?: boolean | undefined
  /**
   * Whether the server takes `If-None-Match: *` with a PUT: by default true on Amazon S3, Cloudflare R2
   * and Storj, and false elsewhere. Ceph does too.
   */
  conditionalPut?: boolean | undefined
}

/**
 * A bucket on Amazon S3, or on any server that speaks its API. Whether another server checks
 * a `checksum` is for you to know: some ignore it.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/s3.html for the endpoints
 * @throws {Error} when an option is missing or wrong, or the endpoint is in another region
 */
export function s3(options: S3Options): Bucket {
  const { endpoint, region } = placeOf(options)
  const { postPolicy, conditionalPut, ...facts } = recogniseHost(endpoint)?.facts ?? UNKNOWN_SERVER
  return checkBucket({
    provider: 's3',
    bucket: options.bucket,
    endpoint,
    region,
    accessKeyId: options.accessKeyId,
    secretAccessKey: options.secretAccessKey,
    addressing: options.addressing ?? 'path',
    maxExpires: SIGV4_MAX_EXPIRES,
    partRules: { ...S3_PART_RULES, ...options.partRules },
    postPolicy: options.postPolicy ?? postPolicy,
    conditionalPut: options.conditionalPut ?? conditionalPut,
    ...facts,
    checksums: CHECKSUM_ALGORITHMS,
    allowHttp: options.allowHttp,
  })
}

function placeOf(options: S3Options): { endpoint: string; region: string } {
  if (options.endpoint === undefined) {
    const { region = 'us-east-1' } = options
    checkAwsRegion(region)
    const end = region.startsWith('cn-') ? '.cn' : ''
    return { endpoint: `https://s3.${region}.amazonaws.com${end}`, region }
  }
  const endpoint = readEndpoint(options.endpoint, options.allowHttp)
  const known = recogniseHost(endpoint)
  const region = options.region ?? known?.region ?? 'us-east-1'
  if (known?.strict && known.region !== undefined && known.region !== region) {
    throw new Error(
      `"region" is "${region}", but the endpoint is in "${known.region}", and ${known.service} takes ` +
        'signatures of its own region only. Leave "region" out.',
    )
  }
  return { endpoint, region }
}
