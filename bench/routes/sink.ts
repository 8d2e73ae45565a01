import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startWan, type Wan } from '../../test/support/faults/wan-proxy.ts'
import { ROUND_TRIP, type Route } from './route.ts'

/** Bytes per second and connection. */
export const SINK_RATE = 20e6

/** A way to a bucket that reads, and keeps nothing. */
export interface SinkRoute extends Route {
  /** Forgets what it counted. */
  reset(): void
  /** The most multipart uploads that were open at a time. */
  readonly mostOpen: number
  /** The longest time in which the line carried nothing, in ms. */
  readonly longestIdle: number
}

interface Part {
  size: number
  etag: string
}

/** Enough of S3 for an upload of zeros, over a WAN: for more bytes than a machine has room for. */
export async function openSink(): Promise<SinkRoute> {
  const sink = new Sink()
  const server = createServer((request, response) => void sink.answer(request, response))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const target = `http://127.0.0.1:${port}`
  const wan: Wan = await startWan({ target, roundTrip: ROUND_TRIP, rate: SINK_RATE })
  return {
    endpoint: wan.origin,
    beside: target,
    reset() {
      sink.mostOpen = sink.uploads.size
      wan.resetIdle()
    },
    get mostOpen() {
      return sink.mostOpen
    },
    get longestIdle() {
      return wan.longestIdle
    },
    stop() {
      wan.stop()
      server.close().closeAllConnections()
    },
  }
}

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': '*',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Expose-Headers': 'ETag',
  'Access-Control-Max-Age': '3000',
}

class Sink {
  readonly uploads = new Map<string, Map<number, Part>>()
  mostOpen = 0
  /** Sizes by path. */
  readonly #objects = new Map<string, number>()

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://sink')
    const body = await read(request).catch(() => undefined)
    if (body === undefined) return
    const reply = (status: number, headers: Record<string, string | number>, text = '') =>
      response.writeHead(status, { ...CORS, ...headers }).end(text)
    const xml = (name: string, content: string) =>
      reply(200, { 'Content-Type': 'application/xml' }, `<${name}>${content}</${name}>`)

    if (request.method === 'OPTIONS') return void reply(204, {})
    if (request.method === 'HEAD') return void this.#head(pathname, reply)
    if (query.has('uploads')) {
      return void xml('InitiateMultipartUploadResult', `<UploadId>${this.#begin()}</UploadId>`)
    }
    const id = query.get('uploadId')
    const ETag = `"${body.etag}"`
    if (id === null) {
      this.#objects.set(pathname, body.size)
      return void reply(200, { ETag })
    }
    const parts = this.uploads.get(id)
    if (parts === undefined) return void reply(404, {}, '<Error><Code>NoSuchUpload</Code></Error>')
    if (request.method === 'PUT') {
      parts.set(Number(query.get('partNumber')), body)
      return void reply(200, { ETag })
    }
    if (request.method === 'GET') return void xml('ListPartsResult', listed(parts))
    this.uploads.delete(id)
    if (request.method === 'DELETE') return void reply(204, {})
    const size = [...parts.values()].reduce((sum, part) => sum + part.size, 0)
    this.#objects.set(pathname, size)
    xml('CompleteMultipartUploadResult', '<ETag>"0-1"</ETag>')
  }

  #begin(): string {
    const id = randomUUID()
    this.uploads.set(id, new Map())
    this.mostOpen = Math.max(this.mostOpen, this.uploads.size)
    return id
  }

  #head(
    path: string,
    reply: (status: number, headers: Record<string, string | number>) => void,
  ): void {
    const size = this.#objects.get(path)
    if (size === undefined) reply(404, {})
    else reply(200, { 'Content-Length': size, ETag: '"0-1"' })
  }
}

async function read(request: IncomingMessage): Promise<Part> {
  let size = 0
  for await (const chunk of request) size += chunk.length
  return { size, etag: etagOf(size) }
}

const etags = new Map<number, string>()

/** The MD5 of so many zeros: the bench sends nothing else here, and hashing all of it takes a core. */
function etagOf(size: number): string {
  const etag = etags.get(size) ?? createHash('md5').update(Buffer.alloc(size)).digest('hex')
  etags.set(size, etag)
  return etag
}

function listed(parts: Map<number, Part>): string {
  const items = [...parts].sort(([one], [other]) => one - other)
  const xml = items.map(
    ([number, { size, etag }]) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>"${etag}"</ETag><Size>${size}</Size></Part>`,
  )
  return `<IsTruncated>false</IsTruncated>${xml.join('')}`
}
