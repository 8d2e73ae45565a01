/**
 * Waits for something that calls back, or until the signal aborts.
 *
 * @param begin starts the wait, and returns a function that undoes it, such as removing a listener or a
 *   timer. That function may run more than once. `begin` settles nothing before it has returned.
 * @throws the reason of the signal, when that comes first
 */
export function waitFor<T>(
  begin: (resolve: (value: T) => void, reject: (reason: unknown) => void) => () => void,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const ending =
      <V>(settle: (value: V) => void) =>
      (value: V) => {
        signal?.removeEventListener('abort', abort)
        undo()
        settle(value)
      }
    const fail = ending(reject)
    const abort = () => fail(signal?.reason)
    const undo = begin(ending(resolve), fail)
    signal?.addEventListener('abort', abort)
  })
}

/** Waits for so many ms, or until the signal aborts. */
export function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return waitFor((resolve) => {
    const timer = setTimeout(resolve, ms)
    return () => clearTimeout(timer)
  }, signal)
}

/**
 * Settles as the promise does, but rejects with the signal's reason as soon as that aborts. The work
 * behind the promise goes on; its result is dropped.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  // A failure that comes after the signal is not an unhandled rejection.
  promise.catch(() => {})
  return waitFor((resolve, reject) => {
    promise.then(resolve, reject)
    return () => {}
  }, signal)
}

/**
 * Settles as the promise does, but rejects after so many ms. The work behind the promise goes on; its
 * result is dropped.
 *
 * @throws DOMException `TimeoutError` with the message
 */
export function withTimeout<T>(promise: Promise<T>, ms: number, message: string): Promise<T> {
  return waitFor((resolve, reject) => {
    const timer = setTimeout(() => reject(new DOMException(message, 'TimeoutError')), ms)
    promise.then(resolve, reject)
    return () => clearTimeout(timer)
  })
}
