import type { UploadError } from '../api/errors.ts'
import type { FileEvent } from '../files/file-state.ts'

/**
 * Derives the progress of a file from that of its units: their bytes add up, and the file waits only
 * while none of them is being sent.
 */
export class FileProgress {
  readonly #size: number
  readonly #apply: (event: FileEvent) => void
  readonly #loaded = new Map<number, number>()
  readonly #moving = new Set<number>()
  #sum = 0
  #isWaiting = false

  /**
   * @param size of the file, in bytes
   * @param apply changes the state of the file; ignores an event that the state does not allow
   */
  constructor(size: number, apply: (event: FileEvent) => void) {
    this.#size = size
    this.#apply = apply
  }

  /** The callbacks of one unit. */
  unit(number: number) {
    return {
      started: () => {
        this.#moving.add(number)
        this.#apply({ type: 'start' })
        this.#moves()
      },
      progress: (loaded: number) => {
        this.#sum += loaded - (this.#loaded.get(number) ?? 0)
        this.#loaded.set(number, loaded)
        this.#apply({ type: 'progress', loaded: this.#sum })
        // All bytes are sent, but the bucket has not answered.
        if (this.#sum >= this.#size && this.#size > 0) this.#apply({ type: 'sent' })
      },
      stored: () => void this.#moving.delete(number),
      waiting: (error: UploadError) => {
        this.#moving.delete(number)
        if (this.#moving.size === 0) this.waiting(error)
      },
    }
  }

  /** Nothing is sent until the next attempt. */
  readonly waiting = (error: UploadError): void => {
    this.#isWaiting = true
    this.#apply({ type: 'wait', error })
  }

  /** Some or all of what was sent is lost, and is sent again. */
  restart(): void {
    this.#loaded.clear()
    this.#moving.clear()
    this.#sum = 0
    this.#isWaiting = false
    this.#apply({ type: 'restart' })
  }

  /** All bytes are sent. */
  sent(): void {
    this.#apply({ type: 'start' })
    this.#moves()
    this.#apply({ type: 'sent' })
  }

  #moves(): void {
    if (!this.#isWaiting) return
    this.#isWaiting = false
    this.#apply({ type: 'resume' })
  }
}
