import { UploadError } from '../api/errors.ts'
import type { FileInfo } from '../api/file.ts'
import type { FileToAdd } from '../files/file-to-add.ts'
import { TransferError } from '../transport/transport.ts'
import { readByHandle } from './read-by-handle.ts'
import type { fingerprintOf, ResumeEntry, ResumeStore } from './resume-store.ts'
import type { lockUpload, shownUploads } from './upload-locks.ts'

/** A multipart upload that an earlier page did not finish and that can continue. */
export interface InterruptedUpload {
  /** The id for `resumeInterrupted` and `discardInterrupted`. Not the id of a file. */
  readonly id: string
  readonly name: string
  /** Path inside a dropped or chosen folder, or the name. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Bytes that are in the bucket. */
  readonly stored: number
  /** Object key. */
  readonly key: string
  /** Whether the user must choose the file again, because the browser has no handle to read it. */
  readonly needsFile: boolean
  /** After this it is not listed. The bucket may drop it sooner; then the upload starts over. */
  readonly expiresAt: Date
}

/** What {@link InterruptedUploads} needs of its engine. */
export interface InterruptedUploadsContext {
  store: ResumeStore
  /** Not imported, for the reason that `uploader/tools.ts` gives. */
  fingerprintOf: typeof fingerprintOf
  lockUpload: typeof lockUpload
  shownUploads: typeof shownUploads
  /** Aborts a multipart upload, through the signer that the options name now. */
  abort: (grant: string, fileName: string) => Promise<void>
  /** Only uploads of this scope are listed; `undefined` lists none. */
  scope: () => string | undefined
  /** All files in the list. */
  files: () => readonly FileInfo[]
  /** Returns the id of the file, if it was accepted. */
  add: (file: FileToAdd) => string | undefined
}

/** Codes of an upload of which nothing is left to abort. */
const GONE: UploadError['code'][] = ['upload-gone', 'invalid-grant', 'signer-refused']

/** The multipart uploads whose page was closed, was reloaded or crashed. */
export class InterruptedUploads {
  readonly #context: InterruptedUploadsContext

  constructor(context: InterruptedUploadsContext) {
    this.#context = context
  }

  /** All of them, newest first. */
  async list(): Promise<InterruptedUpload[]> {
    const { scope, store } = this.#context
    // Without a signer there is no need to open a database.
    if (scope() === undefined) return []
    const all = await store.all()
    // A database is why a page loads this file, and an empty one is no reason for the next page.
    if (all.length === 0) await store.remove()
    const entries = await this.#left(all)
    return entries.sort((one, other) => other.expiresAt - one.expiresAt).map(describe)
  }

  /** Adds the file again: the chosen one, or the one that the handle reads. */
  async resume(id: string, chosen?: File): Promise<string | undefined> {
    const entry = await this.#find(id)
    const { handle, name, type, path, lastModified, meta } = entry
    const size = entry.originalSize ?? entry.size
    if (!chosen && !handle) throw new UploadError('file-needed', name)
    const file = chosen ?? (await readByHandle(handle as FileSystemFileHandle, name))
    if (file.name !== name || file.size !== size || file.lastModified !== lastModified) {
      throw new UploadError('file-changed', name)
    }
    // While the browser asked for permission, another tab may have resumed it.
    await this.#find(id)
    return this.#context.add({ file, path, type, meta, handle })
  }

  /** Aborts it in the bucket and deletes it here. */
  async discard(id: string): Promise<void> {
    const { grant, name } = await this.#find(id)
    const release = await this.#context.lockUpload(id)
    if (!release) throw new UploadError('not-interrupted', name)
    try {
      await this.#context.abort(grant, name).catch((error) => {
        if (!isGone(error)) throw toUploadError(error, name)
      })
      await this.#context.store.delete(id)
    } finally {
      release()
    }
  }

  async #find(id: string): Promise<ResumeEntry> {
    const entry = await this.#context.store.get(id)
    const [found] = await this.#left(entry ? [entry] : [])
    if (!found) throw new UploadError('not-interrupted', entry?.name ?? '')
    return found
  }

  /** Those of our scope that are in no list, neither here nor in another tab. */
  async #left(entries: ResumeEntry[]): Promise<ResumeEntry[]> {
    const { files, fingerprintOf, shownUploads } = this.#context
    const scope = this.#context.scope()
    if (scope === undefined || entries.length === 0) return []
    const shown = await shownUploads()
    const ours = await Promise.all(
      entries.map(
        async (it) => (await fingerprintOf(scope, it, it.lastModified)) === it.fingerprint,
      ),
    )
    return entries.filter((entry, index) => {
      const isCreated = ours[index] && entry.partSize > 0 && !shown.has(entry.fingerprint)
      return isCreated && !files().some((file) => isOf(entry, file))
    })
  }
}

function isOf(entry: ResumeEntry, file: FileInfo): boolean {
  const { name, size, originalSize, type, path, lastModified } = entry
  return (
    (file.size === size || file.size === originalSize) &&
    file.name === name &&
    file.type === type &&
    file.path === path &&
    file.file.lastModified === lastModified
  )
}

function describe(entry: ResumeEntry): InterruptedUpload {
  const { fingerprint, name, path, size, partSize, key, handle, expiresAt, parts } = entry
  const sizes = parts.map(({ partNumber }) =>
    Math.min(partSize, size - (partNumber - 1) * partSize),
  )
  const stored = sizes.reduce((sum, bytes) => sum + bytes, 0)
  const about = { id: fingerprint, name, path, size, stored, key }
  return { ...about, needsFile: !handle, expiresAt: new Date(expiresAt) }
}

function isGone(error: unknown): boolean {
  return error instanceof UploadError
    ? GONE.includes(error.code)
    : error instanceof TransferError && error.status === 404
}

function toUploadError(error: unknown, name: string): UploadError {
  if (error instanceof UploadError) return error
  const status = error instanceof TransferError ? error.status : 0
  return new UploadError(status === 0 ? 'bucket-unreachable' : 'bucket-failed', name, { status })
}
