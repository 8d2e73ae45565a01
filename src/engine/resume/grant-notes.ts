import type { FileInfo } from '../api/file.ts'
import type { ResumeEntry, ResumeStore } from './resume-store.ts'

/** How long to keep the grant of a single PUT, in ms. The signer may refuse it sooner. */
export const GRANT_LIFE = 86_400_000
/** How long changes wait for others, in ms: one transaction for many files, and none for most. */
const DELAY = 250

/** What is noted of one file that is sent with one request. */
export interface GrantNote {
  /** What an earlier page left. */
  grant: string | undefined
  saveGrant(grant: string): void
  forget(): void
}

/**
 * Notes the grants of files that are sent with one request, so that the next page sends a file to the same
 * key again, whose answer may have been lost. Most files are in the bucket before a note is written, and
 * then none is.
 */
export class GrantNotes {
  readonly #store: ResumeStore
  /** Those of earlier pages, read once. */
  #earlier: Promise<Map<string, string>> | undefined
  readonly #written = new Set<string>()
  /** `undefined` for a note to delete. */
  readonly #changes = new Map<string, ResumeEntry | undefined>()
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
      saveGrant: (grant) => this.#change(id, { ...entryOf(id, file), grant }),
      forget: () => this.#forget(id),
    }
  }

  forget(file: FileInfo, scope: string): void {
    this.#forget(idOf(file, scope))
  }

  #forget(id: string): void {
    if (this.#written.has(id)) this.#change(id, undefined)
    else this.#changes.delete(id)
  }

  #change(id: string, entry: ResumeEntry | undefined): void {
    this.#changes.set(id, entry)
    this.#timer ??= setTimeout(() => this.#write(), DELAY)
  }

  #write(): void {
    this.#timer = undefined
    const changes = new Map(this.#changes)
    this.#changes.clear()
    for (const [id, entry] of changes) {
      if (entry) this.#written.add(id)
      else this.#written.delete(id)
    }
    if (changes.size > 0) void this.#store.change(changes)
  }

  async #readAll(): Promise<Map<string, string>> {
    const entries = (await this.#store.all()).filter(({ partSize, grant }) => !partSize && grant)
    for (const { fingerprint } of entries) this.#written.add(fingerprint)
    return new Map(entries.map(({ fingerprint, grant }) => [fingerprint, grant]))
  }
}

/** Unlike the fingerprint of an upload in parts, it is no name of a lock, and need not be short. */
function idOf({ name, size, type, path, file }: FileInfo, scope: string): string {
  return JSON.stringify([scope, name, size, type, path, file.lastModified])
}

function entryOf(fingerprint: string, info: FileInfo): ResumeEntry {
  const { name, size, type, path, meta, file } = info
  const { lastModified } = file
  const about = { fingerprint, name, size, type, path, lastModified, meta, parts: [] }
  return { ...about, key: '', grant: '', partSize: 0, expiresAt: Date.now() + GRANT_LIFE }
}
