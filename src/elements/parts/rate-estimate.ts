import { SpeedMeter } from '../../util/speed.ts'

/** Least time between two results, in ms: numbers that change faster cannot be read. */
const UPDATE_INTERVAL = 250
/** After so many ms without a byte the upload counts as still. */
const STILL_AFTER = 5_000
/** Over less than this, in ms, a speed is a guess. */
const LEAST_TIME = 1_000

/** How fast an upload moves, as people read it. */
export interface TransferRate {
  /** Bytes sent. */
  loaded: number
  /** Bytes per second; 0 while it is unknown. */
  speed: number
  /** Seconds; `undefined` while it is unknown. */
  timeLeft: number | undefined
  /** No byte was sent for some seconds. */
  isStill: boolean
}

/** Estimates how fast one upload moves. A result stays the same for a moment, so that people can read it. */
export class RateEstimate {
  readonly #meter = new SpeedMeter()
  #startedAt = 0
  #loaded = -1
  #movedAt = 0
  #last: (TransferRate & { at: number }) | undefined

  /**
   * @param loaded bytes so far
   * @param total bytes in all; `undefined` while nobody knows
   * @param now in ms, of a clock that never jumps
   */
  update(loaded: number, total: number | undefined, now: number): TransferRate {
    this.#startedAt ||= now
    if (loaded !== this.#loaded) this.#movedAt = now
    this.#loaded = loaded
    const isStill = now - this.#movedAt >= STILL_AFTER
    const last = this.#last
    // A pause says nothing about the speed after it.
    if (last?.isStill && !isStill) {
      this.#meter.reset()
      this.#startedAt = now
    }
    if (last && last.isStill === isStill && now - last.at < UPDATE_INTERVAL) return last
    const measured = this.#meter.measure(loaded, now)
    const speed = isStill || now - this.#startedAt < LEAST_TIME ? 0 : Math.round(measured)
    const timeLeft = speed > 0 && total !== undefined ? (total - loaded) / speed : undefined
    this.#last = { loaded, speed, timeLeft, isStill, at: now }
    return this.#last
  }

  /** In how many ms the result can change without a new byte. */
  get changesIn(): number {
    const { loaded, isStill } = this.#last ?? {}
    return loaded === this.#loaded && isStill ? STILL_AFTER : UPDATE_INTERVAL
  }
}
