/**
 * Loaded with the first upload: the scheduler, and with it Uppy, requests to signer and bucket,
 * hashing, resuming.
 *
 * @module
 */
export { ERROR_HINTS } from '../api/error-hints.ts'
export type { UploaderHost } from './create-uploader.ts'
export { Scheduler } from './scheduler.ts'
