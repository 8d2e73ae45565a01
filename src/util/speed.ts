/** The speed is averaged over this time, in ms: long enough to be steady, short enough to be current. */
const WINDOW = 4_000

/**
 * Measures the upload speed from the bytes sent. A file that fails or is removed lowers that number, which
 * is not a negative speed.
 */
export class SpeedMeter {
  #samples: { at: number; loaded: number }[] = []

  /**
   * @param loaded bytes sent so far
   * @param at the current time, in ms of a monotonic clock
   * @returns bytes a second
   */
  measure(loaded: number, at: number): number {
    const last = this.#samples.at(-1)
    if (last && loaded < last.loaded) this.#samples = []
    this.#samples.push({ at, loaded })
    while ((this.#samples[1]?.at ?? at) < at - WINDOW) this.#samples.shift()
    const [first] = this.#samples
    if (!first || at - first.at < 250) return 0
    return ((loaded - first.loaded) / (at - first.at)) * 1000
  }

  reset(): void {
    this.#samples = []
  }
}
