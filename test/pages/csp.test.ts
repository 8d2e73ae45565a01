/** The main job under the policies of docs/csp.md: not one violation, styled, and hashed by the worker. */

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'puppeteer-core'
import { createSigner, s3 } from '../../src/server/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { watch } from '../support/browsers/page-watch.ts'
import { assertReturns, pick, randomFile } from '../support/browsers/picked-file.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
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

/** The policies of docs/csp.md, in their order. */
const [OWN_HOST = '', FROM_CDN = ''] = [
  ...readFileSync(new URL('../../docs/csp.md', import.meta.url), 'utf8').matchAll(
    /^Content-Security-Policy:\n([\s\S]*?)^```$/gm,
  ),
].map(([, policy = '']) => policy.replace(/\s+/g, ' ').trim())

const POLICIES = {
  'the policy of the documents, with the files on the own host': OWN_HOST,
  'the same without WebAssembly': OWN_HOST.replace(" 'wasm-unsafe-eval'", ''),
  'the policy of the documents, with the files at a CDN': FROM_CDN,
}

for (const [name, written] of Object.entries(POLICIES)) {
  test(`strict Content-Security-Policy with Trusted Types: ${name}`, async (t) => {
    assert.match(written, /^default-src 'none'; .*require-trusted-types-for 'script'/)
    const isFromCdn = written === FROM_CDN
    const folder = mkdtempSync(join(tmpdir(), 'csp-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    const gateway = await cephGateway()
    const bucket = bucketName('csp')
    await createBucket(gateway, bucket, [OPEN_CORS])
    t.after(() => deleteBucket(gateway, bucket))
    const partRules = { idealSize: 5 * MIB }
    const config = s3({ ...gateway, bucket, partRules, postPolicy: true })
    const signer = await serve(
      createSigner({ bucket: config, authorize: 'everybody', origins: '*' }),
    )
    t.after(() => signer.stop())
    const cdn = await serve(filesIn(CDN, { 'Access-Control-Allow-Origin': '*' }))
    t.after(() => cdn.stop())
    const policy = written
      .replace('https://api.example.com ', '')
      .replace('https://gateway.storjshare.io', `${signer.origin} ${gateway.endpoint}`)
      .replaceAll('https://cdn.jsdelivr.net', cdn.origin)
    // On all that the site serves, as web servers do: a worker has the policy of its own file.
    const headers = { 'Content-Security-Policy': policy }
    const files = filesIn(CDN, headers)
    const library = isFromCdn ? cdn.origin : ''
    const site = await serve(async (request) => {
      if (new URL(request.url).pathname !== '/') return files(request)
      const type = { 'Content-Type': 'text/html; charset=utf-8' }
      return new Response(html(signer.origin, library), { headers: { ...headers, ...type } })
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
          const digests: (string | undefined)[] = []
          page.on('request', (request) => {
            if (request.method() === 'PUT') digests.push(request.headers()['content-md5'])
          })
          await page.evaluateOnNewDocument(NOTE)
          const file = randomFile(folder, size)
          await page.goto(site.origin)
          await pick(page, file)
          const link = await waitForElement(page, 'bucket-upload >>> a[part=link]', 20_000).catch(
            () => null,
          )
          assert(link, `No link has come. ${watched.complaints.join('\n')}`)
          const href = await link.evaluate((element) => (element as HTMLAnchorElement).href)
          await assertReturns(href, file)
          assert.deepEqual(await violations(page), [])
          assert.deepEqual(watched.complaints, [])
          assert.equal(await isStyled(page), true)
          // The worker has run. A small file has its digest in a form, parts are compared afterwards.
          if (size === 2 * MIB) assert.match(digests.join(), /^[\w+/]{22}==$/)
          if (isFromCdn) assert.ok(watched.origins.has(cdn.origin))
        } finally {
          await page.close()
        }
      })
    }
  })
}

function html(signer: string, library: string): string {
  return `<!doctype html><meta charset="utf-8"><title>Strict</title>
<script type="module" src="${library}/bucket-upload.js"></script>
<bucket-upload links="full" signer="${signer}/sign" multiple></bucket-upload>`
}

function violations(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { violations: string[] }).violations)
}

/** The drop zone has the dashes that only our style sheet gives it. */
async function isStyled(page: Page): Promise<boolean> {
  const zone = await waitForElement(page, 'bucket-upload >>> [part=drop-zone]')
  const style = await zone.evaluate((element) => getComputedStyle(element).borderTopStyle)
  return style === 'dashed'
}
