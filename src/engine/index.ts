/**
 * The headless engine: uploads for any framework or none. No Lit, no elements.
 *
 * @module
 */

export type { CorsRule } from '../s3/cors.ts'
export { describeAccept } from '../util/describe-accept.ts'
export { formatBytes } from '../util/format-bytes.ts'
export type { UploadErrorCode } from './api/error-codes.ts'
export { type ErrorFacts, UploadError } from './api/errors.ts'
export {
  UPLOAD_EVENTS,
  type UploadEventDetails,
  type UploadEventMap,
  type UploadedFile,
} from './api/events.ts'
export type {
  CandidateFile,
  FileInfo,
  FileLink,
  FileSnapshot,
  FileState,
  FileStatus,
  FileWithStatus,
  StatusCounts,
  UploadProgress,
  UploadResult,
} from './api/file.ts'
export type { SignerFunction, UploadEngineOptions } from './api/options.ts'
export { openChosen } from './copies/chosen-files.ts'
export { filesFromDrop } from './files/dropped-files.ts'
export type { FileToAdd, ItemToAdd, StreamToAdd } from './files/file-to-add.ts'
export type { InterruptedUpload } from './resume/interrupted-uploads.ts'
export {
  type PresignedPut,
  TransferError,
  type TransferOptions,
  type Transport,
  type TransportFactory,
  type TransportSettings,
} from './transport/transport.ts'
export type { TransferUnit } from './transport/unit.ts'
export type { UppyPlugin, UppyPluginClass } from './transport/uppy-plugins.ts'
export { UploadEngine, type UploadEngineParts } from './upload-engine.ts'
export { zipFolders } from './zip/zip-folders.ts'
export type { ZipOptions } from './zip/zip-stream.ts'
