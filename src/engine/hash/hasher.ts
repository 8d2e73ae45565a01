import type { Digests } from '../../protocol/index.ts'
import { abortable, waitFor } from '../../util/abort.ts'
import type { HashAnswer, HashRequest } from './hash-worker.ts'
import { trustedWorker } from './trusted-worker.ts'

/** Starts the worker with the given class, which is not always the browser's own. */
export type StartWorker = (Worker: typeof globalThis.Worker) => Worker

/** How long the worker may take to load, in ms. */
const START_TIMEOUT = 10_000
/** How long the worker may send no message, in ms. While it can read, it sends heartbeats. */
const SILENCE_TIMEOUT = 60_000

let warned = false
let lastId = 0

/**
 * Computes MD5 and checksums in a worker, which starts on first use.
 *
 * An optional checksum must never make an upload fail or hang. So if the worker does not run, the results
 * are empty and the console says why.
 */
export class Hasher {
  readonly #start: StartWorker
  #worker: Promise<Worker | undefined> | undefined
  /** Aborted when the worker ends. This also ends all pending requests. */
  #end = new AbortController()
  /** Settles when the previous request is done: the worker takes one at a time. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(start: StartWorker = startBeside) {
    this.#start = start
  }

  /**
   * Reads a blob once.
   *
   * @param algorithms names of digests; unknown ones are missing in the result
   * @returns an empty object if nothing can be computed
   * @throws DOMException `NotReadableError` when the blob cannot be read
   * @throws the reason of the signal
   */
  digest(blob: Blob, algorithms: string[], signal?: AbortSignal): Promise<Digests> {
    const end = this.#end.signal
    const turn = this.#last.then(() => {
      return end.aborted || signal?.aborted ? {} : this.#ask(blob, algorithms, end, signal)
    })
    this.#last = turn.catch(() => {})
    return signal ? abortable(turn, signal) : turn
  }

  /** Ends the worker. Pending requests return nothing; the next one starts it again. */
  close(): void {
    this.#end.abort()
    this.#end = new AbortController()
    this.#worker = undefined
  }

  async #ask(
    blob: Blob,
    algorithms: string[],
    end: AbortSignal,
    signal?: AbortSignal,
  ): Promise<Digests> {
    this.#worker ??= this.#open(end)
    const worker = await this.#worker
    if (!worker || end.aborted || signal?.aborted) return {}
    try {
      return await hash(worker, blob, algorithms, end, signal)
    } catch (error) {
      if (nameOf(error) === 'NotReadableError') throw error
      if (!end.aborted && nameOf(error) !== 'AbortError') this.#giveUp(error)
      return {}
    }
  }

  async #open(end: AbortSignal): Promise<Worker | undefined> {
    let reason: unknown
    for (const kind of [trustedWorker, relayedWorker]) {
      try {
        return await ready(this.#start(kind()), end)
      } catch (error) {
        reason = error
      }
      // A worker that is silent once is silent again: do not wait twice.
      if (end.aborted || nameOf(reason) === 'TimeoutError') break
    }
    if (!end.aborted) warn(reason)
    return undefined
  }

  #giveUp(reason: unknown): void {
    this.close()
    this.#worker = Promise.resolve(undefined)
    warn(reason)
  }
}

/**
 * Bundlers of applications recognize this pattern and include the worker. It must stand only once, or
 * they include it twice: hence the parameter with the name that they look for.
 */
function startBeside(Worker: typeof globalThis.Worker): Worker {
  return new Worker(new URL('./hash-worker.js', import.meta.url), { type: 'module' })
}

/**
 * A worker that only imports the one at the URL. A script of another origin (a CDN) may not be started as
 * a worker, but a worker may import it.
 */
function relayedWorker(): typeof Worker {
  return class extends trustedWorker() {
    constructor(url: string | URL, options?: WorkerOptions) {
      const code = `import ${JSON.stringify(String(url))}`
      const address = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
      super(address, options)
      for (const type of ['message', 'error']) {
        this.addEventListener(type, () => URL.revokeObjectURL(address), { once: true })
      }
    }
  }
}

/** Waits until the worker is ready. Terminates it when the signal aborts. */
async function ready(worker: Worker, end: AbortSignal): Promise<Worker> {
  end.addEventListener('abort', () => worker.terminate(), { once: true })
  try {
    const { error } = await nextAnswer(worker, START_TIMEOUT, end)
    if (error) throw new DOMException(error.message, error.name)
    return worker
  } catch (error) {
    worker.terminate()
    throw error
  }
}

/** Hashes a blob. An abort ends it early, but not before the worker is free again. */
async function hash(
  worker: Worker,
  blob: Blob,
  algorithms: string[],
  end: AbortSignal,
  signal?: AbortSignal,
): Promise<Digests> {
  lastId += 1
  const id = lastId
  const send = (request: HashRequest) => worker.postMessage(request)
  const stop = () => send({ stop: id })
  send({ id, blob, algorithms })
  signal?.addEventListener('abort', stop)
  try {
    for (;;) {
      const { digests, error } = await nextAnswer(worker, SILENCE_TIMEOUT, end)
      if (error) throw new DOMException(error.message, error.name)
      if (digests) return digests
    }
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

/**
 * The next message of the worker.
 *
 * @param timeout in ms
 * @throws if the worker fails, is silent for too long, or ends
 */
function nextAnswer(worker: Worker, timeout: number, end: AbortSignal): Promise<HashAnswer> {
  return waitFor<HashAnswer>((resolve, reject) => {
    const late = () => reject(new DOMException(`no message for ${timeout} ms`, 'TimeoutError'))
    const timer = setTimeout(late, timeout)
    const done = new AbortController()
    const options = { signal: done.signal }
    worker.addEventListener('message', ({ data }) => resolve(data), options)
    worker.addEventListener('messageerror', () => reject(new Error('unreadable answer')), options)
    worker.addEventListener(
      'error',
      (event) => {
        // Handled here: keep it from the page's own error handler.
        event.preventDefault()
        reject(new Error(event.message || 'its script could not be loaded'))
      },
      options,
    )
    return () => {
      clearTimeout(timer)
      done.abort()
    }
  }, end)
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : ''
}

function warn(reason: unknown): void {
  if (warned) return
  warned = true
  const said = reason instanceof Error ? reason.message : String(reason)
  console.warn(
    `bucket-upload computes no checksums, because its worker does not run: ${said}. Files are uploaded without them, unless the signer requires one. Is hash-worker.js served beside the library, and does the Content-Security-Policy allow it (worker-src, and 'wasm-unsafe-eval' in script-src)?`,
  )
}
