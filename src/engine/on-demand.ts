/**
 * What a page needs only once there is a file to upload, and most of its visitors never: Uppy, the
 * requests, hashing, resuming. In a file of its own, which is loaded then.
 *
 * @module
 */
import Uppy from '@uppy/core'
import { HasherPool } from './hasher-pool.ts'
import { InterruptedUploads, type InterruptedUploadsContext } from './interrupted-uploads.ts'
import { Links } from './links.ts'
import { ResumeKeeper } from './resume-keeper.ts'
import { silent } from './uppy-transport.ts'

export { diagnose } from './diagnose.ts'
export { abandonUpload } from './multipart.ts'
export { UnitSender } from './unit-sender.ts'
export { digest, uploadFile } from './upload-file.ts'
export { UppyTransport } from './uppy-transport.ts'

/** What is known to the engine. */
export interface ToolsContext extends Omit<InterruptedUploadsContext, 'store'> {
  /** Wished lifetime of download links, in seconds. */
  linkExpires: () => number | undefined
  /** Adds a file that a plugin brings. */
  addFile: (file: File) => void
}

/** What an engine works with besides, one of each. */
export function makeTools(context: ToolsContext) {
  const keeper = new ResumeKeeper()
  const interrupted = new InterruptedUploads({ ...context, store: keeper.store })
  const links = new Links(context.signer, context.linkExpires)
  return { hasher: new HasherPool(), keeper, interrupted, links, startPlugins }

  /** Few pages have plugins, so this is in a file of its own again. */
  async function startPlugins() {
    const { UppyPlugins } = await import('./uppy-plugins.ts')
    return new UppyPlugins(new Uppy({ logger: silent }), context.addFile)
  }
}
