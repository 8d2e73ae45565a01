import type { FileInfo } from './ledger.ts'
import type { MultipartUpload, StoredPart } from './multipart.ts'
import { fingerprintOf, lockUpload, ResumeStore } from './resume-store.ts'

/** The place of one file in the store, for as long as this page works on the file. */
export interface Keeping {
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
export class ResumeKeeper {
  readonly #store = new ResumeStore()

  /**
   * @returns `undefined` where another tab is at the same file, which then goes its own way, and on
   *   pages that are not served by https, where the browser has no means for a fingerprint
   */
  async open(file: FileInfo, scope: string): Promise<Keeping | undefined> {
    if (!globalThis.crypto.subtle) return undefined
    const fingerprint = await fingerprintOf(scope, file, file.file.lastModified)
    const release = await lockUpload(fingerprint)
    if (!release) return undefined
    const entry = await this.#store.get(fingerprint)
    const { name, size, meta } = file
    const about = { fingerprint, name, size, meta, parts: [] }
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
      save: ({ key, grant, partSize, expiresAt }) =>
        this.#store.put({ ...about, key, grant, partSize, expiresAt }),
      saveGrant: (grant) => this.#store.put({ ...about, ...blank(), grant }),
      saveNonce: (nonce) => this.#store.put({ ...about, ...blank(), nonce }),
      addPart: (partNumber, { etag }) => this.#store.addPart(fingerprint, { partNumber, etag }),
      forget: () => this.#store.delete(fingerprint),
      release,
    }
  }

  async forget(file: FileInfo, scope: string): Promise<void> {
    if (!globalThis.crypto.subtle) return
    await this.#store.delete(await fingerprintOf(scope, file, file.file.lastModified))
  }
}

/** What is known of an upload before it is begun. */
function blank() {
  return { key: '', grant: '', partSize: 0, expiresAt: Date.now() + GRANT_LIFE }
}
