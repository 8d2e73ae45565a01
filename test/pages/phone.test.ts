/** Ten photos, a film and a refused file on a phone: what is in view, how large it is, and what moves. */

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'puppeteer-core'
import type { BucketUpload } from '../../src/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { clashesNow } from '../support/browsers/clashes.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import { CDN } from '../support/built.ts'
import { filesIn, noIcon, type Site, serve } from '../support/pages/site.ts'

/** How high the page may be with all files uploaded, in px. */
const PAGE = 1050
/** How many files are in view at once while they are uploaded. */
const IN_VIEW = 5
/** What a finger needs, in px. */
const TARGET = 44

/** How a page can look. */
const MODES: { name: string; root?: string; features?: { name: string; value: string }[] }[] = [
  { name: 'as it is' },
  { name: 'from right to left', root: 'dir="rtl"' },
  { name: 'in forced colors', features: [{ name: 'forced-colors', value: 'active' }] },
  { name: 'with text of 200 %', root: 'style="font-size: 200%"' },
]

const htmlOf = (root: string) => `<!doctype html><html lang="en" ${root}><meta charset="utf-8">
<title>Photos</title>
<meta name="viewport" content="width=device-width">
<style>body { font: 1rem/1.5 sans-serif; margin: 2rem auto; padding: 0 1rem }</style>
<script type="module" src="/bucket-upload.js"></script>
<h1>Send us your photos</h1><p>We print them and send them back.</p>
<bucket-upload multiple accept="image/*,.pdf,.mov" max-size="5GB"></bucket-upload>`

/** What can be seen of the element, in px of the window. */
interface Sight {
  height: number
  rows: { id: string; top: number; bottom: number; endRight: number }[]
  head: { top: number; bottom: number }
  notice: { top: number; bottom: number } | undefined
  small: string[]
}

describe('on a phone', () => {
  let browser: Browser
  let site: Site

  before(async () => {
    browser = await launchBrowser()
    const built = filesIn(CDN)
    const held = new Map<string, () => void>()
    site = await serve(async (request) => {
      const { pathname, origin, searchParams } = new URL(request.url)
      if (pathname === '/') {
        return new Response(htmlOf(searchParams.get('root') ?? ''), {
          headers: { 'Content-Type': 'text/html' },
        })
      }
      if (pathname === '/favicon.ico') return noIcon()
      if (pathname === '/release') {
        for (const release of held.values()) release()
        held.clear()
        return new Response()
      }
      if (!pathname.startsWith('/bucket/')) return built(request)
      await request.arrayBuffer()
      // The film and one photo wait until they are released.
      if (/film|9/.test(pathname)) await new Promise<void>((go) => held.set(pathname, go))
      return new Response(undefined, { headers: { ETag: `"${origin.length}"` } })
    })
  })
  after(async () => {
    await browser?.close()
    site?.stop()
  })

  for (const [width, height] of [
    [375, 667],
    [320, 568],
  ] as const) {
    test(`of ${width} by ${height} px`, async (t) => {
      const page = await browser.newPage()
      t.after(() => page.close())
      await page.setViewport({ width, height, hasTouch: true, isMobile: true })
      await page.goto(site.origin)
      await addFiles(page)
      await page.waitForFunction(() => {
        const { engine } = document.querySelector('bucket-upload') as BucketUpload
        return engine.counts.uploaded === 9 && engine.progress.active === 2
      })
      await rest(page)

      const during = await look(page)
      assert.deepEqual(during.small, [], 'every target is as large as a finger')
      assert.equal(new Set(during.rows.map((it) => it.bottom - it.top)).size, 1, 'one height')
      assert.equal(new Set(during.rows.map((it) => it.endRight)).size, 1, 'one place for the end')
      assert.ok(during.notice, 'it says which file was not added')
      assert.ok(during.notice.bottom <= height, 'in view')
      if (width === 375) {
        const seen = during.rows.filter((it) => it.top < height && it.bottom > 0)
        assert.ok(seen.length >= IN_VIEW, `${seen.length} files are in view`)
      }

      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
      const below = await look(page)
      assert.ok(below.head.top >= -1 && below.head.bottom <= height, 'the head stays in view')
      assert.ok(below.notice && below.notice.top >= 0, 'and so does the notice')
      await page.evaluate(() => scrollTo(0, 0))

      await page.evaluate(() => fetch('/release'))
      await page.waitForFunction(() => {
        const { engine } = document.querySelector('bucket-upload') as BucketUpload
        return engine.progress.active === 0
      })
      await rest(page)
      const done = await look(page)
      assert.ok(done.height <= PAGE, `the page is ${done.height} px high`)
      assert.deepEqual(done.small, [])
      // Below the head: in a narrow window its words may take a line more.
      const places = ({ rows }: Sight) =>
        rows.map(({ top, bottom, endRight }) => ({
          ...{ from: Math.round(top - (rows[0]?.top ?? 0)), height: bottom - top, endRight },
        }))
      assert.deepEqual(places(done), places(during), 'nothing has moved')
      const states = await page.$eval('bucket-upload', (it) => it.matches(':state(done)'))
      assert.equal(states, true)
    })

    for (const { name, root = '', features = [] } of MODES) {
      test(`of ${width} by ${height} px, ${name}: nothing is cut off, nothing overlaps`, async (t) => {
        const page = await browser.newPage()
        t.after(() => page.close())
        await page.setViewport({ width, height, hasTouch: true, isMobile: true })
        const session = await page.createCDPSession()
        await session.send('Emulation.setEmulatedMedia', { features })
        await page.goto(`${site.origin}/?root=${encodeURIComponent(root)}`)
        assert.deepEqual(await page.evaluate(clashesNow), [], 'empty')
        await addFiles(page)
        await page.waitForFunction(() => {
          const { engine } = document.querySelector('bucket-upload') as BucketUpload
          return engine.counts.uploaded === 9 && engine.progress.active === 2
        })
        await rest(page)
        assert.deepEqual(await page.evaluate(clashesNow), [], 'while files are uploaded')
        await page.evaluate(() => fetch('/release'))
        await page.waitForFunction(() => {
          const { engine } = document.querySelector('bucket-upload') as BucketUpload
          return engine.progress.active === 0
        })
        await rest(page)
        assert.deepEqual(await page.evaluate(clashesNow), [], 'all uploaded')
      })
    }
  }
})

/** Adds ten photos, a film and a file that is refused. */
async function addFiles(page: Page): Promise<void> {
  await page.waitForFunction(() => customElements.get('bucket-upload'))
  await page.evaluate(() => {
    const element = document.querySelector('bucket-upload') as BucketUpload
    element.signer = (requests) =>
      requests.map((request) => {
        const name = request.op === 'put' ? request.file.name : request.id
        return { id: request.id, key: name, url: `${location.origin}/bucket/${name}` }
      })
    const photos = Array.from(
      { length: 10 },
      (_, number) => new File([new Uint8Array(100)], `photo-${number}.jpg`, { type: 'image/jpeg' }),
    )
    const film = new File([new Uint8Array(5000)], 'film.mov', { type: 'video/quicktime' })
    element.add([film, ...photos, new File(['x'], 'notes.txt', { type: 'text/plain' })])
  })
}

/** Waits until nothing moves, and bars are shown. */
async function rest(page: Page): Promise<void> {
  await waitForElement(page, 'bucket-upload >>> .row')
  await page.evaluate(async () => {
    await new Promise((done) => setTimeout(done, 700))
    while (document.getAnimations().some((it) => it.effect?.getComputedTiming().progress !== 1)) {
      const endless = document
        .getAnimations()
        .every((it) => it.effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY)
      if (endless) return
      await new Promise(requestAnimationFrame)
    }
  })
}

function look(page: Page): Promise<Sight> {
  return page.evaluate((target) => {
    const all = (root: ParentNode): HTMLElement[] =>
      [...root.querySelectorAll<HTMLElement>('*')].flatMap((it) => [
        it,
        ...(it.shadowRoot ? all(it.shadowRoot) : []),
      ])
    const found = all(document)
    const box = (selector: string) => {
      const { top, bottom } =
        found.find((it) => it.matches(selector))?.getBoundingClientRect() ?? {}
      return top === undefined || bottom === undefined ? undefined : { top, bottom }
    }
    const small = found
      .filter(
        (it) => it.matches('button, a[href]') && it.checkVisibility({ visibilityProperty: true }),
      )
      .filter((it) => {
        const { width, height } = it.getBoundingClientRect()
        return Math.min(width, height) < target - 0.5
      })
      .map((it) => it.outerHTML)
    const rows = found
      .filter((it) => it.matches('.row'))
      .map((it) => {
        const { top, bottom } = it.getBoundingClientRect()
        const endRight = it.querySelector('.end.icon')?.getBoundingClientRect().right ?? 0
        return { id: it.dataset.id ?? '', top, bottom, endRight }
      })
    return {
      height: document.documentElement.scrollHeight,
      rows,
      head: box('.total') ?? { top: Number.NaN, bottom: Number.NaN },
      notice: box('.rejections'),
      small,
    }
  }, TARGET)
}
