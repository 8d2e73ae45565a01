import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { Miniflare } from 'miniflare'
import { parseSignerResponse } from '../../src/protocol/index.ts'
import { nodeListener } from '../../src/server/node.ts'
import { bundleFile } from '../support/bundled.ts'
import { bucketUpload } from '../support/command.ts'
import { JAVASCRIPT, OTHER_LANGUAGES } from '../support/example-commands.ts'
import {
  type ExampleSigner,
  exampleFolder,
  settingsOf,
  startExample,
} from '../support/example-signer.ts'
import { bucketName, cephGateway } from '../support/gateways.ts'
import { createBucket, deleteBucket } from '../support/s3-admin.ts'
import { CREDENTIALS, recompute } from './recompute.ts'
import { ONE_PUT, putRequest } from './signer-server.ts'

const ORIGIN = 'https://app.example'

for (const [example, command] of Object.entries(OTHER_LANGUAGES)) {
  describe(`the example signer ${example}`, () => {
    let url = ''
    let stop = () => {}

    before(async () => {
      const endpoint = 'https://gateway.storjshare.io'
      const bucket = { bucket: 'photos', endpoint, region: 'us-east-1', ...CREDENTIALS }
      const signer = await startExample(example, command(), settingsOf(bucket, ORIGIN))
      ;({ url, stop } = signer)
    })
    after(() => stop())

    const send = (body: string, headers: Record<string, string> = {}) =>
      fetch(url, {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/json', ...headers },
      })

    it('signs a PUT with size and type, and a GET, as the AWS SDK does', async () => {
      const body = await (await send(ONE_PUT)).json()
      assert.deepEqual(parseSignerResponse(body), body)
      const [{ key, url = '', headers, downloadUrl = '' }] = body.responses
      assert.match(key, /^[0-9a-f]{32}\/cat\.jpg$/)
      assert.ok(url.startsWith(`https://gateway.storjshare.io/photos/${key}?`))
      assert.deepEqual(headers, { 'Content-Type': 'image/jpeg' })
      assert.equal(
        new URL(url).searchParams.get('X-Amz-SignedHeaders'),
        'content-length;content-type;host',
      )
      const signed = { ...headers, 'Content-Length': '48211' }
      const put = await recompute(url, { method: 'PUT', region: 'us-east-1', headers: signed })
      assert.equal(put.actual, put.expected)
      const get = await recompute(downloadUrl, { method: 'GET', region: 'us-east-1' })
      assert.equal(get.actual, get.expected)
    })

    it('keeps hostile names out of the key', async () => {
      const names = ['../../etc/passwd', '😀', 'a"b\r\nc', 'x'.repeat(300)]
      const requests = names.map((name, index) => putRequest(`${index}`, { name }))
      const { responses } = await (await send(JSON.stringify({ version: 1, requests }))).json()
      for (const { key } of responses) assert.match(key, /^[0-9a-f]{32}\/\w[\w.-]{0,99}$/)
    })

    it('answers unsupported-op, and refuses what is not a call', async () => {
      const file = { name: 'a.txt', size: 1, type: 'text/plain' }
      const ops = ['create', 'part', 'parts', 'complete', 'abort', 'link', 'other']
      const requests = ops.map((op) => ({ id: op, op, grant: 'a', file, partNumber: 1 }))
      const { responses } = await (await send(JSON.stringify({ version: 1, requests }))).json()
      const refused = responses.map(({ id, error }: { id: string; error: { code: string } }) => [
        id,
        error.code,
      ])
      assert.deepEqual(
        refused,
        ops.map((op) => [op, 'unsupported-op']),
      )
      const status = async (...call: Parameters<typeof send>) => (await send(...call)).status
      assert.equal(await status('not JSON'), 400)
      assert.equal(await status('[]'), 400)
      assert.equal(await status('{"version":2,"requests":[]}'), 400)
      assert.equal(await status(ONE_PUT, { 'Content-Type': 'text/plain' }), 415)
    })

    it('answers a preflight from the page of its environment only', async () => {
      const ask = async (Origin: string) => {
        const { headers } = await fetch(url, { method: 'OPTIONS', headers: { Origin } })
        return headers.get('Access-Control-Allow-Origin')
      }
      assert.equal(await ask(ORIGIN), ORIGIN)
      assert.equal(await ask('https://evil.test'), null)
    })
  })
}

describe('our signer, run as the examples run it', () => {
  let settings: Record<string, string> = {}
  const stops: (() => unknown)[] = []

  before(async () => {
    const gateway = await cephGateway()
    const bucket = bucketName('examples')
    await createBucket(gateway, bucket)
    stops.push(() => deleteBucket(gateway, bucket))
    settings = settingsOf({ ...gateway, bucket }, ORIGIN)
  })
  after(async () => {
    for (const stop of stops.reverse()) await stop()
  })

  const starts: Record<string, () => Promise<ExampleSigner>> = {
    ...Object.fromEntries(
      Object.entries(JAVASCRIPT).map(([example, command]) => [
        example,
        () => startExample(example, command, settings),
      ]),
    ),
    nextjs: startRoute,
    cloudflare: startWorker,
  }
  for (const [example, start] of Object.entries(starts)) {
    it(`in ${example}: keeps the protocol, and takes a file`, async () => {
      const { url, stop } = await start()
      stops.push(stop)
      const { code, stdout } = await bucketUpload(['conformance', url, '--json'])
      const { results } = JSON.parse(stdout)
      assert.deepEqual(
        results.filter(({ verdict }: { verdict: string }) => verdict === 'fault'),
        [],
      )
      assert.equal(code, 0)
      await assertTakes(url)
      const preflight = await fetch(url, { method: 'OPTIONS', headers: { Origin: ORIGIN } })
      assert.equal(preflight.headers.get('Access-Control-Allow-Origin'), ORIGIN)
    })
  }

  /** Next.js does no more with a route than to call what it exports. */
  async function startRoute(): Promise<ExampleSigner> {
    Object.assign(process.env, settings)
    const route = await import('../../examples/signers/nextjs/app/api/sign/route.ts')
    const server = createServer(
      nodeListener((request) =>
        request.method === 'OPTIONS' ? route.OPTIONS(request) : route.POST(request),
      ),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return {
      url: `http://127.0.0.1:${port}`,
      stop: () => void server.close().closeAllConnections(),
    }
  }

  /** In workerd, which is what Cloudflare runs; wrangler packs the worker in the same way. */
  async function startWorker(): Promise<ExampleSigner> {
    const worker = new Miniflare({
      modules: true,
      script: await bundleFile(`${exampleFolder('cloudflare')}/worker.js`),
      bindings: settings,
      compatibilityDate: '2026-04-01',
    })
    const url = await worker.ready
    return { url: url.href, stop: () => worker.dispose() }
  }
})

/** Uploads and downloads, as a page would. */
async function assertTakes(url: string): Promise<void> {
  const content = randomBytes(1000)
  const request = putRequest('1', { name: 'a.bin', size: 1000, type: 'image/png' })
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ version: 1, requests: [request] }),
  })
  const [signed] = (await answer.json()).responses
  const put = await fetch(signed.url, { method: 'PUT', body: content, headers: signed.headers })
  assert.equal(put.status, 200)
  const stored = await fetch(signed.downloadUrl)
  assert.deepEqual(Buffer.from(await stored.arrayBuffer()), content)
}
