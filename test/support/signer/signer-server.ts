import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { SignedResponse, SignerRefusal } from '../../../src/protocol/index.ts'
import { nodeListener } from '../../../src/server/http/node.ts'
import { createSigner, type SignerConfig, s3 } from '../../../src/server/index.ts'
import { CREDENTIALS } from './recompute.ts'
import { watchWire } from './schema.ts'

/** The moment at which the signer's clock stands still. */
export const NOW = new Date('2026-11-24T10:00:00Z')

export const BUCKET = s3({ bucket: 'photos', ...CREDENTIALS })

/** A signer that listens on a port of its own. */
export interface SignerServer {
  url: string
  /** Sends the bare body of a call. */
  send(body: string, init?: RequestInit): Promise<Response>
  /** Sends requests in one call; the answers are in their order. */
  call(requests: object[], init?: RequestInit): Promise<(SignedResponse & SignerRefusal)[]>
  /** Asks for one file to be signed. */
  put(file?: object, rest?: object): Promise<SignedResponse & SignerRefusal>
}

/** Starts a signer, and stops it when the test ends. */
export async function startSigner(
  test: TestContext,
  config: Partial<SignerConfig> = {},
): Promise<SignerServer> {
  const signer = createSigner({ bucket: BUCKET, authorize: 'everybody', now: () => NOW, ...config })
  // Tests ask wrongly on purpose, but no answer may break the schema.
  const server = createServer(nodeListener(watchWire(signer, { asked: false })))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  test.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sign`
  const send = (body: string, init: RequestInit = {}) => {
    const headers = { 'Content-Type': 'application/json', ...init.headers }
    return fetch(url, { method: 'POST', body, ...init, headers })
  }
  const call: SignerServer['call'] = async (requests, init) => {
    const response = await send(JSON.stringify({ version: 1, requests }), init)
    const body = await response.json()
    if (!response.ok) throw Object.assign(new Error(body.error.message), { code: body.error.code })
    return body.responses
  }
  const put: SignerServer['put'] = async (file, rest) => {
    const [response] = await call([putRequest('1', file, rest)])
    if (!response) throw new Error('There is no answer.')
    return response
  }
  return { url, send, call, put }
}

/** A request to sign one file. */
export function putRequest(id: string, file: object = {}, rest: object = {}): object {
  return {
    id,
    op: 'put',
    file: { name: 'cat.jpg', size: 48_211, type: 'image/jpeg', ...file },
    ...rest,
  }
}

/** A body with one request. */
export const ONE_PUT = JSON.stringify({ version: 1, requests: [putRequest('1')] })
