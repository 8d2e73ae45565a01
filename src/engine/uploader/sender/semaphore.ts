import { waitFor } from '../../../util/abort.ts'

/** A FIFO semaphore. */
export class Semaphore {
  #free: number
  readonly #queue = new Set<() => void>()

  constructor(count: number) {
    this.#free = count
  }

  /**
   * Waits for a slot.
   *
   * @returns a function that releases the slot; calls after the first do nothing
   * @throws the reason of the signal, if that aborts first
   */
  async acquire(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.#free > 0) this.#free--
    else await this.#wait(signal)
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
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
