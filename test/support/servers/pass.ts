import {
  Agent,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  request as send,
} from 'node:http'
import type { Readable, Writable } from 'node:stream'

/** A request of either version of HTTP, as Node.js hands it over. */
export interface Incoming extends Readable {
  method?: string | undefined
  url?: string | undefined
  headers: IncomingHttpHeaders
  complete: boolean
}

/** An answer of either version of HTTP. */
export interface Outgoing extends Writable {
  writeHead(status: number, headers: OutgoingHttpHeaders): unknown
}

const agent = new Agent({ keepAlive: true })

/** Only for one connection, or set by Node.js itself. */
const OF_THE_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding']

/**
 * Passes a request on to a server, with the host that the client named, and the answer back.
 *
 * @param change what to change of the headers of the answer
 */
export function pass(
  request: Incoming,
  response: Outgoing,
  target: string,
  change: (headers: OutgoingHttpHeaders) => OutgoingHttpHeaders = (headers) => headers,
): void {
  const { ':authority': host = request.headers.host, ...sent } = request.headers
  const headers = { ...allButConnection(sent), host: String(host) }
  const { method = 'GET', url = '/' } = request
  const upstream = send(new URL(url, target), { method, headers, agent, setHost: false })
  upstream.on('error', () => response.destroy())
  upstream.on('response', (answer) => {
    const { statusCode = 502 } = answer
    response.writeHead(statusCode, change(allButConnection(answer.headers)))
    answer.pipe(response)
  })
  // What the client did not finish must not be finished for it.
  request.on('close', () => void (request.complete || upstream.destroy()))
  request.on('error', () => upstream.destroy())
  request.pipe(upstream)
}

function allButConnection(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const kept = Object.entries(headers).filter(
    ([name]) => !name.startsWith(':') && !OF_THE_CONNECTION.includes(name),
  )
  return Object.fromEntries(kept)
}
