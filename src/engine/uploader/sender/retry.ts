import { waitFor } from '../../../util/abort.ts'
import type { UploadError, UploadErrorCode } from '../../api/errors.ts'

/** The longest first pause, in ms. It doubles with each attempt. */
const FIRST_PAUSE = 500
const LONGEST_PAUSE = 10_000
/** How often to retry what has never worked: it may be configured wrongly. */
const QUICK_RETRIES = 2

/** What may pass by itself. */
const TRANSIENT: ReadonlySet<UploadErrorCode> = new Set([
  'offline',
  'library-incomplete',
  'signer-unreachable',
  'signer-timeout',
  // A truncated answer cannot be parsed.
  'signer-answer-invalid',
  'rate-limited',
  'url-expired',
  'bucket-failed',
  'bucket-unreachable',
  'connection-lost',
  'stalled',
  'corrupted',
])

/** Whether a retry may help. */
export function isTransient({ code, status }: UploadError): boolean {
  if (TRANSIENT.has(code)) return true
  // A bad connection looks like both of these.
  if (code === 'cors-blocked' || code === 'bucket-refused') return status === 0
  return code === 'signer-failed' && status >= 500
}

/**
 * How long to wait before the next attempt, in ms; `undefined` to give up.
 *
 * The pause is random within a range that doubles ("full jitter"), so that many units, or many
 * browsers, do not retry at the same moment.
 *
 * @param attempt 0 after the first failure
 * @param elapsed ms since that failure
 * @param patience ms after which to give up; `undefined` for what has never worked
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
  // Retry-After is longer than the time that is left.
  if (error.retryAfter > (patience ?? LONGEST_PAUSE) - elapsed) return undefined
  const most = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt)
  return Math.max(error.retryAfter, Math.random() * most)
}

/** Waits until the browser is online. Returns whether it had to wait. */
export async function untilOnline(signal: AbortSignal): Promise<boolean> {
  if (globalThis.navigator?.onLine !== false) return false
  await waitFor<unknown>((resolve) => {
    globalThis.addEventListener('online', resolve)
    return () => globalThis.removeEventListener('online', resolve)
  }, signal)
  return true
}
