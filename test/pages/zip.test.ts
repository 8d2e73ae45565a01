/** A folder of 10,000 files becomes one zip, which other programs unpack. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, Page } from 'puppeteer-core'
import { findPython } from '../../scripts/lib/python.ts'
import type { BucketUpload } from '../../src/index.ts'
import { createSigner, s3 } from '../../src/server/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { dropFiles } from '../support/browsers/drop.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import { CDN } from '../support/built.ts'
import { runProgram } from '../support/command.ts'
import { filesIn, noIcon, type Site, serve } from '../support/pages/site.ts'

import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import {
  createBucket,
  deleteBucket,
  getObject,
  listMultipartUploads,
  listObjects,
  OPEN_CORS,
} from '../support/servers/s3-admin.ts'

const FILES = 10_000
const MIB = 2 ** 20
/** What a page may hold more than before: the parts of a stream, and what is known of the files. */
const MOST_IN_PAGE = 64 * MIB

const root = mkdtempSync(join(tmpdir(), 'zip-'))
/** The SHA-256 of each file, by its path from the folder on. */
const digests = new Map<string, string>()

let gateway: Awaited<ReturnType<typeof cephGateway>>
let bucket: string
let browser: Browser
let site: Site
let signer: Site
let page: Page

before(async () => {
  for (let index = 0; index < FILES; index++) {
    // One is larger than a part; some are empty.
    const size = index === 7 ? 12 * MIB : (index * 7919) % 4000
    const path = `archive/${index % 10}/ünï ${index % 97}/f${index}.bin`
    const content = randomBytes(size)
    digests.set(path, sha256(content))
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  gateway = await cephGateway()
  bucket = bucketName('zip')
  await createBucket(gateway, bucket, [OPEN_CORS])
  const settings = { bucket: s3({ ...gateway, bucket }), origins: '*' as const }
  signer = await serve(createSigner({ ...settings, authorize: 'everybody' }))
  const built = filesIn(CDN)
  site = await serve(async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/favicon.ico') return noIcon()
    if (pathname !== '/') return built(request)
    const html = `<!doctype html><title>Zip</title><script type="module" src="/bucket-upload.js"></script>
<bucket-upload signer="${signer.origin}" zip></bucket-upload>`
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
afterEach(() => page?.close())

test('10,000 files arrive as one zip, of which a page holds little', {
  timeout: 300_000,
}, async () => {
  page = await openPage()
  const memory = await memoryOf(page)
  const start = await memory()
  await page.evaluate(countTurns)
  await dropFiles(page, [join(root, 'archive')])
  let most = 0
  for (;;) {
    most = Math.max(most, (await memory()) - start)
    const [file] = await page.evaluate(filesOf)
    assert.notEqual(file?.status, 'failed', file?.said)
    if (file?.status === 'uploaded') break
    // To collect garbage all the time would be all that the page does.
    await wait(200)
  }
  assert.ok(most < MOST_IN_PAGE, `the page held ${Math.round(most / MIB)} MiB more`)
  // While the files are read and zipped, the page does other things.
  const turns = await page.evaluate(() => (window as unknown as { turns: number }).turns)
  assert.ok(turns > 100, `the page had ${turns} turns`)

  const objects = await listObjects(gateway, bucket)
  assert.equal(objects.length, 1)
  assert.match(objects[0]?.key ?? '', /archive\.zip$/)
  const stored = await getObject(gateway, bucket, objects[0]?.key ?? '')
  const path = join(root, 'stored.zip')
  writeFileSync(path, stored?.body ?? '')
  // Checks each CRC, unpacks all, and tells what has come out.
  const unpacked = join(root, 'unpacked')
  const script = `import sys, zipfile
zip = zipfile.ZipFile(sys.argv[1])
assert zip.testzip() is None
zip.extractall(sys.argv[2])
print('\\n'.join(zip.namelist()))`
  const { stdout } = await runProgram(findPython(), ['-c', script, path, unpacked])
  const names = stdout.trim().split('\n')
  assert.deepEqual(names.toSorted(), [...digests.keys()].sort())
  for (const [name, digest] of digests) {
    assert.equal(sha256(readFileSync(join(unpacked, name))), digest, name)
  }
})

test('a file that vanishes meanwhile is named, and nothing is left', {
  timeout: 120_000,
}, async () => {
  page = await openPage()
  const folder = join(root, 'losing')
  mkdirSync(folder)
  const large = randomBytes(30 * MIB)
  for (const name of ['a.bin', 'b.bin', 'z.bin']) writeFileSync(join(folder, name), large)
  const before = await listObjects(gateway, bucket)
  await page.evaluate(() => {
    const element = document.querySelector('bucket-upload') as BucketUpload
    element.addEventListener('upload-started', () => element.pause())
  })
  await dropFiles(page, [folder])
  await page.waitForFunction(() => {
    const element = document.querySelector('bucket-upload') as BucketUpload
    return element.files[0]?.status === 'paused'
  })
  rmSync(join(folder, 'z.bin'))
  await page.evaluate(() => (document.querySelector('bucket-upload') as BucketUpload).resume())
  for (;;) {
    const [file] = await page.evaluate(filesOf)
    assert.notEqual(file?.status, 'uploaded')
    if (file?.status !== 'failed') continue
    assert.match(file.said ?? '', /^losing\/z\.bin: This file was moved or changed/)
    break
  }
  while ((await listMultipartUploads(gateway, bucket)).length > 0) await page.evaluate(() => {})
  assert.deepEqual(await listObjects(gateway, bucket), before)
})

async function openPage(): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(site.origin)
  await waitForElement(page, 'bucket-upload >>> .zone')
  return page
}

/** Runs in the page. */
function filesOf() {
  const { files } = document.querySelector('bucket-upload') as BucketUpload
  return files.map((file) => ({
    status: file.status,
    said: file.status === 'failed' ? file.error.message : undefined,
  }))
}

/** Runs in the page: counts how often something else has its turn. */
function countTurns() {
  const counter = window as unknown as { turns: number }
  counter.turns = 0
  const turn = () => {
    counter.turns++
    setTimeout(turn)
  }
  turn()
}

/** The heap of a page and its buffers, in bytes, without what is only not collected yet. */
async function memoryOf(page: Page): Promise<() => Promise<number>> {
  const protocol = await page.createCDPSession()
  return async () => {
    await protocol.send('HeapProfiler.collectGarbage')
    const heap = (await protocol.send('Runtime.getHeapUsage')) as {
      usedSize: number
      backingStorageSize?: number
    }
    return heap.usedSize + (heap.backingStorageSize ?? 0)
  }
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
