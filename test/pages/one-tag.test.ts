/** What the README promises first: one script and one tag, on a page that knows nothing else. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { FetchHandler } from '../../src/server/http/node.ts'
import { createSigner, s3 } from '../../src/server/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { watch } from '../support/browsers/page-watch.ts'
import { assertReturns, pick, randomFile } from '../support/browsers/picked-file.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import { CDN } from '../support/built.ts'
import { filesIn, noIcon, type Site, serve } from '../support/pages/site.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket, OPEN_CORS } from '../support/servers/s3-admin.ts'

test('page, script, signer and bucket, each of another origin', async (t) => {
  const { watched, origins } = await upload(t, 'bucket-upload.js', 300_000)
  assert.deepEqual(watched.complaints, [])
  assert.deepEqual([...watched.origins].sort(), origins.sort())
})

for (const address of ['bucket-upload.js?v=3', 'bucket-upload.4f9d1c.js']) {
  test(`each file is loaded once where the first one is ${address}`, async (t) => {
    // A large file and its link need the files of all kinds.
    const { watched, scripts } = await upload(t, address, 17 * 2 ** 20)
    assert.deepEqual(watched.complaints, [])
    const first = scripts.filter((path) => /bucket-upload(\.4f9d1c)?\.js$/.test(path))
    assert.equal(first.length, 1)
    assert.ok(scripts.some((path) => path.endsWith('/put-parts.js')))
    // Each worker is a load of its own.
    const modules = scripts.filter((path) => !path.endsWith('/hash-worker.js'))
    assert.deepEqual(modules, [...new Set(modules)])
  })
}

/**
 * Uploads a file on a page with one script and one tag, and asserts that its link returns it.
 *
 * @param script its address below the origin of the scripts
 */
async function upload(t: TestContext, script: string, size: number) {
  const folder = mkdtempSync(join(tmpdir(), 'one-tag-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const stopLater = (site: Site) => {
    t.after(() => site.stop())
    return site
  }
  const gateway = await cephGateway()
  const bucket = bucketName('one-tag')
  // The page has to know the signer, and the signer the page: so the page is written last.
  let html = ''
  const site = stopLater(await serve((request) => htmlOrIcon(request, html)))
  const cdn = stopLater(await serve(filesOf(script)))
  const signer = createSigner({
    authorize: 'everybody',
    bucket: s3({ ...gateway, bucket }),
    origins: [site.origin],
  })
  const { origin } = stopLater(await serve(signer))
  html = `<script type="module" src="${cdn.origin}/${script}"></script>
<bucket-upload links="full" signer="${origin}/sign"></bucket-upload>`

  await createBucket(gateway, bucket, [{ ...OPEN_CORS, origins: [site.origin] }])
  t.after(() => deleteBucket(gateway, bucket))
  const browser = await launchBrowser()
  t.after(() => browser.close())

  const page = await browser.newPage()
  const watched = watch(page)
  const scripts: string[] = []
  page.on('request', (request) => {
    const { origin, pathname } = new URL(request.url())
    if (origin === cdn.origin) scripts.push(pathname)
  })
  const file = randomFile(folder, size)
  await page.goto(site.origin)
  await pick(page, file)
  const selector = 'bucket-upload >>> a[part=link]'
  const link = await waitForElement(page, selector, 15_000).catch(() => null)
  assert(link, `No link has come. ${watched.complaints.join('\n')}`)
  const href = await link.evaluate((element) => (element as HTMLAnchorElement).href)
  await assertReturns(href, file)
  return { watched, scripts, origins: [site.origin, cdn.origin, origin, gateway.endpoint] }
}

/** The files, the first of them by this address only. */
function filesOf(script: string): FetchHandler {
  const files = filesIn(CDN, { 'Access-Control-Allow-Origin': '*' })
  return (request) => {
    const url = new URL(request.url)
    if (url.pathname === `/${script}`) url.pathname = '/bucket-upload.js'
    return files(new Request(url))
  }
}

function htmlOrIcon(request: Request, html: string): Response {
  if (new URL(request.url).pathname === '/favicon.ico') return noIcon()
  return new Response(html, { headers: { 'Content-Type': 'text/html; charset=utf-8' } })
}
