/**
 * The CORS rule that a bucket needs. The browser prints it when it is missing, the command line sets
 * it. Pages load it only after a CORS failure.
 */

/** A rule for `PutBucketCors`, as its JSON has it. */
export interface CorsRule {
  AllowedOrigins: string[]
  AllowedMethods: string[]
  AllowedHeaders: string[]
  ExposeHeaders: string[]
  MaxAgeSeconds: number
}

/** Where a bucket is. */
export interface BucketPlace {
  bucket: string
  /** Scheme and host without the bucket. */
  endpoint: string
}

/** The rule that lets pages upload, read the ETag of what they uploaded, and download. */
export function corsRuleFor(origins: string[]): CorsRule {
  return {
    AllowedOrigins: origins,
    AllowedMethods: ['GET', 'PUT', 'POST'],
    AllowedHeaders: ['*'],
    ExposeHeaders: ['ETag'],
    MaxAgeSeconds: 3000,
  }
}
