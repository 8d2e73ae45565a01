import { waitFor } from '../../util/abort.ts'

/** Many small units, so that one call of the signer signs many of them. */
const MOST_UNITS = 100
/** Few large ones, so that no URL gets old in the queue and little is read ahead. Bytes. */
const MOST_BYTES = 128 * 2 ** 20

interface Waiting {
  bytes: number
  enter: () => void
}

/**
 * Lets units in, a little ahead of need. Once it is full it stays shut until a good part of them is
 * through: units that come in together are signed together.
 */
export class ReadAheadWindow {
  readonly #least: number
  readonly #queue = new Set<Waiting>()
  #count = 0
  #bytes = 0
  /** At how many units it opens again; `undefined` while it is open. */
  #opensAt: number | undefined

  /** @param limit how many units move at the same time; so many, and as many again, are always let in */
  constructor(limit: number) {
    this.#least = 2 * limit
  }

  /** Whether a unit would be let in at once. */
  get isOpen(): boolean {
    return this.#queue.size === 0 && this.#opensAt === undefined
  }

  /**
   * Waits to be let in.
   *
   * @returns what to call, once, when the unit is through or given up
   * @throws the reason of the signal, when that comes first
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
