import type { Json } from '../../protocol/index.ts'
import type { UploadError } from './errors.ts'

/** What is known about a file when it is added. */
export interface FileInfo {
  /** Random, unique within the page. Says nothing about the file. */
  readonly id: string
  readonly name: string
  /** Bytes; of a stream, those that were read so far. */
  readonly size: number
  /** Whether it is a stream that has not ended, so that `size` grows. */
  readonly isGrowing?: boolean
  /** Whether it is a stream that was cancelled or has failed for good: `retry` cannot read it again. */
  readonly isLost?: boolean
  /** Media type; empty if the browser knows none. */
  readonly type: string
  /** Path inside a dropped or chosen folder, or the name. */
  readonly path: string
  readonly meta: Readonly<Record<string, string>>
  /** Of a stream an empty file, unless it turned out to be small. */
  readonly file: File
}

/** A file before it is accepted. */
export type CandidateFile = Omit<FileInfo, 'id'>

/** Where an uploaded file is, and how to download it. */
export interface UploadResult {
  /** Object key in the bucket; `null` if the signer did not return it. */
  key: string | null
  /** URL of the object without a signature. A private bucket answers it with 403. */
  url: string
  /** Link that returns the bytes; `null` if the signer gives none. */
  downloadUrl: string | null
  /**
   * When `downloadUrl` expires, by the clock of this computer, even if that is wrong; `null` for a link
   * that does not expire, or without a link.
   */
  downloadUrlExpiresAt: Date | null
  /** ETag of the stored object; `null` if it is not known. */
  etag: string | null
  /** A signed statement of what is stored, for the site's own back end; only if the signer gives receipts. */
  receipt?: string
  /** What the site has told about the file, where its signer's `onUploaded` or `status` returned `data`. */
  data?: Json
  /** Whether the signer lets the person take the file back: see `discard`. */
  mayDiscard?: boolean
}

/** A link, and when it expires. With a receipt and data, if the signer gives any, and whether it can be taken back. */
export type FileLink = Pick<
  UploadResult,
  'downloadUrl' | 'downloadUrlExpiresAt' | 'receipt' | 'data' | 'mayDiscard'
>

/** The state of a file. `loaded` is in bytes. */
export type FileState =
  /** Waits for its turn; with `isChecking`, until the page has checked it. */
  | { readonly status: 'queued'; readonly isChecking?: boolean }
  | { readonly status: 'uploading'; readonly loaded: number }
  /** Stopped by `pause()` until `resume()`. Stored parts are not sent again. */
  | { readonly status: 'paused'; readonly loaded: number }
  /** Continues by itself: after a pause, when the browser is online again, or after a sign-in. */
  | { readonly status: 'waiting'; readonly loaded: number; readonly error: UploadError }
  /** All bytes are sent. The bucket has not confirmed yet, or the link is not there yet. */
  | { readonly status: 'finalizing' }
  /**
   * Stored, and the site works on it, with a scan or a transcoding for instance. There is no link yet.
   * `progress` is from 0 to 1, where it is known.
   */
  | ({ readonly status: 'processing'; readonly progress?: number } & Readonly<UploadResult>)
  | ({ readonly status: 'uploaded' } & Readonly<UploadResult>)
  | { readonly status: 'failed'; readonly error: UploadError }
  | { readonly status: 'cancelled' }

/** The name of a {@link FileState}. */
export type FileStatus = FileState['status']

/** A file and its state at one moment. Immutable: a change makes a new one. `status` tells which fields exist. */
export type FileSnapshot<S extends FileState = FileState> = FileInfo & S

/** A {@link FileSnapshot} of a given status. */
export type FileWithStatus<S extends FileState['status']> = FileSnapshot<
  Extract<FileState, { status: S }>
>

/** Progress over the files of the current batch, counted in bytes. */
export interface UploadProgress {
  /** Bytes sent, over all files that have not failed and are not cancelled. */
  readonly loaded: number
  /** Size of all those files, in bytes; of streams, what was read of them so far. */
  readonly total: number
  /** Number of files in the batch that are streams and have not ended: `total` will be more. */
  readonly growing: number
  /** Bytes a second over the last seconds; 0 while nothing is sent. */
  readonly speed: number
  /** Seconds until the batch is done at this speed; `null` if it is not known, as with a stream. */
  readonly timeLeft: number | null
  /** Number of files in the batch that are not done. */
  readonly active: number
  /** Number of uploaded files in the batch. */
  readonly uploaded: number
  /** Number of failed files in the batch. */
  readonly failed: number
}

/** Number of files of each status. */
export type StatusCounts = Record<FileStatus, number>
