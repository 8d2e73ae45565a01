import { UPLOAD_EVENTS, type UploadEngine } from '../../engine/index.ts'

/** Which targets an event of an engine has reached already. */
const reached = new WeakMap<Event, Set<EventTarget>>()

/**
 * Fires the events of an engine from an element, where a page listens. It continues while the element is
 * not in the page, as the uploads do. Elements that share an engine each fire its events, but what is
 * around several of them, such as the document, gets each event once.
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

  /** The engine whose events are forwarded. */
  get engine(): UploadEngine | undefined {
    return this.#engine
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
    const others = reached.get(event) ?? new Set()
    reached.set(event, others)
    if (!dispatchBelow(others, this.#target, again)) event.preventDefault()
  }
}

/**
 * Dispatches an event. It stops below the targets that another one has reached.
 *
 * @param others those targets; the ones of this event are added
 * @returns false if a listener has prevented the default
 */
function dispatchBelow(others: Set<EventTarget>, target: EventTarget, event: Event): boolean {
  let last: EventTarget | undefined
  const stop = (at: Event) => at === event && event.stopPropagation()
  const start = () => {
    const path = event.composedPath()
    last = path[path.findIndex((it) => others.has(it)) - 1]
    last?.addEventListener(event.type, stop)
    for (const it of path) others.add(it)
  }
  target.addEventListener(event.type, start, { capture: true, once: true })
  const isAllowed = target.dispatchEvent(event)
  last?.removeEventListener(event.type, stop)
  return isAllowed
}
