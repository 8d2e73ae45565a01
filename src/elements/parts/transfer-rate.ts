import { SpeedMeter } from '../../util/speed.ts'

/** Least time between two texts, in ms: numbers that change faster cannot be read. */
const CALM = 250
/** After so many ms without a byte people are told that nothing moves. */
const STILL = 5_000
/** Over less than this, in ms, a speed is a guess. */
const SURE = 1_000

/** How an upload moves, as it can be told to people. */
export interface Motion {
  /** Bytes that have left. */
  loaded: number
  /** Bytes a second; 0 where it cannot be said. */
  speed: number
  /** Seconds; `undefined` where it cannot be said. */
  timeLeft: number | undefined
  /** Nothing has moved for some seconds. */
  isStill: boolean
}

/** Measures how one upload moves, and keeps what it says of it for a moment. */
export class Pace {
  readonly #meter = new SpeedMeter()
  #startedAt = 0
  #loaded = -1
  #movedAt = 0
  #told: (Motion & { at: number }) | undefined

  /**
   * @param loaded bytes so far
   * @param total bytes in all
   * @param now in ms of a clock that never jumps
   */
  tell(loaded: number, total: number, now: number): Motion {
    this.#startedAt ||= now
    if (loaded !== this.#loaded) this.#movedAt = now
    this.#loaded = loaded
    const isStill = now - this.#movedAt >= STILL
    const told = this.#told
    // The time in which nothing moved says nothing of how it moves now.
    if (told?.isStill && !isStill) {
      this.#meter.reset()
      this.#startedAt = now
    }
    if (told && told.isStill === isStill && now - told.at < CALM) return told
    const measured = this.#meter.measure(loaded, now)
    const speed = isStill || now - this.#startedAt < SURE ? 0 : Math.round(measured)
    const timeLeft = speed > 0 ? (total - loaded) / speed : undefined
    this.#told = { loaded, speed, timeLeft, isStill, at: now }
    return this.#told
  }

  /** When it has something new to tell, in ms from now. */
  get next(): number {
    const { loaded, isStill } = this.#told ?? {}
    return loaded === this.#loaded && isStill ? STILL : CALM
  }
}
