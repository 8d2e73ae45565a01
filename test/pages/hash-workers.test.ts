/** The workers of a page: no more than one pool of them, and none when nothing is to be hashed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'puppeteer-core'
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

test('twenty times mounting and removing leaves no worker', async (t) => {
  const files = filesIn(CDN)
  const site = await serve((request) => {
    const isPage = new URL(request.url).pathname === '/'
    return isPage
      ? new Response(HTML, { headers: { 'Content-Type': 'text/html' } })
      : files(request)
  })
  t.after(() => site.stop())
  const browser = await launchBrowser()
  t.after(() => browser.close())
  const page = await browser.newPage()
  await page.evaluateOnNewDocument(HOLD_LONG_TIMERS)
  await page.goto(site.origin)
  const cores = await page.evaluate(() => navigator.hardwareConcurrency)
  const most = Math.min(4, cores + 1)

  for (let times = 0; times < 20; times++) {
    await page.evaluate(mountAndRemove)
    assert.ok((await workersOf(page)) <= most, `more than ${most} workers`)
  }
  await until(async () => (await workersOf(page)) === most)
  await page.evaluate('runTimers()')
  await until(async () => (await workersOf(page)) === 0)
})

async function mountAndRemove(): Promise<void> {
  await customElements.whenDefined('bucket-upload')
  const element = Object.assign(document.createElement('bucket-upload'), { signer: '/sign' })
  document.body.append(element)
  await (element as unknown as { engine: { prepare(): Promise<void> } }).engine.prepare()
  element.remove()
}

/** By the browser's own count. */
async function workersOf(page: Page): Promise<number> {
  return page.workers().length
}

/** Waits for what the browser tells a little later. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const signal = AbortSignal.timeout(10_000)
  while (!(await isSo())) {
    signal.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
