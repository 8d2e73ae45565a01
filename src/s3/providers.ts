/**
 * What is known of the providers: how their hosts are named, how their CORS rule is set, and what a
 * signer has to know. All else reads it here: the presets and the command line. Only the advice that a
 * page prints is content with `hosts.ts`. To add a provider that the preset `s3` serves, add its hosts
 * there and its facts to `SERVICES`. One with its own preset is also an entry of `PROVIDERS`, a file in
 * `src/server/providers`, and a line in the index there.
 */
import type { ProviderId, ServiceId } from './hosts.ts'
import { S3_PART_RULES } from './part-size.ts'
import { IBM_COS_REGIONS, QENCODE_REGIONS } from './regions.ts'
import { GUARD_HEADERS, type Kept, type ServiceFacts } from './service-facts.ts'

export {
  corsCommand,
  type KnownHost,
  type ProviderId,
  recognizeHost,
  type ServiceId,
  serviceOf,
} from './hosts.ts'

const MIB = 2 ** 20

/**
 * The longest lifetime of a Signature Version 4 query: seven days, in seconds.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html (X-Amz-Expires)
 */
const SIGV4_MAX_EXPIRES = 604_800

/** All that Amazon S3 keeps along with an object. Only Storj has an end of single objects. */
const S3_KEEPS: readonly Kept[] = [
  ...(['storageClass', 'tags', 'acl', 'sse-s3', 'sse-kms'] as const),
  ...(['governance', 'compliance', 'legalHold'] as const),
]

/** A service that takes only documented headers, or of which it is not known what else it takes. */
const CLOSED: ServiceFacts = {
  maxExpires: SIGV4_MAX_EXPIRES,
  partRules: S3_PART_RULES,
  postPolicy: false,
  conditionalPut: false,
  expiresByTag: false,
  keeps: ['storageClass'],
  keepsOfForm: [],
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
  /**
   * It refuses each `x-amz-…` header that is not signed, and so needs no guards.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html for the fields of a form:
   *   no Content-Language, and nothing of Object Lock. Those of encryption could not be tried
   */
  aws: {
    ...CLOSED,
    postPolicy: true,
    conditionalPut: true,
    expiresByTag: true,
    keeps: S3_KEEPS,
    keepsOfForm: [
      ...([
        'cacheControl',
        'contentDisposition',
        'contentEncoding',
        'metadata',
        'storageClass',
      ] as const),
      ...(['tags', 'acl'] as const),
    ],
  },
  // Its S3 host never answers without a signature: a public bucket has another host. Of all that its page
  // about PutObject lists, it has storage classes only.
  r2: { ...CLOSED, conditionalPut: true, links: ['presigned'] },
  /** @see https://www.backblaze.com/apidocs/s3-put-object: an ACL must be that of the bucket */
  backblaze: {
    ...CLOSED,
    keeps: ['storageClass', 'sse-s3', 'governance', 'compliance', 'legalHold'],
  },
  /** @see https://docs.wasabi.com/apidocs/wasabi-api, which names no keys of a KMS */
  wasabi: {
    ...CLOSED,
    keeps: ['storageClass', 'tags', 'acl', 'governance', 'compliance', 'legalHold'],
    cors: {
      control: 's3-api',
      how: 'Wasabi has a default rule for every bucket. If it is not enough, set your own with PutBucketCors.',
      docs: 'https://docs.wasabi.com/docs/cross-origin-resource-sharing-cors',
    },
  },
  /** What can be relied on at a server of which nothing is known but that it speaks S3. */
  other: { ...CLOSED, guardHeaders: GUARD_HEADERS, keeps: S3_KEEPS },
  /**
   * Storj stores each part in segments of at most 64 MiB, and bills each segment: "The ideal part size
   * for large files is 64MB, so that there is one Segment per part."
   *
   * The gateway refuses a lifetime of more than seven days. It takes POST policies (minio
   * cmd/postpolicyform.go), and `If-None-Match` with a "*" (gateway-st miniogw/gateway.go). It ignores
   * `x-amz-checksum-…`, and its next version refuses it. It encrypts everything itself, and has no ACLs.
   * Of a form it keeps what minio cmd/handler-utils.go (extractMetadata) lists.
   *
   * @see https://storj.dev/dcs/api/s3/s3-compatibility for tags
   * @see https://storj.dev/dcs/api/s3/object-lock
   * @see https://storj.dev/dcs/buckets/object-lifecycles for when an object ends
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
    keeps: ['tags', 'governance', 'compliance', 'legalHold', 'expires'],
    keepsOfForm: [
      ...(['cacheControl', 'contentDisposition', 'contentEncoding', 'contentLanguage'] as const),
      ...(['metadata', 'expires'] as const),
    ],
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
   * checksums and no conditions, so it is asked for none. Storage classes are not for its S3 hosts, and
   * tags, ACLs and locks are not documented.
   *
   * @see https://docs.qencode.com/tutorials/media-storage/qencode-s3/using-qencode-s3
   */
  qencode: {
    ...CLOSED,
    keeps: [],
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
   * and documents `If-None-Match` with an ETag only, storage classes and keys of its Key Protect for
   * buckets only, and Object Lock without a governance mode.
   *
   * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-ol-overview
   * @see https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-object-operations
   *   for tags and ACLs
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
    keeps: ['tags', 'acl', 'compliance', 'legalHold'],
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
