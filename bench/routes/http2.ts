import { once } from 'node:events'
import { createSecureServer, type Http2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { startWan } from '../../test/support/faults/wan-proxy.ts'
import { pass } from './pass.ts'
import { RATE, ROUND_TRIP, type Route, type RouteContext } from './route.ts'

/** Bytes in flight that the server takes on each connection: as Go does unless told otherwise. */
const WINDOW = 2 ** 20

/**
 * A bucket that speaks HTTP/2, over a WAN. It names the page's origin and allows credentials, as
 * Storj's gateway does, and has a second name: the bucket's own.
 */
export async function openHttp2({ gateway, certificate }: RouteContext): Promise<Route> {
  const { key, cert } = certificate
  const sessions = new Set<Http2Session>()
  const server = createSecureServer(
    { key, cert, settings: { initialWindowSize: WINDOW } },
    (request, response) => {
      const { origin } = request.headers
      pass(request, response, gateway.endpoint, (headers) => ({
        ...headers,
        ...(origin && {
          'access-control-allow-origin': origin,
          'access-control-allow-credentials': 'true',
          vary: 'Origin',
        }),
      }))
    },
  )
  server.on('session', (session) => {
    session.setLocalWindowSize(WINDOW)
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const target = `http://127.0.0.1:${port}`
  const wan = await startWan({ target, roundTrip: ROUND_TRIP, rate: RATE })
  return {
    endpoint: wan.origin.replace('http://127.0.0.1', 'https://localhost'),
    beside: gateway.endpoint,
    stop() {
      wan.stop()
      for (const session of sessions) session.destroy()
      server.close()
    },
  }
}
