import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Miniflare } from 'miniflare'
import { parseSignerResponse } from '../../src/protocol/index.ts'
import { bucketUploadProcess } from '../support/command.ts'
import { type CopiedSigners, copySigners } from '../support/examples/copied-signers.ts'
import { JAVASCRIPT, OTHER_LANGUAGES } from '../support/examples/example-commands.ts'
import {
  type ExampleSigner,
  settingsOf,
  startExample,
  startIn,
} from '../support/examples/example-signer.ts'
import { bundleFile } from '../support/pages/bundled.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket } from '../support/servers/s3-admin.ts'
import { CREDENTIALS, recompute } from '../support/signer/recompute.ts'
import { ONE_PUT, putRequest } from '../support/signer/signer-server.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const ORIGIN = 'https://app.example'

/** Signed along, for servers that take unsigned headers: see docs/signer-protocol.md. */
const GUARD_HEADERS = {
  'x-amz-copy-source-if-match': '"0"',
  'x-amz-copy-source-range': 'none',
  'x-amz-acl': 'private',
}

/** What Next.js asks of a route. */
const ROUTE_TYPES = `
import { OPTIONS, POST } from './app/api/sign/route'
type Handler = (request: Request) => Response | Promise<Response>
export const handlers: Handler[] = [POST, OPTIONS]
`

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
      assert.deepEqual(headers, { 'Content-Type': 'image/jpeg', ...GUARD_HEADERS })
      assert.equal(
        new URL(url).searchParams.get('X-Amz-SignedHeaders'),
        ['content-length', 'content-type', 'host', ...Object.keys(GUARD_HEADERS).sort()].join(';'),
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

    it('refuses a request that is wrong, and answers the others', async () => {
      const files = [{}, { name: 'x'.repeat(1025) }, { path: 'x'.repeat(4097) }, { size: -1 }]
      const requests = [...files, { size: '1' }].map((file, id) => putRequest(`${id}`, file))
      const body = JSON.stringify({ version: 1, requests: [...requests, { id: '5', op: 'put' }] })
      const { responses } = await (await send(body)).json()
      const codes = responses.map(({ error }: { error?: { code: string } }) => error?.code)
      assert.deepEqual(codes, [undefined, ...Array(5).fill('bad-request')])
      assert.equal((await send(' '.repeat(1_000_001))).status, 413)
    })

    it('answers unsupported-op, and refuses what is not a call', async () => {
      const file = { name: 'a.txt', size: 1, type: 'text/plain' }
      const ops = ['status', 'discard', 'other']
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
        return {
          origin: headers.get('Access-Control-Allow-Origin'),
          headers: headers.get('Access-Control-Allow-Headers'),
        }
      }
      assert.deepEqual(await ask(ORIGIN), {
        origin: ORIGIN,
        headers: 'Content-Type, Authorization',
      })
      assert.equal((await ask('https://evil.test')).origin, null)
    })
  })
}

describe('our signer, run as the examples run it', () => {
  let settings: Record<string, string> = {}
  let copies: CopiedSigners
  const stops: (() => unknown)[] = []

  before(async () => {
    copies = copySigners([...Object.keys(JAVASCRIPT), 'cloudflare'])
    stops.push(copies.remove)
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
        () => startIn(copies.folder(example), command, settings),
      ]),
    ),
    cloudflare: startWorker,
  }
  for (const [example, start] of Object.entries(starts)) {
    it(`in ${example}: keeps the protocol, and takes a file`, async () => {
      const { url, stop } = await start()
      stops.push(stop)
      const { code, stdout } = await bucketUploadProcess(['conformance', url, '--json'])
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

  it('in nextjs: has the types that a route has, and loads where there are no settings', () => {
    const folder = copies.folder('nextjs')
    const route = 'app/api/sign/route.ts'
    const types = join(ROOT, 'node_modules/@types')
    const compile = `--noEmit --strict --module esnext --moduleResolution bundler --target es2022`
    const options = [...compile.split(' '), '--typeRoots', types, '--types', 'node']
    writeFileSync(join(folder, 'check.ts'), ROUTE_TYPES)
    run('tsc', [...options, 'check.ts'], folder)
    // As `next build` does, on a machine that has no keys.
    run('node', ['--input-type=module', '--eval', `await import('./${route}')`], folder)
  })

  /** In workerd, which is what Cloudflare runs; wrangler packs the worker in the same way. */
  async function startWorker(): Promise<ExampleSigner> {
    const folder = copies.folder('cloudflare')
    const read = (file: string) => readFileSync(join(folder, file), 'utf8')
    const config = read('wrangler.toml')
    const [, compatibilityDate = ''] = /^compatibility_date = "(.+)"$/m.exec(config) ?? []
    // Only what the example says that there is to set.
    const names = `${config}\n${read('.dev.vars.example')}`.match(/^[A-Z_]+(?= ?=)/gm) ?? []
    const worker = new Miniflare({
      modules: true,
      script: await bundleFile(join(folder, 'worker.js')),
      bindings: Object.fromEntries(names.map((name) => [name, settings[name] ?? ''])),
      compatibilityDate,
    })
    const url = await worker.ready
    return { url: url.href, stop: () => worker.dispose() }
  }
})

/** Runs a program of the project in a folder; throws what it prints if it fails. */
function run(program: string, args: string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  assert.equal(status, 0, stdout + stderr)
}

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
