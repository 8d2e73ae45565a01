import type { FileInfo } from './ledger.ts'
import type { MultipartUpload, StoredPart } from './multipart.ts'
import { fingerprintOf, lockUpload, ResumeStore } from './resume-store.ts'

/** The place of one file in the store, for as long as this page works on the file. */
export interface Keeping {
  /** What an earlier page left behind. */
  upload: MultipartUpload | undefined
  save(upload: MultipartUpload): Promise<void>
  addPart(partNumber: number, part: StoredPart): Promise<void>
  forget(): Promise<void>
  /** Lets another tab have it. */
  release(): void
}

/** Keeps uploads in parts beyond the end of a page, so that they can go on in the next one. */
export class ResumeKeeper {
  readonly #store = new ResumeStore()

  /** @returns `undefined` where another tab is at the same file: this one then goes its own way */
  async open(file: FileInfo, scope: string): Promise<Keeping | undefined> {
    const fingerprint = await fingerprintOf(scope, file, file.file.lastModified)
    const release = await lockUpload(fingerprint)
    if (!release) return undefined
    const entry = await this.#store.get(fingerprint)
    return {
      upload: entry && {
        key: entry.key,
        grant: entry.grant,
        partSize: entry.partSize,
        expiresAt: entry.expiresAt,
        parts: new Map(entry.parts.map(({ partNumber, etag }) => [partNumber, { etag }])),
      },
      save: ({ key, grant, partSize, expiresAt }) => {
        const { name, size, meta } = file
        const entry = { fingerprint, key, grant, partSize, expiresAt, name, size, meta, parts: [] }
        return this.#store.put(entry)
      },
      addPart: (partNumber, { etag }) => this.#store.addPart(fingerprint, { partNumber, etag }),
      forget: () => this.#store.delete(fingerprint),
      release,
    }
  }

  async forget(file: FileInfo, scope: string): Promise<void> {
    await this.#store.delete(await fingerprintOf(scope, file, file.file.lastModified))
  }
}
