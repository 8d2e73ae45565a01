import { wait } from '../util/abort.ts'
import { UploadError } from './api/errors.ts'
import type { Scheduler, UploaderHost } from './uploader/index.ts'

/** Number of attempts, and the pause after the first one in ms. It doubles with each attempt. */
const TRIES = 4
const PAUSE = 500

/**
 * Loads the code that uploads.
 *
 * @throws {UploadError} `library-incomplete`
 */
export async function loadUploader(host: UploaderHost): Promise<Scheduler> {
  for (let tries = 1; ; tries++) {
    try {
      const { Scheduler } = await import('./uploader/index.ts')
      return new Scheduler(host)
    } catch {
      if (tries === TRIES) throw new UploadError('library-incomplete', '')
      await wait(PAUSE * 2 ** (tries - 1))
    }
  }
}

/** Whether this site has ever started an upload in this browser. */
export async function hasBegunUploads(): Promise<boolean> {
  try {
    return (await indexedDB.databases()).some(({ name }) => name === 'bucket-upload')
  } catch {
    return false
  }
}
