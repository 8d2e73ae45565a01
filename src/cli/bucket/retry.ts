import { setTimeout as delay } from 'node:timers/promises'
import type { Answer } from './bucket-errors.ts'

/** How often a request is sent in all, when the line or the bucket is out of order. */
export const TRIES = 5

/** Milliseconds before the second try. Each further wait is twice as long. */
const PAUSE = 500

/** Whether another try may help. */
export function isTemporary({ status, body }: Answer): boolean {
  if (status === 501) return false
  return status === 429 || status >= 500 || body.includes('<Code>RequestTimeout</Code>')
}

/** Waits before a try. */
export async function pause(tries: number, signal: AbortSignal): Promise<void> {
  await delay(PAUSE * 2 ** (tries - 1), undefined, { signal })
}
