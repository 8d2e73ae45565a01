import type { FileInfo } from '../api/file.ts'
import { handleOf } from '../files/file-handles.ts'
import { originalSizeOf } from '../files/made-files.ts'
import type { MultipartUpload, StoredPart } from '../signer/multipart.ts'
import { GRANT_LIFE, GrantNotes } from './grant-notes.ts'
import { fingerprintOf, ResumeStore } from './resume-store.ts'
import { lockUpload, markShown } from './upload-locks.ts'

/** What is stored of one file while this page uploads it. */
export interface ResumeSession {
  /** What an earlier page left: a multipart upload, or the grant of a single PUT. */
  upload: MultipartUpload | undefined
  grant: string | undefined
  /** Finds an upload that was created, but whose answer was lost. */
  nonce: string | undefined
  save(upload: MultipartUpload): Promise<void>
  saveGrant(grant: string): Promise<unknown>
  /** False if the browser stores nothing, so that the next page will not find the upload. */
  saveNonce(nonce: string): Promise<boolean>
  addPart(partNumber: number, part: StoredPart): Promise<void>
  forget(): Promise<void>
  /** Releases the lock, so that another tab can upload the file. */
  release(): void
}

/**
 * Keeps uploads beyond the end of a page. The next page continues a multipart upload, and sends a single
 * PUT, which may have arrived without an answer, to the same key again.
 */
export class ResumeSessions {
  /** The uploads of this page and of others. */
  readonly store = new ResumeStore()
  /** Of the files that are sent with one request. */
  readonly grants = new GrantNotes(this.store)
  /** By fingerprint, for each multipart upload in our list: lets other tabs list it as interrupted. */
  readonly #hide = new Map<string, () => void>()

  /**
   * @param signal ends the wait for another tab that uploads the same file. Without it there is no wait
   * @returns `undefined` if another tab uploads the same file, and on pages without HTTPS, where browsers
   *   have no `crypto.subtle` for the fingerprint
   */
  async open(
    file: FileInfo,
    scope: string,
    signal?: AbortSignal,
  ): Promise<ResumeSession | undefined> {
    if (!globalThis.crypto.subtle) return undefined
    const { lastModified } = file.file
    const originalSize = originalSizeOf(file.file)
    const fingerprint = await fingerprintOf(scope, { ...file, originalSize }, lastModified)
    const release = await lockUpload(fingerprint, signal)
    if (!release) return undefined
    const entry = await this.store.get(fingerprint)
    const { name, size, type, path, meta } = file
    const described = { name, size, originalSize, type, path, lastModified, meta }
    const about = { fingerprint, ...described, parts: [] }
    if (entry && entry.partSize > 0) void this.#show(fingerprint, file.file)
    return {
      grant: (entry?.partSize === 0 && entry.grant) || undefined,
      nonce: entry?.nonce,
      upload:
        entry && entry.partSize > 0
          ? {
              key: entry.key,
              grant: entry.grant,
              partSize: entry.partSize,
              expiresAt: entry.expiresAt,
              parts: new Map(entry.parts.map(({ partNumber, etag }) => [partNumber, { etag }])),
              signedParts: new Map(),
              unhashed: new Set(),
              isRestored: true,
              comparesParts: entry.comparesParts === true,
            }
          : undefined,
      save: async ({ key, grant, partSize, expiresAt, comparesParts }) => {
        await this.store.put({ ...about, key, grant, partSize, expiresAt, comparesParts })
        void this.#show(fingerprint, file.file)
      },
      saveGrant: (grant) => this.store.put({ ...about, ...blank(), grant }),
      saveNonce: (nonce) => this.store.put({ ...about, ...blank(), nonce }),
      addPart: (partNumber, { etag }) => this.store.addPart(fingerprint, { partNumber, etag }),
      forget: () => this.#forget(fingerprint),
      release,
    }
  }

  async forget(file: FileInfo, scope: string): Promise<void> {
    if (!globalThis.crypto.subtle) return
    const made = { ...file, originalSize: originalSizeOf(file.file) }
    await this.#forget(await fingerprintOf(scope, made, file.file.lastModified))
  }

  /** Marks a multipart upload as shown here, and stores the file handle. Not awaited. */
  async #show(fingerprint: string, file: File): Promise<void> {
    if (!this.#hide.has(fingerprint)) this.#hide.set(fingerprint, markShown(fingerprint))
    const handle = await handleOf(file)
    if (handle) await this.store.setHandle(fingerprint, handle)
  }

  async #forget(fingerprint: string): Promise<void> {
    await this.store.delete(fingerprint)
    this.#hide.get(fingerprint)?.()
    this.#hide.delete(fingerprint)
  }
}

/** The entry of an upload that is not created yet. */
function blank() {
  return { key: '', grant: '', partSize: 0, expiresAt: Date.now() + GRANT_LIFE }
}
