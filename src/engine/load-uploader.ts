import { loadModule } from '../util/load-module.ts'
import { UploadError } from './api/errors.ts'
import type { Scheduler, UploaderHost } from './uploader/index.ts'

/**
 * Loads the code that uploads.
 *
 * @throws {UploadError} `library-incomplete`
 */
export async function loadUploader(host: UploaderHost): Promise<Scheduler> {
  try {
    const { Scheduler } = await loadModule(() => import('./uploader/index.ts'))
    return new Scheduler(host)
  } catch {
    throw new UploadError('library-incomplete', '')
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
