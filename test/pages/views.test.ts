/** What shows files is loaded later: it comes at once with them, and an upload does without it. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'puppeteer-core'
import type { BucketUploadDropZone } from '../../src/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import { CDN } from '../support/built.ts'
import { filesIn, noIcon, type Site, serve } from '../support/pages/site.ts'

const HTML = `<!doctype html><html lang="en"><title>Files</title>
<script type="module" src="/bucket-upload.js"></script><bucket-upload multiple></bucket-upload>`

describe('views.js', () => {
  let browser: Browser
  let site: Site
  let isServed = true
  const asked: string[] = []

  before(async () => {
    browser = await launchBrowser()
    const files = filesIn(CDN)
    site = await serve((request) => {
      const { pathname } = new URL(request.url)
      asked.push(pathname)
      if (pathname === '/favicon.ico') return noIcon()
      if (pathname.startsWith('/bucket/')) return new Response('')
      if (pathname.endsWith('/views.js') && !isServed) return new Response('', { status: 503 })
      if (pathname !== '/') return files(request)
      return new Response(HTML, { headers: { 'Content-Type': 'text/html' } })
    })
  })
  after(async () => {
    await browser?.close()
    site?.stop()
  })

  async function open(): Promise<Page> {
    asked.length = 0
    const page = await browser.newPage()
    await page.goto(site.origin)
    await page.waitForFunction(() => customElements.get('bucket-upload'))
    await page.evaluate(() => {
      const element = document.querySelector('bucket-upload')
      Object.assign(element ?? {}, {
        signer: (requests: { id: string }[]) =>
          requests.map(({ id }) => ({ id, key: id, url: `${location.origin}/bucket/${id}` })),
      })
    })
    return page
  }

  test('is not loaded by an empty widget, but when the pointer comes near', async () => {
    isServed = true
    const page = await open()
    await new Promise((resolve) => setTimeout(resolve, 200))
    assert.deepEqual(
      asked.filter((path) => path.endsWith('.js')),
      ['/bucket-upload.js'],
    )
    await page.hover('bucket-upload >>> [part=drop-zone]')
    // The test's own timeout ends a wait in vain.
    const isAsked = () => asked.some((path) => path.endsWith('/views.js'))
    while (!isAsked()) await new Promise((resolve) => setTimeout(resolve, 20))
    await page.close()
  })

  test('shows the files, and the zone folds in the same frame', async () => {
    isServed = true
    const page = await open()
    const steps = await page.evaluate(async () => {
      const element = document.querySelector('bucket-upload')
      const root = element?.shadowRoot
      const zone = root?.querySelector<BucketUploadDropZone>('bucket-upload-drop-zone')
      const seen: string[] = []
      element?.add([new File(['x'], 'a.txt'), new File(['y'], 'b.txt')])
      for (let frames = 0; frames < 200; frames++) {
        await new Promise(requestAnimationFrame)
        const rows = root?.querySelector('bucket-upload-list')?.shadowRoot?.querySelectorAll('.row')
        const isFolded = Boolean(zone?.shadowRoot?.querySelector('.folded'))
        const step = `${isFolded} ${rows?.length}`
        if (seen.at(-1) !== step) seen.push(step)
        if (rows?.length === 2 && frames > 60) break
      }
      return seen
    })
    assert.deepEqual(steps, ['false 0', 'true 2'])
    await page.close()
  })

  test('is told to be missing, while the files go up', async () => {
    isServed = false
    const page = await open()
    const status = await page.evaluate(async () => {
      const element = document.querySelector('bucket-upload')
      const done = new Promise((resolve) => element?.addEventListener('upload-complete', resolve))
      element?.add([new File(['x'], 'a.txt')])
      await done
      return element?.files[0]?.status
    })
    assert.equal(status, 'uploaded')
    const alert = await waitForElement(page, 'bucket-upload >>> [role=alert]')
    const text = await alert.evaluate((it) => it.textContent)
    assert.match(text ?? '', /^A part of the uploader could not be loaded\./)
    await page.close()
  })
})
