/** The workers of a page: one for small files, whatever the number of elements, and none in the end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CDPSession } from 'puppeteer-core'
import type { UploadEngine } from '../../src/engine/index.ts'
import type { FetchHandler } from '../../src/server/http/node.ts'
import { createSigner, s3 } from '../../src/server/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { CDN } from '../support/built.ts'
import { filesIn, serve } from '../support/pages/site.ts'

const HTML = `<!doctype html><meta charset="utf-8"><title>Workers</title>
<script type="module" src="/bucket-upload.js"></script>`

/** Long timers do not run until the page calls `runTimers()`. */
const HOLD_LONG_TIMERS = `{
  const { setTimeout, clearTimeout } = window
  const held = new Map()
  window.setTimeout = (run, ms, ...rest) => {
    if (ms < 30000) return setTimeout(run, ms, ...rest)
    const id = -1 - held.size
    held.set(id, run)
    return id
  }
  window.clearTimeout = (id) => id < 0 ? held.set(id, () => {}) : clearTimeout(id)
  window.runTimers = () => held.forEach((run) => run())
}`

test('twenty times mounting, uploading and removing leaves no worker', async (t) => {
  const files = filesIn(CDN)
  const stored: (string | null)[] = []
  let signer: FetchHandler | undefined
  const site = await serve(async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/') return new Response(HTML, { headers: { 'Content-Type': 'text/html' } })
    if (pathname === '/sign' && signer) return signer(request)
    if (request.method !== 'PUT') return files(request)
    stored.push(request.headers.get('Content-MD5'))
    await request.arrayBuffer()
    return new Response(null, { headers: { ETag: '"it"' } })
  })
  t.after(() => site.stop())
  const keys = { accessKeyId: 'id', secretAccessKey: 'secret' }
  signer = createSigner({
    authorize: 'everybody',
    bucket: s3({ endpoint: site.origin, region: 'us-east-1', bucket: 'bucket', ...keys }),
    origins: '*',
  })
  const browser = await launchBrowser()
  t.after(() => browser.close())
  const page = await browser.newPage()
  await page.evaluateOnNewDocument(HOLD_LONG_TIMERS)
  await page.goto(site.origin)
  const session = await browser.target().createCDPSession()

  for (let times = 0; times < 20; times++) {
    assert.equal(await page.evaluate(uploadAndRemove), 'uploaded')
    assert.equal(await countWorkers(session), 1)
  }
  assert.equal(stored.length, 20)
  assert.ok(stored.every((md5) => md5 !== null))
  await page.evaluate('runTimers()')
  await until(async () => (await countWorkers(session)) === 0)
})

/** Returns the status of the file. */
async function uploadAndRemove(): Promise<string | undefined> {
  await customElements.whenDefined('bucket-upload')
  const element = Object.assign(document.createElement('bucket-upload'), { signer: '/sign' })
  document.body.append(element)
  const { engine } = element as unknown as { engine: UploadEngine }
  await engine.prepare()
  const ended = new Promise((resolve) => {
    for (const type of ['file-uploaded', 'file-failed']) element.addEventListener(type, resolve)
  })
  engine.add([new File(['small'], 'small.txt')])
  await ended
  const [file] = engine.files
  element.remove()
  return file?.status
}

/** By the browser's own count. */
async function countWorkers(session: CDPSession): Promise<number> {
  const { targetInfos } = await session.send('Target.getTargets', { filter: [{ type: 'worker' }] })
  return targetInfos.length
}

/** Waits for what the browser tells a little later. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const signal = AbortSignal.timeout(10_000)
  while (!(await isSo())) {
    signal.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
