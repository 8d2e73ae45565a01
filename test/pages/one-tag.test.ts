/** What the README promises first: one script and one tag, on a page that knows nothing else. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
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
  const cdn = stopLater(await serve(filesIn(CDN, { 'Access-Control-Allow-Origin': '*' })))
  const signer = createSigner({
    authorize: 'everybody',
    bucket: s3({ ...gateway, bucket }),
    origins: [site.origin],
  })
  const { origin } = stopLater(await serve(signer))
  html = `<script type="module" src="${cdn.origin}/bucket-upload.js"></script>
<bucket-upload links="full" signer="${origin}/sign"></bucket-upload>`

  await createBucket(gateway, bucket, [{ ...OPEN_CORS, origins: [site.origin] }])
  t.after(() => deleteBucket(gateway, bucket))
  const browser = await launchBrowser()
  t.after(() => browser.close())

  const page = await browser.newPage()
  const watched = watch(page)
  const file = randomFile(folder)
  await page.goto(site.origin)
  await pick(page, file)
  const selector = 'bucket-upload >>> a[part=link]'
  const link = await waitForElement(page, selector, 15_000).catch(() => null)
  assert(link, `No link has come. ${watched.complaints.join('\n')}`)
  const href = await link.evaluate((element) => (element as HTMLAnchorElement).href)
  await assertReturns(href, file)
  assert.deepEqual(watched.complaints, [])
  const expected = [site.origin, cdn.origin, origin, gateway.endpoint]
  assert.deepEqual([...watched.origins].sort(), expected.sort())
})

function htmlOrIcon(request: Request, html: string): Response {
  if (new URL(request.url).pathname === '/favicon.ico') return noIcon()
  return new Response(html, { headers: { 'Content-Type': 'text/html; charset=utf-8' } })
}
