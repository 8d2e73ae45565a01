import type { UploadError } from '../api/errors.ts'
import type { FileLink, FileState, FileStatus, UploadResult } from '../api/file.ts'

/** Something that happened to a file. */
export type FileEvent =
  /** The page checks it, or no longer does. */
  | { type: 'check'; isChecking: boolean }
  | { type: 'start' }
  | { type: 'progress'; loaded: number }
  | { type: 'pause' }
  | { type: 'wait'; error: UploadError }
  | { type: 'resume' }
  /** What was sent is lost, and is sent again. */
  | { type: 'restart' }
  | { type: 'sent' }
  /** It is stored, and the site works on it, or has come further. */
  | { type: 'process'; result: UploadResult & { progress?: number } }
  | { type: 'succeed'; result: UploadResult }
  | { type: 'fail'; error: UploadError }
  | { type: 'cancel' }
  | { type: 'retry' }
  /** Its link was renewed, or it can no longer be taken back. */
  | { type: 'relink'; link: FileLink | { mayDiscard: false } }

/** What each state allows. */
export const LEGAL: Record<FileStatus, readonly FileEvent['type'][]> = {
  queued: ['check', 'start', 'pause', 'wait', 'fail', 'cancel'],
  uploading: ['progress', 'pause', 'wait', 'sent', 'restart', 'fail', 'cancel'],
  paused: ['resume', 'cancel'],
  waiting: ['resume', 'pause', 'restart', 'fail', 'cancel'],
  finalizing: ['wait', 'process', 'succeed', 'restart', 'fail', 'cancel'],
  processing: ['process', 'succeed', 'fail'],
  uploaded: ['relink'],
  failed: ['retry'],
  cancelled: ['retry'],
}

/** Thrown for an event that the state does not allow, for example `start` when `uploaded`: a bug in the caller. */
export class IllegalTransitionError extends Error {
  override name = 'IllegalTransitionError'

  constructor(from: FileStatus, event: FileEvent['type']) {
    super(`A file that is "${from}" cannot take the step "${event}".`)
  }
}

/** Whether the state allows the event. */
export function canTake(state: FileState, event: FileEvent['type']): boolean {
  return LEGAL[state.status].includes(event)
}

/**
 * The next state: the only way to change one. Pure.
 *
 * @param size of the file, in bytes
 * @throws {IllegalTransitionError} for an event that the table above does not allow
 */
export function transition(state: FileState, event: FileEvent, size: number): FileState {
  if (!canTake(state, event.type)) throw new IllegalTransitionError(state.status, event.type)
  const loaded = loadedOf(state, size)
  switch (event.type) {
    case 'check':
      return { status: 'queued', isChecking: event.isChecking }
    case 'start':
    case 'restart':
      return { status: 'uploading', loaded: 0 }
    case 'progress':
      // A part that is sent again starts at 0, but the progress on screen never goes back.
      return { status: 'uploading', loaded: Math.min(size, Math.max(loaded, event.loaded)) }
    case 'pause':
      return { status: 'paused', loaded }
    case 'wait':
      return { status: 'waiting', loaded, error: event.error }
    case 'resume':
      // A file of which nothing was sent waits for its turn.
      return state.status === 'paused' && loaded === 0
        ? { status: 'queued' }
        : { status: 'uploading', loaded }
    case 'sent':
      return { status: 'finalizing' }
    case 'process':
    case 'succeed':
      return { status: event.type === 'process' ? 'processing' : 'uploaded', ...event.result }
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

/** Bytes of a file that were sent. */
export function loadedOf(state: FileState, size: number): number {
  if ('loaded' in state) return state.loaded
  return state.status === 'finalizing' || 'key' in state ? size : 0
}

/** Whether a file is neither uploaded, failed nor cancelled. */
export function isActive(status: FileStatus): boolean {
  return !['uploaded', 'failed', 'cancelled'].includes(status)
}
