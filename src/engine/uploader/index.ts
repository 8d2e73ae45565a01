/**
 * Loaded with the first upload: the scheduler, and with it Uppy, requests to signer and bucket,
 * hashing, resuming.
 *
 * @module
 */
export { Scheduler, type SchedulerHost } from './scheduler.ts'
