import type { UploadError } from './errors.ts'
import type {
  CandidateFile,
  FileInfo,
  FileWithStatus,
  UploadProgress,
  UploadResult,
} from './file.ts'

/** The detail of `file-uploaded`. `url` has no signature in it; `downloadUrl` may have one. */
export type UploadedFile = FileInfo & UploadResult

/** The detail of each event. Every event bubbles and is composed. */
export interface UploadEventDetails {
  /** Files were picked or dropped. `preventDefault()` keeps them out. */
  'files-added': { files: CandidateFile[] }
  /** A file breaks a restriction, and was not added. */
  'file-rejected': { file: CandidateFile; error: UploadError; code: UploadError['code'] }
  /** A file's turn has come. */
  'upload-started': FileInfo
  /** Bytes have left, or the list has changed. At most once for each frame. */
  'upload-progress': UploadProgress
  /** A file is in the bucket. Fires once for each file. */
  'file-uploaded': UploadedFile
  /** A file is not in the bucket. `retry(id)` tries it again. */
  'file-failed': { file: FileInfo; error: UploadError; code: UploadError['code'] }
  /**
   * The signer says that nobody is signed in. `preventDefault()` keeps the files waiting, until
   * `resume()` lets them go on; otherwise they fail.
   */
  'sign-in-needed': { error: UploadError }
  /** Nothing is left to do. */
  'upload-complete': {
    uploaded: readonly FileWithStatus<'uploaded'>[]
    failed: readonly FileWithStatus<'failed'>[]
  }
}

/** The events of the engine and of `<bucket-upload>`, by name. */
export type UploadEventMap = {
  [Name in keyof UploadEventDetails]: CustomEvent<UploadEventDetails[Name]>
}

/** The names of all events. */
export const UPLOAD_EVENTS = [
  'files-added',
  'file-rejected',
  'upload-started',
  'upload-progress',
  'file-uploaded',
  'file-failed',
  'sign-in-needed',
  'upload-complete',
] as const satisfies readonly (keyof UploadEventDetails)[]

type Listen = <Name extends keyof UploadEventMap>(
  type: Name,
  listener: (event: UploadEventMap[Name]) => void,
  options?: boolean | AddEventListenerOptions,
) => void

interface Typed extends EventTarget {
  addEventListener: Listen & EventTarget['addEventListener']
  removeEventListener: Listen & EventTarget['removeEventListener']
}

/** An `EventTarget` whose listeners know the details of the events. */
export const UploadEventTarget = EventTarget as { new (): Typed }
