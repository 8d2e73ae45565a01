import type { ReactiveController, ReactiveControllerHost } from 'lit'

/** The longest time that a timer can be set to, in ms. */
const LONGEST = 2 ** 31 - 1

/** Draws an element again after a while, for texts that change with time alone. */
export class RedrawTimer implements ReactiveController {
  readonly #host: ReactiveControllerHost
  #timer: ReturnType<typeof setTimeout> | undefined
  #soonest = Number.POSITIVE_INFINITY

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  /** Draws again after so many ms. Called while drawing; the shortest time counts. */
  after(ms: number): void {
    this.#soonest = Math.min(this.#soonest, ms)
  }

  hostUpdate(): void {
    clearTimeout(this.#timer)
    this.#soonest = Number.POSITIVE_INFINITY
  }

  hostUpdated(): void {
    if (this.#soonest > LONGEST) return
    this.#timer = setTimeout(() => this.#host.requestUpdate(), Math.max(this.#soonest, 0))
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer)
  }
}
