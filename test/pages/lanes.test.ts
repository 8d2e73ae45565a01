/** A bucket that speaks HTTP/2: the parts of a large file go by several connections. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createSigner, type LaneKind, s3 } from '../../src/server/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { CDN } from '../support/built.ts'
import { filesIn, noIcon, serve } from '../support/pages/site.ts'
import { makeCertificate } from '../support/servers/certificate.ts'
import { fetchBeside } from '../support/servers/fetch-beside.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { type Http2Options, SECOND_ADDRESS, startHttp2 } from '../support/servers/http2-front.ts'
import { createBucket, deleteBucket, getObject, OPEN_CORS } from '../support/servers/s3-admin.ts'

const BOTH: LaneKind[] = ['addressing', 'credentials']
/** Eight parts of the smallest size. */
const CONTENT = randomBytes(40 * 2 ** 20 - 7)
const PARTS = 8

interface Options extends Omit<Http2Options, 'target' | 'certificate'> {
  lanes?: LaneKind[]
  /** Whether the browser finds only one name of the host. */
  hasOneName?: boolean
  /** A file of the library that the page cannot load. */
  missing?: string
}

test('parts go by two names, with and without credentials: by four connections', async (t) => {
  const { upload, puts, first, other, loaded } = await start(t)
  await upload()
  assert.equal(puts().length, PARTS)
  assert.deepEqual([...new Set(puts().map(({ host }) => host))].sort(), [first, other].sort())
  assert.equal(new Set(puts().map(({ connection }) => connection)).size, 4)
  assert.ok(loaded.includes('lane-transport.js'))
})

test('a bucket without lanes gets all by one connection, and the page loads nothing for them', async (t) => {
  const { upload, puts, first, loaded } = await start(t, { lanes: [] })
  await upload()
  assert.deepEqual([...new Set(puts().map(({ host }) => host))], [first])
  assert.equal(new Set(puts().map(({ connection }) => connection)).size, 1)
  assert.ok(!loaded.includes('lane-transport.js'))
})

test('credentials that the bucket does not allow are tried once', async (t) => {
  const { upload, puts, front } = await start(t, { allowsCredentials: false })
  await upload()
  const preflights = () => front.requests.filter(({ method }) => method === 'OPTIONS').length
  assert.equal(puts().length, PARTS)
  assert.equal(new Set(puts().map(({ connection }) => connection)).size, 2)
  assert.ok(preflights() > PARTS)
  front.requests.length = 0
  await upload()
  assert.equal(preflights(), PARTS)
})

test('a name that the browser does not find costs nothing but its lanes', async (t) => {
  const { upload, puts, first } = await start(t, { hasOneName: true })
  await upload()
  assert.equal(puts().length, PARTS)
  assert.deepEqual([...new Set(puts().map(({ host }) => host))], [first])
  assert.equal(new Set(puts().map(({ connection }) => connection)).size, 2)
})

test('a name by which the server refuses parts is not used again', async (t) => {
  const { upload, puts, front, other } = await start(t, {
    intercept({ method, authority, headers }, response) {
      const isRefused = method === 'PUT' && !authority.startsWith('localhost')
      const cors = { 'access-control-allow-origin': headers.origin }
      if (isRefused) response.writeHead(403, cors)
      if (isRefused) response.end('<Error><Code>SignatureDoesNotMatch</Code></Error>')
      return isRefused
    },
  })
  await upload()
  const refused = () => puts().filter(({ host }) => host === other).length
  assert.ok(refused() > 0)
  front.requests.length = 0
  await upload()
  assert.equal(refused(), 0)
  assert.equal(puts().length, PARTS)
})

test('a part is sent again by the first lane where another one breaks or stands still', async (t) => {
  let broken = 0
  const { upload, puts } = await start(t, {
    intercept(request) {
      if (request.method !== 'PUT' || request.authority.startsWith('localhost')) return false
      // One connection breaks in the middle of a part, the other one never answers.
      if (broken++ === 0) request.once('data', () => request.stream.session?.destroy())
      else request.resume()
      return true
    },
  })
  await upload({ stallTimeout: 2_000 })
  assert.ok(broken >= 2)
  const stored = puts().filter(({ host }) => host.startsWith('localhost'))
  assert.ok(stored.length >= PARTS)
})

test('where the code for lanes cannot be loaded, all goes by one', async (t) => {
  const { upload, puts, first } = await start(t, { missing: 'lane-transport.js' })
  await upload()
  assert.equal(puts().length, PARTS)
  assert.deepEqual([...new Set(puts().map(({ host }) => host))], [first])
})

test('an upload that is paused in the middle stops on all lanes, and goes on', async (t) => {
  const { upload, puts } = await start(t)
  await upload({ pauses: true })
  assert.ok(puts().length >= PARTS)
})

/** A page with an engine, and a bucket that speaks HTTP/2. */
async function start(t: TestContext, options: Options = {}) {
  const { lanes = BOTH, hasOneName = false, missing, ...ofFront } = options
  const gateway = await cephGateway()
  const bucket = bucketName('lanes')
  await createBucket(gateway, bucket, [OPEN_CORS])
  t.after(() => deleteBucket(gateway, bucket))
  const folder = mkdtempSync(join(tmpdir(), 'lanes-'))
  const certificate = makeCertificate(folder)
  rmSync(folder, { recursive: true })
  const front = await startHttp2({ target: gateway.endpoint, certificate, ...ofFront })
  t.after(() => front.stop())
  const signer = createSigner({
    bucket: s3({ ...gateway, bucket, endpoint: `https://localhost:${front.port}`, lanes }),
    authorize: 'everybody',
    fetch: fetchBeside(gateway.endpoint),
  })
  const { origin, loaded } = await serveSite(t, signer, missing)
  const address = hasOneName ? '~NOTFOUND' : SECOND_ADDRESS
  const rule = `--host-resolver-rules=MAP ${bucket}.localhost ${address}`
  const browser = await launchBrowser(certificate.flag, rule)
  t.after(() => browser.close())
  const page = await browser.newPage()
  await page.goto(origin)
  return {
    front,
    loaded,
    first: `localhost:${front.port}`,
    other: `${bucket}.localhost:${front.port}`,
    puts: () => front.requests.filter(({ method }) => method === 'PUT'),
    /** Uploads the file, and compares it with what is in the bucket. */
    async upload(how: { stallTimeout?: number; pauses?: boolean } = {}) {
      const { status, key, code } = await page.evaluate(uploadInPage, how)
      assert.equal(status, 'uploaded', code)
      const object = await getObject(gateway, bucket, key ?? '')
      assert.ok(CONTENT.equals(object?.body ?? Buffer.of()))
    },
  }
}

/** The page, the library, the signer, and the file that is uploaded. */
async function serveSite(
  t: TestContext,
  signer: (request: Request) => Promise<Response>,
  missing: string | undefined,
) {
  const library = filesIn(CDN)
  const loaded: string[] = []
  const site = await serve((request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/favicon.ico') return noIcon()
    if (pathname === '/sign') return signer(request)
    if (pathname === '/content') return new Response(new Blob([CONTENT]))
    if (pathname === '/') {
      const headers = { 'Content-Type': 'text/html' }
      return new Response('<!doctype html><title>Lanes</title>', { headers })
    }
    const name = basename(pathname)
    loaded.push(name)
    return name === missing ? new Response('', { status: 503 }) : library(request)
  })
  t.after(() => site.stop())
  return { origin: site.origin, loaded }
}

/** Runs in the page. The engine of an earlier upload is used again. */
async function uploadInPage({
  stallTimeout,
  pauses = false,
}: {
  stallTimeout?: number
  pauses?: boolean
}) {
  const address = '/bucket-upload.js'
  const { UploadEngine }: typeof import('../../src/index.ts') = await import(address)
  const own = window as { engine?: InstanceType<typeof UploadEngine> }
  own.engine ??= new UploadEngine({ signer: '/sign' })
  const { engine } = own
  if (stallTimeout !== undefined) engine.configure({ stallTimeout })
  const content = await (await fetch('/content')).blob()
  const done = new Promise<void>((resolve) =>
    engine.addEventListener('upload-complete', () => resolve(), { once: true }),
  )
  const [id = ''] = engine.add([new File([content], 'a.bin')])
  if (pauses) {
    await new Promise<void>((resolve) =>
      engine.addEventListener('upload-progress', ({ detail }) => {
        if (detail.loaded > 0) resolve()
      }),
    )
    engine.pause()
    // What was on its way would end meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 300))
    engine.resume()
  }
  await done
  const file = engine.file(id)
  if (file?.status === 'uploaded') return { status: file.status, key: file.key }
  return { status: file?.status, code: file?.status === 'failed' ? file.error.code : '' }
}
