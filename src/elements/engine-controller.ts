import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { UPLOAD_EVENTS, type UploadEngine } from '../engine/index.ts'

/**
 * Binds an element to an engine: renders the element when the engine's files change, at most once for
 * each frame, and fires the engine's events again from the element, where a page listens.
 */
export class EngineController implements ReactiveController {
  readonly #host: ReactiveControllerHost & EventTarget
  readonly #notice: (event: CustomEvent) => void
  #engine: UploadEngine
  #frame = 0

  /** @param notice is told each event before the page is */
  constructor(
    host: ReactiveControllerHost & EventTarget,
    engine: UploadEngine,
    notice: (event: CustomEvent) => void,
  ) {
    this.#host = host
    this.#engine = engine
    this.#notice = notice
    host.addController(this)
    this.#listen()
  }

  get engine(): UploadEngine {
    return this.#engine
  }

  set engine(engine: UploadEngine) {
    this.#engine.removeEventListener('change', this.#schedule)
    for (const name of UPLOAD_EVENTS) this.#engine.removeEventListener(name, this.#forward)
    this.#engine = engine
    this.#listen()
    this.#schedule()
  }

  hostConnected(): void {
    // What happened while the element was not in the page is shown when it is back.
    this.#schedule()
  }

  hostDisconnected(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
  }

  /** The engine goes on, and so do its events, when the element is moved or taken out of the page. */
  #listen(): void {
    this.#engine.addEventListener('change', this.#schedule)
    for (const name of UPLOAD_EVENTS) this.#engine.addEventListener(name, this.#forward)
  }

  #schedule = (): void => {
    // On a server nothing happens, and there are no frames.
    if (this.#frame || !globalThis.requestAnimationFrame) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#host.requestUpdate()
    })
  }

  #forward = (event: Event): void => {
    const { type, detail, cancelable } = event as CustomEvent
    this.#notice(event as CustomEvent)
    const again = new CustomEvent(type, { detail, cancelable, bubbles: true, composed: true })
    if (!this.#host.dispatchEvent(again)) event.preventDefault()
  }
}
