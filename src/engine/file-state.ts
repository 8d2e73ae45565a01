import type { UploadError } from './errors.ts'

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

/** What a file is doing. `loaded` is in bytes. */
export type FileState =
  | { readonly status: 'queued' }
  | { readonly status: 'uploading'; readonly loaded: number }
  /** Every byte has left; the bucket has yet to confirm, or the link is being made. */
  | { readonly status: 'finalizing' }
  | ({ readonly status: 'uploaded' } & Readonly<UploadResult>)
  | { readonly status: 'failed'; readonly error: UploadError }
  | { readonly status: 'cancelled' }

/** The name of a {@link FileState}. */
export type FileStatus = FileState['status']

/** Something that happened to a file. */
export type FileEvent =
  | { type: 'start' }
  | { type: 'progress'; loaded: number }
  | { type: 'sent' }
  | { type: 'succeed'; result: UploadResult }
  | { type: 'fail'; error: UploadError }
  | { type: 'cancel' }
  | { type: 'retry' }

const LEGAL: Record<FileStatus, readonly FileEvent['type'][]> = {
  queued: ['start', 'fail', 'cancel'],
  uploading: ['progress', 'sent', 'fail', 'cancel'],
  finalizing: ['succeed', 'fail', 'cancel'],
  uploaded: [],
  failed: ['retry'],
  cancelled: ['retry'],
}

/** Thrown for a step that no file may take, for example from `uploaded` to `uploading`: a bug in the caller. */
export class IllegalTransitionError extends Error {
  override name = 'IllegalTransitionError'

  constructor(from: FileStatus, event: FileEvent['type']) {
    super(`A file that is "${from}" cannot take the step "${event}".`)
  }
}

/** Whether a file in this state may take this step. */
export function canTake(state: FileState, event: FileEvent['type']): boolean {
  return LEGAL[state.status].includes(event)
}

/**
 * The only way from one state to the next. Pure: the same state and event give the same answer.
 *
 * @throws {IllegalTransitionError} for a step that the table above does not name
 */
export function transition(state: FileState, event: FileEvent): FileState {
  if (!canTake(state, event.type)) throw new IllegalTransitionError(state.status, event.type)
  switch (event.type) {
    case 'start':
      return { status: 'uploading', loaded: 0 }
    case 'progress':
      return { status: 'uploading', loaded: event.loaded }
    case 'sent':
      return { status: 'finalizing' }
    case 'succeed':
      return { status: 'uploaded', ...event.result }
    case 'fail':
      return { status: 'failed', error: event.error }
    case 'cancel':
      return { status: 'cancelled' }
    case 'retry':
      return { status: 'queued' }
  }
}

/** Whether the engine still has something to do for a file in this state. */
export function isActive(status: FileStatus): boolean {
  return status === 'queued' || status === 'uploading' || status === 'finalizing'
}
