import type { SignedResponse, SignerRequest } from '../../protocol/index.ts'

/** An answer, and how long its URL is valid. */
export interface Signed extends SignedResponse {
  /**
   * How long the URL is valid after it arrived, in ms: by the signer's clock, since that of this computer
   * may be wrong by hours. `undefined` if it is not known.
   */
  lifetime?: number | undefined
  /** The signer's clock, if the answer told it. */
  date?: string | undefined
  /** How far the clock of this computer is behind the signer's, in ms. Negative if it is ahead. */
  clockOffset?: number
  /** When it arrived, by both clocks of the browser, in ms. */
  received: Moment
}

/** A moment: `performance.now()`, which may stand still while a computer sleeps, and `Date.now()`. */
interface Moment {
  steady: number
  wall: number
}

/** The clock of this computer is taken as right up to this difference, in ms: an answer takes a while. */
const CLOCK_TOLERANCE = 30_000

/** The current moment. */
export function currentMoment(): Moment {
  return { steady: performance.now(), wall: Date.now() }
}

/** Whether a URL expires so soon that no new request should use it. */
export function isStale({ lifetime, received }: Signed): boolean {
  if (lifetime === undefined) return false
  return ageOf(received) >= lifetime - Math.min(10_000, lifetime / 10)
}

/** Whether a URL has expired. */
export function isExpired({ lifetime, received }: Signed): boolean {
  return lifetime !== undefined && ageOf(received) >= lifetime
}

/** The longer one of both clocks: one may stand still, the other may be set back. */
function ageOf({ steady, wall }: Moment): number {
  return Math.max(performance.now() - steady, Date.now() - wall)
}

/** The expiry of a link by the clock of this computer; `undefined` for a link that does not expire. */
export function linkExpiry({
  downloadExpiresAt,
  clockOffset = 0,
}: Pick<Signed, 'downloadExpiresAt' | 'clockOffset'>): Date | undefined {
  return downloadExpiresAt ? new Date(Date.parse(downloadExpiresAt) - clockOffset) : undefined
}

/**
 * Adds what only the client knows to an answer.
 *
 * @param date the signer's clock, if the answer told it
 */
export function receive(response: SignedResponse, date: string | undefined): Signed {
  const received = currentMoment()
  const now = Date.parse(date ?? '')
  const difference = now - received.wall
  const isOff = Math.abs(difference) > CLOCK_TOLERANCE
  return {
    ...response,
    lifetime: lifetimeOf(response, Number.isNaN(now) ? received.wall : now),
    ...(isOff ? { clockOffset: difference } : {}),
    date,
    received,
  }
}

/** What is missing in an answer, in one sentence. */
export function findFault(request: SignerRequest, response: SignedResponse): string | undefined {
  const { op } = request
  const { url, downloadUrl, grant, stored, encoding, processing, parts = [] } = response
  const urls = [response, ...parts].flatMap((it) => [it.url, ...(it.lanes?.urls ?? [])])
  if ([downloadUrl, ...urls].some((it) => it !== undefined && !isWebUrl(it))) {
    return 'It has a URL that is not absolute.'
  }
  if (op === 'link' && !downloadUrl && !processing) return 'It has no downloadUrl.'
  if (op === 'create' && !grant) return 'It has no grant.'
  // Else the object would be compressed, and no browser would know.
  if ('file' in request && request.file.encoding !== encoding) {
    return 'It does not say that the file is stored with its encoding.'
  }
  const needsUrl = (op === 'put' && !stored) || op === 'part' || op === 'parts'
  if (needsUrl && !url) return 'It has no url.'
  return undefined
}

/** No longer than the signature says. */
function lifetimeOf({ url, expiresAt }: SignedResponse, now: number): number | undefined {
  const query = url ? new URL(url).searchParams : undefined
  const limits = [
    Date.parse(expiresAt ?? '') - now,
    Number(query?.get('X-Amz-Expires') || Number.NaN) * 1000,
  ].filter((limit) => !Number.isNaN(limit))
  return limits.length > 0 ? Math.min(...limits) : undefined
}

/** Only HTTP and HTTPS: a link must never run a script. */
function isWebUrl(url: string): boolean {
  const { protocol } = URL.canParse(url) ? new URL(url) : { protocol: '' }
  return protocol === 'https:' || protocol === 'http:'
}
