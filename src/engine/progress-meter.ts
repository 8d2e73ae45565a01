import { SpeedMeter } from '../util/speed.ts'
import type { UploadProgress } from './api/file.ts'
import type { Ledger } from './files/ledger.ts'

/** Measures the speed of all uploads together, and tells of their progress at most once a frame. */
export class ProgressMeter {
  readonly #ledger: Ledger
  readonly #tell: (progress: UploadProgress) => void
  readonly #speed = new SpeedMeter()
  #isScheduled = false
  #lastSpeed = 0

  constructor(ledger: Ledger, tell: (progress: UploadProgress) => void) {
    this.#ledger = ledger
    this.#tell = tell
  }

  /** Progress of the current batch, in bytes. */
  get progress(): UploadProgress {
    const { progress } = this.#ledger
    const speed = progress.active > 0 ? this.#lastSpeed : 0
    const left = progress.total - progress.loaded
    return { ...progress, speed, timeLeft: speed > 0 ? left / speed : null }
  }

  /** Tells of it soon. */
  schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    const tell = () => {
      clearTimeout(timer)
      if (!this.#isScheduled) return
      this.#isScheduled = false
      const { loaded, active } = this.#ledger.progress
      if (active === 0) this.#speed.reset()
      this.#lastSpeed = this.#speed.measure(loaded, performance.now())
      this.#tell(this.progress)
    }
    // A hidden page has no frames, so a timer runs too.
    const timer = setTimeout(tell, 250)
    globalThis.requestAnimationFrame?.(tell)
  }
}
