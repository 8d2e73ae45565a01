import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A form that came. */
export interface SentForm {
  /** When its first byte came, in ms. */
  began: number
  /** SHA-256 of its body, once that is whole. */
  sha256?: string
}

/** A bucket of another origin than the page: it keeps PUTs waiting, and takes forms. */
export interface Bucket {
  origin: string
  /** How many PUTs have begun. None ends. */
  readonly puts: number
  readonly forms: readonly SentForm[]
  stop(): void
}

/** Starts it on the loopback. */
export async function startBucket(): Promise<Bucket> {
  const forms: SentForm[] = []
  let puts = 0
  const take = (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Allow-Methods', 'PUT')
    response.setHeader('Access-Control-Allow-Headers', 'content-type')
    if (request.method === 'OPTIONS') return void response.end()
    if (request.method === 'PUT') {
      // Its body is not read, so that it stays on its way.
      puts++
      return
    }
    const form: SentForm = { began: Date.now() }
    forms.push(form)
    const hash = createHash('sha256')
    request.on('data', (chunk: Buffer) => hash.update(chunk))
    request.on('error', () => {})
    request.on('end', () => {
      form.sha256 = hash.digest('hex')
      response.writeHead(204).end()
    })
  }
  const server = createServer(take)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get puts() {
      return puts
    },
    forms,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}
