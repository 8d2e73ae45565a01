import type { UploadEngine, UploadEngineOptions } from '../../engine/index.ts'

/** A recording that is kept in the browser. */
export interface KeptRecording {
  /** Random. */
  readonly id: string
  /** Name of its file. */
  readonly name: string
  /** MIME type, without codecs. */
  readonly type: string
  /** In ms since 1970. */
  readonly startedAt: number
  /** When the last piece of it was kept, in ms since 1970. */
  readonly endedAt: number
}

/**
 * What must be the same for a recording to be offered later: the page, the upload, and the kind.
 *
 * @param id of the element that takes the file
 */
export function recordingPlace(
  { signer, resumeScope, route }: UploadEngineOptions,
  kind: string,
  id: string | undefined,
): string {
  // A function leaves no trace: frameworks make a new one with each render.
  const upload = [signer, resumeScope, route, id]
  return JSON.stringify([location.pathname, location.search, kind, ...upload])
}

type StoredRecording = KeptRecording & { place: string }

interface OpenCopy {
  database: IDBDatabase
  release: () => void
}

const DATABASE = 'bucket-upload-recordings'
const RECORDINGS = 'recordings'
/** Apart from the recordings, so that to keep a piece takes constant time. */
const PIECES = 'pieces'
const LOCK = 'bucket-upload:recording:'
/** How long a recording is kept after its last piece, in ms. */
const LIFE = 7 * 24 * 3_600_000
/** After this time the database counts as broken, in ms. Some browsers never answer. */
const TIMEOUT = 5_000

/**
 * The copy of a recording in IndexedDB, for when the browser is killed. While this page is there it has a
 * lock, so that no other page takes the recording for one that is left over.
 *
 * No recording depends on it. If the browser has no database, forbids it or has no space left, nothing more
 * is kept, and nobody is told.
 */
export class RecordingCopy {
  readonly #recording: KeptRecording
  readonly #place: Promise<string>
  readonly #opened: Promise<OpenCopy>
  /** What was begun last. Once something has failed, all that comes later does, so the copy has no gap. */
  #last: Promise<unknown>
  #count = 0
  #isDeleted = false

  /** @param place where it may be offered, see {@link recordingPlace} */
  constructor(recording: KeptRecording, place: string, opened = open(recording.id)) {
    this.#recording = recording
    this.#place = digest(place)
    this.#opened = opened
    this.#last = opened
    opened.catch(() => {})
  }

  /** Keeps the next piece. */
  append(piece: Blob): void {
    // A recorder hands out its last piece when it is over.
    if (this.#isDeleted) return
    const key = [this.#recording.id, this.#count++]
    const endedAt = Date.now()
    this.#last = this.#last.then(async () => {
      const { database } = await this.#opened
      const recording: StoredRecording = { ...this.#recording, endedAt, place: await this.#place }
      await transact(database, 'readwrite', (recordings, pieces) => {
        recordings.put(recording)
        return pieces.put(piece, key)
      })
    })
    this.#last.catch(() => {})
  }

  /** Deletes it as soon as its file is stored, or as people have removed it. */
  deleteWith(engine: UploadEngine, fileId: string): void {
    const look = () => {
      const file = engine.file(fileId)
      const isStored = file?.status === 'uploaded' || file?.status === 'processing'
      // A file that is cancelled can be tried again, and a stream cannot.
      const isGone = !file || (file.status === 'cancelled' && file.isLost)
      if (!isStored && !isGone) return
      engine.removeEventListener('change', look)
      void this.delete()
    }
    engine.addEventListener('change', look)
  }

  /** Deletes it. */
  async delete(): Promise<void> {
    this.#isDeleted = true
    await this.#last.catch(() => {})
    const { database } = (await this.#opened.catch(() => undefined)) ?? {}
    if (database) await remove(database, this.#recording.id).catch(() => {})
    await this.close()
  }

  /** Leaves it to other pages, once all pieces are kept. */
  async close(): Promise<void> {
    await this.#last.catch(() => {})
    const opened = await this.#opened.catch(() => undefined)
    opened?.database.close()
    opened?.release()
  }
}

/**
 * The recordings of a place that no page has any more, the oldest first. Deletes those of all places whose
 * time is over.
 *
 * @param place see {@link recordingPlace}. Only a digest of it is stored
 */
export async function leftRecordings(place: string): Promise<KeptRecording[]> {
  try {
    // To look for a database must not make one.
    const databases = await indexedDB.databases()
    if (!databases.some(({ name }) => name === DATABASE)) return []
    const database = await openDatabase()
    const all: StoredRecording[] = await transact(database, 'readonly', (recordings) =>
      recordings.getAll(),
    )
    // Only now: a page has the lock before it stores anything.
    const { held = [] } = await navigator.locks.query()
    const left = all.filter(({ id }) => !held.some(({ name }) => name === LOCK + id))
    const isOver = ({ endedAt }: KeptRecording) => endedAt < Date.now() - LIFE
    for (const { id } of left.filter(isOver)) await remove(database, id)
    database.close()
    const here = await digest(place)
    return left
      .filter((it) => it.place === here && !isOver(it))
      .sort((one, other) => one.startedAt - other.startedAt)
  } catch {
    return []
  }
}

/** Takes over a recording, with what there is of it as a file: nothing, if another page has taken or deleted it. */
export async function takeOver(
  recording: KeptRecording,
): Promise<{ copy: RecordingCopy; file: File } | undefined> {
  const { id, name, type, endedAt: lastModified } = recording
  const opened = open(id)
  const copy = new RecordingCopy(recording, '', opened)
  const pieces = await opened
    .then(({ database }) =>
      transact<Blob[]>(database, 'readonly', (_, pieces) => pieces.getAll(keysOf(id))),
    )
    .catch(() => [])
  // With the same date each time, so that its upload can continue on the next page.
  if (pieces.length > 0) return { copy, file: new File(pieces, name, { type, lastModified }) }
  await copy.close()
  return undefined
}

/** @throws if another page has it, or there is no database */
async function open(id: string): Promise<OpenCopy> {
  const release = await lock(LOCK + id)
  try {
    return { release, database: await openDatabase() }
  } catch (error) {
    release()
    throw error
  }
}

/** The browser releases it when the page is gone. */
function lock(name: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const hold = (lock: Lock | null) =>
      lock ? new Promise<void>(resolve) : reject(new Error('Another page has it.'))
    navigator.locks.request(name, { ifAvailable: true }, hold).catch(reject)
  })
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    const timer = setTimeout(() => reject(new Error('The database is silent.')), TIMEOUT)
    request.onupgradeneeded = () => {
      request.result.createObjectStore(RECORDINGS, { keyPath: 'id' })
      request.result.createObjectStore(PIECES)
    }
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      clearTimeout(timer)
      const database = request.result
      // A page that deletes it, as when people sign out, waits until this one closes it.
      database.onversionchange = () => database.close()
      resolve(database)
    }
  })
}

/** Resolves with what the last request has found, when all is stored. */
function transact<T>(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  work: (recordings: IDBObjectStore, pieces: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction([RECORDINGS, PIECES], mode)
    const request = work(transaction.objectStore(RECORDINGS), transaction.objectStore(PIECES))
    transaction.oncomplete = () => resolve(request.result)
    transaction.onabort = () => reject(transaction.error)
  })
}

async function remove(database: IDBDatabase, id: string): Promise<void> {
  await transact(database, 'readwrite', (recordings, pieces) => {
    recordings.delete(id)
    return pieces.delete(keysOf(id))
  })
}

/** The keys of all pieces of a recording. In IndexedDB an array is greater than any number. */
function keysOf(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, []])
}

/** A place may name people: it is not stored itself. */
async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return String(new Uint8Array(bytes))
}
