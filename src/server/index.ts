/**
 * The signer: an endpoint that hands out presigned URLs, so that browsers talk to the bucket
 * themselves. Needs only the Fetch API, and random numbers of Web Crypto.
 *
 * @module
 */

export type { Json } from '../protocol/index.ts'
export { STORJ_ENDPOINTS } from '../s3/providers.ts'
export { IBM_COS_REGIONS, QENCODE_REGIONS } from '../s3/regions.ts'
export { type CorsSetting, GUARD_HEADERS } from '../s3/service-facts.ts'
export { parseDuration } from '../util/duration.ts'
export type {
  AccessKeys,
  Addressing,
  Bucket,
  BucketOptions,
  KeySource,
  LaneKind,
} from './api/bucket.ts'
export type { CallSize } from './api/call-size.ts'
export type { Authorize, Call, Caller, RouteName } from './api/caller.ts'
export type { Amount, CountedBy, Counter, Refused, UploadLimit } from './api/counter.ts'
export type { DiscardedObject } from './api/discarded-object.ts'
export type { Link } from './api/link.ts'
export type { LogEntry, LoggedRequest } from './api/log-entry.ts'
export type { Disposition, ObjectOptions, Retention } from './api/object-options.ts'
export type {
  Fetch,
  Hooks,
  KeyInput,
  LinkFunction,
  LinkKind,
  LinkRequest,
  ObjectOptionsFunction,
  Origins,
  RouteOptions,
  SignerConfig,
  StoredFile,
  UploadedObject,
} from './api/options.ts'
export type { ProcessedFile, Processing, ProcessingStatus, Uploaded } from './api/processing.ts'
export { SignerError, type SignerErrorOptions } from './api/signer-error.ts'
export { memoryCounter } from './counters/memory.ts'
export { createSigner, type Signer } from './create-signer.ts'
export {
  type LinkshareOptions,
  linkshare,
  type PublicUrlOptions,
  presigned,
  publicUrl,
  qencodeCdn,
} from './links/strategies.ts'
export * from './providers/index.ts'
export { type Presigned, type PresignOptions, presign } from './sign/presign.ts'
export {
  type Receipt,
  type ReceiptDemands,
  ReceiptError,
  type ReceiptErrorCode,
  readReceipt,
} from './sign/receipt.ts'
export { type KeepOptions, keep } from './unkept/keep.ts'
