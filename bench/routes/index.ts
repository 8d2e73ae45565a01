import { startWan } from '../../test/support/faults/wan-proxy.ts'
import { openCut } from './cut.ts'
import { openHttp2 } from './http2.ts'
import { RATE, ROUND_TRIP, type Route, type RouteContext } from './route.ts'
import { openSink } from './sink.ts'

/** The ways to a bucket; each is opened when it is first needed. */
export const ROUTES = {
  near: async ({ gateway: { endpoint } }: RouteContext): Promise<Route> => ({
    endpoint,
    beside: endpoint,
    stop: () => undefined,
  }),
  far: async ({ gateway: { endpoint: target } }: RouteContext): Promise<Route> => {
    const wan = await startWan({ target, roundTrip: ROUND_TRIP, rate: RATE })
    return { endpoint: wan.origin, beside: target, stop: wan.stop }
  },
  http2: (context: RouteContext) => openHttp2(context),
  /** Its signer says nothing of lanes. */
  http2Plain: (context: RouteContext) => openHttp2(context, []),
  cut: openCut,
  sink: openSink,
}

export type RouteName = keyof typeof ROUTES

/** The route of a name, with what it counts. */
export type RouteOf<Name extends RouteName> = Awaited<ReturnType<(typeof ROUTES)[Name]>>
