/** How long a part should take at most, in seconds: a cut then costs seconds and not minutes. */
const PART_SECONDS = 20
/** Smaller units say more about latency than about speed. Bytes. */
const LEAST_MEASURED = 2 ** 20
/** How fast one connection to the bucket is, by what it has sent so far. */
export class ConnectionSpeed {
  /** Bytes a second. */
  #speed: number | undefined

  /** @param ms that it took to send so many bytes */
  measure(bytes: number, ms: number): void {
    if (bytes < LEAST_MEASURED || ms <= 0) return
    const speed = (bytes / ms) * 1000
    // The last few requests count.
    this.#speed = this.#speed === undefined ? speed : 0.7 * this.#speed + 0.3 * speed
  }

  /** The size of a part that takes some 20 s, in bytes; `undefined` while nothing was measured. */
  get partSize(): number | undefined {
    return this.#speed === undefined ? undefined : Math.ceil(this.#speed * PART_SECONDS)
  }
}
