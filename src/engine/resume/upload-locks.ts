const LOCK = 'bucket-upload:'
const SHOWN = ':shown'

/** Sets or lifts the marks of this page: see {@link markShown}. */
const marks = new Set<(isShown: boolean) => void>()

/**
 * Locks an upload, so that no two tabs continue the same one. The browser releases the lock when the page
 * closes.
 *
 * @param signal ends the wait for another tab that holds the lock. Without it there is no wait
 * @returns a function that releases it, or `undefined` if another tab holds it. Without Web Locks every
 *   tab gets it.
 */
export function lockUpload(
  fingerprint: string,
  signal?: AbortSignal,
): Promise<(() => void) | undefined> {
  return lock(LOCK + fingerprint, signal ? { signal } : { ifAvailable: true })
}

/**
 * Tells all tabs that an upload is in the list of this one, even if it is paused. Not while the page is in
 * the back-forward cache, where no user sees its list.
 *
 * @returns a function that ends it
 */
export function markShown(fingerprint: string): () => void {
  let held: ReturnType<typeof lock> | undefined
  const set = (isShown: boolean) => {
    void held?.then((release) => release?.())
    held = isShown ? lock(LOCK + fingerprint + SHOWN, { mode: 'shared' }) : undefined
  }
  set(true)
  marks.add(set)
  return () => {
    marks.delete(set)
    set(false)
  }
}

for (const type of ['pagehide', 'pageshow'] as const) {
  globalThis.addEventListener?.(type, ({ persisted }) => {
    if (persisted) for (const set of marks) set(type === 'pageshow')
  })
}

/** Fingerprints of the uploads in the list of any tab. */
export async function shownUploads(): Promise<Set<string>> {
  const { held = [] } = (await globalThis.navigator?.locks?.query().catch(() => {})) ?? {}
  const names = held.map(({ name = '' }) => name).filter((name) => name.endsWith(SHOWN))
  return new Set(names.map((name) => name.slice(LOCK.length, -SHOWN.length)))
}

/** Rejects if the signal aborts. */
function lock(name: string, options: LockOptions): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    const hold = (lock: Lock | null) =>
      lock ? new Promise<void>((release) => resolve(release)) : resolve(undefined)
    const free = () => resolve(() => {})
    const locks: LockManager | undefined = globalThis.navigator?.locks
    if (!locks) return free()
    const { signal } = options
    locks
      .request(name, options, hold)
      .catch(() => (signal?.aborted ? reject(signal.reason) : free()))
  })
}
