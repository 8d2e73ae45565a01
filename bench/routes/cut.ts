import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pass } from './pass.ts'
import type { Route, RouteContext } from './route.ts'

/** A way on which one connection breaks. */
export interface CutRoute extends Route {
  /**
   * From now on counts, and cuts the connection of the first PUT that carries this many bytes or more,
   * when so great a share of its body has come.
   *
   * @returns resolves at the cut
   */
  arm(bytes: number, share: number): Promise<void>
  /** Bytes of bodies that were PUT since then, and in the request that was cut. */
  readonly counts: { sent: number; lost: number }
}

/** No delay and no limit of its own: the browser is slowed down, so that no buffer runs ahead of it. */
export async function openCut({ gateway }: RouteContext): Promise<CutRoute> {
  let counts = { sent: 0, lost: 0 }
  let armed: { bytes: number; share: number; cut: () => void } | undefined
  const server = createServer((request, response) => {
    pass(request, response, gateway.endpoint)
    if (request.method !== 'PUT') return
    const length = Number(request.headers['content-length'] ?? 0)
    const mine = armed !== undefined && length >= armed.bytes ? armed : undefined
    let read = 0
    if (mine) armed = undefined
    request.on('data', (chunk) => {
      counts.sent += chunk.length
      read += chunk.length
      if (mine === undefined || counts.lost > 0 || read < mine.share * length) return
      counts.lost = read
      request.socket.resetAndDestroy()
      mine.cut()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    beside: gateway.endpoint,
    arm(bytes, share) {
      counts = { sent: 0, lost: 0 }
      return new Promise((cut) => {
        armed = { bytes, share, cut }
      })
    },
    get counts() {
      return counts
    },
    stop: () => void server.close().closeAllConnections(),
  }
}
