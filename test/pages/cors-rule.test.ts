/** The rule that the console names for a bucket without one is the rule that the bucket lacks. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { BucketUpload, UploadError } from '../../src/index.ts'
import { createSigner, s3 } from '../../src/server/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { assertReturns, pick, randomFile } from '../support/browsers/picked-file.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import { CDN } from '../support/built.ts'
import { filesIn, noIcon, serve } from '../support/pages/site.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket, putCors } from '../support/servers/s3-admin.ts'

test('a bucket without a CORS rule', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'cors-rule-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const gateway = await cephGateway()
  const bucket = bucketName('cors-rule')
  await createBucket(gateway, bucket)
  t.after(() => deleteBucket(gateway, bucket))
  const signer = await serve(
    createSigner({ authorize: 'everybody', bucket: s3({ ...gateway, bucket }), origins: '*' }),
  )
  t.after(() => signer.stop())
  const built = filesIn(CDN)
  const site = await serve((request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/favicon.ico') return noIcon()
    if (pathname !== '/') return built(request)
    const html = `<!doctype html><title>Upload</title><script type="module" src="/bucket-upload.js"></script>
<bucket-upload links="full" signer="${signer.origin}"></bucket-upload>`
    return new Response(html, { headers: { 'Content-Type': 'text/html' } })
  })
  t.after(() => site.stop())
  const browser = await launchBrowser()
  t.after(() => browser.close())
  const page = await browser.newPage()
  const said: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'warn') said.push(message.text())
  })

  await page.goto(site.origin)
  await page.evaluate(() => {
    const element = document.querySelector('bucket-upload') as BucketUpload
    element.addEventListener('file-failed', ({ detail }) => {
      Object.assign(window, { failure: detail.error })
    })
  })
  const file = randomFile(folder)
  await pick(page, file)
  await page.waitForFunction(() => 'failure' in window)
  const facts = await page.evaluate(
    () => (window as unknown as { failure: UploadError }).failure.facts,
  )

  const warning = said.find((text) => text.includes('cors-blocked')) ?? ''
  const [, command, json] = /\n(aws s3api .+ --cors-configuration) '(.+)'\n/.exec(warning) ?? []
  assert.equal(
    command,
    `aws s3api put-bucket-cors --bucket ${bucket} --endpoint-url ${gateway.endpoint} --cors-configuration`,
  )
  const rule = facts.corsRule
  assert(rule)
  assert.deepEqual(JSON.parse(json ?? ''), { CORSRules: [rule] })
  assert.deepEqual(rule.AllowedOrigins, [site.origin])
  assert.doesNotMatch(JSON.stringify([said, facts]), /X-Amz-|Signature=/)

  const set = {
    origins: rule.AllowedOrigins,
    methods: rule.AllowedMethods,
    headers: rule.AllowedHeaders,
    exposeHeaders: rule.ExposeHeaders,
    maxAgeSeconds: rule.MaxAgeSeconds,
  }
  await putCors(gateway, bucket, [set])
  await page.evaluate(() => (document.querySelector('bucket-upload') as BucketUpload).retry())
  const link = await waitForElement(page, 'bucket-upload >>> a[part=link]')
  const href = await link.evaluate((element) => (element as HTMLAnchorElement).href)
  await assertReturns(href ?? '', file)
})
