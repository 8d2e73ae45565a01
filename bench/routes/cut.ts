import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pass } from '../../test/support/servers/pass.ts'
import type { Route, RouteContext } from './route.ts'

/** Which connection breaks, and when. */
export interface CutOptions {
  /** Of the smallest body that is cut. */
  bytes: number
  /** 0 to 1: how much of the body comes before. */
  share: number
  /** Called when that request begins. */
  onStart: () => void
  /** Called at the cut. */
  onCut: () => void
}

/** A way on which one connection breaks. */
export interface CutRoute extends Route {
  /**
   * From now on counts, and cuts the connection of the first PUT that carries this many bytes or more,
   * when so great a share of its body has come.
   */
  arm(options: CutOptions): void
  /** Bytes of bodies that were PUT since then, and in the request that was cut. */
  readonly counts: { sent: number; lost: number }
}

/** No delay and no limit of its own: the browser is slowed down, so that no buffer runs ahead of it. */
export async function openCut({ gateway }: RouteContext): Promise<CutRoute> {
  let counts = { sent: 0, lost: 0 }
  let armed: CutOptions | undefined
  const server = createServer((request, response) => {
    pass(request, response, gateway.endpoint)
    if (request.method !== 'PUT') return
    const length = Number(request.headers['content-length'] ?? 0)
    const mine = armed !== undefined && length >= armed.bytes ? armed : undefined
    let read = 0
    if (mine) armed = undefined
    mine?.onStart()
    request.on('data', (chunk) => {
      counts.sent += chunk.length
      read += chunk.length
      if (mine === undefined || counts.lost > 0 || read < mine.share * length) return
      counts.lost = read
      request.socket.resetAndDestroy()
      mine.onCut()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    beside: gateway.endpoint,
    arm(options) {
      counts = { sent: 0, lost: 0 }
      armed = options
    },
    get counts() {
      return counts
    },
    stop: () => void server.close().closeAllConnections(),
  }
}
