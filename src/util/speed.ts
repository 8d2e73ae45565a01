/** Time over which speed is averaged, in ms: long enough to be calm, short enough to be true. */
const WINDOW = 4_000

/**
 * Measures speed from the bytes that have left. A file that fails or is removed takes its bytes out
 * of the count; such a step back is not a negative speed.
 */
export class SpeedMeter {
  #samples: { at: number; loaded: number }[] = []

  /**
   * @param loaded bytes so far
   * @param at the moment, in ms of a clock that never jumps
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
