/**
 * The quick start for Streamlit, followed to the letter: a file of 100 MB goes from a browser
 * into a bucket, and Python has its key.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'puppeteer-core'
import { launchBrowser } from '../support/browsers/browser.ts'
import { type FileOnDisk, pick, randomFile } from '../support/browsers/picked-file.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import { NOTEBOOKS } from '../support/examples/notebooks.ts'
import { pack } from '../support/examples/packed.ts'
import { answers, type Followed, follow, quickStart } from '../support/examples/quick-start.ts'
import { filesIn, type Site, serve } from '../support/pages/site.ts'
import type { Gateway } from '../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket, listObjects } from '../support/servers/s3-admin.ts'

const SIZE = 100_000_000
/** For installing, starting, and sending, in ms. */
const LIMIT = 300_000

describe('a file of 100 MB, and its key in Python', () => {
  const root = mkdtempSync(join(tmpdir(), 'notebooks-'))
  let tarball: string
  let gateway: Gateway
  let browser: Browser
  let cdn: Site
  let file: FileOnDisk

  before(async () => {
    tarball = pack(root)
    const unpacked = join(root, 'cdn')
    mkdirSync(unpacked)
    execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', unpacked])
    file = randomFile(root, SIZE)
    ;[gateway, browser, cdn] = await Promise.all([
      cephGateway(),
      launchBrowser(),
      serve(filesIn(unpacked, { 'Access-Control-Allow-Origin': '*' })),
    ])
  })
  after(async () => {
    await browser?.close()
    cdn?.stop()
    rmSync(root, { recursive: true, force: true })
  })

  /** A page of the documents that was followed. */
  interface Begun extends Followed {
    page: Page
    bucket: string
    /** What the programs have printed so far. */
    log(): string
  }

  async function begin(t: TestContext, name: keyof typeof NOTEBOOKS): Promise<Begun> {
    const bucket = bucketName(name)
    await createBucket(gateway, bucket)
    t.after(() => deleteBucket(gateway, bucket))
    const folder = mkdtempSync(join(root, `${name}-`))
    const log = join(folder, 'log')
    const settings = {
      BUCKET_UPLOAD_PROVIDER: 's3',
      BUCKET_UPLOAD_ENDPOINT: gateway.endpoint,
      BUCKET_UPLOAD_REGION: gateway.region,
      BUCKET_UPLOAD_BUCKET: bucket,
      AWS_ACCESS_KEY_ID: gateway.accessKeyId,
      AWS_SECRET_ACCESS_KEY: gateway.secretAccessKey,
    }
    const reader = { folder, tarball, cdn: cdn.origin, bucket, settings, log }
    const followed = await follow(quickStart(`start/${name}`), {
      ...reader,
      ...(NOTEBOOKS[name] === undefined ? {} : { venv: NOTEBOOKS[name] }),
    })
    t.after(() => followed.stop())
    const page = await browser.newPage()
    t.after(() => page.close())
    return { ...followed, page, bucket, log: () => readFileSync(log, 'utf8') }
  }

  /** Asserts that the bucket has the file, under this key. */
  async function assertStored(bucket: string, key: string): Promise<void> {
    const objects = await listObjects(gateway, bucket)
    assert.deepEqual(
      objects.map((object) => [object.key, object.size]),
      [[key, SIZE]],
    )
  }

  const without = (name: keyof typeof NOTEBOOKS) =>
    NOTEBOOKS[name] === undefined && 'PyPI cannot be reached'

  test('streamlit', { timeout: LIMIT, skip: without('streamlit') }, async (t) => {
    const { address, page, bucket, log } = await begin(t, 'streamlit')
    await open(page, address)
    await pick(page, file)
    const said = await waitForElement(page, '[data-testid=stMarkdown] code', LIMIT)
    const key = await said.evaluate((element) => element.textContent ?? '')
    await assertStored(bucket, key)
    const text = await said.evaluate((element) => element.closest('p')?.textContent ?? '')
    assert.equal(text, `${file.name} has ${SIZE} bytes, at ${key}`)
    assert.ok(log().split('\n').includes(key), log())
  })
})

/** It begins to listen some seconds after it was started. */
async function open(page: Page, address: string): Promise<void> {
  await answers(address)
  await page.goto(address)
}
