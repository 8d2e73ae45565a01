/**
 * The signer: an endpoint that hands out presigned URLs, so that browsers talk to the bucket
 * themselves. Needs only the Fetch API, and random numbers of Web Crypto.
 *
 * @module
 */

export { parseDuration } from '../util/duration.ts'
export type {
  AccessKeys,
  Addressing,
  Bucket,
  BucketOptions,
  KeySource,
  LinkKind,
} from './bucket.ts'
export { createSigner, type Signer } from './create-signer.ts'
export {
  type LinkshareOptions,
  linkshare,
  type PublicUrlOptions,
  presigned,
  publicUrl,
  qencodeCdn,
} from './links/strategies.ts'
export type {
  Authorize,
  Caller,
  CallSize,
  Disposition,
  Fetch,
  Hooks,
  KeyInput,
  Link,
  LinkedObject,
  LinkFunction,
  Links,
  LogEntry,
  LoggedRequest,
  Origins,
  SignerConfig,
  StoredFile,
  StoreFunction,
  StoreOptions,
  UploadedObject,
} from './options.ts'
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
export { type Presigned, type PresignOptions, presign } from './sign/presign.ts'
export { SignerError, type SignerErrorOptions } from './signer-error.ts'
