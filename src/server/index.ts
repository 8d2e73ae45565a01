/**
 * The signer: an endpoint that hands out presigned URLs, so that browsers talk to the bucket
 * themselves. Needs only the Fetch API, and random numbers of Web Crypto.
 *
 * @module
 */

export { parseDuration } from '../util/duration.ts'
export { createSigner, type Signer } from './create-signer.ts'
export type { CallSize, Hooks, LogEntry, LoggedRequest, UploadedObject } from './hooks.ts'
export type { Origins } from './http/cors.ts'
export type { Disposition } from './links/disposition.ts'
export {
  type Link,
  type LinkedObject,
  type LinkFunction,
  type Links,
  type LinkshareOptions,
  linkshare,
  type PublicUrlOptions,
  presigned,
  publicUrl,
  qencodeCdn,
} from './links/strategies.ts'
export type { StoredFile, StoreFunction, StoreOptions } from './operations/stored-headers.ts'
export type { Authorize, Caller, Fetch, KeyInput, SignerConfig } from './options.ts'
export type { Addressing, Bucket, BucketOptions, LinkKind } from './providers/bucket.ts'
export type { CorsSetting } from './providers/cors-setting.ts'
export { GUARD_HEADERS } from './providers/facts.ts'
export {
  IBM_COS_REGIONS,
  type IbmCosOptions,
  type IbmCosRegion,
  ibmCos,
} from './providers/ibm-cos.ts'
export {
  QENCODE_REGIONS,
  type QencodeOptions,
  type QencodeRegion,
  qencode,
} from './providers/qencode.ts'
export { type S3Options, s3 } from './providers/s3.ts'
export { STORJ_ENDPOINTS, type StorjOptions, storj } from './providers/storj.ts'
export type { AccessKeys, KeySource } from './sign/access-keys.ts'
export { type Presigned, type PresignOptions, presign } from './sign/presign.ts'
export { SignerError, type SignerErrorOptions } from './signer-error.ts'
