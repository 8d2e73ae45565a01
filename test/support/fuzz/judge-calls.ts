/** Which status a call must be answered with, from what was sent. */
import type { Site } from './site.ts'

/** A call, as it is sent. */
export interface SentCall {
  method: string
  headers: Readonly<Record<string, string>>
  body: string
}

/** One request of a call, as it was sent. */
export type Asked = Readonly<Record<string, unknown>>

/** Most bytes of a body. */
export const BODY_LIMIT = 1_000_000

/**
 * The status by which a signer has to answer.
 *
 * @param requests of the call, if it has any that are to be answered
 */
export function expectedStatus(
  { facts }: Site,
  { method, headers, body }: SentCall,
  requests: readonly Asked[] | undefined,
): number {
  const { Origin: origin, user } = headers
  if (origin !== undefined && origin !== 'http://signer.test') return 403
  if (method === 'OPTIONS') return 204
  if (method !== 'POST') return 405
  if (!facts.isOpen) {
    if (user === undefined) return 401
    if (user === 'banned') return 403
    if (user === 'thrower') return 500
  }
  if (!/^application\/json\b/.test(headers['Content-Type'] ?? '')) return 415
  if (Buffer.byteLength(body) > BODY_LIMIT) return 413
  if (requests === undefined) return 400
  return requests.length > facts.mostRequests ? 429 : 200
}

/** The requests in a body; `undefined` where it is no call of this protocol. */
export function requestsOf(body: string): readonly Asked[] | undefined {
  const message = parse(body)
  if (!isRecord(message) || message.version !== 1) return undefined
  const { requests } = message
  if (!Array.isArray(requests) || requests.length > 1000) return undefined
  if (!requests.every((each) => isRecord(each) && isShort(each.id) && isShort(each.op))) {
    return undefined
  }
  const ids = new Set(requests.map(({ id }) => id))
  return ids.size === requests.length ? requests : undefined
}

function parse(body: string): unknown {
  try {
    // A byte order mark is no part of a text.
    return JSON.parse(body.replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isShort(text: unknown): boolean {
  return typeof text === 'string' && [...text].length <= 128
}
