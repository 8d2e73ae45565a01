import { withTimeout } from '../../util/abort.ts'
import { toHex } from '../../util/hex.ts'

/** A part that is in the bucket. */
export interface ResumePart {
  /** From 1. */
  partNumber: number
  etag: string
}

/**
 * A multipart upload that was interrupted. Never holds a presigned URL: whoever can read the
 * browser's storage must not be able to write into the bucket.
 */
export interface ResumeEntry {
  /** Tells the file and its destination again, see {@link fingerprintOf}. */
  fingerprint: string
  /** Object key. */
  key: string
  /** By which the signer knows the upload again. */
  grant: string
  /** By which an upload can be found whose beginning was not heard of. */
  nonce?: string
  /** Size of a part, in bytes. */
  partSize: number
  /** Size of the file, in bytes. */
  size: number
  name: string
  type: string
  path: string
  /** Of the file, in ms. */
  lastModified: number
  /** Until when it can be continued, in ms as by `Date.now()`. */
  expiresAt: number
  /** In the order of their numbers. */
  parts: ResumePart[]
  /** By which the file can be read again without being chosen again; only some browsers have it. */
  handle?: FileSystemFileHandle
  meta: Record<string, string>
}

type UploadRecord = Omit<ResumeEntry, 'parts'>
type PartRecord = ResumePart & { fingerprint: string }
type Work<T> = (uploads: IDBObjectStore, parts: IDBObjectStore) => T | Promise<T>

const DATABASE = 'bucket-upload'
const UPLOADS = 'uploads'
/** Apart from the uploads, so that to note a part costs the same however many there are. */
const PARTS = 'parts'
/** After this time the database counts as broken, in ms. Some browsers forget to answer at all. */
const TIMEOUT = 5_000
const SILENT = 'The database is silent.'

/**
 * Remembers interrupted uploads in IndexedDB, across page loads.
 *
 * It is a comfort that an upload does not depend on: where the browser has no database, forbids it or
 * has no room left, everything resolves, and nothing is remembered.
 */
export class ResumeStore {
  #database: Promise<IDBDatabase> | undefined

  /** The upload of a fingerprint, unless there is none or it has expired. */
  async get(fingerprint: string): Promise<ResumeEntry | undefined> {
    const found = await this.#transact('readonly', async (uploads, parts) => {
      const upload: UploadRecord | undefined = await answer(uploads.get(fingerprint))
      return upload && toEntry(upload, await answer(parts.getAll(partsOf(fingerprint))))
    })
    if (!found || !isExpired(found)) return found
    await this.delete(fingerprint)
    return undefined
  }

  /** Remembers an upload, in place of the one of the same fingerprint. */
  async put(entry: ResumeEntry): Promise<void> {
    const { fingerprint } = entry
    await this.#transact('readwrite', (uploads, parts) => {
      uploads.put(toRecord(entry))
      parts.delete(partsOf(fingerprint))
      for (const part of entry.parts) parts.put(toPartRecord(fingerprint, part))
    })
  }

  /** Notes that a part is in the bucket. Does nothing if the upload is not remembered. */
  async addPart(fingerprint: string, part: ResumePart): Promise<void> {
    await this.#transact('readwrite', async (uploads, parts) => {
      const isKnown = (await answer(uploads.count(fingerprint))) > 0
      if (isKnown) parts.put(toPartRecord(fingerprint, part))
    })
  }

  /**
   * Notes by what the file can be read again. By itself, so that an upload is remembered also where
   * the browser does not store handles. Does nothing if the upload is not remembered.
   */
  async setHandle(fingerprint: string, handle: FileSystemFileHandle): Promise<void> {
    await this.#transact('readwrite', async (uploads) => {
      const upload: UploadRecord | undefined = await answer(uploads.get(fingerprint))
      if (upload) uploads.put({ ...upload, handle })
    })
  }

  /** Forgets an upload. */
  async delete(fingerprint: string): Promise<void> {
    await this.#transact('readwrite', (uploads, parts) => {
      uploads.delete(fingerprint)
      parts.delete(partsOf(fingerprint))
    })
  }

  /** All uploads that can be continued. */
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

  /** Does the work within one transaction; `undefined` where that is not possible. */
  async #transact<T>(mode: IDBTransactionMode, work: Work<T>): Promise<T | undefined> {
    try {
      this.#database ??= withTimeout(this.#connect(), TIMEOUT, SILENT)
      const database = await this.#database
      const transaction = database.transaction([UPLOADS, PARTS], mode)
      return await withTimeout(complete(transaction, work), TIMEOUT, SILENT)
    } catch (error) {
      // Uploads must not wait for it again and again.
      if (nameOf(error) === 'TimeoutError') this.#database = Promise.reject(error)
      this.#database?.catch(() => {})
      return undefined
    }
  }

  async #connect(): Promise<IDBDatabase> {
    const database = await openDatabase()
    const reopen = () => {
      this.#database = undefined
    }
    database.onclose = reopen
    // Another page deletes the database or has a newer version of it, and waits for this one.
    database.onversionchange = () => {
      database.close()
      reopen()
    }
    return database
  }
}

/**
 * Tells a file and its destination again after a page load, without reading it.
 *
 * @param scope what else must be the same, for instance the address of the signer
 * @param lastModified of the file, in ms
 * @returns SHA-256 in hex
 * @throws TypeError outside of secure contexts, which have no `crypto.subtle`
 */
export async function fingerprintOf(
  scope: string,
  file: { name: string; size: number; type: string; path: string },
  lastModified: number,
): Promise<string> {
  const { name, size, type, path } = file
  const text = JSON.stringify([scope, name, size, type, path, lastModified])
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

/** Resolves when the work is done and stored. Either all of it is stored, or nothing. */
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
      // It is over already.
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
  // An array is greater than any number.
  return IDBKeyRange.bound([fingerprint], [fingerprint, []])
}

/** Field by field, so that nothing else gets in by accident. */
function toRecord(entry: ResumeEntry): UploadRecord {
  const { fingerprint, key, grant, partSize, size, name, type, path, lastModified } = entry
  const { expiresAt, handle, meta, nonce } = entry
  const file = { name, size, type, path, lastModified, meta }
  const record = { fingerprint, key, grant, partSize, expiresAt, ...file }
  return { ...record, ...(handle ? { handle } : {}), ...(nonce ? { nonce } : {}) }
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

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : ''
}
