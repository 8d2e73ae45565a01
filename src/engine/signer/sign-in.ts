import { abortable } from '../../util/abort.ts'
import type { UploadError } from '../api/errors.ts'

/** Lets the uploads wait that a signer refuses until somebody signs in: all of them for the same. */
export class SignIn {
  readonly #ask: (error: UploadError) => boolean
  #current: { promise: Promise<void>; resolve: () => void; waiting: number } | undefined

  /** @param ask asks the page, once for all that wait; false where it does not take care of it */
  constructor(ask: (error: UploadError) => boolean) {
    this.#ask = ask
  }

  /** Waits until somebody has signed in. False when nobody will. */
  async wait(error: UploadError, signal: AbortSignal): Promise<boolean> {
    const isFirst = this.#current === undefined
    this.#current ??= newWait()
    const wait = this.#current
    wait.waiting++
    try {
      if (isFirst && !this.#ask(error)) return false
      await abortable(wait.promise, signal)
      return true
    } finally {
      wait.waiting--
      // The next refusal is told again, also where this one was never answered.
      if (wait.waiting === 0 && this.#current === wait) this.#current = undefined
    }
  }

  /** Somebody has signed in. */
  done(): void {
    this.#current?.resolve()
    this.#current = undefined
  }
}

function newWait() {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve, waiting: 0 }
}
