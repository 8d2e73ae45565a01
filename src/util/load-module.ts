/** Number of attempts, and the pause after the first one in ms. It doubles with each attempt. */
const TRIES = 4
const PAUSE = 500

let retries = 0

/**
 * Loads a module that is needed later. Waits while the browser is offline: most browsers remember a module
 * that could not be fetched, and never fetch it again.
 *
 * @throws what the last attempt throws
 */
export async function loadModule<Module>(load: () => Promise<Module>): Promise<Module> {
  await untilOnline()
  let failure: unknown
  for (let tries = 1; ; tries++) {
    try {
      return await (again<Module>(failure) ?? load())
    } catch (error) {
      failure = error
      if (tries === TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE * 2 ** (tries - 1)))
    }
  }
}

/**
 * Loads the module by another address, if the browser says which one has failed: so the one that it
 * remembers does not count. (Chromium and Firefox say it. https://github.com/whatwg/html/pull/10327 is to
 * make this unnecessary.)
 */
function again<Module>(failure: unknown): Promise<Module> | undefined {
  const [address] = /https?:\/\/[^\s?]+\.m?js\b/.exec(String(failure)) ?? []
  if (!address) return undefined
  const other = `${address}?again=${++retries}`
  // No bundler can know the address.
  return import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ other)
}

async function untilOnline(): Promise<void> {
  if (globalThis.navigator?.onLine !== false) return
  await new Promise((resolve) => globalThis.addEventListener('online', resolve, { once: true }))
}
