import type { Origins } from '../api/options.ts'

/** What the signer thinks of a request's origin. */
export interface OriginVerdict {
  /** Whether the request may go on. */
  allowed: boolean
  /** Headers for the answer, so that a page of that origin can read it. */
  headers: Record<string, string>
}

// Browsers cap it on their own: Firefox at a day, Chromium at two hours.
const PREFLIGHT_SECONDS = 7200

/**
 * Turns the `origins` option into a function.
 *
 * @throws {Error} when a listed origin is not one
 */
export function readOrigins(origins: Origins): (origin: string) => boolean {
  if (typeof origins === 'function') return origins
  if (origins === '*') return ALL
  const listed = new Set(origins.map(readOrigin))
  return (origin) => listed.has(origin)
}

const ALL = () => true

/**
 * Judges where a request comes from.
 *
 * Requests without an `Origin` header don't come from another site's page: browsers add it to every
 * POST. A page of the signer's own host is allowed by host, since a signer behind a proxy cannot see
 * whether the page was loaded by https. It needs no headers for that, and gets none: so a page by
 * plain http on the same host, which is another origin, still cannot use the signer.
 *
 * @see https://fetch.spec.whatwg.org/#origin-header
 */
export function judgeOrigin(
  request: Request,
  allowsOrigin: (origin: string) => boolean,
): OriginVerdict {
  const origin = request.headers.get('Origin')
  if (origin === null) return { allowed: true, headers: {} }
  if (!allowsOrigin(origin)) return { allowed: isSameHost(origin, request.url), headers: {} }
  const headers: Record<string, string> = {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': 'Retry-After',
  }
  // With every origin allowed, a page anywhere could otherwise act with the visitor's cookies.
  if (allowsOrigin !== ALL) headers['Access-Control-Allow-Credentials'] = 'true'
  return { allowed: true, headers }
}

/**
 * Headers that answer a preflight. The requested headers are all allowed: a page may need any of its
 * own, such as a CSRF token, and its origin has been checked.
 */
export function preflightHeaders(request: Request): Record<string, string> {
  const requested = request.headers.get('Access-Control-Request-Headers')
  return {
    Allow: 'POST, OPTIONS',
    'Access-Control-Allow-Methods': 'POST',
    ...(requested ? { 'Access-Control-Allow-Headers': requested } : {}),
    'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
  }
}

function isSameHost(origin: string, url: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === new URL(url).host
}

function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && url.href === `${url.origin}/`) return url.origin
  throw new Error(`"origins" has "${text}", which is not an origin such as "https://example.com".`)
}
