/** Ten thousand files in one tag, on a page with the strictest policy that the element promises to live with. */

import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'puppeteer-core'
import type { BucketUpload } from '../../src/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { traceFrames } from '../support/browsers/frame-trace.ts'
import { watch } from '../support/browsers/page-watch.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import { CDN } from '../support/built.ts'
import { filesIn, noIcon, type Site, serve } from '../support/pages/site.ts'

const COUNT = 10_000
/** Tiles are low and several on a line: more of them are in view. */
const NODES = { list: 300, grid: 450 }
const DISTANCE = 20_000

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "require-trusted-types-for 'script'",
].join('; ')

const HTML = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Many files</title>
<script type="module" src="/bucket-upload.js"></script><script type="module" src="/page.js"></script>
<bucket-upload multiple manual></bucket-upload>`

/** A signer in the page, and a hundred small images among the files. */
const SCRIPT = `
const element = document.querySelector('bucket-upload')
element.signer = (requests) => requests.map(({ id }) => ({ id, key: id, url: location.origin + '/' + id }))
const canvas = new OffscreenCanvas(40, 30)
canvas.getContext('2d').fillRect(0, 0, 20, 30)
const image = await canvas.convertToBlob()
window.files = Array.from({ length: ${COUNT} }, (_, number) =>
  number % 100 === 0
    ? new File([image], number + '.png', { type: 'image/png' })
    : new File(['x'], number + '.bin'))
window.addFiles = () => {
  new MutationObserver((_, observer) => {
    performance.mark('drawn')
    observer.disconnect()
  }).observe(element.renderRoot.querySelector('bucket-upload-list').renderRoot, { childList: true })
  element.add(window.files)
  performance.mark('added')
}
`

/** The page, and the built files, or only those without which no file is shown. */
function servePage(isBare = false): Promise<Site> {
  const built = filesIn(CDN)
  return serve((request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/favicon.ico') return noIcon()
    if (pathname === '/page.js') return answer(SCRIPT, 'text/javascript')
    if (pathname === '/') return answer(HTML, 'text/html')
    const isThere = !isBare || ['bucket-upload.js', 'views.js'].includes(basename(pathname))
    return isThere ? built(request) : new Response('Not found', { status: 404 })
  })
}

test('ten thousand files', async (t) => {
  const site = await servePage()
  t.after(() => site.stop())
  const browser = await launchBrowser()
  t.after(() => browser.close())

  for (const layout of ['list', 'grid'] as const) {
    await t.test(layout, async (each) => {
      const page = await browser.newPage()
      const watched = watch(page)
      await page.goto(site.origin)
      await page.waitForFunction(() => 'addFiles' in window)
      await setLayout(page, layout)
      const trace = await traceFrames(page, async () => {
        await page.evaluate(() => (window as unknown as { addFiles(): void }).addFiles())
        await waitForElement(page, 'bucket-upload >>> .placed canvas')
        assert.ok((await nodes(page)) < NODES[layout], 'before it is scrolled')
        await scroll(page)
      })
      assert.ok(Math.abs((await scrolled(page)) - DISTANCE) < 50, 'it scrolls by what it is told')
      assert.ok((await nodes(page)) < NODES[layout], 'after it was scrolled')
      assert.deepEqual(watched.complaints, [])
      const { took, computed } = trace.longestTask('scroll', 'scrolled')
      const { longest } = trace.frames('scroll', 'scrolled')
      each.diagnostic(
        `first paint ${show(trace.painted('added', 'drawn'))}, longest frame ${show(longest)}, ` +
          `longest task ${show(took)} of which at most ${show(computed)} computed`,
      )
      await page.close()
    })
  }
})

test('ten thousand files, where all files of the library but those of the list are missing', async (t) => {
  const site = await servePage(true)
  t.after(() => site.stop())
  const browser = await launchBrowser()
  t.after(() => browser.close())
  const page = await browser.newPage()
  await page.goto(site.origin)
  await page.waitForFunction(() => 'addFiles' in window)
  await page.evaluate(() => (window as unknown as { addFiles(): void }).addFiles())
  const more = await waitForElement(page, 'bucket-upload >>> .more')
  assert.equal(await more.evaluate((it) => it.textContent), 'And 9,800 more.')
  const shown = await page.$$eval('bucket-upload >>> li', (rows) => rows.length)
  assert.equal(shown, 200)
  assert.equal((await page.$$('bucket-upload >>> canvas')).length, 0)
})

function answer(body: string, type: string): Response {
  return new Response(body, {
    headers: { 'Content-Type': type, 'Content-Security-Policy': POLICY },
  })
}

function setLayout(page: Page, layout: 'list' | 'grid'): Promise<void> {
  return page.$eval(
    'bucket-upload',
    async (element, wished) => {
      const upload = element as BucketUpload
      upload.layout = wished
      await upload.updateComplete
    },
    layout,
  )
}

function nodes(page: Page): Promise<number> {
  return page.$eval(
    'bucket-upload >>> bucket-upload-list',
    (list) => list.shadowRoot?.querySelectorAll('*').length ?? Number.NaN,
  )
}

function scrolled(page: Page): Promise<number> {
  return page.$eval('bucket-upload >>> .placed', (list) => list.scrollTop)
}

/** As a hand does it, through the browser's own compositor. */
async function scroll(page: Page): Promise<void> {
  const list = await page.$('bucket-upload >>> .placed')
  const box = await list?.boundingBox()
  assert(box)
  const session = await page.createCDPSession()
  await page.evaluate(() => void performance.mark('scroll'))
  await session.send('Input.synthesizeScrollGesture', {
    ...{ x: box.x + box.width / 2, y: box.y + box.height / 2 },
    ...{ yDistance: -DISTANCE, speed: 8_000, gestureSourceType: 'mouse' },
  })
  await page.evaluate(() => void performance.mark('scrolled'))
}

function show(ms: number): string {
  return `${ms.toFixed(1)} ms`
}
