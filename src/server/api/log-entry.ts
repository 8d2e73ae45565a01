/** What `log` is told. Types only. */
import type { ParsedRequest } from '../../protocol/index.ts'

/** One call of the signer. Has no URL, no query string, no grant, and no header except the origin. */
export interface LogEntry {
  /** When it came, as an ISO 8601 date. */
  time: string
  /** Milliseconds until it was answered. */
  duration: number
  /** HTTP status. */
  status: number
  /** Why the whole call was refused. */
  code?: string
  /** The user, if `authorize` named one. */
  user?: string
  /** Origin of the page. */
  origin?: string
  /** What it asked for, in its order. */
  requests: LoggedRequest[]
}

/** One request in a call. */
export interface LoggedRequest {
  /** `unknown` for an operation that does not exist, `malformed` for a request that cannot be read. */
  op: ParsedRequest['op']
  /** The route that the page named. */
  route?: string
  /** Object key, if the answer names one. */
  key?: string
  /** Size of the file or part in bytes, as the client says. */
  size?: number
  /** Why it was refused. */
  code?: string
}
