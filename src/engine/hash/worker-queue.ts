import type { BlobResult, HashOrder, HashRequest } from './messages.ts'
import {
  isNamed,
  nextAnswer,
  onFailure,
  openWorker,
  type StartWorker,
  type WorkerKind,
} from './start-worker.ts'

/** How long the worker may send no message, in ms. While it can read, it sends heartbeats. */
const SILENCE_TIMEOUT = 60_000
/** How long a worker may have nothing to do before it ends, in ms. */
const IDLE_TIMEOUT = 30_000
/** About the bytes that a worker hashes while another one starts. */
const ENOUGH_BYTES = 8 * 2 ** 20
/** About the ms in which it hashes them. If they take longer, the worker waits for the disk. */
const ENOUGH_TIME = 100

let lastId = 0

/** One worker, and its requests: it takes one at a time. It ends when it has been idle for 30 s. */
export class WorkerQueue {
  readonly kind: WorkerKind
  /** Whether it has ever been ready. */
  started = false
  /** Bytes that are still to be hashed, and one for each blob. */
  load = 0
  /** Aborted when the worker ends. This also ends all pending requests. */
  readonly #end = new AbortController()
  readonly #ended: (error: unknown) => void
  readonly #worker: Promise<Worker>
  /** Settles when the previous request is done. */
  #last: Promise<unknown>
  #requests = 0
  /** When it began with the current request, by `performance.now()`. */
  #since = Number.POSITIVE_INFINITY
  #idle: ReturnType<typeof setTimeout> | undefined
  #isLast = false

  /** @param ended is called once, when the worker ends, with an error if it failed */
  constructor(kind: WorkerKind, start: StartWorker, ended: (error: unknown) => void) {
    this.kind = kind
    this.#ended = ended
    this.#worker = openWorker(start, kind, this.#end.signal)
    this.#last = this.#worker.then(
      (worker) => {
        this.started = true
        onFailure(worker, (error) => this.#close(error))
      },
      (error) => this.#close(error),
    )
    this.#rest()
  }

  /** Whether a second worker would be done sooner with the next request. */
  get hasEnough(): boolean {
    return this.load >= ENOUGH_BYTES || performance.now() - this.#since > ENOUGH_TIME
  }

  /**
   * The results for some blobs.
   *
   * @throws when the worker cannot start, fails, is silent, or is closed
   */
  async ask(
    blobs: Blob[],
    algorithms: string[],
    signal: AbortSignal | undefined,
  ): Promise<BlobResult[]> {
    const load = blobs.reduce((sum, { size }) => sum + size + 1, 0)
    this.load += load
    this.#requests += 1
    clearTimeout(this.#idle)
    try {
      const turn = this.#last.then(() => this.#take(blobs, algorithms, signal))
      this.#last = turn.catch(() => {})
      return await turn
    } finally {
      this.load -= load
      this.#requests -= 1
      if (this.#requests === 0) this.#rest()
    }
  }

  /** Ends the worker as soon as it has nothing to do. */
  retire(): void {
    this.#isLast = true
    if (this.#requests === 0) this.close()
  }

  /** Ends the worker. Pending requests fail. */
  close(): void {
    this.#close(undefined)
  }

  #rest(): void {
    if (this.#isLast) this.close()
    else if (!this.#end.signal.aborted) this.#idle = setTimeout(() => this.close(), IDLE_TIMEOUT)
  }

  #close(error: unknown): void {
    if (this.#end.signal.aborted) return
    clearTimeout(this.#idle)
    this.#end.abort(error)
    this.#ended(error)
  }

  async #take(
    blobs: Blob[],
    algorithms: string[],
    signal: AbortSignal | undefined,
  ): Promise<BlobResult[]> {
    const worker = await this.#worker
    const end = this.#end.signal
    end.throwIfAborted()
    if (signal?.aborted) return []
    lastId += 1
    this.#since = performance.now()
    try {
      return await hash(worker, { id: lastId, blobs, algorithms }, end, signal)
    } catch (error) {
      // What waits for a silent worker was not asked yet, so to it this is no timeout.
      this.#close(isNamed(error, 'TimeoutError') ? new Error('it was silent') : error)
      throw error
    } finally {
      this.#since = Number.POSITIVE_INFINITY
    }
  }
}

/** Hashes some blobs. An abort ends it early, but not before the worker is free again. */
async function hash(
  worker: Worker,
  order: HashOrder,
  end: AbortSignal,
  signal: AbortSignal | undefined,
): Promise<BlobResult[]> {
  const send = (request: HashRequest) => worker.postMessage(request)
  const stop = () => send({ stop: order.id })
  send(order)
  signal?.addEventListener('abort', stop)
  try {
    for (;;) {
      const { id, results, error } = await nextAnswer(worker, SILENCE_TIMEOUT, end)
      if (id !== order.id) continue
      if (results) return results
      if (error?.name === 'AbortError') return []
      if (error) throw new DOMException(error.message, error.name)
    }
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
