/** A folder of 3,000 files, ten levels deep, arrives whole, with its paths. */

import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import type { Browser, ElementHandle, Page } from 'puppeteer-core'
import type { BucketUpload } from '../../src/index.ts'
import { createSigner, s3 } from '../../src/server/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { dropFiles } from '../support/browsers/drop.ts'
import { watch } from '../support/browsers/page-watch.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import { CDN } from '../support/built.ts'
import { filesIn, noIcon, type Site, serve } from '../support/pages/site.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import {
  createBucket,
  deleteBucket,
  getObject,
  listObjects,
  OPEN_CORS,
} from '../support/servers/s3-admin.ts'

type Gateway = Awaited<ReturnType<typeof cephGateway>>

const FILES = 3_000
const LEVELS = 10
/** How many files are read back and compared byte for byte; of all the others, the MD5 is compared. */
const SAMPLES = 30
const JUNK = ['.DS_Store', 'Thumbs.db', 'desktop.ini']

const root = mkdtempSync(join(tmpdir(), 'folder-'))
const folder = join(root, 'archive')
/** The content of each file, by its path from the folder on. */
const contents = new Map<string, Buffer>()

let gateway: Gateway
let bucket: string
let browser: Browser
let site: Site
let signer: Site

before(async () => {
  writeFolder()
  gateway = await cephGateway()
  bucket = bucketName('folder')
  await createBucket(gateway, bucket, [OPEN_CORS])
  const settings = { bucket: s3({ ...gateway, bucket }), origins: '*' as const, keepPaths: true }
  signer = await serve(
    createSigner({ ...settings, authorize: () => ({ user: '7', prefix: 'u/7' }) }),
  )
  const built = filesIn(CDN)
  site = await serve(async (request) => {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/favicon.ico') return noIcon()
    if (pathname !== '/') return built(request)
    const html = `<!doctype html><title>Folder</title><script type="module" src="/bucket-upload.js"></script>
<bucket-upload signer="${signer.origin}" ${searchParams.get('attributes')}></bucket-upload>`
    return new Response(html, { headers: { 'Content-Type': 'text/html' } })
  })
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  for (const server of [site, signer]) server?.stop()
  rmSync(root, { recursive: true, force: true })
  if (bucket) await deleteBucket(gateway, bucket)
})
let page: Page
afterEach(() => page?.close())

describe('a folder of 3,000 files, ten levels deep', () => {
  // Ceph needs 25 s for so many objects, and several times that beside other tests.
  test('arrives whole when it is dropped', { timeout: 300_000 }, async () => {
    page = await openPage('multiple prefix="inbox"')
    await dropFiles(page, [folder])
    const count = await page.evaluate(uploadedAll, FILES)
    assert.deepEqual(count, { uploaded: FILES, failed: [], rejected: 0 })
    const objects = await listObjects(gateway, bucket)
    assert.equal(objects.length, FILES)
    const batch = /^u\/7\/([0-9a-f]{32})\/inbox\//.exec(objects[0]?.key ?? '')?.[1]
    assert(batch, objects[0]?.key)
    const before = `u/7/${batch}/inbox/`
    assert.deepEqual(
      new Map(objects.map(({ key, size, etag }) => [key, `${size} ${etag}`])),
      new Map(
        [...contents].map(([path, content]) => [
          before + path,
          `${content.length} ${digest('md5', content)}`,
        ]),
      ),
    )
    const paths = [...contents.keys()]
    for (let index = 0; index < FILES; index += FILES / SAMPLES) {
      const path = paths[index] as string
      const stored = await getObject(gateway, bucket, before + path)
      assert.equal(
        digest('sha256', stored?.body ?? Buffer.alloc(0)),
        digest('sha256', contents.get(path) as Buffer),
      )
    }
  })

  test('is read whole when it is chosen, in which case nothing is left out', async () => {
    page = await openPage('directory manual')
    const input = await waitForElement(page, 'bucket-upload >>> input[type=file]')
    await (input as ElementHandle<HTMLInputElement>).uploadFile(folder)
    await page.waitForFunction(
      () => document.querySelector<BucketUpload>('bucket-upload')?.files.length,
    )
    const paths = await page.evaluate(() =>
      document.querySelector<BucketUpload>('bucket-upload')?.files.map((file) => file.path),
    )
    const junk = JUNK.map((name) => `archive/${name}`)
    assert.deepEqual(paths?.sort(), [...contents.keys(), ...junk].sort())
  })
})

/** As many files on each level, in one folder that has more than a hundred of them, and empty folders. */
function writeFolder(): void {
  let at = 'archive'
  for (let level = 1; level <= LEVELS; level++) {
    for (let index = 0; index < FILES / LEVELS; index++) {
      const path = index % 3 === 0 ? `${at}/side/f${index}.bin` : `${at}/f${index}.bin`
      contents.set(path, randomBytes(1 + ((level * 7919 + index * 104_729) % 2_000)))
    }
    mkdirSync(join(root, at, 'empty'), { recursive: true })
    at += `/level-${level}`
  }
  for (const [path, content] of contents) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  for (const name of JUNK) writeFileSync(join(folder, name), 'junk')
}

/** Where the script did not arrive, which happens on a busy machine, it says why and loads the page again. */
async function openPage(attributes: string): Promise<Page> {
  const page = await browser.newPage()
  const { complaints } = watch(page)
  await page.goto(`${site.origin}/?${new URLSearchParams({ attributes })}`)
  try {
    await waitForElement(page, 'bucket-upload >>> .zone', 10_000)
  } catch (error) {
    console.log(`${error} The page said: ${complaints.join(' ')}`)
    await page.reload()
    await waitForElement(page, 'bucket-upload >>> .zone')
  }
  return page
}

/** Runs in the page: waits until nothing is left to do. */
function uploadedAll(expected: number) {
  const element = document.querySelector<BucketUpload>('bucket-upload') as BucketUpload
  return new Promise<{ uploaded: number; failed: unknown[]; rejected: number }>((resolve) => {
    const look = () => {
      const uploaded = element.files.filter((it) => it.status === 'uploaded').length
      const failed = element.files.filter((it) => it.status === 'failed')
      if (uploaded + failed.length >= expected) {
        const errors = failed.map(({ path, error }) => ({
          path,
          code: error?.code,
          said: error?.message,
        }))
        resolve({ uploaded, failed: errors, rejected: element.engine.rejections.length })
      } else setTimeout(look, 200)
    }
    look()
  })
}

function digest(algorithm: string, content: Uint8Array): string {
  return createHash(algorithm).update(content).digest('hex')
}
