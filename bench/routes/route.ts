import type { LaneKind } from '../../src/server/index.ts'
import type { Gateway } from '../../test/support/servers/ceph.ts'
import type { Certificate } from '../../test/support/servers/certificate.ts'

/** A way from the browser to a bucket. */
export interface Route {
  /** What URLs are signed for, for instance `https://localhost:41234`. */
  endpoint: string
  /** Where the signer reaches the bucket without that way. */
  beside: string
  /** What the signer says of it, if a browser may have more than one connection only so. */
  lanes?: readonly LaneKind[]
  stop(): void
}

/** What a route may use. */
export interface RouteContext {
  gateway: Gateway
  certificate: Certificate
}

/** Milliseconds there and back. */
export const ROUND_TRIP = 100
/** Bytes per second and connection. */
export const RATE = 10e6
