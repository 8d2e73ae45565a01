/**
 * Keeps the screen on. A phone that switches it off stops the page soon after, and with it the upload.
 *
 * The browser takes the lock back when the page is hidden. It is then requested again when the page is
 * visible. No upload depends on it: a browser may have none, or refuse it when the battery is low.
 *
 * @see https://www.w3.org/TR/screen-wake-lock/
 */
export class WakeLock {
  #isOn = false
  #lock: Promise<WakeLockSentinel | undefined> | undefined

  set isOn(isOn: boolean) {
    if (isOn === this.#isOn || !globalThis.navigator?.wakeLock) return
    this.#isOn = isOn
    if (isOn) {
      document.addEventListener('visibilitychange', this.#request)
      this.#request()
    } else {
      document.removeEventListener('visibilitychange', this.#request)
      this.#release()
    }
  }

  #request = (): void => {
    if (document.visibilityState !== 'visible') return
    this.#release()
    this.#lock = navigator.wakeLock.request('screen').catch(() => undefined)
  }

  #release(): void {
    this.#lock?.then((lock) => lock?.release()).catch(() => {})
    this.#lock = undefined
  }
}
