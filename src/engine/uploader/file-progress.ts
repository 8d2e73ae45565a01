import type { UploadError } from '../api/errors.ts'
import type { FileEvent } from '../files/file-state.ts'

/**
 * Makes the state of a file out of what its units do: the file has sent what they have sent, and it
 * waits only when none of them moves.
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

  /** What a unit tells about itself. */
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
        // All bytes have left, and the bucket has yet to say that it has them.
        if (this.#sum >= this.#size && this.#size > 0) this.#apply({ type: 'sent' })
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
    this.#apply({ type: 'wait', error })
  }

  /** All bytes have left. */
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
