import type { UploadError } from '../errors.ts'

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

/** Something that happened to a file. */
export type FileEvent =
  | { type: 'start' }
  | { type: 'progress'; loaded: number }
  | { type: 'pause' }
  | { type: 'wait'; error: UploadError }
  | { type: 'resume' }
  | { type: 'sent' }
  | { type: 'succeed'; result: UploadResult }
  | { type: 'fail'; error: UploadError }
  | { type: 'cancel' }
  | { type: 'retry' }
  /** Its link is another one. */
  | { type: 'relink'; link: FileLink }

const LEGAL: Record<FileStatus, readonly FileEvent['type'][]> = {
  queued: ['start', 'pause', 'wait', 'fail', 'cancel'],
  uploading: ['progress', 'pause', 'wait', 'sent', 'fail', 'cancel'],
  paused: ['resume', 'cancel'],
  waiting: ['resume', 'pause', 'fail', 'cancel'],
  finalizing: ['wait', 'succeed', 'fail', 'cancel'],
  uploaded: ['relink'],
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
 * @param size of the file, in bytes
 * @throws {IllegalTransitionError} for a step that the table above does not name
 */
export function transition(state: FileState, event: FileEvent, size: number): FileState {
  if (!canTake(state, event.type)) throw new IllegalTransitionError(state.status, event.type)
  const loaded = loadedOf(state, size)
  switch (event.type) {
    case 'start':
      return { status: 'uploading', loaded: 0 }
    case 'progress':
      // A part that is sent again starts at 0; what people see does not go backwards.
      return { status: 'uploading', loaded: Math.min(size, Math.max(loaded, event.loaded)) }
    case 'pause':
      return { status: 'paused', loaded }
    case 'wait':
      return { status: 'waiting', loaded, error: event.error }
    case 'resume':
      return { status: 'uploading', loaded }
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
    case 'relink':
      return { ...(state as FileState & { status: 'uploaded' }), ...event.link }
  }
}

/** Bytes of a file that have left. */
export function loadedOf(state: FileState, size: number): number {
  if ('loaded' in state) return state.loaded
  return state.status === 'finalizing' || state.status === 'uploaded' ? size : 0
}

/** Whether a file in this state is on its way: not at an end, and not failed or cancelled. */
export function isActive(status: FileStatus): boolean {
  return !['uploaded', 'failed', 'cancelled'].includes(status)
}
