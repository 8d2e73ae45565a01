import { once } from 'node:events'
import { createSecureServer, type Http2ServerRequest, type Http2Session } from 'node:http2'
import { type AddressInfo, createServer } from 'node:net'
import type { Certificate } from './certificate.ts'
import { type Outgoing, pass } from './pass.ts'

/** What an HTTP/2 server in front of a gateway is like. */
export interface Http2Options {
  /** The gateway behind it. */
  target: string
  certificate: Certificate
  /** Bytes in flight that it takes on each connection: 1 MiB by default, as Go does. */
  window?: number
  /** Whether it allows requests with credentials, as Storj's gateway does. True by default. */
  allowsCredentials?: boolean
  /** Sees each request first; true if it has answered it. */
  intercept?: (request: Http2ServerRequest, response: Outgoing) => boolean
}

/** An HTTP/2 server that the caller has to stop. */
export interface Http2Front {
  /** On 127.0.0.1 and on the second address. */
  port: number
  /** The requests so far, each with its host and the number of its connection. */
  readonly requests: { method: string; host: string; connection: number }[]
  stop(): void
}

/** A browser joins two names of one certificate where they have the same address, too. */
export const SECOND_ADDRESS = '127.0.0.2'

/** Speaks HTTP/2 in front of a gateway. It names the page's origin in its answers. */
export async function startHttp2(options: Http2Options): Promise<Http2Front> {
  const { target, certificate, window = 2 ** 20, allowsCredentials = true, intercept } = options
  const { key, cert } = certificate
  const sessions = new Map<Http2Session, number>()
  const requests: Http2Front['requests'] = []
  let connections = 0
  const server = createSecureServer(
    { key, cert, settings: { initialWindowSize: window }, allowHTTP1: true },
    (request, response) => {
      // Those of HTTP/1.1 have neither stream nor authority.
      const { stream, authority: host = '' } = request as Partial<Http2ServerRequest>
      const connection = sessions.get(stream?.session as Http2Session) ?? 0
      requests.push({ method: request.method, host, connection })
      if (intercept?.(request, response)) return
      const { origin } = request.headers
      pass(request, response, target, (headers) => ({
        ...headers,
        ...(origin && { 'access-control-allow-origin': origin, vary: 'Origin' }),
        ...(origin && allowsCredentials && { 'access-control-allow-credentials': 'true' }),
      }))
    },
  )
  server.on('session', (session) => {
    session.setLocalWindowSize(window)
    sessions.set(session, ++connections)
    session.once('close', () => sessions.delete(session))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const second = createServer((socket) => void server.emit('connection', socket))
  await once(second.listen(port, SECOND_ADDRESS), 'listening')
  return {
    port,
    requests,
    stop() {
      for (const session of sessions.keys()) session.destroy()
      server.close()
      second.close()
    },
  }
}
