import {
  type FileEvent,
  type FileState,
  type FileStatus,
  isActive,
  loadedOf,
  transition,
} from './file-state.ts'

/** What is known of a file from the moment it was added. */
export interface FileInfo {
  /** Random, unique within the page. Says nothing about the file. */
  readonly id: string
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Media type; empty where the browser knows none. */
  readonly type: string
  /** Path inside a dropped or chosen folder, else the name. */
  readonly path: string
  readonly meta: Readonly<Record<string, string>>
  readonly file: File
}

/** A file and its state at one moment. Never changes: a change makes a new one. `status` tells which fields there are. */
export type FileSnapshot<S extends FileState = FileState> = FileInfo & S

/** A {@link FileSnapshot} of a given status. */
export type FileWithStatus<S extends FileState['status']> = FileSnapshot<
  Extract<FileState, { status: S }>
>

/** Progress over the files of the current batch, counted in bytes. */
export interface UploadProgress {
  /** Bytes that have left, over all files that are not failed or cancelled. */
  readonly loaded: number
  /** Bytes in all of them. */
  readonly total: number
  /** Bytes a second over the last seconds; 0 while nothing moves. */
  readonly speed: number
  /** Seconds until all is done at this speed; `null` where that cannot be said. */
  readonly timeLeft: number | null
  /** How many files are in the batch, by what they do. */
  readonly active: number
  readonly uploaded: number
  readonly failed: number
}

/** How many files there are of each status. */
export type StatusCounts = Record<FileStatus, number>

interface Entry {
  snapshot: FileSnapshot
  batch: number
}

/**
 * Holds the truth about every file. An update costs the same however many files there are.
 *
 * A *batch* is what was added since the last time that nothing was left to do: progress is counted
 * over it, so that ten files of yesterday do not make the bar of today's file start at 90 %.
 */
export class Ledger {
  readonly #entries = new Map<string, Entry>()
  #batch = 0
  #totals = emptyTotals()
  #active = 0
  #bytes = 0
  readonly #counts = emptyCounts()
  #list: readonly FileSnapshot[] | undefined
  #ids: readonly string[] | undefined

  /** All files in the order in which they were added. The same array until something changes. */
  get files(): readonly FileSnapshot[] {
    this.#list ??= Array.from(this.#entries.values(), (entry) => entry.snapshot)
    return this.#list
  }

  /** Their ids. The same array until a file is added or removed. */
  get ids(): readonly string[] {
    this.#ids ??= [...this.#entries.keys()]
    return this.#ids
  }

  /** How many there are of each status, older batches included. */
  get counts(): StatusCounts {
    return { ...this.#counts }
  }

  get progress(): Omit<UploadProgress, 'speed' | 'timeLeft'> {
    return { ...this.#totals }
  }

  /** Number of files. */
  get count(): number {
    return this.#entries.size
  }

  /** Size of all files together, failed and cancelled ones included. */
  get bytes(): number {
    return this.#bytes
  }

  /** Number of files that the engine still works on. */
  get active(): number {
    return this.#active
  }

  get(id: string): FileSnapshot | undefined {
    return this.#entries.get(id)?.snapshot
  }

  add(info: FileInfo): void {
    const entry: Entry = { snapshot: { ...info, status: 'queued' }, batch: this.#openBatch() }
    this.#entries.set(info.id, entry)
    this.#ids = undefined
    this.#bytes += info.size
    this.#count(entry, 1)
  }

  /**
   * Takes a step, and answers with the new snapshot.
   *
   * @throws {IllegalTransitionError} for a step that the file may not take
   * @throws {RangeError} for an id that is not here
   */
  update(id: string, event: FileEvent): FileSnapshot {
    const entry = this.#entries.get(id)
    if (!entry) throw new RangeError(`There is no file with the id ${id}.`)
    const { name, size, type, path, meta, file } = entry.snapshot
    const state = transition(entry.snapshot, event, size)
    this.#count(entry, -1)
    if (event.type === 'retry') entry.batch = this.#openBatch()
    entry.snapshot = { id, name, size, type, path, meta, file, ...state }
    this.#count(entry, 1)
    return entry.snapshot
  }

  /** Puts another file in the place of one, which keeps its id and its state. */
  replace(id: string, file: File): void {
    const entry = this.#entries.get(id)
    if (!entry || entry.snapshot.file === file) return
    const { snapshot } = entry
    const { name, size, type } = file
    const folder = snapshot.path.endsWith(snapshot.name)
      ? snapshot.path.slice(0, -snapshot.name.length)
      : ''
    this.#count(entry, -1)
    this.#bytes += size - snapshot.size
    entry.snapshot = { ...snapshot, name, size, type, path: `${folder}${name}`, file }
    this.#count(entry, 1)
  }

  remove(id: string): void {
    const entry = this.#entries.get(id)
    if (!entry) return
    this.#count(entry, -1)
    this.#bytes -= entry.snapshot.size
    this.#entries.delete(id)
    this.#ids = undefined
  }

  #openBatch(): number {
    if (this.#active === 0) {
      this.#batch++
      this.#totals = emptyTotals()
    }
    return this.#batch
  }

  /** Adds an entry to the counters, or takes it out, so that no counter is ever summed up anew. */
  #count(entry: Entry, sign: 1 | -1): void {
    this.#list = undefined
    const { snapshot } = entry
    this.#counts[snapshot.status] += sign
    if (isActive(snapshot.status)) this.#active += sign
    if (entry.batch !== this.#batch) return
    const totals = this.#totals
    if (isActive(snapshot.status)) totals.active += sign
    if (snapshot.status === 'uploaded') totals.uploaded += sign
    if (snapshot.status === 'failed') totals.failed += sign
    if (snapshot.status === 'failed' || snapshot.status === 'cancelled') return
    totals.total += sign * snapshot.size
    totals.loaded += sign * loadedOf(snapshot, snapshot.size)
  }
}

function emptyTotals() {
  return { loaded: 0, total: 0, active: 0, uploaded: 0, failed: 0 }
}

function emptyCounts(): StatusCounts {
  return {
    queued: 0,
    uploading: 0,
    paused: 0,
    waiting: 0,
    finalizing: 0,
    uploaded: 0,
    failed: 0,
    cancelled: 0,
  }
}
