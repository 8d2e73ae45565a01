import type { ProcessingState } from '../../protocol/index.ts'
import { loadModule } from '../../util/load-module.ts'
import { UploadError } from '../api/errors.ts'
import type { UploadResult } from '../api/file.ts'
import { DEFAULT_MULTIPART_THRESHOLD } from '../api/options.ts'
import type { ResumeSession } from '../resume/resume-session.ts'
import type { StreamUpload } from '../streams/put-stream.ts'
import { type FileJob, isOneOf, type RunningJob, type StoredObject } from './file-job.ts'
import { FileProgress } from './file-progress.ts'
import { linkIn } from './link-renewer.ts'
import { uploadWhole } from './put-whole.ts'
import { TOOLS } from './tools.ts'

/** A file that is stored. */
export interface Uploaded {
  result: UploadResult
  grant: string | undefined
  processing: ProcessingState | undefined
  forget: () => unknown
}

/**
 * Uploads one file and gets its link.
 *
 * @returns also the grant by which the link can be renewed, whether the site works on the file, and what
 *   forgets the upload. Call it once the page was told: if the browser crashes before, the next page must not
 *   make another object
 * @throws the reason of the signal, an {@link UploadError}, or what `diagnose` makes one of
 */
export async function uploadFile(job: FileJob): Promise<Uploaded> {
  const { signed, etag, url, forget } = await store(job)
  const answer = await job.links.first(signed, job.file, job.signer)
  const { grant = signed.grant, processing } = answer
  const plain = new URL(url ?? signed.downloadUrl ?? answer.downloadUrl ?? 'about:blank')
  plain.search = ''
  const result = { key: signed.key || null, url: plain.href, ...linkIn(answer), etag }
  return { grant, processing, forget, result }
}

type Parts = typeof import('./put-parts.ts')

let parts: Parts | undefined

/** Loads the code for multipart uploads: most pages never need it. */
export async function loadParts(): Promise<Parts> {
  parts ??= await import('./put-parts.ts')
  return parts
}

/** As `loadParts`, but at once if it is loaded, since the page may be closing. */
export function withParts(work: (parts: Parts) => void): void {
  if (parts) work(parts)
  else loadParts().then(work, () => {})
}

type Stored = StoredObject & { forget: () => unknown }

async function store(job: FileJob): Promise<Stored> {
  if (job.stream) return storeStream(job, job.stream)
  const { multipartThreshold = DEFAULT_MULTIPART_THRESHOLD } = job.options
  const isSmall = job.file.size <= multipartThreshold || !job.signer.knowsMultipart
  return isSmall ? storeSmall(job) : storeLarge(job)
}

function partsFor({ file }: FileJob): Promise<Parts> {
  return loadModule(loadParts).catch(() => {
    throw new UploadError('library-incomplete', file.name)
  })
}

async function storeStream(job: FileJob, stream: StreamUpload): Promise<Stored> {
  const parts = await partsFor(job)
  job.signal.throwIfAborted()
  const progress = new FileProgress(Number.POSITIVE_INFINITY, job.apply)
  const stored = await stream.send({ ...job, session: undefined, progress, tools: TOOLS }, parts)
  return { ...stored, forget: () => {} }
}

async function storeSmall(job: FileJob): Promise<Stored> {
  const { file, checkpoint, signal, options, sessions, scope } = job
  const session = options.resume === false ? undefined : await sessions.grants.open(file, scope)
  signal.throwIfAborted()
  checkpoint.grant ??= session?.grant
  const progress = new FileProgress(file.size, job.apply)
  const stored = await uploadWhole({ ...job, session, progress })
  return { ...stored, forget: () => session?.forget() }
}

async function storeLarge(job: FileJob): Promise<Stored> {
  const { file, checkpoint, signal, options } = job
  const session = options.resume === false ? undefined : await openSession(job)
  if (session?.upload) checkpoint.isKept = true
  checkpoint.upload ??= session?.upload
  checkpoint.grant ??= session?.grant
  checkpoint.nonce ??= session?.nonce
  try {
    signal.throwIfAborted()
    const progress = new FileProgress(file.size, job.apply)
    const stored = await storeParts({ ...job, session, progress })
    return { ...stored, forget: () => session?.forget() }
  } finally {
    session?.release()
  }
}

/**
 * An upload that this page has noted may have been taken over by another tab, while it was paused here: then
 * wait, since both would send the same parts. One that is not noted was begun because another tab is at
 * work on the same file.
 */
async function openSession(job: FileJob): Promise<ResumeSession | undefined> {
  const { file, checkpoint, signal, sessions, scope } = job
  const { upload, isNoted } = checkpoint
  if (upload && !isNoted) return undefined
  const session = await sessions.open(file, scope, upload && signal)
  checkpoint.isNoted = session !== undefined
  return session
}

/** In parts, or with one PUT where that cannot be done. */
async function storeParts(job: RunningJob): Promise<StoredObject> {
  if (job.options.integrity !== 'off') job.hasher.warm()
  try {
    const { uploadInParts } = await partsFor(job)
    job.signal.throwIfAborted()
    return await uploadInParts({ ...job, tools: TOOLS })
  } catch (error) {
    if (job.signal.aborted) throw error
    if (!job.signer.knowsMultipart) return uploadWhole(job)
    if (!isOneOf(error, ['parts-needed'])) throw error
    // Neither bucket nor browser can name the parts (no ListParts, and no worker to hash them).
    job.progress.restart()
    return uploadWhole({ ...job, checkpoint: job.abandon() })
  }
}
