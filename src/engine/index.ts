/**
 * The engine: uploads without a face, for any framework or none. No Lit, no drawing.
 *
 * @module
 */
export type { CorsRule } from './bucket-advice.ts'
export { describeAccept } from './describe-accept.ts'
export { filesFromDrop } from './dropped-files.ts'
export {
  type ErrorFacts,
  UPLOAD_ERROR_CODES,
  UploadError,
  type UploadErrorCode,
} from './errors.ts'
export {
  type CandidateFile,
  UPLOAD_EVENTS,
  type UploadEventDetails,
  type UploadEventMap,
  type UploadedFile,
} from './events.ts'
export type { FileLink, FileState, FileStatus, UploadResult } from './file-state.ts'
export type { FileToAdd } from './file-to-add.ts'
export { formatBytes } from './format-bytes.ts'
export type { InterruptedUpload } from './interrupted-uploads.ts'
export type {
  FileInfo,
  FileSnapshot,
  FileWithStatus,
  StatusCounts,
  UploadProgress,
} from './ledger.ts'
export type { TransferUnit } from './plan.ts'
export type { SignerFunction } from './signer-client.ts'
export {
  type PresignedPut,
  TransferError,
  type TransferOptions,
  type Transport,
  type TransportFactory,
} from './transport.ts'
export {
  UploadEngine,
  type UploadEngineOptions,
  type UploadEngineParts,
} from './upload-engine.ts'
export type { UppyPlugin, UppyPluginClass } from './uppy-plugins.ts'
