import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type Bucket, presign } from '../../../src/server/index.ts'
import { keysOf } from '../../../src/server/sign/access-keys.ts'

type Request = { id: string; file: { name: string; size: number; type: string } }
type Fault = (response: ServerResponse, requests: Request[]) => unknown

/**
 * A signer that does one thing wrong, which the path of its URL names. `GET /calls` tells how many
 * requests each call carried, and forgets them.
 */
export function faultySigner(bucket: Bucket): RequestListener {
  let calls: number[] = []
  const faults: Record<string, Fault> = {
    slow: () => {},
    html: (response) => send(response, 200, '<!doctype html><title>Sign in</title>', 'text/html'),
    unauthorized: (response) => fail(response, 401, 'unauthorized'),
    forbidden: (response) => fail(response, 403, 'forbidden'),
    'rate-limited': (response) => fail(response, 429, 'rate-limited'),
    'status-500': (response) => send(response, 500, 'oops', 'text/plain'),
    'wrong-json': (response) => json(response, { urls: ['https://bucket.example'] }),
    'wrong-version': (response) => json(response, { version: 2, responses: [] }),
    'wrong-id': (response) => answer(response, [{ id: 'x', url: 'https://bucket.example/x' }]),
    'relative-url': (response, requests) =>
      answer(
        response,
        requests.map(({ id }) => ({ id, url: '/somewhere' })),
      ),
    'script-link': (response, requests) =>
      answer(
        response,
        requests.map(({ id }) => ({
          id,
          url: 'https://bucket.example/x',
          downloadUrl: 'javascript:alert(1)',
        })),
      ),
    refuses: (response, requests) =>
      answer(
        response,
        requests.map(({ id }) => ({ id, error: { code: 'full', message: 'Your album is full.' } })),
      ),
    'one-at-a-time': async (response, [first]) =>
      answer(response, first ? [await put(bucket, first)] : []),
    'other-size': async (response, requests) =>
      answer(
        response,
        await Promise.all(requests.map((it) => put(bucket, it, { size: it.file.size + 1 }))),
      ),
    'other-type': async (response, requests) =>
      answer(
        response,
        await Promise.all(requests.map((it) => put(bucket, it, { sent: 'text/x-other' }))),
      ),
    'wrong-secret': async (response, requests) => {
      const keys = await keysOf(bucket, new Date())
      const credentials = { ...keys, secretAccessKey: 'not-the-secret-key' }
      const wrong = { ...bucket, credentials }
      answer(response, await Promise.all(requests.map((it) => put(wrong, it))))
    },
    expired: async (response, requests) => {
      const now = new Date(Date.now() - 3_600_000)
      answer(response, await Promise.all(requests.map((it) => put(bucket, it, { now }))))
    },
    'unreachable-bucket': (response, requests) =>
      answer(
        response,
        requests.map(({ id }) => ({ id, url: 'http://127.0.0.1:9/bucket/key' })),
      ),
  }
  return async (request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Allow-Headers', 'content-type')
    if (request.method === 'OPTIONS') return response.end()
    const name = (request.url ?? '').slice(1)
    if (name === 'calls') {
      json(response, calls)
      calls = []
      return
    }
    const { requests } = JSON.parse(await read(request))
    calls.push(requests.length)
    await faults[name]?.(response, requests)
  }
}

async function put(
  bucket: Bucket,
  { id, file }: Request,
  { size = file.size, sent = file.type, now = new Date() } = {},
) {
  const type = file.type || 'application/octet-stream'
  const { url, expiresAt } = await presign(bucket, {
    method: 'PUT',
    key: `faulty/${crypto.randomUUID()}`,
    headers: { 'Content-Type': type, 'Content-Length': String(size) },
    expiresIn: 60,
    now,
  })
  return { id, url, expiresAt, headers: { 'Content-Type': sent || type } }
}

function answer(response: ServerResponse, responses: unknown[]): void {
  json(response, { version: 1, responses })
}

function fail(response: ServerResponse, status: number, code: string): void {
  send(response, status, JSON.stringify({ error: { code, message: 'No.' } }), 'application/json')
}

function json(response: ServerResponse, body: unknown): void {
  send(response, 200, JSON.stringify(body), 'application/json')
}

function send(response: ServerResponse, status: number, body: string, type: string): void {
  response.writeHead(status, { 'Content-Type': type }).end(body)
}

async function read(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}
