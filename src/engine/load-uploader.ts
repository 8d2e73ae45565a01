import { loadModule } from '../util/load-module.ts'
import { addErrorTexts, UploadError } from './api/errors.ts'
import type { Scheduler, UploaderHost } from './uploader/index.ts'

/**
 * Loads the code that uploads.
 *
 * @throws {UploadError} `library-incomplete`
 */
export async function loadUploader(host: UploaderHost): Promise<Scheduler> {
  try {
    const uploader = await loadModule(() => import('./uploader/index.ts'))
    const { ERROR_HINTS, LATER_ERROR_TEXTS, Scheduler } = uploader
    addErrorTexts(LATER_ERROR_TEXTS, ERROR_HINTS)
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
