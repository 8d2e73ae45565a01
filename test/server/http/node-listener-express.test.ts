import assert from 'node:assert/strict'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import express, { type Express } from 'express'
import { nodeListener } from '../../../src/server/http/node.ts'

const BODY = '{"version":1,"name":"é"}'

/** Mounts a listener that tells what it was given, at `/api/sign`. */
const echo = nodeListener(async (request) => Response.json([request.url, await request.text()]))

async function call(test: TestContext, mount: (app: Express) => void): Promise<Response> {
  const app = express()
  mount(app)
  const server = await new Promise<Server>((resolve) => {
    const started: Server = app.listen(0, '127.0.0.1', () => resolve(started))
  })
  test.after(() => void server.close().closeAllConnections())
  const { port } = server.address() as AddressInfo
  return fetch(`http://127.0.0.1:${port}/api/sign?a=b`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: BODY,
  })
}

const mounts: Record<string, (app: Express) => void> = {
  'on a path': (app) => app.all('/api/sign', echo),
  'with use, which strips the path': (app) => app.use('/api/sign', echo),
  'in a router, which strips its own path': (app) => {
    const router = express.Router()
    router.all('/sign', echo)
    app.use('/api', router)
  },
  'after express.json()': (app) => {
    app.use(express.json())
    app.all('/api/sign', echo)
  },
  'after express.json(), in a router': (app) => {
    const router = express.Router()
    router.all('/sign', echo)
    app.use(express.json())
    app.use('/api', router)
  },
  'after express.text()': (app) => {
    app.use(express.text({ type: '*/*' }))
    app.all('/api/sign', echo)
  },
  'after express.raw()': (app) => {
    app.use(express.raw({ type: '*/*' }))
    app.all('/api/sign', echo)
  },
}

describe('nodeListener in Express', () => {
  for (const [where, mount] of Object.entries(mounts)) {
    it(`has path and body ${where}`, async (test) => {
      const [url, body] = await (await call(test, mount)).json()
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/api\/sign\?a=b$/)
      assert.equal(body, BODY)
    })
  }
})
