import { UPLOAD_EVENTS, type UploadEngine } from '../../engine/index.ts'

/**
 * Fires the events of an engine from an element, where a page listens. It continues while the element is
 * not in the page, as the uploads do.
 */
export class EventForwarder {
  readonly #target: EventTarget
  readonly #notice: (event: CustomEvent) => void
  #engine: UploadEngine | undefined

  /** @param notice is called with each event before the page gets it */
  constructor(target: EventTarget, notice: (event: CustomEvent) => void) {
    this.#target = target
    this.#notice = notice
  }

  /** Forwards the events of this engine from now on, and of no other. */
  listen(engine: UploadEngine): void {
    for (const name of UPLOAD_EVENTS) {
      this.#engine?.removeEventListener(name, this.#forward)
      engine.addEventListener(name, this.#forward)
    }
    this.#engine = engine
  }

  #forward = (event: Event): void => {
    const { type, detail, cancelable } = event as CustomEvent
    this.#notice(event as CustomEvent)
    const again = new CustomEvent(type, { detail, cancelable, bubbles: true, composed: true })
    if (!this.#target.dispatchEvent(again)) event.preventDefault()
  }
}
