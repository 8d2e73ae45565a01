import { waitFor } from '../../../util/abort.ts'

/** Many small units, so that each call of the signer signs as many as it may. */
const MOST_UNITS = 200
/** Few large units, so that no URL expires in the queue and little is hashed ahead. Bytes. */
const MOST_BYTES = 128 * 2 ** 20

interface Waiting {
  bytes: number
  enter: () => void
}

/**
 * Limits how much is hashed and signed ahead. Refills only when half empty, so that one signer call
 * covers many units.
 */
export class ReadAheadWindow {
  readonly #limit: () => number
  readonly #opened: () => void
  /** Units of small files: they take little time, and go first. */
  readonly #small = new Set<Waiting>()
  readonly #parts = new Set<Waiting>()
  #count = 0
  #bytes = 0
  /** The number of units at which it opens again; `undefined` while it is open. */
  #opensAt: number | undefined

  /**
   * @param limit how many units are sent at the same time now; twice as many always enter
   * @param opened called when units can enter at once, after some had to wait
   */
  constructor(limit: () => number, opened = () => {}) {
    this.#limit = limit
    this.#opened = opened
  }

  /** How many units are inside. */
  get count(): number {
    return this.#count
  }

  /** Whether a unit can enter at once. */
  get isOpen(): boolean {
    return this.#small.size + this.#parts.size === 0 && this.#opensAt === undefined
  }

  /**
   * Waits until the unit may enter.
   *
   * @param isPart whether it is a part of a large file
   * @returns a function to call once, when the unit is sent or given up
   * @throws the reason of the signal, if that aborts first
   */
  async enter(bytes: number, isPart: boolean, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.isOpen) this.#admit(bytes)
    else await this.#wait(bytes, isPart ? this.#parts : this.#small, signal)
    return () => this.#leave(bytes)
  }

  #admit(bytes: number): void {
    this.#count++
    this.#bytes += bytes
    const isFull =
      this.#count >= MOST_UNITS || (this.#count >= 2 * this.#limit() && this.#bytes >= MOST_BYTES)
    if (isFull) this.#opensAt = Math.floor(this.#count / 2)
  }

  #leave(bytes: number): void {
    this.#count--
    this.#bytes -= bytes
    const wasOpen = this.isOpen
    if (this.#opensAt !== undefined && this.#count <= this.#opensAt) this.#opensAt = undefined
    for (const queue of [this.#small, this.#parts]) {
      for (const waiting of queue) {
        if (this.#opensAt !== undefined) return
        queue.delete(waiting)
        this.#admit(waiting.bytes)
        waiting.enter()
      }
    }
    if (!wasOpen && this.isOpen) this.#opened()
  }

  #wait(bytes: number, queue: Set<Waiting>, signal: AbortSignal): Promise<void> {
    return waitFor((enter) => {
      const waiting: Waiting = { bytes, enter }
      queue.add(waiting)
      return () => queue.delete(waiting)
    }, signal)
  }
}
