import { waitFor } from '../../util/abort.ts'

/** Lets so many at a time do something, in the order in which they come. */
export class Semaphore {
  #free: number
  readonly #queue = new Set<() => void>()

  constructor(count: number) {
    this.#free = count
  }

  /**
   * Waits for a slot.
   *
   * @returns what to call to give it back
   * @throws the reason of the signal, when that comes first
   */
  async acquire(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.#free > 0) this.#free--
    else await this.#wait(signal)
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      const [next] = this.#queue
      if (next) next()
      else this.#free++
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    return waitFor((enter) => {
      this.#queue.add(enter)
      return () => this.#queue.delete(enter)
    }, signal)
  }
}
