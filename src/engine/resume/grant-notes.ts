import type { FileInfo } from '../api/file.ts'
import { originalSizeOf } from '../files/made-files.ts'
import type { ResumeEntry, ResumeStore } from './resume-store.ts'

/** How long to keep the grant of a single PUT, in ms. The signer may refuse it sooner. */
export const GRANT_LIFE = 86_400_000
/** How long a note that is no longer needed waits for others, in ms: they are deleted together. */
const DELAY = 250

/** What is noted of one file that is sent with one request. */
export interface GrantNote {
  /** What an earlier page left. */
  grant: string | undefined
  /** Resolves when it is stored. */
  saveGrant(grant: string): Promise<void>
  forget(): void
}

/**
 * Notes the grants of files that are sent with one request, so that the next page sends a file to the same
 * key again, whose answer may have been lost. The grants of one answer of the signer are one transaction.
 */
export class GrantNotes {
  readonly #store: ResumeStore
  /** Those of earlier pages, read once. */
  #earlier: Promise<Map<string, string>> | undefined
  readonly #written = new Set<string>()
  /** To be stored, as soon as the signer's answer is dealt with. */
  readonly #added = new Map<string, ResumeEntry>()
  #storing: Promise<void> | undefined
  readonly #deleted = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(store: ResumeStore) {
    this.#store = store
  }

  async open(file: FileInfo, scope: string): Promise<GrantNote> {
    const id = idOf(file, scope)
    this.#earlier ??= this.#readAll()
    const earlier = await this.#earlier
    return {
      grant: earlier.get(id),
      saveGrant: (grant) => this.#save(id, { ...entryOf(id, file), grant }),
      forget: () => this.#forget(id),
    }
  }

  forget(file: FileInfo, scope: string): void {
    this.#forget(idOf(file, scope))
  }

  #forget(id: string): void {
    this.#added.delete(id)
    if (!this.#written.delete(id)) return
    this.#deleted.add(id)
    this.#timer ??= setTimeout(() => this.#delete(), DELAY)
  }

  #save(id: string, entry: ResumeEntry): Promise<void> {
    this.#added.set(id, entry)
    // In a later microtask, when all files of the answer are here.
    this.#storing ??= Promise.resolve().then(() => this.#write())
    return this.#storing
  }

  async #write(): Promise<void> {
    const added = new Map(this.#added)
    this.#added.clear()
    this.#storing = undefined
    for (const id of added.keys()) {
      this.#written.add(id)
      this.#deleted.delete(id)
    }
    await this.#store.change(added)
  }

  #delete(): void {
    this.#timer = undefined
    const deleted = [...this.#deleted].map((id) => [id, undefined] as const)
    this.#deleted.clear()
    if (deleted.length > 0) void this.#store.change(new Map(deleted))
  }

  async #readAll(): Promise<Map<string, string>> {
    const entries = (await this.#store.all()).filter(
      ({ partSize, grant, processing }) => !partSize && grant && !processing,
    )
    for (const { fingerprint } of entries) this.#written.add(fingerprint)
    return new Map(entries.map(({ fingerprint, grant }) => [fingerprint, grant]))
  }
}

/** Unlike the fingerprint of an upload in parts, it is no name of a lock, and need not be short. */
function idOf({ name, size, type, path, file }: FileInfo, scope: string): string {
  return JSON.stringify([scope, name, size, type, path, file.lastModified, originalSizeOf(file)])
}

function entryOf(fingerprint: string, info: FileInfo): ResumeEntry {
  const { name, size, type, path, meta, file } = info
  const { lastModified } = file
  const about = { fingerprint, name, size, type, path, lastModified, meta, parts: [] }
  return { ...about, key: '', grant: '', partSize: 0, expiresAt: Date.now() + GRANT_LIFE }
}
