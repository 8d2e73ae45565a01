import { setTimeout as delay } from 'node:timers/promises'

/** Milliseconds until a start is given up; a start takes a few seconds on an idle machine. */
const START_LIMIT = 120_000

/**
 * Resolves when a server answers its first request, be it by a refusal.
 *
 * @throws {Error} when it does not within two minutes
 */
export async function answers(endpoint: string): Promise<void> {
  const limit = AbortSignal.timeout(START_LIMIT)
  for (;;) {
    try {
      const response = await fetch(endpoint, { signal: limit })
      if (response.status < 500) return
    } catch {
      // Refused: it does not listen yet.
    }
    if (limit.aborted) throw new Error(`no server answered at ${endpoint}`)
    await delay(50)
  }
}
