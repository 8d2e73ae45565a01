import { waitFor } from '../../../util/abort.ts'

/** A FIFO semaphore, whose number of slots may change. */
export class Semaphore {
  /** How many slots there are now. */
  readonly #count: () => number
  #taken = 0
  readonly #queue = new Set<() => void>()

  constructor(count: () => number) {
    this.#count = count
  }

  /**
   * Waits for a slot.
   *
   * @returns a function that releases the slot; calls after the first do nothing
   * @throws the reason of the signal, if that aborts first
   */
  async acquire(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.#taken < this.#count()) this.#taken++
    else await this.#wait(signal)
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#taken--
      this.#admit()
    }
  }

  /** More than one may enter where there are more slots than before. */
  #admit(): void {
    for (const enter of this.#queue) {
      if (this.#taken >= this.#count()) return
      this.#queue.delete(enter)
      this.#taken++
      enter()
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    return waitFor((enter) => {
      this.#queue.add(enter)
      return () => this.#queue.delete(enter)
    }, signal)
  }
}
