/** The main job under the strictest policy that lets a page upload: not one violation, and styled. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'puppeteer-core'
import { createSigner, s3 } from '../../src/server/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { watch } from '../support/browsers/page-watch.ts'
import { assertReturns, pick, randomFile } from '../support/browsers/picked-file.ts'
import { CDN } from '../support/built.ts'
import { filesIn, serve } from '../support/pages/site.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket, OPEN_CORS } from '../support/servers/s3-admin.ts'

const MIB = 2 ** 20

/** Notes violations from the first moment on. Of this origin, as the policy demands. */
const NOTE = `window.violations = []
document.addEventListener('securitypolicyviolation', (event) => {
  window.violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample)
})`

test('strict Content-Security-Policy with Trusted Types', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'csp-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const gateway = await cephGateway()
  const bucket = bucketName('csp')
  await createBucket(gateway, bucket, [OPEN_CORS])
  t.after(() => deleteBucket(gateway, bucket))
  const partRules = { idealSize: 5 * MIB }
  const config = s3({ ...gateway, bucket, partRules, postPolicy: true })
  const signer = await serve(createSigner({ bucket: config, authorize: 'everybody', origins: '*' }))
  t.after(() => signer.stop())
  const policy = [
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:",
    `connect-src 'self' ${signer.origin} ${gateway.endpoint}`,
    "worker-src 'self'; require-trusted-types-for 'script'",
  ].join('; ')
  // On all that the site serves, as web servers do: a worker has the policy of its own file.
  const files = filesIn(CDN, { 'Content-Security-Policy': policy })
  const site = await serve(async (request) => {
    const { pathname } = new URL(request.url)
    const headers = { 'Content-Security-Policy': policy }
    const own = { '/': html(signer.origin), '/note.js': NOTE }[pathname]
    if (own === undefined) return files(request)
    const type = pathname === '/' ? 'text/html; charset=utf-8' : 'text/javascript'
    return new Response(own, { headers: { ...headers, 'Content-Type': type } })
  })
  t.after(() => site.stop())
  const browser = await launchBrowser()
  t.after(() => browser.close())

  for (const [what, size] of [
    ['a small file', 10_000],
    ['a file in one piece', 2 * MIB],
    ['a file in parts', 20 * MIB],
  ] as const) {
    await t.test(what, async () => {
      const page = await browser.newPage()
      try {
        const watched = watch(page)
        const file = randomFile(folder, size)
        await page.goto(site.origin)
        await pick(page, file)
        const link = await page
          .waitForSelector('bucket-upload >>> a[part=link]', { timeout: 20_000 })
          .catch(() => null)
        assert(link, `No link has come. ${watched.complaints.join('\n')}`)
        const href = await link.evaluate((element) => (element as HTMLAnchorElement).href)
        await assertReturns(href, file)
        assert.deepEqual(await violations(page), [])
        assert.deepEqual(watched.complaints, [])
        assert.equal(await isStyled(page), true)
      } finally {
        await page.close()
      }
    })
  }
})

function html(signer: string): string {
  return `<!doctype html><meta charset="utf-8"><title>Strict</title>
<script src="/note.js"></script><script type="module" src="/bucket-upload.js"></script>
<bucket-upload signer="${signer}/sign" multiple></bucket-upload>`
}

function violations(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { violations: string[] }).violations)
}

/** The drop zone has the dashes that only our style sheet gives it. */
async function isStyled(page: Page): Promise<boolean> {
  const zone = await page.waitForSelector('bucket-upload >>> [part=drop-zone]')
  const style = await zone?.evaluate((element) => getComputedStyle(element).borderTopStyle)
  return style === 'dashed'
}
