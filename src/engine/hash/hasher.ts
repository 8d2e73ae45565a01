import type { Digests } from '../../protocol/index.ts'
import { abortable } from '../../util/abort.ts'
import type { BlobResult } from './messages.ts'
import { isNamed, type StartWorker, startBeside, type WorkerKind } from './start-worker.ts'
import { WorkerQueue } from './worker-queue.ts'

/** How often one request is asked of a worker, when workers fail. */
const MOST_ATTEMPTS = 3
/** After the second failure in a row no worker is started for so long, in ms; each time twice as long. */
const FIRST_PAUSE = 30_000
const LONGEST_PAUSE = 600_000

let warned = false

/**
 * Computes MD5 and checksums in workers, which start on demand and end when they have been idle.
 *
 * An optional checksum must never make an upload fail or hang. So where no worker runs, the results are
 * empty and the console says why. A worker that fails is replaced, and what it was asked is asked again;
 * when the new one fails too, there are none for a while.
 */
export class Hasher {
  readonly #start: StartWorker
  readonly #size: number
  readonly #workers = new Set<WorkerQueue>()
  /** The kind of all new workers. Once a checksum was asked for, every worker knows them all. */
  #kind: WorkerKind = 'worker'
  /** Failures of workers since the last result. */
  #failures = 0
  /** When the next worker may be started, by `performance.now()`. */
  #startAt = 0

  /** @param size the most workers */
  constructor(start: StartWorker = startBeside, size = 1) {
    this.#start = start
    this.#size = size
  }

  /**
   * Reads a blob once.
   *
   * @param algorithms names of digests; unknown ones are missing in the result. Without any, no worker
   *   is started
   * @returns an empty object if nothing can be computed
   * @throws DOMException `NotReadableError` when the blob cannot be read
   * @throws the reason of the signal
   */
  async digest(blob: Blob, algorithms: string[], signal?: AbortSignal): Promise<Digests> {
    const [result] = await this.digestAll([blob], algorithms, signal)
    if (result?.status === 'rejected') throw result.reason
    return result?.value ?? {}
  }

  /**
   * Reads many blobs, each once. One message goes to one worker and one comes back, which for small
   * blobs saves most of the time. All wait for the last one, so a group should be small in bytes.
   *
   * @returns for each blob what {@link digest} would return or throw
   * @throws the reason of the signal
   */
  digestAll(
    blobs: Blob[],
    algorithms: string[],
    signal?: AbortSignal,
  ): Promise<PromiseSettledResult<Digests>[]> {
    const results = this.#ask(blobs, algorithms, signal).then((found) =>
      blobs.map((_, index) => settled(found[index])),
    )
    return signal ? abortable(results, signal) : results
  }

  /** Starts one worker ahead of time. The others start when there is work for them. */
  warm(): void {
    if (this.#current().length === 0 && this.#mayStart()) this.#add()
  }

  /** Ends the workers. Pending requests return nothing; the next one starts a worker again. */
  close(): void {
    for (const worker of [...this.#workers]) worker.close()
  }

  async #ask(
    blobs: Blob[],
    algorithms: string[],
    signal: AbortSignal | undefined,
  ): Promise<BlobResult[]> {
    if (blobs.length === 0 || algorithms.length === 0) return []
    if (this.#kind === 'worker' && algorithms.some((it) => it !== 'md5')) this.#change('more')
    for (let attempt = 0; attempt < MOST_ATTEMPTS && !signal?.aborted; attempt++) {
      const worker = this.#choose()
      if (!worker) break
      try {
        const results = await worker.ask(blobs, algorithms, signal)
        this.#failures = 0
        return results
      } catch (error) {
        if (isNamed(error, 'AbortError')) break
        // A file that cannot be read for a minute would take another minute.
        if (worker.started && isNamed(error, 'TimeoutError')) break
      }
    }
    return []
  }

  /** The least busy worker, or a new one if all have enough to do. `undefined` if there is none. */
  #choose(): WorkerQueue | undefined {
    const current = this.#current().sort((a, b) => a.load - b.load)
    const free = current.find(({ hasEnough }) => !hasEnough)
    if (free) return free
    return current.length < this.#size && this.#mayStart() ? this.#add() : current[0]
  }

  #current(): WorkerQueue[] {
    return [...this.#workers].filter(({ kind }) => kind === this.#kind)
  }

  #mayStart(): boolean {
    return performance.now() >= this.#startAt
  }

  #add(): WorkerQueue {
    const worker = new WorkerQueue(this.#kind, this.#start, (error) => this.#ended(worker, error))
    this.#workers.add(worker)
    return worker
  }

  #change(kind: WorkerKind): void {
    this.#kind = kind
    for (const worker of [...this.#workers]) if (worker.kind !== kind) worker.retire()
  }

  #ended(worker: WorkerQueue, error: unknown): void {
    this.#workers.delete(worker)
    if (error === undefined) return
    if (isNamed(error, 'NotSupportedError') && !worker.started && worker.kind !== 'plain') {
      this.#change('plain')
      return
    }
    // A new worker that cannot even start is as bad as two that failed.
    this.#failures = Math.max(this.#failures + 1, worker.started ? 1 : 2)
    if (this.#failures < 2) return
    const pause = Math.min(FIRST_PAUSE * 2 ** (this.#failures - 2), LONGEST_PAUSE)
    this.#startAt = performance.now() + pause
    if (this.#workers.size === 0) warn(error)
  }
}

function settled(result: BlobResult | undefined): PromiseSettledResult<Digests> {
  if (!result) return { status: 'fulfilled', value: {} }
  if ('digests' in result) return { status: 'fulfilled', value: result.digests }
  const { name, message } = result.error
  return { status: 'rejected', reason: new DOMException(message, name) }
}

function warn(reason: unknown): void {
  if (warned) return
  warned = true
  const said = reason instanceof Error ? reason.message : String(reason)
  console.warn(
    `bucket-upload computes no checksums, because its worker does not run: ${said}. Files are uploaded without them, unless the signer requires one. Are hash-worker.js, hash-more.js and hash-plain.js served beside the library, and does the Content-Security-Policy allow them (worker-src)?`,
  )
}
