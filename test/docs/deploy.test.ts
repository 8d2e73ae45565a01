/** The signers of docs/deploy.md, docs/authentication.md and docs/after-upload.md do what these say. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import express, { type Express, type RequestHandler } from 'express'
import { s3 } from '../../src/server/index.ts'
import { snippetBelow, snippetsBelow } from '../support/docs/snippets.ts'
import { CREDENTIALS, recompute } from '../support/signer/recompute.ts'
import { ONE_PUT } from '../support/signer/signer-server.ts'

/** The entries of the package, as their sources. */
const SOURCES: Record<string, string> = {
  'bucket-upload/server': '../../src/server/index.ts',
  'bucket-upload/server/node': '../../src/server/http/node.ts',
}

const SESSION_TOKEN = 'a session token'

/** What the snippets take from the reader's own code. */
const OWN = {
  authorize: async (request: Request) => {
    const [, user] = /(?:^|; )session=(\w+)/.exec(request.headers.get('Cookie') ?? '') ?? []
    return user && { user, prefix: `users/${user}/` }
  },
  callerOf: async (_request: Request, { NAME }: { NAME: string }) => ({ user: NAME }),
  bucket: s3({ bucket: 'photos', ...CREDENTIALS }),
  db: { files: { upsert: async (row: object) => void rows.push(row) } },
}
const rows: object[] = []

const folder = mkdtempSync(join(tmpdir(), 'deploy-'))
let count = 0

/** Loads a snippet as a module. */
function load(code: string) {
  const path = join(folder, `snippet-${count++}.mjs`)
  const known = code.replace(/(?<=from ')bucket-upload[\w/-]*(?=')/g, (name) =>
    new URL(SOURCES[name] ?? name, import.meta.url).toString(),
  )
  writeFileSync(path, known)
  return import(pathToFileURL(path).href)
}

before(() => Object.assign(globalThis, OWN))
after(() => {
  for (const name of Object.keys(OWN)) Reflect.deleteProperty(globalThis, name)
  rmSync(folder, { recursive: true, force: true })
})

/** @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads */
function functionUrlEvent(method: string, rest: object = {}): object {
  const domainName = 'abc.lambda-url.eu-central-1.on.aws'
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/sign',
    rawQueryString: 'album=7',
    headers: {
      'content-type': 'application/json',
      host: domainName,
      origin: `https://${domainName}`,
      'x-amzn-trace-id': 'Root=1-5e66d96f-7491f09xmpl79d18acf3d050',
      'x-forwarded-for': '192.0.2.1',
      'x-forwarded-proto': 'https',
    },
    queryStringParameters: { album: '7' },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'abc',
      domainName,
      domainPrefix: 'abc',
      http: { method, path: '/sign', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'a' },
      requestId: 'e1506fd5-9e7b-434f-bd42-4f8fa224b599',
      routeKey: '$default',
      stage: '$default',
      time: '24/Nov/2026:10:00:00 +0000',
      timeEpoch: 1_795_514_400_000,
    },
    isBase64Encoded: false,
    ...rest,
  }
}

describe('AWS Lambda', () => {
  let handler: (event: object) => Promise<{ statusCode: number; headers: object; body: string }>
  before(async () => {
    Object.assign(process.env, {
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_SESSION_TOKEN: SESSION_TOKEN,
      SIGNER_SECRET: 'a secret of at least 32 characters',
    })
    ;({ handler } = await load(snippetBelow('docs/deploy.md', '## AWS Lambda', 'js')))
  })

  for (const isBase64Encoded of [false, true]) {
    test(`signs for the user of a cookie, with the role's keys; base64: ${isBase64Encoded}`, async () => {
      const body = isBase64Encoded ? Buffer.from(ONE_PUT).toString('base64') : ONE_PUT
      const cookies = ['theme=dark', 'session=ada']
      const answer = await handler(functionUrlEvent('POST', { body, isBase64Encoded, cookies }))
      assert.equal(answer.statusCode, 200, answer.body)
      assert.match(JSON.stringify(answer.headers), /"content-type":"application\/json"/)
      const [{ key, url, headers }] = JSON.parse(answer.body).responses
      assert.match(key, /^users\/ada\//)
      assert.equal(new URL(url).searchParams.get('X-Amz-Security-Token'), SESSION_TOKEN)
      const signed = { ...headers, 'Content-Length': '48211' }
      const keys = { ...CREDENTIALS, sessionToken: SESSION_TOKEN }
      const put = await recompute(url, {
        ...{ method: 'PUT', region: 'eu-central-1', headers: signed, keys },
      })
      assert.equal(put.actual, put.expected)
    })
  }

  test('refuses a call without a session, and pages of other sites', async () => {
    const { statusCode } = await handler(functionUrlEvent('POST', { body: ONE_PUT }))
    assert.equal(statusCode, 401)
    const other = functionUrlEvent('POST', { body: ONE_PUT, cookies: ['session=ada'] }) as {
      headers: Record<string, string>
    }
    other.headers.origin = 'https://evil.example'
    assert.equal((await handler(other)).statusCode, 403)
  })

  test('answers a preflight', async () => {
    const { statusCode, body } = await handler(functionUrlEvent('OPTIONS'))
    assert.deepEqual([statusCode, body], [204, ''])
  })

  test('takes an event of the bucket, and notes what is there', async (t) => {
    const [confirm = '', lambda = ''] = snippetsBelow(
      'docs/after-upload.md',
      '## Three ways to learn of a file',
      'js',
    )
    const { handler } = await load(`${confirm}\n${lambda}`)
    // The bucket: of two files one is there.
    t.mock.method(globalThis, 'fetch', async (address: string, { method }: RequestInit) => {
      assert.equal(method, 'HEAD')
      const isThere = new URL(address).pathname.endsWith('/users/ada/my%20cat%20%281%29.jpg')
      const headers = { 'Content-Length': '1024' }
      return new Response(null, isThere ? { headers } : { status: 404 })
    })
    const keys = ['users/ada/my+cat+%281%29.jpg', 'users/ada/gone.jpg']
    const Records = keys.map((key) => ({
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      s3: {
        s3SchemaVersion: '1.0',
        bucket: { name: 'photos' },
        object: { key, size: 1024, eTag: 'd41d8cd98f00b204' },
      },
    }))
    await handler({ Records })
    assert.deepEqual(rows.splice(0), [{ key: 'users/ada/my cat (1).jpg', size: 1024 }])
  })
})

test('Cloudflare Workers: the keys are those of the environment', async () => {
  const code = snippetBelow('docs/deploy.md', '## Cloudflare Workers', 'js')
  const { default: worker } = await load(code)
  const headers = { 'Content-Type': 'application/json' }
  const request = new Request('https://app.example/sign', {
    ...{ method: 'POST', body: ONE_PUT, headers },
  })
  const answer = await worker.fetch(request, {
    BUCKET_UPLOAD_BUCKET: 'photos',
    BUCKET_UPLOAD_ENDPOINT: 'https://gateway.storjshare.io',
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    NAME: 'ada',
  })
  const [{ url }] = (await answer.json()).responses
  assert.ok(url.startsWith('https://gateway.storjshare.io/photos/'), url)
})

describe('Express', () => {
  /** Express with the snippet, and what comes before it. */
  async function started(t: { after(run: () => void): void }, ...before: RequestHandler[]) {
    const app = express()
    for (const each of before) app.use(each)
    const requireLogin: RequestHandler = (request, response, next) => {
      const user = request.headers.authorization
      Object.assign(request, { session: { user: { id: user } } })
      if (user) next()
      else response.sendStatus(401)
    }
    await mount({ app, requireLogin })
    const server = createServer(app)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    t.after(() => void server.close().closeAllConnections())
    const { port } = server.address() as AddressInfo
    return (user: string) =>
      fetch(`http://127.0.0.1:${port}/sign`, {
        ...{ method: 'POST', body: ONE_PUT },
        headers: { 'Content-Type': 'application/json', Authorization: user },
      })
  }

  async function mount(own: { app: Express; requireLogin: RequestHandler }) {
    Object.assign(globalThis, own)
    const heading = '## Express, or any middleware that knows the user'
    await load(snippetBelow('docs/authentication.md', heading, 'js'))
    for (const name of Object.keys(own)) Reflect.deleteProperty(globalThis, name)
  }

  for (const [name, before] of Object.entries({ before: [], after: [express.json()] })) {
    test(`the middleware finds the user; ${name} express.json()`, async (t) => {
      const call = await started(t, ...before)
      const users = ['ada', 'grace', 'ada', 'linus']
      const keys = await Promise.all(
        users.map(async (user) => (await (await call(user)).json()).responses[0].key),
      )
      const found = keys.map((key) => /^users\/(\w+)\//.exec(key)?.[1])
      assert.deepEqual(found, users)
      assert.equal((await call('')).status, 401)
    })
  }
})
