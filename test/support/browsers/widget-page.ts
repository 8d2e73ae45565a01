/** A page with the widget, as it is built, and a signer of any kind. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Browser, Page } from 'puppeteer-core'
import type { BucketUpload } from '../../../src/index.ts'
import { CDN } from '../built.ts'
import { filesIn, noIcon, serve } from '../pages/site.ts'
import { type FileOnDisk, pick } from './picked-file.ts'

/** What came of an upload. */
export interface Uploaded {
  /** Links, by the names of the files. */
  links: Map<string, string>
  /** What was sent to the bucket: methods, and `part`. */
  sent: Set<string>
}

/**
 * Opens a page with the widget, which goes when the test ends.
 *
 * @param signerFor makes the address of the signer, which may have to know the origin of the page
 * @param headers sent to the signer
 */
export async function pageOfWidget(
  test: TestContext,
  browser: Browser,
  signerFor: (origin: string) => string | Promise<string>,
  headers: Record<string, string> = {},
): Promise<Page> {
  const built = filesIn(CDN)
  let signer = ''
  const site = await serve((request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/favicon.ico') return noIcon()
    if (pathname !== '/') return built(request)
    const html = `<!doctype html><title>Upload</title><script type="module" src="/bucket-upload.js"></script>
<bucket-upload signer="${signer}" multiple></bucket-upload>
<script>document.querySelector('bucket-upload').signerHeaders = ${JSON.stringify(headers)}</script>`
    return new Response(html, { headers: { 'Content-Type': 'text/html' } })
  })
  test.after(site.stop)
  signer = await signerFor(site.origin)
  const page = await browser.newPage()
  test.after(() => page.close())
  await page.goto(site.origin)
  return page
}

/**
 * Uploads files by the widget of a page, and waits until all are stored.
 *
 * @param endpoint of the bucket
 */
export async function uploadByWidget(
  page: Page,
  endpoint: string,
  files: readonly FileOnDisk[],
): Promise<Uploaded> {
  const sent = new Set<string>()
  page.on('request', (request) => {
    const { origin, searchParams } = new URL(request.url())
    if (origin !== endpoint || !/^P/.test(request.method())) return
    sent.add(searchParams.has('partNumber') ? 'part' : request.method())
  })
  const ended = await page.evaluateHandle(() => {
    const element = document.querySelector('bucket-upload') as BucketUpload
    return {
      all: new Promise<{ uploaded: [string, string][]; failed: string[] }>((resolve) => {
        element.addEventListener('upload-complete', ({ detail: { uploaded, failed } }) => {
          resolve({
            uploaded: uploaded.map(({ name, downloadUrl }) => [name, downloadUrl ?? '']),
            failed: failed.map(({ name, error }) => `${name}: ${error.code}`),
          })
        })
      }),
    }
  })
  await pick(page, ...files)
  const { uploaded, failed } = await ended.evaluate(({ all }) => all)
  assert.deepEqual(failed, [])
  return { links: new Map(uploaded), sent }
}
