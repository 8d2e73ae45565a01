import type { LaneKind } from '../../src/server/index.ts'
import { startWan } from '../../test/support/faults/wan-proxy.ts'
import { startHttp2 } from '../../test/support/servers/http2-front.ts'
import { RATE, ROUND_TRIP, type Route, type RouteContext } from './route.ts'

/**
 * A bucket that speaks HTTP/2, over a WAN. It names the page's origin and allows credentials, as
 * Storj's gateway does, and has a second name: the bucket's own.
 */
export async function openHttp2(
  { gateway, certificate }: RouteContext,
  lanes: readonly LaneKind[] = ['addressing', 'credentials'],
): Promise<Route> {
  const front = await startHttp2({ target: gateway.endpoint, certificate })
  const target = `http://127.0.0.1:${front.port}`
  const wan = await startWan({ target, roundTrip: ROUND_TRIP, rate: RATE })
  return {
    endpoint: wan.origin.replace('http://127.0.0.1', 'https://localhost'),
    beside: gateway.endpoint,
    lanes,
    stop() {
      wan.stop()
      front.stop()
    },
  }
}
