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
  /**
   * Files were picked or dropped. `preventDefault()` rejects them. With `waitUntil`, called while the event
   * is handled, they are uploaded once the promise resolves, and rejected with the message of its error;
   * with a file, it is only about that one.
   */
  'files-added': {
    files: CandidateFile[]
    waitUntil: (check: PromiseLike<unknown>, file?: CandidateFile) => void
  }
  /** A file violates a restriction and was not added. */
  'file-rejected': { file: CandidateFile; error: UploadError; code: UploadError['code'] }
  /** The upload of a file starts. */
  'upload-started': FileInfo
  /** Bytes were sent, or the list has changed. At most once a frame. */
  'upload-progress': UploadProgress
  /** A file is in the bucket, and the site goes on with it: `file-uploaded` or `file-failed` follows. */
  'processing-started': UploadedFile
  /** A file is in the bucket, and the site is done with it. Fires once a file. */
  'file-uploaded': UploadedFile
  /** A file could not be uploaded. `retry(id)` tries again. */
  'file-failed': { file: FileInfo; error: UploadError; code: UploadError['code'] }
  /**
   * The signer answered 401. With `preventDefault()` the files wait until `resume()` is called;
   * without it they fail.
   */
  'sign-in-needed': { error: UploadError }
  /** No file is left to upload. Lists the files of the batch: those added or retried since the last one. */
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
  'processing-started',
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
