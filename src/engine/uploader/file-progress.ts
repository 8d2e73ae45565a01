import type { UploadError } from '../api/errors.ts'
import type { FileEvent } from '../files/file-state.ts'

/**
 * Makes the state of a file out of what its units do: the file has sent what they have sent, and it
 * waits only when none of them moves.
 */
export class UnitWatch {
  readonly #size: number
  readonly #step: (event: FileEvent) => void
  readonly #loaded = new Map<number, number>()
  readonly #moving = new Set<number>()
  #sum = 0
  #isWaiting = false

  /**
   * @param size of the file, in bytes
   * @param step moves the file; an event that it may not take at the moment is to be ignored
   */
  constructor(size: number, step: (event: FileEvent) => void) {
    this.#size = size
    this.#step = step
  }

  /** What a unit tells about itself. */
  unit(number: number) {
    return {
      started: () => {
        this.#moving.add(number)
        this.#step({ type: 'start' })
        this.#moves()
      },
      progress: (loaded: number) => {
        this.#sum += loaded - (this.#loaded.get(number) ?? 0)
        this.#loaded.set(number, loaded)
        this.#step({ type: 'progress', loaded: this.#sum })
        // All bytes have left, and the bucket has yet to say that it has them.
        if (this.#sum >= this.#size && this.#size > 0) this.#step({ type: 'sent' })
      },
      stored: () => void this.#moving.delete(number),
      waiting: (error: UploadError) => {
        this.#moving.delete(number)
        if (this.#moving.size === 0) this.waiting(error)
      },
    }
  }

  /** Nothing moves, and something will be tried again. */
  readonly waiting = (error: UploadError): void => {
    this.#isWaiting = true
    this.#step({ type: 'wait', error })
  }

  /** All bytes have left. */
  sent(): void {
    this.#step({ type: 'start' })
    this.#moves()
    this.#step({ type: 'sent' })
  }

  #moves(): void {
    if (!this.#isWaiting) return
    this.#isWaiting = false
    this.#step({ type: 'resume' })
  }
}
