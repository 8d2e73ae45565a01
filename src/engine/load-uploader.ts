import { wait } from '../util/abort.ts'
import { UploadError } from './api/errors.ts'
import type { UploaderContext } from './uploader/index.ts'

/** How often loading is tried, and the pause before the second try in ms; each one after it is twice as long. */
const TRIES = 4
const PAUSE = 500

/** What uploads need, see `uploader/index.ts`. */
export type Uploader = Awaited<ReturnType<typeof loadUploader>>

/**
 * Loads what uploads need.
 *
 * @throws {UploadError} `library-incomplete`
 */
export async function loadUploader(context: UploaderContext) {
  for (let tries = 1; ; tries++) {
    try {
      const { createUploader, ...module } = await import('./uploader/index.ts')
      return { ...module, ...createUploader(context) }
    } catch {
      if (tries === TRIES) throw new UploadError('library-incomplete', '')
      await wait(PAUSE * 2 ** (tries - 1))
    }
  }
}

/** Whether this site has ever begun an upload in this browser. */
export async function hasBegunUploads(): Promise<boolean> {
  try {
    return (await indexedDB.databases()).some(({ name }) => name === 'bucket-upload')
  } catch {
    return false
  }
}
