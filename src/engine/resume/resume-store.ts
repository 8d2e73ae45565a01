import { withTimeout } from '../../util/abort.ts'
import { toHex } from '../../util/hex.ts'
import type { UploadResult } from '../api/file.ts'

/** A part that is in the bucket. */
export interface ResumePart {
  /** From 1. */
  partNumber: number
  etag: string
}

/**
 * A stored upload. Never holds a presigned URL: read access to the browser's storage must not give write
 * access to the bucket.
 */
export interface ResumeEntry {
  /** Identifies the file and its destination, see {@link fingerprintOf}. */
  fingerprint: string
  /** Object key. */
  key: string
  /** Identifies the upload to the signer. */
  grant: string
  /** Finds an upload that was created, but whose answer was lost. */
  nonce?: string
  /** Size of a part, in bytes. */
  partSize: number
  /** Size of the file, in bytes. */
  size: number
  /** Size of the file that people choose, in bytes, if another one is made from it and uploaded. */
  originalSize?: number | undefined
  name: string
  type: string
  path: string
  /** Of the file, in ms. */
  lastModified: number
  /** See `MultipartUpload`. */
  comparesParts?: boolean
  /** Until when it can continue, in ms since 1970. */
  expiresAt: number
  /** In the order of their numbers. */
  parts: ResumePart[]
  /** Reads the file again without the user. Only in some browsers. */
  handle?: FileSystemFileHandle
  meta: Record<string, string>
  /** Its bytes are in the bucket, and the site works on it. */
  processing?: StoredProcessing
}

/** What is noted of a file that the site works on. */
export interface StoredProcessing extends Pick<UploadResult, 'url' | 'etag' | 'receipt'> {
  /** Who can be asked about it, see `SignerSession`. */
  scope: string
}

type UploadRecord = Omit<ResumeEntry, 'parts'>
type PartRecord = ResumePart & { fingerprint: string }
type Work<T> = (uploads: IDBObjectStore, parts: IDBObjectStore) => T | Promise<T>

const DATABASE = 'bucket-upload'
const UPLOADS = 'uploads'
/** Apart from the uploads, so that storing a part takes constant time. */
const PARTS = 'parts'
/**
 * How long a question waits for its answer, in ms. A computer that is very busy may need some seconds; and
 * some browsers never answer.
 */
const PATIENCE = 15_000
const SILENT = 'The database is silent.'

/**
 * Stores uploads in IndexedDB, across page loads.
 *
 * No upload depends on it. If the browser has no database, forbids it or has no space left, everything
 * resolves and nothing is stored. If the database is silent, questions wait for it once, and later ones not
 * at all until it answers; what was to be stored meanwhile is stored then.
 */
export class ResumeStore {
  #database: Promise<IDBDatabase> | undefined
  #isSilent = false

  /** The upload with that fingerprint, unless it has expired. */
  async get(fingerprint: string): Promise<ResumeEntry | undefined> {
    const found = await this.#transact('readonly', async (uploads, parts) => {
      const upload: UploadRecord | undefined = await answer(uploads.get(fingerprint))
      return upload && toEntry(upload, await answer(parts.getAll(partsOf(fingerprint))))
    })
    if (!found || !isExpired(found)) return found
    await this.delete(fingerprint)
    return undefined
  }

  /** Stores an upload. Replaces the one with the same fingerprint. False if it could not be stored. */
  async put(entry: ResumeEntry): Promise<boolean> {
    const { fingerprint } = entry
    const isStored = await this.#transact('readwrite', (uploads, parts) => {
      uploads.put(toRecord(entry))
      parts.delete(partsOf(fingerprint))
      for (const part of entry.parts) parts.put(toPartRecord(fingerprint, part))
      return true
    })
    return isStored === true
  }

  /** Stores uploads, or deletes those without an entry, in one transaction. */
  async change(changes: ReadonlyMap<string, ResumeEntry | undefined>): Promise<void> {
    await this.#transact('readwrite', (uploads) => {
      for (const [fingerprint, entry] of changes) {
        if (entry) uploads.put(toRecord(entry))
        else uploads.delete(fingerprint)
      }
    })
  }

  /** Stores that a part is in the bucket. Does nothing if the upload is not stored. */
  async addPart(fingerprint: string, part: ResumePart): Promise<void> {
    await this.#transact('readwrite', async (uploads, parts) => {
      const isKnown = (await answer(uploads.count(fingerprint))) > 0
      if (isKnown) parts.put(toPartRecord(fingerprint, part))
    })
  }

  /**
   * Stores the handle of the file. In a separate step, so that an upload is stored even where the
   * browser cannot store handles. Does nothing if the upload is not stored.
   */
  async setHandle(fingerprint: string, handle: FileSystemFileHandle): Promise<void> {
    await this.#transact('readwrite', async (uploads) => {
      const upload: UploadRecord | undefined = await answer(uploads.get(fingerprint))
      if (upload) uploads.put({ ...upload, handle })
    })
  }

  /** Deletes an upload. */
  async delete(fingerprint: string): Promise<void> {
    await this.#transact('readwrite', (uploads, parts) => {
      uploads.delete(fingerprint)
      parts.delete(partsOf(fingerprint))
    })
  }

  /** All uploads that have not expired. */
  async all(): Promise<ResumeEntry[]> {
    const found = await this.#transact('readonly', async (uploads, parts) => {
      const records: UploadRecord[] = await answer(uploads.getAll())
      const lists = records.map((it) => answer(parts.getAll(partsOf(it.fingerprint))))
      const allParts = await Promise.all(lists)
      return records.map((record, index) => toEntry(record, allParts[index] ?? []))
    })
    const entries = found ?? []
    await Promise.all(entries.filter(isExpired).map((it) => this.delete(it.fingerprint)))
    return entries.filter((it) => !isExpired(it))
  }

  /** Deletes the database. The next upload makes another. */
  async remove(): Promise<void> {
    if (this.#isSilent) return
    const database = await this.#database?.catch(() => undefined)
    this.#database = undefined
    database?.close()
    await withTimeout(answer(indexedDB.deleteDatabase(DATABASE)), PATIENCE, SILENT).catch(() => {})
  }

  /** Does the work in one transaction. Returns `undefined` if that fails, or if the database is silent. */
  async #transact<T>(mode: IDBTransactionMode, work: Work<T>): Promise<T | undefined> {
    const done = this.#run(mode, work).catch(() => undefined)
    void done.then(() => {
      this.#isSilent = false
    })
    if (this.#isSilent) return undefined
    try {
      return await withTimeout(done, PATIENCE, SILENT)
    } catch {
      this.#isSilent = true
      return undefined
    }
  }

  /** Those that wait for the same connection begin in the order in which they were asked for. */
  async #run<T>(mode: IDBTransactionMode, work: Work<T>): Promise<T> {
    this.#database ??= this.#connect()
    const database = await this.#database
    return complete(database.transaction([UPLOADS, PARTS], mode), work)
  }

  async #connect(): Promise<IDBDatabase> {
    const database = await openDatabase()
    const reopen = () => {
      this.#database = undefined
    }
    database.onclose = reopen
    // Another page deletes or upgrades the database, and waits until this one closes it.
    database.onversionchange = () => {
      database.close()
      reopen()
    }
    return database
  }
}

/**
 * Identifies a file and its destination after a page load, without reading it.
 *
 * @param scope what else must be the same, for example the URL of the signer
 * @param lastModified of the file, in ms
 * @returns SHA-256 in hex
 * @throws TypeError outside secure contexts, which have no `crypto.subtle`
 */
export async function fingerprintOf(
  scope: string,
  file: Pick<ResumeEntry, 'name' | 'size' | 'type' | 'path' | 'originalSize'>,
  lastModified: number,
): Promise<string> {
  const { name, size, type, path, originalSize } = file
  const text = JSON.stringify([scope, name, size, type, path, lastModified, originalSize])
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return toHex(new Uint8Array(digest))
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore(UPLOADS, { keyPath: 'fingerprint' })
    request.result.createObjectStore(PARTS, { keyPath: ['fingerprint', 'partNumber'] })
  }
  return answer(request)
}

/** Resolves when the work is committed. Either all of it is stored, or nothing. */
async function complete<T>(transaction: IDBTransaction, work: Work<T>): Promise<T> {
  const stored = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('aborted'))
  })
  stored.catch(() => {})
  try {
    const result = await work(transaction.objectStore(UPLOADS), transaction.objectStore(PARTS))
    await stored
    return result
  } catch (error) {
    try {
      transaction.abort()
    } catch {
      // It has already ended.
    }
    throw error
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function partsOf(fingerprint: string): IDBKeyRange {
  // In IndexedDB an array is greater than any number.
  return IDBKeyRange.bound([fingerprint], [fingerprint, []])
}

/** Field by field, so that nothing else is stored by accident. */
function toRecord(entry: ResumeEntry): UploadRecord {
  const { fingerprint, key, grant, partSize, size, name, type, path, lastModified } = entry
  const { expiresAt, handle, meta, nonce, comparesParts, originalSize, processing } = entry
  const file = { name, size, type, path, lastModified, meta }
  const record = { fingerprint, key, grant, partSize, expiresAt, ...file }
  return {
    ...record,
    ...(handle ? { handle } : {}),
    ...(nonce ? { nonce } : {}),
    ...(comparesParts ? { comparesParts } : {}),
    ...(processing ? { processing } : {}),
    ...(originalSize === undefined ? {} : { originalSize }),
  }
}

function toPartRecord(fingerprint: string, { partNumber, etag }: ResumePart): PartRecord {
  return { fingerprint, partNumber, etag }
}

function toEntry(upload: UploadRecord, parts: PartRecord[]): ResumeEntry {
  return { ...upload, parts: parts.map(({ partNumber, etag }) => ({ partNumber, etag })) }
}

function isExpired({ expiresAt }: ResumeEntry): boolean {
  return expiresAt <= Date.now()
}
