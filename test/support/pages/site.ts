import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { type FetchHandler, nodeListener } from '../../../src/server/http/node.ts'

/** A server on a loopback port of its own. */
export interface Site {
  /** For instance `http://127.0.0.1:41234`. */
  origin: string
  stop(): void
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Serves what the handler answers. */
export async function serve(handler: FetchHandler): Promise<Site> {
  const server = createServer(nodeListener(handler))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: () => void server.close().closeAllConnections(),
  }
}

/** Answers with the files of a folder, as any static host would. */
export function filesIn(folder: string, headers: Record<string, string> = {}): FetchHandler {
  return async (request) => {
    const { pathname } = new URL(request.url)
    const path = join(folder, pathname.endsWith('/') ? `${pathname}index.html` : pathname)
    const body = await readFile(path).catch(() => undefined)
    if (body) {
      const type = TYPES[extname(path)] ?? 'application/octet-stream'
      return new Response(body, { headers: { 'Content-Type': type, ...headers } })
    }
    return pathname === '/favicon.ico' ? noIcon() : new Response('Not found', { status: 404 })
  }
}

/** For a page that names no icon: browsers ask for one anyway, and a 404 would be an error to them. */
export function noIcon(): Response {
  return new Response(null, { status: 204 })
}
