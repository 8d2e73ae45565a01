import type { FileInfo, FileSnapshot, StatusCounts, UploadProgress } from '../api/file.ts'
import { type FileEvent, isActive, LEGAL, loadedOf, transition } from './file-state.ts'

interface Entry {
  /** Without its state. */
  info: FileInfo
  snapshot: FileSnapshot
  batch: number
  /** Whether anything of it was sent since it was added or retried. */
  hasStarted: boolean
  /** Whether plugins have processed it, so that its size is final. */
  isProcessed: boolean
}

/**
 * The source of truth about every file. An update takes constant time.
 *
 * A *batch* is all files added since the last time that no upload was active. Progress counts over it, so
 * that ten files of yesterday do not make the bar of today's file start at 90 %.
 */
export class Ledger {
  #entries = new Map<string, Entry>()
  #batch = 0
  #totals = emptyTotals()
  /** The entries of the batch. A retried one is in it again, and a removed one still. */
  #members = new Set<Entry>()
  #active = 0
  #bytes = 0
  #processedBytes = 0
  readonly #counts = Object.fromEntries(
    Object.keys(LEGAL).map((status) => [status, 0]),
  ) as StatusCounts
  #list: readonly FileSnapshot[] | undefined
  #ids: readonly string[] | undefined

  /** All files in the order of the list. The same array until something changes. */
  get files(): readonly FileSnapshot[] {
    this.#list ??= Array.from(this.#entries.values(), (entry) => entry.snapshot)
    return this.#list
  }

  /** The ids of all files. The same array until a file is added, moved or removed. */
  get ids(): readonly string[] {
    this.#ids ??= [...this.#entries.keys()]
    return this.#ids
  }

  /** Number of files of each status, including older batches. */
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

  /** Size of all files, including failed and cancelled ones. */
  get bytes(): number {
    return this.#bytes
  }

  /** The files of the current batch, without those that were removed. */
  get batch(): FileSnapshot[] {
    const snapshots = Array.from(this.#members, ({ snapshot }) => snapshot)
    return snapshots.filter(({ id }) => this.#entries.has(id))
  }

  /** Size of the files that plugins have processed, without those that failed. */
  get processedBytes(): number {
    return this.#processedBytes
  }

  /** Number of files that are neither uploaded, failed nor cancelled. */
  get active(): number {
    return this.#active
  }

  get(id: string): FileSnapshot | undefined {
    return this.#entries.get(id)?.snapshot
  }

  /** What is known of a file, without its state. */
  infoOf(file: FileInfo): FileInfo {
    return this.#entries.get(file.id)?.info ?? file
  }

  add(info: FileInfo): void {
    const snapshot: FileSnapshot = { ...info, status: 'queued' }
    const flags = { hasStarted: false, isProcessed: false }
    const entry: Entry = { info, snapshot, ...flags, batch: this.#openBatch() }
    this.#entries.set(info.id, entry)
    this.#members.add(entry)
    this.#ids = undefined
    this.#bytes += info.size
    this.#count(entry, 1)
  }

  /**
   * Applies an event. Returns the new snapshot.
   *
   * @throws {IllegalTransitionError} for an event that the state does not allow
   * @throws {RangeError} for an unknown id
   */
  update(id: string, event: FileEvent): FileSnapshot {
    const entry = this.#entries.get(id)
    if (!entry) throw new RangeError(`There is no file with the id ${id}.`)
    const { snapshot } = entry
    const state = transition(snapshot, event, snapshot.size)
    this.#count(entry, -1)
    if (event.type === 'retry') {
      entry.batch = this.#openBatch()
      entry.hasStarted = false
      this.#members.add(entry)
    }
    entry.snapshot = { ...entry.info, ...state }
    this.#count(entry, 1)
    return entry.snapshot
  }

  /** Ids in the order of the sizes of their files. */
  smallestFirst(ids: string[]): string[] {
    const size = (id: string) => this.get(id)?.size ?? 0
    return ids.toSorted((one, other) => size(one) - size(other))
  }

  /** Moves a file to an index of the list, or as near as it goes. */
  move(id: string, index: number): void {
    const entries = [...this.#entries]
    const from = this.ids.indexOf(id)
    if (from < 0) return
    entries.splice(Math.max(0, index), 0, ...entries.splice(from, 1))
    this.#entries = new Map(entries)
    this.#ids = this.#list = undefined
  }

  /** Replaces the data along with a file. */
  setMeta(id: string, meta: Record<string, string>): void {
    this.change(id, { meta })
  }

  /** Notes that a file is being sent. False if that was noted before. */
  noteStart(id: string): boolean {
    const entry = this.#entries.get(id)
    if (!entry || entry.hasStarted) return false
    entry.hasStarted = true
    return true
  }

  /** Replaces the `File` of an entry by what plugins have made of it. The entry keeps its id and state. */
  replace(id: string, file: File): void {
    const entry = this.#entries.get(id)
    if (!entry) return
    const { snapshot } = entry
    const { name, size, type } = file
    const folder = snapshot.path.endsWith(snapshot.name)
      ? snapshot.path.slice(0, -snapshot.name.length)
      : ''
    const path = name === snapshot.name ? snapshot.path : `${folder}${name}`
    const info = { name, size, type, path, file }
    this.change(id, snapshot.file === file ? {} : info, true)
  }

  /** Changes what is known of a file. It keeps its id and state. */
  change(id: string, info: Partial<FileInfo>, isProcessed = false): void {
    const entry = this.#entries.get(id)
    if (!entry) return
    this.#count(entry, -1)
    entry.isProcessed ||= isProcessed
    this.#bytes -= entry.snapshot.size
    entry.info = { ...entry.info, ...info }
    entry.snapshot = { ...entry.snapshot, ...info }
    this.#bytes += entry.snapshot.size
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
      this.#members = new Set()
    }
    return this.#batch
  }

  /** Adds an entry to the counters or removes it, so that nothing is ever summed up again. */
  #count(entry: Entry, sign: 1 | -1): void {
    this.#list = undefined
    const { snapshot } = entry
    this.#counts[snapshot.status] += sign
    if (isActive(snapshot.status)) this.#active += sign
    const { status, size } = snapshot
    if (entry.isProcessed && status !== 'failed') this.#processedBytes += sign * size
    if (entry.batch !== this.#batch) return
    const totals = this.#totals
    if (isActive(snapshot.status)) {
      totals.active += sign
      if (snapshot.isGrowing) totals.growing += sign
    }
    if (snapshot.status === 'uploaded') totals.uploaded += sign
    if (snapshot.status === 'failed') totals.failed += sign
    if (snapshot.status === 'failed' || snapshot.status === 'cancelled') return
    totals.total += sign * snapshot.size
    totals.loaded += sign * loadedOf(snapshot, snapshot.size)
  }
}

function emptyTotals() {
  return { loaded: 0, total: 0, growing: 0, active: 0, uploaded: 0, failed: 0 }
}
