/**
 * The engine: uploads without a face, for any framework or none. No Lit, no drawing.
 *
 * @module
 */

export { describeAccept } from '../util/describe-accept.ts'
export { formatBytes } from '../util/format-bytes.ts'
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
export { filesFromDrop } from './files/dropped-files.ts'
export type { FileLink, FileState, FileStatus, UploadResult } from './files/file-state.ts'
export type { FileToAdd } from './files/file-to-add.ts'
export type {
  FileInfo,
  FileSnapshot,
  FileWithStatus,
  StatusCounts,
  UploadProgress,
} from './files/ledger.ts'
export type { InterruptedUpload } from './resume/interrupted-uploads.ts'
export type { SignerFunction } from './signer/signer-client.ts'
export type { CorsRule } from './transport/bucket-advice.ts'
export {
  type PresignedPut,
  TransferError,
  type TransferOptions,
  type Transport,
  type TransportFactory,
} from './transport/transport.ts'
export type { TransferUnit } from './transport/unit.ts'
export type { UppyPlugin, UppyPluginClass } from './transport/uppy-plugins.ts'
export {
  UploadEngine,
  type UploadEngineOptions,
  type UploadEngineParts,
} from './upload-engine.ts'
