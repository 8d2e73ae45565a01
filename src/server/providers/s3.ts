import type { PartRules } from '../../protocol/index.ts'
import {
  type KnownHost,
  PROVIDERS,
  recognizeHost,
  SERVICES,
  type ServiceId,
} from '../../s3/providers.ts'
import type { Addressing, Bucket, BucketOptions } from '../api/bucket.ts'
import { readEndpoint } from './endpoint.ts'
import { makeBucket } from './make-bucket.ts'
import { checkAwsRegion } from './region.ts'

/** What {@link s3} takes. */
export interface S3Options extends BucketOptions {
  /**
   * Region in the signature.
   *
   * @default the one that the endpoint's host names, as those of Amazon S3, Backblaze and Wasabi do;
   *   `auto` on Cloudflare R2; else `us-east-1`, which most servers take
   */
  region?: string | undefined
  /**
   * Origin of the S3 API.
   *
   * @default that of Amazon S3 in the region
   * @example 'https://minio.example.com'
   */
  endpoint?: string | undefined
  /**
   * How to cut large files, in bytes, if it is not as on Amazon S3.
   *
   * @default parts of 64 MiB
   */
  partRules?: Partial<PartRules> | undefined
  /**
   * Whether the server takes forms with a POST policy. MinIO and Ceph do; Cloudflare R2 and Backblaze
   * B2 do not.
   *
   * @default true on Amazon S3 and Storj, false elsewhere
   */
  postPolicy?: boolean | undefined
  /**
   * Whether the server honors `If-None-Match: *` with a PUT. Ceph does.
   *
   * @default true on Amazon S3, Cloudflare R2 and Storj, false elsewhere
   */
  conditionalPut?: boolean | undefined
  /**
   * Whether the server has lifecycle rules that expire objects by their tags. Ceph and MinIO do.
   *
   * @default true on Amazon S3, false elsewhere
   */
  expiresByTag?: boolean | undefined
}

const OPTIONS = ['region', 'endpoint', 'partRules', 'postPolicy', 'conditionalPut', 'expiresByTag']

/**
 * A bucket on Amazon S3, or on any server that speaks its API. At a host that is known, as those of
 * Storj, IBM and Qencode, it is the same as their own preset. Whether another server checks
 * a `checksum` is for you to know: some ignore it.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/s3.html for the endpoints
 * @throws {Error} when an option is missing, wrong or unknown, or the endpoint is in another region
 */
export function s3(options: S3Options): Bucket {
  const { addressing, ...place } = placeOf(options)
  const facts = SERVICES[place.service]
  return makeBucket('s3', { ...options, addressing }, OPTIONS, {
    ...place,
    partRules: { ...facts.partRules, ...options.partRules },
    postPolicy: options.postPolicy ?? facts.postPolicy,
    conditionalPut: options.conditionalPut ?? facts.conditionalPut,
    expiresByTag: options.expiresByTag ?? facts.expiresByTag,
  })
}

interface Place {
  service: ServiceId
  endpoint: string
  region: string
  addressing: Addressing | undefined
}

function placeOf(options: S3Options): Place {
  if (options.endpoint === undefined) {
    const { region = PROVIDERS.s3.region, addressing } = options
    checkAwsRegion(region)
    return { service: 'aws', endpoint: PROVIDERS.s3.endpointOf(region), region, addressing }
  }
  const endpoint = readEndpoint(options.endpoint, options.allowHttp)
  const known = recognizeHost(endpoint)
  return {
    service: known?.service ?? 'other',
    endpoint,
    region: regionOf(options, known),
    addressing: addressingOf(options, known),
  }
}

function regionOf({ region }: S3Options, known: KnownHost | undefined): string {
  if (known?.virtualHostedOnly && region === undefined) {
    throw new Error(`"region" is missing: the host of ${known.title} does not tell the bucket's.`)
  }
  const chosen = region ?? known?.region ?? PROVIDERS.s3.region
  if (!known?.strict || known.region === undefined || known.region === chosen) return chosen
  throw new Error(
    `"region" is "${chosen}", but the endpoint is in "${known.region}", and ${known.title} takes ` +
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
  throw new Error(`"addressing" must be "virtual-hosted" for ${known.title}.`)
}
