/** What the bucket keeps along with an object. Types only. */

/** Whether the browser saves the object, or shows it. */
export type Disposition = 'attachment' | 'inline'

/** Until when an object can be neither replaced nor removed: either `for` or `until`. */
export interface Retention {
  /** `governance` can be lifted by those who have the right to, `compliance` by nobody. */
  mode: 'governance' | 'compliance'
  /** From the moment of signing on, in seconds or as `"30d"`. */
  for?: number | string | undefined
  /** A date, or its text in ISO 8601. */
  until?: Date | string | undefined
}

/**
 * What the bucket keeps along with an object, and sends with it. What a provider is not known to keep is
 * refused.
 */
export interface ObjectOptions {
  /** How long caches may keep it, as `public, max-age=31536000, immutable`. */
  cacheControl?: string | undefined
  /** How the bytes are encoded that pages send, as `gzip`. Browsers that follow a link decode them. */
  contentEncoding?: string | undefined
  /** The language of its readers, as `de`. */
  contentLanguage?: string | undefined
  /**
   * Whether browsers save the object or show it, by links that are not presigned. What is not known to
   * be harmless is always saved.
   */
  contentDisposition?: Disposition | undefined
  /**
   * Your own metadata, sent as `x-amz-meta-…`; 2 KiB in all. Names are letters, digits and hyphens, and
   * come back in lower case. A value that is not plain ASCII is encoded by RFC 2047.
   */
  metadata?: Record<string, string> | undefined
  /** Tags for lifecycle rules, rights and bills; 10 at most. Unlike metadata, they can be changed later. */
  tags?: Record<string, string> | undefined
  /** For example `STANDARD_IA`, if the provider has classes for each object. */
  storageClass?: string | undefined
  /** Who may read it. On Amazon S3 only where ACLs are enabled for the bucket. */
  acl?:
    | 'private'
    | 'public-read'
    | 'authenticated-read'
    | 'bucket-owner-read'
    | 'bucket-owner-full-control'
    | undefined
  /**
   * How it is encrypted: by a key of the provider, by the account's key of its KMS, or by another one of
   * it. There is no SSE-C, since pages would need the key, and links could not open the object.
   */
  encryption?: 'sse-s3' | 'sse-kms' | { kmsKeyId: string } | undefined
  /** Object Lock with an end. Needs a bucket that has it, and `checksum` where the provider has those. */
  retention?: Retention | undefined
  /** Object Lock until somebody lifts it, as `retention`. */
  legalHold?: boolean | undefined
  /**
   * When Storj deletes the object, from the moment of signing on: in seconds, or as `"7d"`. Elsewhere
   * set `tags`, and a lifecycle rule of the bucket for them.
   */
  expires?: number | string | undefined
}
