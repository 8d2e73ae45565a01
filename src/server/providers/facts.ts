import { CHECKSUM_ALGORITHMS } from '../../protocol/index.ts'
import { S3_PART_RULES } from '../../s3/part-size.ts'
import type { Bucket } from '../bucket.ts'
import { IBM_CORS, QENCODE_CORS, S3_CORS, STORJ_CORS } from './cors-setting.ts'

/** What is known of a provider, whichever bucket it is. */
export type Facts = Pick<
  Bucket,
  | 'provider'
  | 'maxExpires'
  | 'partRules'
  | 'postPolicy'
  | 'conditionalPut'
  | 'storageClass'
  | 'links'
  | 'cors'
  | 'checksums'
  | 'guardHeaders'
>

const MIB = 2 ** 20

/** The largest part that S3 takes, and the largest body of one PUT: 5 GiB, in bytes. */
export const MAX_PART_SIZE = 5 * 2 ** 30

/**
 * The longest lifetime of a Signature Version 4 query: seven days, in seconds.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html (X-Amz-Expires)
 */
export const SIGV4_MAX_EXPIRES = 604_800

/**
 * What turns a presigned PUT into a refusal once an unsigned `x-amz-copy-source` or a right to read is
 * added to it, and changes nothing for an honest one: a condition that no copy meets, for servers that
 * are made of MinIO; a range that is none, which Ceph reads only when it copies; and the ACL that new
 * objects have anyway. docs/security.md has what was tried on which server.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html for what they are for
 */
export const GUARD_HEADERS: Readonly<Record<string, string>> = {
  'x-amz-copy-source-if-match': '"0"',
  'x-amz-copy-source-range': 'none',
  'x-amz-acl': 'private',
}

/** A service that takes only documented headers, or of which it is not known what else it takes. */
export const CLOSED_SERVER: Facts = {
  provider: 's3',
  maxExpires: SIGV4_MAX_EXPIRES,
  partRules: S3_PART_RULES,
  postPolicy: false,
  conditionalPut: false,
  storageClass: true,
  links: ['presigned', 'public'],
  cors: S3_CORS,
  checksums: CHECKSUM_ALGORITHMS,
  guardHeaders: {},
}

/** What can be relied on at a server of which nothing is known but that it speaks S3. */
export const UNKNOWN_SERVER: Facts = { ...CLOSED_SERVER, guardHeaders: GUARD_HEADERS }

/** It refuses each `x-amz-…` header that is not signed, and so needs no guards. */
export const AWS: Facts = {
  ...CLOSED_SERVER,
  postPolicy: true,
  conditionalPut: true,
}

export const R2: Facts = {
  ...CLOSED_SERVER,
  conditionalPut: true,
  // Its S3 host never answers without a signature: a public bucket has another host.
  links: ['presigned'],
}

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
export const STORJ: Facts = {
  ...CLOSED_SERVER,
  provider: 'storj',
  partRules: { ...S3_PART_RULES, idealSize: 67_108_864 },
  postPolicy: true,
  conditionalPut: true,
  storageClass: false,
  links: ['presigned', 'linkshare'],
  cors: STORJ_CORS,
  checksums: [],
  guardHeaders: GUARD_HEADERS,
}

/**
 * Qencode does not document a longest lifetime, so that of Signature Version 4 counts: seven days. Nor
 * does it document how to cut large files, so the rules of S3 count. It documents no checksums and no
 * conditions, so it is asked for none. Storage classes are not for its S3 hosts.
 *
 * @see https://docs.qencode.com/tutorials/media-storage/qencode-s3/using-qencode-s3
 */
export const QENCODE: Facts = {
  ...CLOSED_SERVER,
  provider: 'qencode',
  storageClass: false,
  links: ['presigned', 'qencode-cdn'],
  cors: QENCODE_CORS,
  checksums: [],
}

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
export const IBM: Facts = {
  ...CLOSED_SERVER,
  provider: 'ibm-cos',
  maxExpires: null,
  partRules: { minSize: 20 * MIB, idealSize: 96 * MIB, multipleOf: 4 * MIB, maxCount: 10_000 },
  storageClass: false,
  cors: IBM_CORS,
}
