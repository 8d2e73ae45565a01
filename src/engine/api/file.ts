import type { UploadError } from './errors.ts'

/** What is known of a file from the moment it was added. */
export interface FileInfo {
  /** Random, unique within the page. Says nothing about the file. */
  readonly id: string
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Media type; empty where the browser knows none. */
  readonly type: string
  /** Path inside a dropped or chosen folder, else the name. */
  readonly path: string
  readonly meta: Readonly<Record<string, string>>
  readonly file: File
}

/** A file that somebody wants to upload, before it is accepted. */
export type CandidateFile = Omit<FileInfo, 'id'>

/** Where an uploaded file is, and how to get it back. */
export interface UploadResult {
  /** Object key in the bucket; `null` where the signer did not tell it. */
  key: string | null
  /** Address of the object without a signature. A private bucket answers it with 403. */
  url: string
  /** Link that returns the bytes, or `null` where the signer gives none. */
  downloadUrl: string | null
  /** When `downloadUrl` stops working; `null` for a link without an end, or without a link. */
  downloadUrlExpiresAt: Date | null
  /** Entity tag of the stored object, or `null` where it could not be learned. */
  etag: string | null
}

/** A link, and when it stops working. */
export type FileLink = Pick<UploadResult, 'downloadUrl' | 'downloadUrlExpiresAt'>

/** What a file is doing. `loaded` is in bytes. */
export type FileState =
  | { readonly status: 'queued' }
  | { readonly status: 'uploading'; readonly loaded: number }
  /** Stopped by somebody, who can let it go on. Parts that are stored are not sent again. */
  | { readonly status: 'paused'; readonly loaded: number }
  /** Goes on by itself: after a while, when the browser is online again, or when somebody has signed in. */
  | { readonly status: 'waiting'; readonly loaded: number; readonly error: UploadError }
  /** Every byte has left; the bucket has yet to confirm, or the link is being made. */
  | { readonly status: 'finalizing' }
  | ({ readonly status: 'uploaded' } & Readonly<UploadResult>)
  | { readonly status: 'failed'; readonly error: UploadError }
  | { readonly status: 'cancelled' }

/** The name of a {@link FileState}. */
export type FileStatus = FileState['status']

/** A file and its state at one moment. Never changes: a change makes a new one. `status` tells which fields there are. */
export type FileSnapshot<S extends FileState = FileState> = FileInfo & S

/** A {@link FileSnapshot} of a given status. */
export type FileWithStatus<S extends FileState['status']> = FileSnapshot<
  Extract<FileState, { status: S }>
>

/** Progress over the files of the current batch, counted in bytes. */
export interface UploadProgress {
  /** Bytes that have left, over all files that are not failed or cancelled. */
  readonly loaded: number
  /** Bytes in all of them. */
  readonly total: number
  /** Bytes a second over the last seconds; 0 while nothing moves. */
  readonly speed: number
  /** Seconds until all is done at this speed; `null` where that cannot be said. */
  readonly timeLeft: number | null
  /** How many files are in the batch, by what they do. */
  readonly active: number
  readonly uploaded: number
  readonly failed: number
}

/** How many files there are of each status. */
export type StatusCounts = Record<FileStatus, number>
