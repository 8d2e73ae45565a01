/**
 * The quick starts for Streamlit and Jupyter, followed to the letter: a file of 100 MB goes from a browser
 * into a bucket, and Python has its key.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'puppeteer-core'
import { launchBrowser } from '../support/browsers/browser.ts'
import { type FileOnDisk, pick, randomFile } from '../support/browsers/picked-file.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import { snippetsOf } from '../support/docs/snippets.ts'
import { NOTEBOOKS } from '../support/examples/notebooks.ts'
import { type Published, publish } from '../support/examples/packed.ts'
import { answers, type Followed, follow, quickStart } from '../support/examples/quick-start.ts'
import type { Gateway } from '../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket, listObjects } from '../support/servers/s3-admin.ts'

const SIZE = 100_000_000
/** For installing, starting, and sending, in ms. */
const LIMIT = 300_000
const TOKEN = 'a-token-of-jupyter'

describe('a file of 100 MB, and its key in Python', () => {
  const root = mkdtempSync(join(tmpdir(), 'notebooks-'))
  let gateway: Gateway
  let browser: Browser
  let published: Published
  let file: FileOnDisk

  before(async () => {
    published = await publish(root)
    file = randomFile(root, SIZE)
    ;[gateway, browser] = await Promise.all([cephGateway(), launchBrowser()])
  })
  after(async () => {
    await browser?.close()
    published?.cdn.stop()
    rmSync(root, { recursive: true, force: true })
  })

  /** A page of the documents that was followed. */
  interface Begun extends Followed {
    /** In which the reader began. */
    folder: string
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
    const { tarball, cdn } = published
    const reader = { folder, tarball, cdn: cdn.origin, bucket, settings, log }
    const followed = await follow(quickStart(`start/${name}`), {
      ...reader,
      ...(NOTEBOOKS[name] === undefined ? {} : { venv: NOTEBOOKS[name] }),
    })
    t.after(() => followed.stop())
    const page = await browser.newPage()
    t.after(() => page.close())
    return { ...followed, folder, page, bucket, log: () => readFileSync(log, 'utf8') }
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

  test('jupyter', { timeout: LIMIT, skip: without('jupyter') }, async (t) => {
    const before = process.env.JUPYTER_CONFIG_DIR
    t.after(() => {
      if (before === undefined) delete process.env.JUPYTER_CONFIG_DIR
      else process.env.JUPYTER_CONFIG_DIR = before
    })
    // The token that the reader would copy. Who runs it here may be root.
    const config = { ServerApp: { allow_root: true }, IdentityProvider: { token: TOKEN } }
    process.env.JUPYTER_CONFIG_DIR = mkdtempSync(join(root, 'config-'))
    const settings = join(process.env.JUPYTER_CONFIG_DIR, 'jupyter_server_config.json')
    writeFileSync(settings, JSON.stringify(config))
    const { address, folder, page, bucket } = await begin(t, 'jupyter')
    writeFileSync(join(folder, 'my-notebooks/upload.ipynb'), notebook())
    await open(page, `${address}/tree/upload.ipynb?token=${TOKEN}`)
    await runCell(page, 1)
    await pick(page, file)
    await page.waitForFunction(
      () =>
        document.querySelector<HTMLElement & { files: { status: string }[] }>('bucket-upload')
          ?.files[0]?.status === 'uploaded',
      { timeout: LIMIT },
    )
    await runCell(page, 2)
    const printed = await waitForElement(page, `${cell(2)} .jp-OutputArea-output pre`, LIMIT)
    const [key = '', size] = (await printed.evaluate((it) => it.textContent ?? ''))
      .trim()
      .split(' ')
    assert.equal(size, String(SIZE))
    await assertStored(bucket, key)
  })
})

/** The cells of the page in one notebook, as the reader types them. */
function notebook(): string {
  const cells = snippetsOf('docs/start/jupyter.md')
    .filter(({ language }) => language === 'python')
    .slice(1, 3)
    .map(({ code }) => ({
      ...{ cell_type: 'code', id: randomUUID(), metadata: {}, outputs: [], execution_count: null },
      source: code.trim(),
    }))
  const kernelspec = { name: 'python3', display_name: 'Python 3', language: 'python' }
  return JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 })
}

/** @param number from 1 */
function cell(number: number): string {
  return `.jp-Cell[data-windowed-list-index="${number - 1}"]`
}

/** Runs a cell. Until the kernel is there nothing happens, and people press the keys again. */
async function runCell(page: Page, number: number): Promise<void> {
  const prompt = `${cell(number)} .jp-InputPrompt`
  const hasBegun = () =>
    page.waitForFunction(
      (selector) => /\[[\d*]+\]/.test(document.querySelector(selector)?.textContent ?? ''),
      { timeout: 3000 },
      prompt,
    )
  do {
    // Cells are drawn again while the notebook is opened: the one that was found may be gone.
    await (await waitForElement(page, prompt, LIMIT)).click().catch(() => {})
    await page.keyboard.down('Shift')
    await page.keyboard.press('Enter')
    await page.keyboard.up('Shift')
  } while (!(await hasBegun().catch(() => false)))
}

/** It begins to listen some seconds after it was started. */
async function open(page: Page, address: string): Promise<void> {
  await answers(address)
  await page.goto(address)
}
