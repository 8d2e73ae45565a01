import { waitFor } from '../../util/abort.ts'
import type { UploadError, UploadErrorCode } from '../api/errors.ts'

/** The first pause is at most this long, in ms; each one after it twice as long as the one before. */
const FIRST_PAUSE = 500
const LONGEST_PAUSE = 10_000
/** How often something is tried again that has not worked even once: it may be set up wrongly. */
const QUICK_RETRIES = 2

/** What may go away by itself. */
const TRANSIENT: ReadonlySet<UploadErrorCode> = new Set([
  'offline',
  'library-incomplete',
  'signer-unreachable',
  'signer-timeout',
  // An answer that was cut off is one that cannot be read.
  'signer-answer-invalid',
  'rate-limited',
  'url-expired',
  'bucket-failed',
  'bucket-unreachable',
  'connection-lost',
  'stalled',
  'corrupted',
])

/** Whether trying again may help. */
export function isTransient({ code, status }: UploadError): boolean {
  if (TRANSIENT.has(code)) return true
  // A request without a readable answer looks like both of these when the line is bad.
  if (code === 'cors-blocked' || code === 'bucket-refused') return status === 0
  return code === 'signer-failed' && status >= 500
}

/**
 * How long to wait before a unit is tried again, in ms; `undefined` when it is time to give up.
 *
 * The pause is drawn at random from a range that doubles ("full jitter"), so that many units, or
 * many browsers, do not come back at the same moment.
 *
 * @param attempt 0 after the first failure
 * @param elapsed ms since that failure
 * @param patience ms after which to give up; `undefined` for something that never worked yet
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function pauseBeforeRetry(
  error: UploadError,
  attempt: number,
  elapsed: number,
  patience: number | undefined,
): number | undefined {
  if (!isTransient(error)) return undefined
  if (patience === undefined ? attempt >= QUICK_RETRIES : elapsed >= patience) return undefined
  // Who asks for more time than there is left gets none.
  if (error.retryAfter > (patience ?? LONGEST_PAUSE) - elapsed) return undefined
  const most = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt)
  return Math.max(error.retryAfter, Math.random() * most)
}

/** Waits until the browser is online, which it mostly is. Tells whether that took any time. */
export async function untilOnline(signal: AbortSignal): Promise<boolean> {
  if (globalThis.navigator?.onLine !== false) return false
  await waitFor<unknown>((resolve) => {
    globalThis.addEventListener('online', resolve)
    return () => globalThis.removeEventListener('online', resolve)
  }, signal)
  return true
}
