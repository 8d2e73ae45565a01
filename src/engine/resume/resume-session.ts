import type { FileInfo } from '../api/file.ts'
import { handleOf } from '../files/file-handles.ts'
import type { MultipartUpload, StoredPart } from '../signer/multipart.ts'
import { fingerprintOf, ResumeStore } from './resume-store.ts'
import { lockUpload, markShown } from './upload-locks.ts'

/** The place of one file in the store, for as long as this page works on the file. */
export interface ResumeSession {
  /** What an earlier page left behind: an upload in parts, or the grant of a single PUT. */
  upload: MultipartUpload | undefined
  grant: string | undefined
  /** By which an upload can be found whose beginning was not heard of. */
  nonce: string | undefined
  save(upload: MultipartUpload): Promise<void>
  saveGrant(grant: string): Promise<void>
  saveNonce(nonce: string): Promise<void>
  addPart(partNumber: number, part: StoredPart): Promise<void>
  forget(): Promise<void>
  /** Lets another tab have it. */
  release(): void
}

/** How long the grant of a single PUT is kept, in ms. The signer has the last word on it. */
const GRANT_LIFE = 86_400_000

/**
 * Keeps what was begun beyond the end of a page: an upload in parts goes on in the next one, and a
 * single PUT, which may have arrived without this page hearing of it, is sent to the same key again.
 */
export class ResumeSessions {
  /** What is kept, of this page and of others. */
  readonly store = new ResumeStore()
  /** Lets other tabs list an upload in parts. One function for each that is in the list of this one. */
  readonly #hide = new Map<string, ReturnType<typeof markShown>>()

  /**
   * @returns `undefined` where another tab is at the same file, which then goes its own way, and on
   *   pages that are not served by https, where the browser has no means for a fingerprint
   */
  async open(file: FileInfo, scope: string): Promise<ResumeSession | undefined> {
    if (!globalThis.crypto.subtle) return undefined
    const { lastModified } = file.file
    const fingerprint = await fingerprintOf(scope, file, lastModified)
    const release = await lockUpload(fingerprint)
    if (!release) return undefined
    const entry = await this.store.get(fingerprint)
    const { name, size, type, path, meta } = file
    const about = { fingerprint, name, size, type, path, lastModified, meta, parts: [] }
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
            }
          : undefined,
      save: async ({ key, grant, partSize, expiresAt }) => {
        await this.store.put({ ...about, key, grant, partSize, expiresAt })
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
    await this.#forget(await fingerprintOf(scope, file, file.file.lastModified))
  }

  /** For an upload in parts: it is here, and it could go on elsewhere. Nothing waits for this. */
  async #show(fingerprint: string, file: File): Promise<void> {
    if (!this.#hide.has(fingerprint)) this.#hide.set(fingerprint, markShown(fingerprint))
    const handle = await handleOf(file)
    if (handle) await this.store.setHandle(fingerprint, handle)
  }

  async #forget(fingerprint: string): Promise<void> {
    await this.store.delete(fingerprint)
    const hide = await this.#hide.get(fingerprint)
    this.#hide.delete(fingerprint)
    hide?.()
  }
}

/** What is known of an upload before it is begun. */
function blank() {
  return { key: '', grant: '', partSize: 0, expiresAt: Date.now() + GRANT_LIFE }
}
