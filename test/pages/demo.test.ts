import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'puppeteer-core'
import { launchBrowser } from '../support/browsers/browser.ts'
import { dropFiles } from '../support/browsers/drop.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket, getObject, OPEN_CORS } from '../support/servers/s3-admin.ts'

const START = fileURLToPath(new URL('../../demo/start.ts', import.meta.url))

/** Those that a failed test leaves running, too. */
const started = new Set<ChildProcess>()

interface Demo {
  process: ChildProcess
  output: string[]
  /** The address that it prints. */
  url: Promise<string>
}

/** Starts the demo as `npm start` does, without any setting of this machine. */
function startDemo(folder: string, env: Record<string, string> = {}): Demo {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [START], {
    cwd: folder,
    env: { PATH, TMPDIR: folder, ...env },
  })
  started.add(child)
  const output: string[] = []
  const url = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output.push(String(chunk))
        const [found] = /http:\/\/localhost:\d+/.exec(output.join('')) ?? []
        if (found) resolve(found)
      })
    }
    child.once('exit', () => reject(new Error(output.join(''))))
  })
  url.catch(() => {})
  return { process: child, output, url }
}

async function stopDemo({ process: child }: Demo, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode
  // Twice, as a terminal and npm do.
  child.kill(signal)
  child.kill(signal)
  const [code] = await once(child, 'exit')
  return code
}

/** Uploads a file by a drop, and reads the details of every `file-uploaded` until all is done. */
async function uploadByDrop(page: Page, path: string) {
  await page.waitForFunction(() => customElements.get('bucket-upload'))
  await page.evaluate(() => {
    const events: unknown[] = []
    Object.assign(window, { events })
    document.addEventListener('file-uploaded', ({ detail }) => {
      const { name, size, key, downloadUrl } = detail
      events.push({ name, size, key, downloadUrl })
    })
    document.addEventListener('upload-complete', () => Object.assign(window, { done: true }))
  })
  await dropFiles(page, [path])
  // The test's own time-out ends a wait in vain: beside other tests 100 MB may take a minute.
  await page.waitForFunction(() => 'done' in window, { timeout: 0 })
  return page.evaluate(() => (window as unknown as { events: Uploaded[] }).events)
}

interface Uploaded {
  name: string
  size: number
  key: string
  downloadUrl: string
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

describe('npm start', () => {
  let folder: string
  let browser: Browser
  const bytes = randomBytes(100_000_000)

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-test-'))
    await writeFile(join(folder, 'film.bin'), bytes)
    browser = await launchBrowser()
  })
  after(async () => {
    for (const child of started) child.kill('SIGKILL')
    await browser.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('brings a dropped file of 100 MB into its bucket and back, and cleans up on Ctrl-C', async () => {
    const data = await mkdtemp(join(folder, 'data-'))
    const demo = startDemo(data, { PORT: '5300' })
    const page = await browser.newPage()
    await page.goto(await demo.url)

    const uploaded = await uploadByDrop(page, join(folder, 'film.bin'))

    assert.equal(uploaded.length, 1)
    assert.equal(uploaded[0]?.name, 'film.bin')
    assert.equal(uploaded[0]?.size, bytes.length)
    const download = await fetch(uploaded[0].downloadUrl)
    assert.equal(sha256(await download.bytes()), sha256(bytes))
    assert.match(download.headers.get('content-disposition') ?? '', /filename="film\.bin"/)
    const buckets = async () => (await readdir(data)).filter((name) => name.startsWith('s3-'))
    assert.equal((await buckets()).length, 1, 'its data is in the temporary folder')
    assert.equal(await stopDemo(demo, 'SIGINT'), 0)
    assert.deepEqual(await buckets(), [])
    await page.close()
  })

  test('uses the bucket that the environment names', async () => {
    const ceph = await cephGateway()
    const bucket = bucketName('demo')
    await createBucket(ceph, bucket, [OPEN_CORS])
    const demo = startDemo(folder, {
      PORT: '5320',
      BUCKET_UPLOAD_PROVIDER: 's3',
      BUCKET_UPLOAD_BUCKET: bucket,
      BUCKET_UPLOAD_REGION: ceph.region,
      BUCKET_UPLOAD_ENDPOINT: ceph.endpoint,
      AWS_ACCESS_KEY_ID: ceph.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ceph.secretAccessKey,
    })
    const page = await browser.newPage()
    await page.goto(await demo.url)
    const [uploaded] = await uploadByDrop(page, join(folder, 'film.bin'))
    const stored = await getObject(ceph, bucket, uploaded?.key ?? '')
    assert.equal(sha256(stored?.body ?? new Uint8Array()), sha256(bytes))
    assert.equal(await stopDemo(demo, 'SIGTERM'), 0)
    await deleteBucket(ceph, bucket)
    await page.close()
  })

  test('takes the next port when one is in use, and says so', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const demo = startDemo(folder, { PORT: String(port) })
    assert.notEqual(await demo.url, `http://localhost:${port}`)
    assert.match(demo.output.join(''), new RegExp(`Port ${port} is in use, trying the next one\\.`))
    await stopDemo(demo, 'SIGINT')
    other.close()
  })

  test('says in one sentence which setting is missing', async () => {
    const demo = startDemo(folder, { BUCKET_UPLOAD_PROVIDER: 'storj' })
    await assert.rejects(demo.url, ({ message }: Error) => {
      assert.equal(
        message,
        'BUCKET_UPLOAD_BUCKET is missing. Set it to the name of your bucket, in the environment or in .env.\n',
      )
      return true
    })
    assert.equal(demo.process.exitCode, 1)
  })

  test('reads its settings from .env', async () => {
    const here = await mkdtemp(join(folder, 'env-'))
    await writeFile(join(here, '.env'), 'BUCKET_UPLOAD_PROVIDER=dropbox\n')
    await assert.rejects(startDemo(here).url, /BUCKET_UPLOAD_PROVIDER is "dropbox"/)
  })
})
