import { abortable } from '../../util/abort.ts'
import type { UploadError } from '../api/errors.ts'

/** Makes the uploads that the signer answers with 401 wait for one sign-in. */
export class SignIn {
  readonly #ask: (error: UploadError) => boolean
  #current: { promise: Promise<void>; resolve: () => void; waiting: number } | undefined

  /** @param ask asks the page, once for all that wait. False if the page does not handle it */
  constructor(ask: (error: UploadError) => boolean) {
    this.#ask = ask
  }

  /** Waits until the user has signed in. False if the page does not handle it. */
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
      // The next 401 asks the page again, even if it never answered this one.
      if (wait.waiting === 0 && this.#current === wait) this.#current = undefined
    }
  }

  /** The user has signed in. */
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
