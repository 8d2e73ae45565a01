/**
 * Lets the browser ask before people leave the page. Listens only while that is needed: with a listener for
 * `beforeunload` some browsers keep no page for *Back*.
 *
 * @see https://html.spec.whatwg.org/multipage/browsing-the-web.html#prompt-to-unload-a-document
 */
export class LeaveWarning {
  #isOn = false
  readonly #isNeeded: () => boolean

  /** @param isNeeded whether to ask right now: a form may be sent as soon as its last file is stored */
  constructor(isNeeded: () => boolean) {
    this.#isNeeded = isNeeded
  }

  set isOn(isOn: boolean) {
    if (isOn === this.#isOn) return
    this.#isOn = isOn
    // Outside of a page there is none.
    if (isOn) globalThis.addEventListener?.('beforeunload', this.#ask)
    else globalThis.removeEventListener?.('beforeunload', this.#ask)
  }

  readonly #ask = (event: Event): void => {
    if (this.#isNeeded()) event.preventDefault()
  }
}
