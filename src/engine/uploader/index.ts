/**
 * Loaded with the first upload: the scheduler, and with it Uppy, requests to signer and bucket,
 * hashing, resuming.
 *
 * @module
 */
export { ERROR_HINTS } from '../api/error-hints.ts'
export { LATER_ERROR_TEXTS } from '../api/later-error-texts.ts'
export type { UploaderHost } from './create-uploader.ts'
export { Scheduler } from './scheduler.ts'
