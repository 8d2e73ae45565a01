import { wait } from '../../../util/abort.ts'

/** How long a changed speed may take to be noticed, in ms. */
const LOOK_AGAIN = 250

/**
 * Holds requests back so that, on average, no more bytes are sent than may be. A browser cannot slow a
 * request down: each goes at the speed of the line, and the next one waits.
 */
export class SpeedLimit {
  /** Bytes a second; `undefined` for no limit. */
  readonly #speed: () => number | undefined
  /** Bytes that were sent too early by the limit. */
  #ahead = 0
  /** When that was true, by `performance.now()`. */
  #at = 0

  constructor(speed: () => number | undefined) {
    this.#speed = speed
  }

  /**
   * Waits until so many bytes may be sent.
   *
   * @throws the reason of the signal, if that aborts first
   */
  async pass(bytes: number, signal: AbortSignal): Promise<void> {
    for (let ms = this.#delay(); ms > 0; ms = this.#delay()) {
      await wait(Math.min(ms, LOOK_AGAIN), signal)
    }
    this.#ahead += bytes
  }

  /** How long the next request has to wait, in ms. */
  #delay(): number {
    const now = performance.now()
    const speed = this.#speed()
    if (!speed || !(speed > 0)) this.#ahead = 0
    else this.#ahead = Math.max(0, this.#ahead - ((now - this.#at) / 1000) * speed)
    this.#at = now
    return speed ? (this.#ahead / speed) * 1000 : 0
  }
}
