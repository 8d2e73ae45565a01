import type { Digests, SignedResponse } from '../../protocol/index.ts'
import { UploadError } from '../api/errors.ts'
import type { FileInfo, UploadResult } from '../api/file.ts'
import type { UploadEngineOptions } from '../api/options.ts'
import type { FileEvent } from '../files/file-state.ts'
import type { HasherPool } from '../hash/hasher-pool.ts'
import type { ResumeKeeper } from '../resume/resume-session.ts'
import type { SignerClient } from '../signer/signer-client.ts'
import type { FileMemory, PartsUpload, Stored } from './file-job.ts'
import { UnitWatch } from './file-progress.ts'
import type { Links } from './link-renewer.ts'
import { uploadInParts } from './put-parts.ts'
import { uploadWhole } from './put-whole.ts'
import type { UnitSender } from './sender.ts'

const DEFAULT_THRESHOLD = 16 * 2 ** 20

/** One file, and all that its upload needs of the engine. */
export interface FileWork {
  file: FileInfo
  memory: FileMemory
  signal: AbortSignal
  options: Readonly<UploadEngineOptions>
  /** How many requests are in flight at the same time. */
  limit: number
  /** Uploads through one signer are not resumed through another. */
  scope: string
  signer: SignerClient
  sender: UnitSender
  hasher: HasherPool
  keeper: ResumeKeeper
  links: Links
  /** Takes a step of the file, if this is still the work on it. */
  take: (event: FileEvent) => void
  /** Whether what the bucket holds of it will be needed. */
  isWanted: () => boolean
  /** Throws away what the bucket holds of it. */
  abandon: () => void
}

/** A file that is in the bucket, and the answer of the signer by which its link can be renewed. */
export interface UploadedWork {
  result: UploadResult
  signed: SignedResponse
}

/**
 * Works on one file until it is in the bucket and has a link.
 *
 * @throws the reason of the signal, an {@link UploadError}, or what `diagnose` makes one of
 */
export async function uploadFile(work: FileWork): Promise<UploadedWork> {
  const stored = await store(work)
  const link = await work.links.first(stored.signed, work.file.name)
  const { signed, etag, url } = stored
  const plain = new URL(url ?? signed.downloadUrl ?? link.downloadUrl ?? 'about:blank')
  plain.search = ''
  return { signed, result: { key: signed.key || null, url: plain.href, ...link, etag } }
}

/** Whatever the options say, the checksums that the signer asks for are among it. */
export async function digest(
  { hasher, signer }: Pick<FileWork, 'hasher' | 'signer'>,
  body: Blob,
  algorithms: string[],
  signal?: AbortSignal,
): Promise<Digests> {
  return hasher.digest(body, [...algorithms, ...signer.checksums], signal)
}

async function store(work: FileWork): Promise<Stored> {
  const { file, memory, signal, options, limit, signer, sender, keeper } = work
  const { multipartThreshold = DEFAULT_THRESHOLD } = options
  const saved = options.resume !== false ? await keeper.open(file, work.scope) : undefined
  const upload: PartsUpload = {
    ...{ file, memory, signal, sender, signer, limit },
    watch: new UnitWatch(file.size, work.take),
    hash: (body) => digest(work, body, ['md5']),
    rememberGrant: async (grant) => saved?.saveGrant(grant),
    rememberNonce: async (nonce) => saved?.saveNonce(nonce),
    remember: async (begun) => {
      // It may have been cancelled, or paused, while the signer created the upload.
      const isWanted = work.isWanted()
      // Nothing waits for this: until it is kept, the upload can be found by its nonce.
      if (isWanted) void saved?.save(begun)
      return isWanted
    },
    rememberPart: (partNumber, part) => void saved?.addPart(partNumber, part),
    forget: () => void saved?.forget(),
  }
  memory.upload ??= saved?.upload
  memory.grant ??= saved?.grant
  memory.nonce ??= saved?.nonce
  try {
    signal.throwIfAborted()
    const isSmall = file.size <= multipartThreshold || !signer.knowsMultipart
    return isSmall ? await uploadWhole(upload) : await storeLarge(work, upload)
  } finally {
    saved?.release()
  }
}

/** In parts, or in one piece where that cannot be done. */
async function storeLarge(work: FileWork, upload: PartsUpload): Promise<Stored> {
  if (work.options.integrity !== 'off') work.hasher.warm()
  try {
    return await uploadInParts(upload)
  } catch (error) {
    if (upload.signal.aborted) throw error
    if (!work.signer.knowsMultipart) return uploadWhole(upload)
    if (!(error instanceof UploadError) || error.code !== 'parts-needed') throw error
    // Neither bucket nor browser can name the parts (no ListParts, and no worker to hash them).
    work.abandon()
    return uploadWhole(upload)
  }
}
