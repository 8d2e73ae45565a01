import type { SignedResponse } from '../../protocol/index.ts'
import { loadModule } from '../../util/load-module.ts'
import { UploadError } from '../api/errors.ts'
import type { UploadResult } from '../api/file.ts'
import { DEFAULT_MULTIPART_THRESHOLD } from '../api/options.ts'
import { type FileJob, isOneOf, type RunningJob, type StoredObject } from './file-job.ts'
import { FileProgress } from './file-progress.ts'
import { uploadWhole } from './put-whole.ts'

/**
 * Uploads one file and gets its link.
 *
 * @returns also the answer of the signer by which the link can be renewed
 * @throws the reason of the signal, an {@link UploadError}, or what `diagnose` makes one of
 */
export async function uploadFile(
  job: FileJob,
): Promise<{ result: UploadResult; signed: SignedResponse }> {
  const { signed, etag, url } = await store(job)
  const link = await job.links.first(signed, job.file.name, job.signer)
  const plain = new URL(url ?? signed.downloadUrl ?? link.downloadUrl ?? 'about:blank')
  plain.search = ''
  return { signed, result: { key: signed.key || null, url: plain.href, ...link, etag } }
}

/** Loads the code for multipart uploads: most pages never need it. */
export function loadParts() {
  return import('./put-parts.ts')
}

async function store(job: FileJob): Promise<StoredObject> {
  const { file, checkpoint, signal, options, signer } = job
  const { multipartThreshold = DEFAULT_MULTIPART_THRESHOLD } = options
  const session = options.resume === false ? undefined : await job.sessions.open(file, job.scope)
  const running = { ...job, session, progress: new FileProgress(file.size, job.apply) }
  checkpoint.upload ??= session?.upload
  checkpoint.grant ??= session?.grant
  checkpoint.nonce ??= session?.nonce
  try {
    signal.throwIfAborted()
    const isSmall = file.size <= multipartThreshold || !signer.knowsMultipart
    return isSmall ? await uploadWhole(running) : await storeLarge(running)
  } finally {
    session?.release()
  }
}

/** In parts, or with one PUT where that cannot be done. */
async function storeLarge(job: RunningJob): Promise<StoredObject> {
  if (job.options.integrity !== 'off') job.hasher.warm()
  try {
    const { uploadInParts } = await loadModule(loadParts).catch(() => {
      throw new UploadError('library-incomplete', job.file.name)
    })
    job.signal.throwIfAborted()
    return await uploadInParts(job)
  } catch (error) {
    if (job.signal.aborted) throw error
    if (!job.signer.knowsMultipart) return uploadWhole(job)
    if (!isOneOf(error, ['parts-needed'])) throw error
    // Neither bucket nor browser can name the parts (no ListParts, and no worker to hash them).
    job.progress.restart()
    return uploadWhole({ ...job, checkpoint: job.abandon() })
  }
}
