/** What a signer has to know of a provider, and what holds for most of them. */
import type { PartRules } from '../protocol/index.ts'

/**
 * What a link to an object can be: presigned, the plain address of a public object, or the provider's
 * own. Each is made by the function of that name.
 */
export type LinkKindName = 'presigned' | 'public' | 'linkshare' | 'qencode-cdn'

/** Whether and how the CORS rule of a bucket can be set. */
export interface CorsSetting {
  /**
   * `s3-api`: a rule for each bucket, by PutBucketCors. `fixed`: every page is allowed, and nothing can
   * be set. `elsewhere`: only in another API of the provider.
   */
  control: 's3-api' | 'fixed' | 'elsewhere'
  /** One sentence for the people who set it up. */
  how: string
  /** The provider's own page about it. */
  docs: string
}

/**
 * What some services keep along with an object and others do not, as `objectOptions` of a signer names it.
 * `encryption` and `retention` have several kinds.
 */
export type Kept =
  | 'storageClass'
  | 'tags'
  | 'acl'
  | 'sse-s3'
  | 'sse-kms'
  | 'governance'
  | 'compliance'
  | 'legalHold'
  | 'expires'

/** What `objectOptions` of a signer can say. */
export type ObjectOption =
  | 'cacheControl'
  | 'contentDisposition'
  | 'metadata'
  | 'storageClass'
  | 'contentEncoding'
  | 'contentLanguage'
  | 'tags'
  | 'acl'
  | 'encryption'
  | 'retention'
  | 'legalHold'
  | 'expires'

/** What a signer has to know of a service, whichever bucket it is. */
export interface ServiceFacts {
  /** Longest lifetime of a presigned URL in seconds; `null` for no limit. */
  maxExpires: number | null
  partRules: PartRules
  /** Whether it takes forms with a POST policy. */
  postPolicy: boolean
  /** Whether it is known to honor `If-None-Match: *` with a PUT. */
  conditionalPut: boolean
  /** Whether its lifecycle rules are known to expire objects by their tags. */
  expiresByTag: boolean
  /** What it is known to keep along with an object, besides what all do: metadata and the headers of HTTP. */
  keeps: readonly Kept[]
  /** What it is known to keep of the fields of a form with a POST policy. */
  keepsOfForm: readonly ObjectOption[]
  /** Which kinds of links there are to its objects. */
  links: readonly LinkKindName[]
  cors: CorsSetting
  /** Whether it is known to check and keep the checksums of S3. */
  hasChecksums: boolean
  /** See {@link GUARD_HEADERS}. */
  guardHeaders: Readonly<Record<string, string>>
}

/**
 * Headers that turn a presigned PUT into a refusal if an unsigned `x-amz-copy-source` or a right to
 * read is added to it, and that change nothing otherwise: a condition that no copy meets, for servers
 * that are based on MinIO; a range that is not one, which Ceph reads only when it copies; and the ACL
 * that new objects have anyway. docs/security.md lists what was tried on which server.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html for what they are for
 */
export const GUARD_HEADERS: Readonly<Record<string, string>> = {
  'x-amz-copy-source-if-match': '"0"',
  'x-amz-copy-source-range': 'none',
  'x-amz-acl': 'private',
}
