import {
  type EmbeddedS3,
  type EmbeddedS3Options,
  startEmbeddedS3 as start,
} from '../../../demo/embedded-s3.ts'
import { guarded } from './guarded.ts'

export type { EmbeddedS3 }

/**
 * A store with gaps, in this process: no ListParts, no checksums, no `If-None-Match`. What the demo
 * uploads to is also what shows that an upload finishes where a provider lacks these. Its folder
 * goes with the test, however that ends.
 */
export async function startEmbeddedS3(
  options: Omit<EmbeddedS3Options, 'directory'> = {},
): Promise<EmbeddedS3> {
  const guard = guarded('s3-')
  guard.background()
  const server = await start({ ...options, directory: guard.folder })
  return {
    ...server,
    async stop() {
      await server.stop()
      await guard.stop()
    },
  }
}
