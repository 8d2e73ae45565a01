/**
 * What is known of the providers: how their hosts are named, how their CORS rule is set, and what a
 * signer has to know. All else reads it here: the presets, the command line, and the advice that a page
 * prints. To add a provider that the preset `s3` serves, add its hosts to `HOSTS` and its facts to
 * `SERVICES`. One with its own preset is also an entry of `PROVIDERS`, a file in
 * `src/server/providers`, and a line in the index there.
 */
import type { BucketPlace, CorsRule } from './cors.ts'
import { S3_PART_RULES } from './part-size.ts'
import { IBM_COS_REGIONS, QENCODE_REGIONS } from './regions.ts'
import { GUARD_HEADERS, type ServiceFacts } from './service-facts.ts'

/** A preset, by the name that settings and the command line have for it. */
export type ProviderId = 'storj' | 'qencode' | 'ibm-cos' | 's3'

/** A service behind a host. Those that have no preset are for `s3`. */
export type ServiceId = Exclude<ProviderId, 's3'> | 'aws' | 'r2' | 'backblaze' | 'wasabi' | 'other'

/** Hosts of one service. Pages load these, so all that only a signer needs is in `SERVICES`. */
interface Hosts {
  service: ServiceId
  /** For messages. */
  title: string
  /** Groups: `bucket` in front of the host, `region`, and `inside` for a network of the provider. */
  host: RegExp
  /** The region of hosts that name none. */
  region?: string
  /** Signatures for another region than the host's are refused. */
  strict?: true
  /** The bucket's name must stand before the host. */
  virtualHostedOnly?: true
  /** All names of the provider. One that `host` does not match is no S3 endpoint. */
  domain?: RegExp
  /** Every page is allowed, and there is no rule to set. */
  allowsEveryPage?: true
  /** The command that sets a rule, which replaces all others. By default one of aws-cli. */
  corsCommand?: (rule: CorsRule, place: BucketPlace, region: string | undefined) => string
}

/**
 * @see https://docs.aws.amazon.com/general/latest/gr/s3.html, also for FIPS and dual-stack hosts
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration-getting-started.html
 * @see https://developers.cloudflare.com/r2/data-access/s3-api/api/ for "auto", and what R2 lacks
 * @see https://www.backblaze.com/docs/cloud-storage-call-the-s3-compatible-api
 * @see https://docs.wasabi.com/docs/what-are-the-service-urls-for-wasabi-s-different-storage-regions
 * @see https://docs.qencode.com/tutorials/media-storage/qencode-s3/cors-settings/
 */
const HOSTS: readonly Hosts[] = [
  {
    service: 'aws',
    title: 'Amazon S3',
    host: /^(?:(?<bucket>.+)\.)?s3(?:-fips)?(?:\.dualstack)?[.-](?<region>[a-z]{2}-[a-z-]+-\d)\.amazonaws\.com(?:\.cn)?$/,
    strict: true,
    corsCommand: (rule, { bucket }) => awsCommand(rule, bucket),
  },
  {
    service: 'aws',
    title: 'Amazon S3 Transfer Acceleration',
    host: /^(?:(?<bucket>.+)\.)?s3-accelerate(?:\.dualstack)?\.amazonaws\.com$/,
    virtualHostedOnly: true,
    corsCommand: (rule, { bucket }) => awsCommand(rule, bucket),
  },
  {
    service: 'aws',
    title: 'Amazon S3',
    host: /^(?:(?<bucket>.+)\.)?s3\.amazonaws\.com$/,
    corsCommand: (rule, { bucket }) => awsCommand(rule, bucket),
  },
  {
    service: 'r2',
    title: 'Cloudflare R2',
    host: /^(?:(?<bucket>.+)\.)?[0-9a-f]{32}(?:\.(?:eu|us|fedramp))?\.r2\.cloudflarestorage\.com$/,
    region: 'auto',
  },
  {
    service: 'backblaze',
    title: 'Backblaze B2',
    host: /^(?:(?<bucket>.+)\.)?s3\.(?<region>[a-z0-9-]+)\.backblazeb2\.com$/,
  },
  {
    service: 'wasabi',
    title: 'Wasabi',
    host: /^(?:(?<bucket>.+)\.)?s3(?:\.(?<region>[a-z0-9-]+))?\.wasabisys\.com$/,
    region: 'us-east-1',
  },
  {
    service: 'ibm-cos',
    title: 'IBM Cloud Object Storage',
    host: /^(?:(?<bucket>.+)\.)?s3\.(?<inside>(?:private|direct)\.)?(?<region>[a-z0-9-]+(?:\.(?:us|eu|ap))?)\.cloud-object-storage\.appdomain\.cloud$/,
    corsCommand: (rule, { bucket }, region) =>
      `ibmcloud cos bucket-cors-put --bucket ${bucket} --region ${region} --cors-configuration ${asJson(rule)}`,
  },
  {
    service: 'qencode',
    title: 'Qencode',
    host: /^(?:(?<bucket>.+)\.)?(?<region>[a-z0-9-]+)\.s3\.qencode\.com$/,
    corsCommand: (rule, { bucket }) =>
      `Qencode sets it for its CDN, with an access token of its API:\ncurl -X POST "https://api-cdn.qencode.com/v1/buckets/${bucket}/cors" -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" --data '${JSON.stringify({ 'Access-Control-Allow-Origin': rule.AllowedOrigins[0] })}'`,
  },
  {
    service: 'storj',
    title: 'Storj',
    host: /^(?:(?<bucket>.+)\.)?gateway(?:\.(?:us1|eu1|ap1))?\.storjshare\.io$/,
    domain: /(^|\.)storj(share)?\.io$/,
    // It has no PutBucketCors: https://storj.dev/dcs/api/s3/s3-compatibility
    allowsEveryPage: true,
  },
]

/** What a host tells. */
export interface KnownHost {
  service: ServiceId
  title: string
  /** The region in its name, or the one that it takes. `undefined` if the host does not tell. */
  region: string | undefined
  /** The bucket, if its name stands before the host. */
  bucket: string | undefined
  /** The label of a network of the provider, such as `private.`: browsers cannot reach it. */
  inside: string | undefined
  strict: boolean
  virtualHostedOnly: boolean
  allowsEveryPage: boolean
}

/** Recognizes the service behind an address; `undefined` if it is not one that we know. */
export function recognizeHost(url: string): KnownHost | undefined {
  const { hostname } = new URL(url)
  for (const { host, service, title, ...hosts } of HOSTS) {
    const found = host.exec(hostname)
    if (!found) continue
    const { strict = false, virtualHostedOnly = false, allowsEveryPage = false } = hosts
    const { bucket, region = hosts.region, inside } = found.groups ?? {}
    const traits = { strict, virtualHostedOnly, allowsEveryPage }
    return { service, title, region, bucket, inside, ...traits }
  }
  return undefined
}

/** The service that a host belongs to, also one of its hosts that is no S3 endpoint. */
export function serviceOf(url: string): ServiceId | undefined {
  const { hostname } = new URL(url)
  return HOSTS.find(({ host, domain }) => host.test(hostname) || domain?.test(hostname))?.service
}

/** The command that sets a CORS rule with the tools of the provider. It replaces all other rules. */
export function corsCommand(rule: CorsRule, place: BucketPlace): string {
  const { hostname } = new URL(place.endpoint)
  const hosts = HOSTS.find(({ host }) => host.test(hostname))
  const command = hosts?.corsCommand?.(rule, place, hosts.host.exec(hostname)?.groups?.region)
  return command ?? awsCommand(rule, place.bucket, ` --endpoint-url ${place.endpoint}`)
}

function awsCommand(rule: CorsRule, bucket: string, endpoint = ''): string {
  return `aws s3api put-bucket-cors --bucket ${bucket}${endpoint} --cors-configuration ${asJson(rule)}`
}

function asJson(rule: CorsRule): string {
  return `'${JSON.stringify({ CORSRules: [rule] })}'`
}

const MIB = 2 ** 20

/**
 * The longest lifetime of a Signature Version 4 query: seven days, in seconds.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html (X-Amz-Expires)
 */
const SIGV4_MAX_EXPIRES = 604_800

/** A service that takes only documented headers, or of which it is not known what else it takes. */
const CLOSED: ServiceFacts = {
  maxExpires: SIGV4_MAX_EXPIRES,
  partRules: S3_PART_RULES,
  postPolicy: false,
  conditionalPut: false,
  storageClass: true,
  links: ['presigned', 'public'],
  cors: {
    control: 's3-api',
    how: 'Set a rule for the bucket with PutBucketCors: without one, no page is allowed.',
    docs: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/enabling-cors-examples.html',
  },
  hasChecksums: true,
  guardHeaders: {},
}

/** The facts of each service. */
export const SERVICES: Readonly<Record<ServiceId, ServiceFacts>> = {
  /** It refuses each `x-amz-…` header that is not signed, and so needs no guards. */
  aws: { ...CLOSED, postPolicy: true, conditionalPut: true },
  // Its S3 host never answers without a signature: a public bucket has another host.
  r2: { ...CLOSED, conditionalPut: true, links: ['presigned'] },
  backblaze: CLOSED,
  wasabi: {
    ...CLOSED,
    cors: {
      control: 's3-api',
      how: 'Wasabi has a default rule for every bucket. If it is not enough, set your own with PutBucketCors.',
      docs: 'https://docs.wasabi.com/docs/cross-origin-resource-sharing-cors',
    },
  },
  /** What can be relied on at a server of which nothing is known but that it speaks S3. */
  other: { ...CLOSED, guardHeaders: GUARD_HEADERS },
  /**
   * Storj stores each part in segments of at most 64 MiB, and bills each segment: "The ideal part size
   * for large files is 64MB, so that there is one Segment per part."
   *
   * The gateway refuses a lifetime of more than seven days. It takes POST policies (minio
   * cmd/postpolicyform.go), and `If-None-Match` with a "*" (gateway-st miniogw/gateway.go). It ignores
   * `x-amz-checksum-…`, and its next version refuses it.
   *
   * @see https://storj.dev/dcs/api/s3/multipart-upload/multipart-part-size
   * @see https://storj.dev/dcs/api/s3/s3-compatibility for the limits, which are those of S3
   * @see https://github.com/storj/minio cmd/signature-v4-parser.go for the lifetime
   * @see https://github.com/storj/gateway-st api/apierr/errors.yaml for the checksums
   */
  storj: {
    ...CLOSED,
    partRules: { ...S3_PART_RULES, idealSize: 64 * MIB },
    postPolicy: true,
    conditionalPut: true,
    storageClass: false,
    links: ['presigned', 'linkshare'],
    cors: {
      control: 'fixed',
      how: 'Nothing to set: Storj allows every page, and refuses PutBucketCors.',
      docs: 'https://storj.dev/dcs/buckets/cors',
    },
    hasChecksums: false,
    guardHeaders: GUARD_HEADERS,
  },
  /**
   * Qencode does not document a longest lifetime, so the seven days of Signature Version 4 count. It
   * does not document how to cut large files either, so the rules of S3 count. It documents no
   * checksums and no conditions, so it is asked for none. Storage classes are not for its S3 hosts.
   *
   * @see https://docs.qencode.com/tutorials/media-storage/qencode-s3/using-qencode-s3
   */
  qencode: {
    ...CLOSED,
    storageClass: false,
    links: ['presigned', 'qencode-cdn'],
    cors: {
      control: 'elsewhere',
      how: 'Qencode documents it for its CDN only: POST to https://api-cdn.qencode.com/v1/buckets/<bucket>/cors with an access token. Whether its S3 host follows that rule is not documented.',
      docs: 'https://docs.qencode.com/tutorials/media-storage/qencode-s3/cors-settings/',
    },
    hasChecksums: false,
  },
  /**
   * IBM advises parts of 20 to 100 MB for objects below 50 GB, generally 100 MB, and in any case a
   * multiple of 4 MiB. 96 MiB is the multiple that is nearest to 100 MB. It does not limit the lifetime,
   * and documents `If-None-Match` with an ETag only, and storage classes for buckets only.
   *
   * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-large-objects
   * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-performance-io
   * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-presign-url
   * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-release-notes for
   *   the checksums, since August 2025
   */
  'ibm-cos': {
    ...CLOSED,
    maxExpires: null,
    partRules: { ...S3_PART_RULES, minSize: 20 * MIB, idealSize: 96 * MIB, multipleOf: 4 * MIB },
    storageClass: false,
    cors: {
      control: 's3-api',
      how: 'Set a rule for the bucket with PutBucketCors, or "ibmcloud cos bucket-cors-put". It takes a while to be in force everywhere.',
      docs: 'https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-compatibility-api-bucket-operations',
    },
  },
}

/** The hosted gateways of Storj: the first routes to a near one, the others are of one satellite. */
export const STORJ_ENDPOINTS = [
  'https://gateway.storjshare.io',
  'https://gateway.us1.storjshare.io',
  'https://gateway.eu1.storjshare.io',
  'https://gateway.ap1.storjshare.io',
] as const

/** What settings need to know of a preset. */
export interface Provider {
  title: string
  service: ServiceId
  /** Origin of the S3 API in a region. */
  endpointOf(region: string): string
  /** A region for examples; also the default, unless one is needed. */
  region: string
  /** Whether the region must be named. */
  needsRegion?: true
  /** All regions, where no other is valid. */
  regions?: readonly string[]
}

/** The presets, in the order in which they are listed. */
export const PROVIDERS: Readonly<Record<ProviderId, Provider>> = {
  storj: {
    title: 'Storj',
    service: 'storj',
    endpointOf: () => STORJ_ENDPOINTS[0],
    region: 'us-east-1',
  },
  qencode: {
    title: 'Qencode',
    service: 'qencode',
    endpointOf: (region) => `https://${region}.s3.qencode.com`,
    region: 'us-west',
    needsRegion: true,
    regions: QENCODE_REGIONS,
  },
  'ibm-cos': {
    title: 'IBM Cloud Object Storage',
    service: 'ibm-cos',
    endpointOf: (region) => `https://s3.${region}.cloud-object-storage.appdomain.cloud`,
    region: 'us-south',
    needsRegion: true,
    regions: IBM_COS_REGIONS,
  },
  s3: {
    title: 'any other S3',
    service: 'aws',
    endpointOf: (region) =>
      `https://s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`,
    region: 'us-east-1',
  },
}

/** The preset for a service. */
export function presetOf(service: ServiceId): ProviderId {
  return Object.hasOwn(PROVIDERS, service) ? (service as ProviderId) : 's3'
}

/** Where Storj serves objects that were shared. */
export const LINKSHARE_ORIGIN = 'https://link.storjshare.io'

/** The host of a bucket at Qencode's CDN. */
export function qencodeCdnHost(bucket: string, region: string): string {
  return `${bucket}.media-storage.${region}.qencode.com`
}
