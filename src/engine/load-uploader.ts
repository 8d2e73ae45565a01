import { wait } from '../util/abort.ts'
import { UploadError } from './api/errors.ts'
import type { ToolsContext } from './uploader/index.ts'

/** How often loading is tried, and the pause before the second try in ms; each one after it is twice as long. */
const TRIES = 4
const PAUSE = 500

/** What uploads need, see `uploader/index.ts`. */
export type Tools = Awaited<ReturnType<typeof loadTools>>

/**
 * Loads what uploads need.
 *
 * @throws {UploadError} `library-incomplete`
 */
export async function loadTools(context: ToolsContext) {
  for (let tries = 1; ; tries++) {
    try {
      const { makeTools, ...module } = await import('./uploader/index.ts')
      return { ...module, ...makeTools(context) }
    } catch {
      if (tries === TRIES) throw new UploadError('library-incomplete', '')
      await wait(PAUSE * 2 ** (tries - 1))
    }
  }
}

/** Whether this site has ever begun an upload in this browser. */
export async function hasMemory(): Promise<boolean> {
  try {
    return (await indexedDB.databases()).some(({ name }) => name === 'bucket-upload')
  } catch {
    return false
  }
}
