/**
 * What a page needs only once there is a file to upload, and most of its visitors never: Uppy, the
 * requests, hashing, resuming. In a file of its own, which is loaded then.
 *
 * @module
 */
import { HasherPool } from '../hash/hasher-pool.ts'
import {
  InterruptedUploads,
  type InterruptedUploadsContext,
} from '../resume/interrupted-uploads.ts'
import { ResumeKeeper } from '../resume/resume-session.ts'
import { createUppy } from '../transport/uppy-transport.ts'
import { Links } from './link-renewer.ts'

export { abandonUpload } from '../signer/multipart.ts'
export { diagnose } from '../transport/diagnose.ts'
export { UppyTransport } from '../transport/uppy-transport.ts'
export { UnitSender } from './sender.ts'
export { digest, uploadFile } from './upload-file.ts'

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
    const { UppyPlugins } = await import('../transport/uppy-plugins.ts')
    return new UppyPlugins(createUppy(), context.addFile)
  }
}
