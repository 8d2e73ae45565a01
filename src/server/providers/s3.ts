import { checkAwsRegion } from '../../s3/aws-regions.ts'
import type { PartRules } from '../../s3/part-size.ts'
import { type KnownHost, recogniseHost } from '../../s3/providers.ts'
import type { Addressing, Bucket, BucketOptions } from '../bucket.ts'
import { readEndpoint } from './endpoint.ts'
import { AWS, type Facts, UNKNOWN_SERVER } from './facts.ts'
import { makeBucket } from './make-bucket.ts'

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

const OPTIONS = ['region', 'endpoint', 'partRules', 'postPolicy', 'conditionalPut']

/**
 * A bucket on Amazon S3, or on any server that speaks its API. At a host that is known, as those of
 * Storj, IBM and Qencode, it is the same as their own preset. Whether another server checks
 * a `checksum` is for you to know: some ignore it.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/s3.html for the endpoints
 * @throws {Error} when an option is missing, wrong or unknown, or the endpoint is in another region
 */
export function s3(options: S3Options): Bucket {
  const { facts, addressing, ...place } = placeOf(options)
  return makeBucket('s3', { ...options, addressing }, OPTIONS, {
    ...facts,
    ...place,
    partRules: { ...facts.partRules, ...options.partRules },
    postPolicy: options.postPolicy ?? facts.postPolicy,
    conditionalPut: options.conditionalPut ?? facts.conditionalPut,
  })
}

interface Place {
  endpoint: string
  region: string
  facts: Facts
  addressing: Addressing | undefined
}

function placeOf(options: S3Options): Place {
  if (options.endpoint === undefined) {
    const { region = 'us-east-1', addressing } = options
    checkAwsRegion(region)
    const end = region.startsWith('cn-') ? '.cn' : ''
    return { endpoint: `https://s3.${region}.amazonaws.com${end}`, region, facts: AWS, addressing }
  }
  const endpoint = readEndpoint(options.endpoint, options.allowHttp)
  const known = recogniseHost(endpoint)
  return {
    endpoint,
    region: regionOf(options, known),
    facts: known?.facts ?? UNKNOWN_SERVER,
    addressing: addressingOf(options, known),
  }
}

function regionOf({ region }: S3Options, known: KnownHost | undefined): string {
  if (known?.virtualHostedOnly && region === undefined) {
    throw new Error(`"region" is missing: the host of ${known.service} does not tell the bucket's.`)
  }
  const chosen = region ?? known?.region ?? 'us-east-1'
  if (!known?.strict || known.region === undefined || known.region === chosen) return chosen
  throw new Error(
    `"region" is "${chosen}", but the endpoint is in "${known.region}", and ${known.service} takes ` +
      'signatures of its own region only. Leave "region" out.',
  )
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration.html */
function addressingOf(
  { addressing }: S3Options,
  known: KnownHost | undefined,
): Addressing | undefined {
  if (!known?.virtualHostedOnly) return addressing
  if (addressing === undefined || addressing === 'virtual-hosted') return 'virtual-hosted'
  throw new Error(`"addressing" must be "virtual-hosted" for ${known.service}.`)
}
