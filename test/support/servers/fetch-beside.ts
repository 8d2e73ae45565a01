import { request } from 'node:http'
import { text } from 'node:stream/consumers'

/**
 * A `fetch` for a signer that stands beside the bucket, as one in the same data center does: its
 * requests go straight to the gateway, and not over the line that the page has to use. They keep the
 * host of that line, which is what their signatures are for.
 *
 * @param gateway for instance `http://127.0.0.1:7480`
 */
export function fetchBeside(
  gateway: string,
): (url: string, init?: RequestInit) => Promise<Response> {
  return (address, { method = 'GET', headers, body } = {}) => {
    const { host, pathname, search } = new URL(address)
    const { hostname, port } = new URL(gateway)
    const sent = { ...Object.fromEntries(new Headers(headers)), host }
    return new Promise((resolve, reject) => {
      const path = `${pathname}${search}`
      const outgoing = request({ hostname, port, method, path, headers: sent }, async (answer) => {
        const { statusCode: status = 502, headers: received } = answer
        const content = await text(answer)
        const empty = method === 'HEAD' || status === 204
        const pairs = Object.entries(received).map(([name, value]) => [name, String(value)])
        resolve(
          new Response(empty ? null : content, { status, headers: pairs as [string, string][] }),
        )
      })
      outgoing.on('error', reject)
      outgoing.end(typeof body === 'string' ? body : undefined)
    })
  }
}
