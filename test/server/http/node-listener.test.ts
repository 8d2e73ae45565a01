import assert from 'node:assert/strict'
import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { type FetchHandler, nodeListener } from '../../../src/server/http/node.ts'

type Listener = (request: IncomingMessage, response: ServerResponse) => void

async function listen(
  test: TestContext,
  listener: Listener,
): Promise<{ port: number; server: Server }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  test.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, server }
}

const serve = async (test: TestContext, handler: FetchHandler) =>
  (await listen(test, nodeListener(handler))).port

/** Sends raw text over one connection and returns all that comes back. */
function speak(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let heard = ''
    socket.on('data', (chunk) => {
      heard += chunk
    })
    socket.on('close', () => resolve(heard))
    socket.on('error', reject)
  })
}

const tellUrl: FetchHandler = (request) => new Response(request.url)

describe('nodeListener', () => {
  it('refuses a method of which there is no Request', async (test) => {
    const port = await serve(test, tellUrl)
    const heard = await speak(
      port,
      'TRACE / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n',
    )
    assert.match(heard, /^HTTP\/1\.1 405 /)
    assert.match(heard, /^Allow: POST, OPTIONS\r$/im)
    assert.match(heard, /"bad-request"/)
  })

  it('gives the handler method, URL, headers and body', async (test) => {
    const port = await serve(test, async (request) =>
      Response.json([
        request.method,
        request.url,
        request.headers.get('X-A'),
        await request.text(),
      ]),
    )
    const url = `http://127.0.0.1:${port}/a%20b?c=d`
    const response = await fetch(url, { method: 'POST', body: 'é', headers: { 'X-A': '1' } })
    assert.deepEqual(await response.json(), ['POST', url, '1', 'é'])
  })

  it('gives back status, headers, cookies and body', async (test) => {
    const port = await serve(test, () => {
      const headers: [string, string][] = [
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
        ['X-A', '1'],
      ]
      return new Response('done', { status: 201, headers })
    })
    const response = await fetch(`http://127.0.0.1:${port}/`)
    assert.equal(response.status, 201)
    assert.deepEqual(response.headers.getSetCookie(), ['a=1', 'b=2'])
    assert.equal(response.headers.get('X-A'), '1')
    assert.equal(await response.text(), 'done')
  })

  it('takes the host from the Host header', async (test) => {
    const port = await serve(test, tellUrl)
    const heard = await speak(
      port,
      'GET /a HTTP/1.1\r\nHost: site.example:81\r\nConnection: close\r\n\r\n',
    )
    assert.match(heard, /http:\/\/site\.example:81\/a/)
  })

  it('lets no path replace the host', async (test) => {
    const port = await serve(test, tellUrl)
    const heard = await speak(
      port,
      'GET //evil.test/a HTTP/1.1\r\nHost: site.example\r\nConnection: close\r\n\r\n',
    )
    assert.match(heard, /http:\/\/site\.example\/\/evil\.test\/a/)
  })

  it('refuses a Host header or a path that is none', async (test) => {
    const port = await serve(test, tellUrl)
    for (const [host, path] of [
      ['a@evil.test', '/'],
      ['a/b', '/'],
      ['a:b', '/'],
      ['site.example', 'http://evil.test/'],
    ]) {
      const heard = await speak(
        port,
        `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      )
      assert.match(heard, /^HTTP\/1\.1 400 .*"code":"bad-request"/s)
    }
  })

  it('takes the path that Express was asked for, not what is left of it', async (test) => {
    const adapted = nodeListener(tellUrl)
    const { port } = await listen(test, (request, response) => {
      adapted(Object.assign(request, { originalUrl: request.url, url: '/' }), response)
    })
    const response = await fetch(`http://127.0.0.1:${port}/api/sign`)
    assert.match(await response.text(), /\/api\/sign$/)
  })

  it('reads the body from a body parser that was faster', async (test) => {
    const adapted = nodeListener(async (request) =>
      Response.json([request.headers.get('Content-Length'), await request.text()]),
    )
    const { port } = await listen(test, async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const body = JSON.parse(Buffer.concat(chunks).toString())
      adapted(Object.assign(request, { body }), response)
    })
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      body: '{ "a": 1 }',
    })
    assert.deepEqual(await response.json(), [null, '{"a":1}'])
  })

  it('says so when somebody has read the body, and kept it', async (test) => {
    const adapted = nodeListener(async (request) => new Response(await request.text()))
    const { port } = await listen(test, async (request, response) => {
      for await (const _ of request);
      adapted(request, response)
    })
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' })
    assert.equal(response.status, 500)
    assert.match((await response.json()).error.message, /^The body was read before nodeListener/)
  })

  it('says so when somebody has read the start of the body', async (test) => {
    const adapted = nodeListener(async (request) => new Response(await request.text()))
    const { port } = await listen(test, (request, response) => {
      request.once('data', () => adapted(request, response))
    })
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' })
    assert.match((await response.json()).error.message, /^The body was read before nodeListener/)
  })

  it('takes an empty body whose end somebody has waited for', async (test) => {
    const adapted = nodeListener(async (request) => new Response(`"${await request.text()}"`))
    const { port } = await listen(test, async (request, response) => {
      for await (const _ of request);
      adapted(request, response)
    })
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST' })
    assert.equal(await response.text(), '""')
  })

  const listeners: Record<string, (request: IncomingMessage) => void> = {
    'listens to it too': (request) => void request.on('data', () => {}),
    'has let it run off': (request) => void request.resume(),
    'has asked for text': (request) => void request.setEncoding('utf8'),
  }
  for (const [what, listener] of Object.entries(listeners)) {
    it(`gets all of a body if somebody ${what}`, async (test) => {
      const adapted = nodeListener(async (request) => {
        // As long as a look into a database: what flows has gone by then.
        await new Promise((resolve) => setTimeout(resolve, 20))
        return new Response(await request.text())
      })
      const { port } = await listen(test, (request, response) => {
        listener(request)
        adapted(request, response)
      })
      const body = 'é'.repeat(100_000)
      const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })
      assert.equal(await response.text(), body)
    })
  }

  it('answers 500 without details when the handler throws', async (test) => {
    const port = await serve(test, () => {
      throw new Error('password')
    })
    const response = await fetch(`http://127.0.0.1:${port}/`)
    assert.equal(response.status, 500)
    const message = 'The server failed. Try again later.'
    assert.deepEqual(await response.json(), { error: { code: 'internal-error', message } })
  })

  it('reads no more of a body than the handler asks for', async (test) => {
    let arrived = 0
    let socket = { bytesRead: 0 }
    const adapted = nodeListener(async (request) => {
      const reader = request.body?.getReader()
      await reader?.read()
      await new Promise((resolve) => setTimeout(resolve, 100))
      arrived = socket.bytesRead
      await reader?.cancel()
      return new Response('enough')
    })
    const { port } = await listen(test, (request, response) => {
      socket = request.socket
      adapted(request, response)
    })
    const body = new Uint8Array(30_000_000)
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })
    assert.equal(await response.text(), 'enough')
    assert.ok(arrived > 0 && arrived < 1_000_000, `${arrived} bytes`)
  })

  it('reads nothing before the handler asks', async (test) => {
    let flowing: boolean | null | undefined
    const { port } = await listen(test, (request, response) => {
      nodeListener(async () => {
        await new Promise((resolve) => setTimeout(resolve, 20))
        flowing = request.readableFlowing
        return new Response('done')
      })(request, response)
    })
    await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'unread' })
    assert.equal(flowing, null)
  })

  it('drops what arrives after the handler gave up', async (test) => {
    let giveUp = () => {}
    const gaveUp = new Promise<void>((resolve) => {
      giveUp = resolve
    })
    const port = await serve(test, async (request) => {
      const reader = request.body?.getReader()
      const pending = reader?.read()
      await reader?.cancel()
      giveUp()
      const { done } = (await pending) ?? {}
      await new Promise((resolve) => setTimeout(resolve, 150))
      return new Response(`done: ${done}`)
    })
    const client = request({ port, method: 'POST', headers: { 'Content-Length': 4 } })
    client.flushHeaders()
    await gaveUp
    client.end('late')
    const [response] = await once(client, 'response')
    assert.equal(String((await response.toArray()).join('')), 'done: true')
  })

  it('leaves the connection usable, whatever part of the body was read', async (test) => {
    const parts: FetchHandler[] = [
      () => new Response('none'),
      async (request) => new Response(`${(await request.body?.getReader().read())?.done}`),
      async (request) => new Response(await request.text()),
    ]
    for (const part of parts) {
      const port = await serve(test, part)
      const body = 'x'.repeat(300_000)
      const one = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n`
      const heard = await speak(port, `${one}\r\n${body}${one}Connection: close\r\n\r\n${body}`)
      assert.equal(heard.match(/HTTP\/1\.1 200/g)?.length, 2)
    }
  })

  it('tells the handler when the client goes away', async (test) => {
    const events: string[] = []
    let done = () => {}
    const finished = new Promise<void>((resolve) => {
      done = resolve
    })
    let begin = () => {}
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    const port = await serve(test, async (request) => {
      request.signal.addEventListener('abort', () => events.push('abort'))
      begin()
      await request.text().catch(() => events.push('no body'))
      done()
      return new Response('too late')
    })
    const client = request({ port, method: 'POST', headers: { 'Content-Length': 100 } })
    client.on('error', () => {})
    client.write('half')
    await begun
    client.destroy()
    await finished
    assert.deepEqual(events.sort(), ['abort', 'no body'])
  })

  it('does not let the handler wait for a client that went before it was called', async (test) => {
    let tell = (_: [boolean, string]) => {}
    const seen = new Promise<[boolean, string]>((resolve) => {
      tell = resolve
    })
    const adapted = nodeListener(async (request) => {
      const { aborted } = request.signal
      tell([aborted, await request.text().catch(() => 'no body')])
      return new Response('too late')
    })
    const { port } = await listen(test, (request, response) => {
      response.on('close', () => setImmediate(() => adapted(request, response)))
      client.destroy()
    })
    const client = request({ port, method: 'POST', headers: { 'Content-Length': 100 } })
    client.on('error', () => {})
    client.write('half')
    assert.deepEqual(await seen, [true, 'no body'])
  })

  it('does not tell the handler to stop after an answer that arrived', async (test) => {
    let signal: AbortSignal | undefined
    const port = await serve(test, (request) => {
      signal = request.signal
      return new Response('done')
    })
    await (await fetch(`http://127.0.0.1:${port}/`)).text()
    await (await fetch(`http://127.0.0.1:${port}/`)).text()
    assert.equal(signal?.aborted, false)
  })
})
