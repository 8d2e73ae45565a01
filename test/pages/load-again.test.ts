/** A file of the library that could not be loaded once is loaded again. */
import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { UploadEngine } from '../../src/engine/index.ts'
import { createSigner, s3 } from '../../src/server/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import { CDN } from '../support/built.ts'
import { filesIn, noIcon, serve } from '../support/pages/site.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket, OPEN_CORS } from '../support/servers/s3-admin.ts'

const [SMALL, LARGE] = [10, 17 * 2 ** 20]

for (const [file, size] of [
  ['uploader.js', SMALL],
  ['uploader.js', LARGE],
  ['put-parts.js', LARGE],
] as const) {
  test(`${file} is loaded again after a failure, and a file of ${size} bytes is uploaded`, async (t) => {
    const { page, requests } = await openPage(t, file)
    assert.equal((await page.evaluate(upload, size)).status, 'uploaded')
    assert.ok(requests() >= 2)
  })
}

for (const size of [SMALL, LARGE]) {
  test(`uploader.js never comes by its first address, and a file of ${size} bytes is uploaded`, async (t) => {
    const { page } = await openPage(t, 'uploader.js', { always: true })
    assert.equal((await page.evaluate(upload, size)).status, 'uploaded')
  })
}

test('uploader.js never comes by its first address, and interrupted uploads are listed', async (t) => {
  const { page } = await openPage(t, 'uploader.js', { always: true })
  // As if an earlier page had begun an upload.
  const list = await page.evaluate(async () => {
    await new Promise((resolve, reject) => {
      const opening = indexedDB.open('bucket-upload')
      opening.onsuccess = () => resolve(opening.result.close())
      opening.onerror = reject
    })
    const element = document.querySelector('bucket-upload')
    return (element as { engine?: UploadEngine } | null)?.engine?.interrupted()
  })
  assert.deepEqual(list, [])
})

test('views.js never comes by its first address, and a field shows its file', async (t) => {
  const { page } = await openPage(t, 'views.js', { always: true })
  await page.evaluate(() => {
    const field = document.createElement('bucket-upload-field')
    field.existing = [{ key: 'a', name: 'portrait.jpg', size: 1 }]
    document.body.append(field)
  })
  const name = await waitForElement(page, 'bucket-upload-field >>> .field .name')
  assert.match((await name.evaluate((it) => it.textContent)) ?? '', /portrait/)
})

test('bucket-advice.js is loaded again after a failure, and the developer gets its advice', async (t) => {
  // By its first address it never comes: as where a browser remembers that it could not be fetched.
  const refused = { always: true, hasCors: false }
  const { page, requests } = await openPage(t, 'bucket-advice.js', refused)
  const failed = await page.evaluate(upload, SMALL)
  assert.equal(failed.code, 'cors-blocked')
  assert.match(failed.hint ?? '', /aws s3api put-bucket-cors/)
  assert.ok(requests() >= 2)
})

/** A page with the element, to which the server refuses a file of the library. */
async function openPage(t: TestContext, file: string, { always = false, hasCors = true } = {}) {
  const gateway = await cephGateway()
  const bucket = bucketName('load-again')
  let html = ''
  let requests = 0
  const files = filesIn(CDN)
  const site = await serve((request) => {
    const { pathname, search } = new URL(request.url)
    if (pathname === '/favicon.ico') return noIcon()
    if (basename(pathname) === file) {
      const isFirst = requests++ === 0
      if (always ? !search : isFirst) return new Response('', { status: 503 })
    }
    if (pathname !== '/') return files(request)
    return new Response(html, { headers: { 'Content-Type': 'text/html' } })
  })
  t.after(() => site.stop())
  const signing = createSigner({
    authorize: 'everybody',
    bucket: s3({ ...gateway, bucket }),
    origins: [site.origin],
  })
  const signer = await serve(signing)
  t.after(() => signer.stop())
  html = `<script type="module" src="/bucket-upload.js"></script>
<bucket-upload signer="${signer.origin}/sign"></bucket-upload>`
  const rules = hasCors ? [{ ...OPEN_CORS, origins: [site.origin] }] : []
  await createBucket(gateway, bucket, rules)
  t.after(() => deleteBucket(gateway, bucket))
  const browser = await launchBrowser()
  t.after(() => browser.close())
  const page = await browser.newPage()
  await page.goto(site.origin)
  return { page, requests: () => requests }
}

/** Runs in the page. */
async function upload(bytes: number) {
  await customElements.whenDefined('bucket-upload')
  const element = document.querySelector('bucket-upload')
  if (!element) throw new Error('There is no element.')
  const done = new Promise((resolve) => element.addEventListener('upload-complete', resolve))
  element.add([new File([new Uint8Array(bytes)], 'a.bin')])
  await done
  const [file] = element.files
  if (file?.status !== 'failed') return { status: file?.status }
  return { status: file.status, code: file.error.code, hint: file.error.hint }
}
