import { waitFor } from '../../util/abort.ts'

/** Many small units, so that one call of the signer signs many. */
const MOST_UNITS = 100
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
  readonly #least: number
  readonly #queue = new Set<Waiting>()
  #count = 0
  #bytes = 0
  /** The number of units at which it opens again; `undefined` while it is open. */
  #opensAt: number | undefined

  /** @param limit how many units are sent at the same time; twice as many always enter */
  constructor(limit: number) {
    this.#least = 2 * limit
  }

  /** Whether a unit can enter at once. */
  get isOpen(): boolean {
    return this.#queue.size === 0 && this.#opensAt === undefined
  }

  /**
   * Waits until the unit may enter.
   *
   * @returns a function to call once, when the unit is sent or given up
   * @throws the reason of the signal, if that aborts first
   */
  async enter(bytes: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.isOpen) this.#admit(bytes)
    else await this.#wait(bytes, signal)
    return () => this.#leave(bytes)
  }

  #admit(bytes: number): void {
    this.#count++
    this.#bytes += bytes
    const isFull =
      this.#count >= MOST_UNITS || (this.#count >= this.#least && this.#bytes >= MOST_BYTES)
    if (isFull) this.#opensAt = Math.floor(this.#count / 2)
  }

  #leave(bytes: number): void {
    this.#count--
    this.#bytes -= bytes
    if (this.#opensAt !== undefined && this.#count <= this.#opensAt) this.#opensAt = undefined
    for (const waiting of this.#queue) {
      if (this.#opensAt !== undefined) return
      this.#queue.delete(waiting)
      this.#admit(waiting.bytes)
      waiting.enter()
    }
  }

  #wait(bytes: number, signal: AbortSignal): Promise<void> {
    return waitFor((enter) => {
      const waiting: Waiting = { bytes, enter }
      this.#queue.add(waiting)
      return () => this.#queue.delete(waiting)
    }, signal)
  }
}
