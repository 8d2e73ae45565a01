/**
 * Each quick start, and each page for the documents of a provider, followed to the letter in an empty
 * folder, does the main job, within five minutes. The settings of its `.env` are those of a Ceph gateway.
 */
import assert from 'node:assert/strict'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'puppeteer-core'
import { launchBrowser } from '../support/browsers/browser.ts'
import { watch } from '../support/browsers/page-watch.ts'
import { assertReturns, pick, randomFile } from '../support/browsers/picked-file.ts'
import { type Published, publish } from '../support/examples/packed.ts'
import { follow, quickStart } from '../support/examples/quick-start.ts'
import type { Gateway } from '../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket, OPEN_CORS } from '../support/servers/s3-admin.ts'

/** From an empty folder to the first upload, in ms. */
const LIMIT = 300_000

const docs = fileURLToPath(new URL('../../docs', import.meta.url))
/** Their pages are not ours; they are followed in notebooks.test.ts. */
const OTHERS = ['start/streamlit', 'start/jupyter']
const names = globSync('{start,for-providers}/*.md', { cwd: docs })
  .map((path) => path.replaceAll('\\', '/').replace(/\.md$/, ''))
  .filter((name) => !OTHERS.includes(name))
  .sort()

describe('quick start', () => {
  const root = mkdtempSync(join(tmpdir(), 'quick-starts-'))
  let gateway: Gateway
  let browser: Browser
  let published: Published

  before(async () => {
    published = await publish(root)
    ;[gateway, browser] = await Promise.all([cephGateway(), launchBrowser()])
  })
  after(async () => {
    await browser?.close()
    published?.cdn.stop()
    rmSync(root, { recursive: true, force: true })
  })

  for (const name of names) {
    test(name, { timeout: LIMIT }, async (t) => {
      const bucket = bucketName(basename(name))
      // A page that sets no rule is about a provider that needs none, or has its own way.
      const guide = quickStart(name)
      await createBucket(gateway, bucket, guide.includes('cors apply') ? [] : [OPEN_CORS])
      t.after(() => deleteBucket(gateway, bucket))
      const folder = mkdtempSync(join(root, `${basename(name)}-`))
      const settings = {
        BUCKET_UPLOAD_PROVIDER: 's3',
        BUCKET_UPLOAD_ENDPOINT: gateway.endpoint,
        BUCKET_UPLOAD_REGION: gateway.region,
        BUCKET_UPLOAD_BUCKET: bucket,
        AWS_ACCESS_KEY_ID: gateway.accessKeyId,
        AWS_SECRET_ACCESS_KEY: gateway.secretAccessKey,
      }
      const start = performance.now()
      const { tarball, cdn } = published
      const reader = { folder, tarball, cdn: cdn.origin, bucket, settings }
      const followed = await follow(guide, reader)
      t.after(() => followed.stop())
      const page = await browser.newPage()
      t.after(() => page.close())
      // Lit greets developers with a warning, unless it believes it has done so. Its others still come.
      await page.evaluateOnNewDocument(() => {
        Object.assign(window, { litIssuedWarnings: new Set(['dev-mode']) })
      })
      await open(page, followed.address)
      const watched = watch(page)
      await page.reload({ waitUntil: 'networkidle2' })
      const file = randomFile(root)
      await pick(page, file)
      const link = await page.waitForSelector('ul a[href]', { timeout: 30_000 }).catch(() => null)
      assert(link, `No link has come. ${watched.complaints.join('\n')}`)
      const { text, href } = await link.evaluate(({ textContent, href }) => ({
        text: textContent,
        href,
      }))
      t.diagnostic(
        `${name}: ${Math.round((performance.now() - start) / 1000)} s to the first upload`,
      )
      assert.equal(text, file.name)
      await assertReturns(href, file)
      assert.deepEqual(watched.complaints, [])
    })
  }
})

/** Servers for development begin to listen when they are ready, and some build the page only then. */
async function open(page: Page, address: string): Promise<void> {
  for (let tries = 120; ; tries--) {
    try {
      await page.goto(address, { waitUntil: 'networkidle2' })
      await page.waitForSelector('bucket-upload:defined', { timeout: 20_000 })
      return
    } catch (error) {
      if (tries === 0) throw error
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}
