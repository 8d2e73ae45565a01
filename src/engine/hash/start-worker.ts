import { waitFor } from '../../util/abort.ts'
import { FORMAT, type HashAnswer } from './messages.ts'
import { trustedWorker } from './trusted-worker.ts'

/**
 * Which worker: `worker` knows MD5, `more` all algorithms, and `plain` MD5, SHA-1 and SHA-256 without
 * WebAssembly. Each is a file of that name, such as `hash-worker.js`.
 */
export type WorkerKind = 'worker' | 'more' | 'plain'

/** Starts a worker with the given class, which is not always the browser's own. */
export type StartWorker = (Worker: typeof globalThis.Worker, kind: WorkerKind) => Worker

/** How long a worker may take to load, in ms. */
const START_TIMEOUT = 10_000
/** Silence is counted in steps of at most so many ms, see {@link nextAnswer}. */
const STEP = 5_000

/**
 * Bundlers of applications recognize this pattern and include the workers. Each must stand only once, or
 * they include it twice: hence the parameter with the name that they look for. Each file has everything
 * inside and imports nothing: Vite's default format for workers cannot be split.
 */
export function startBeside(Worker: typeof globalThis.Worker, kind: WorkerKind): Worker {
  if (kind === 'plain') {
    return new Worker(new URL('./hash-plain.js', import.meta.url), { type: 'module' })
  }
  if (kind === 'more') {
    return new Worker(new URL('./hash-more.js', import.meta.url), { type: 'module' })
  }
  return new Worker(new URL('./hash-worker.js', import.meta.url), { type: 'module' })
}

/**
 * Starts a worker, and waits until it is ready.
 *
 * @param end terminates it, whenever it aborts
 * @throws DOMException `NotSupportedError` if the worker runs but can compute nothing
 */
export async function openWorker(
  start: StartWorker,
  kind: WorkerKind,
  end: AbortSignal,
): Promise<Worker> {
  try {
    return await ready(start(trustedWorker(), kind), end)
  } catch (error) {
    // A worker that is silent once is silent again: do not wait twice.
    if (end.aborted || isNamed(error, 'TimeoutError') || isNamed(error, 'NotSupportedError')) {
      throw error
    }
    return ready(start(relayedWorker(), kind), end)
  }
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

async function ready(worker: Worker, end: AbortSignal): Promise<Worker> {
  end.addEventListener('abort', () => worker.terminate(), { once: true })
  try {
    const { error, format } = await nextAnswer(worker, START_TIMEOUT, end)
    if (error) throw new DOMException(error.message, 'NotSupportedError')
    if (format !== FORMAT) throw new Error('its file is of another version of the library')
    return worker
  } catch (error) {
    worker.terminate()
    throw error
  }
}

/**
 * The next message of the worker.
 *
 * The timeout is counted in steps: after a computer has slept, one timer fires before the messages that
 * the worker sent meanwhile, but not several.
 *
 * @param timeout in ms
 * @throws if the worker fails, is silent for too long, or ends
 */
export function nextAnswer(worker: Worker, timeout: number, end: AbortSignal): Promise<HashAnswer> {
  return waitFor<HashAnswer>((resolve, reject) => {
    let left = timeout
    let timer = setTimeout(step, Math.min(STEP, left))
    function step() {
      left -= STEP
      if (left > 0) timer = setTimeout(step, Math.min(STEP, left))
      else reject(new DOMException(`no message for ${timeout} ms`, 'TimeoutError'))
    }
    const answered = ({ data }: MessageEvent<HashAnswer>) => resolve(data)
    const stop = onFailure(worker, reject)
    worker.addEventListener('message', answered)
    return () => {
      clearTimeout(timer)
      worker.removeEventListener('message', answered)
      stop()
    }
  }, end)
}

/** Calls back when the worker fails, until the returned function is called. */
export function onFailure(worker: Worker, failed: (error: Error) => void): () => void {
  const unreadable = () => failed(new Error('unreadable answer'))
  const broken = (event: ErrorEvent) => {
    // Handled here: keep it from the page's own error handler.
    event.preventDefault()
    failed(new Error(event.message || 'its script could not be loaded'))
  }
  worker.addEventListener('messageerror', unreadable)
  worker.addEventListener('error', broken)
  return () => {
    worker.removeEventListener('messageerror', unreadable)
    worker.removeEventListener('error', broken)
  }
}

export function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name
}
