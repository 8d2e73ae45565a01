/** What a site does with a file after the upload, and what its page shows of that, also a later one. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import type { Browser, ElementHandle, Page } from 'puppeteer-core'
import { createSigner, type Hooks, type Signer, s3 } from '../../src/server/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { startQencode } from '../support/faults/qencode.ts'
import { servePage } from '../support/pages/upload-stage.ts'
import { EICAR, startClamd, withoutClamd } from '../support/servers/clamd.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import {
  createBucket,
  deleteBucket,
  emptyBucket,
  listObjects,
  OPEN_CORS,
} from '../support/servers/s3-admin.ts'

// They have no types.
const { transcoding } = await import(example('qencode.js'))
const { scanning } = await import(example('scan.js'))

const API_KEY = 'the key of the project'
const folder = mkdtempSync(join(tmpdir(), 'after-upload-'))
const name = bucketName('after')

let gateway: Awaited<ReturnType<typeof cephGateway>>
let site: Awaited<ReturnType<typeof servePage>>
let browser: Browser
let signer: Signer
let errors: unknown[] = []

before(async () => {
  gateway = await cephGateway()
  await createBucket(gateway, name, [OPEN_CORS])
  site = await servePage(async (request) => {
    return new URL(request.url).pathname === '/sign' ? signer(request) : undefined
  })
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await site?.stop()
  await deleteBucket(gateway, name)
  rmSync(folder, { recursive: true, force: true })
})
afterEach(async () => {
  for (const page of await browser.pages()) await page.close()
  assert.deepEqual(errors, [])
  await emptyBucket(gateway, name)
})

const bucketOf = () => s3({ ...gateway, bucket: name })

/** What the page notes of an event. */
interface Heard {
  type: string
  key: string
  downloadUrl: string
  data: unknown
  code: string
}

/** A signer with these hooks, whose errors fail the test. */
function useHooks(hooks: Pick<Hooks, 'onUploaded' | 'status'>, prefix: string): void {
  errors = []
  signer = createSigner({
    bucket: bucketOf(),
    authorize: () => ({ user: '42', prefix }),
    onError: (error) => void errors.push(error),
    ...hooks,
  })
}

/** A page with the widget, which notes what it hears. */
async function openPage(): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(site.origin)
  await showWidget(page)
  return page
}

async function showWidget(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const heard: unknown[] = []
    Object.assign(window, { heard })
    for (const type of ['processing-started', 'file-uploaded', 'file-failed']) {
      document.addEventListener(type, (event) => {
        const { key, downloadUrl, data, code } = (event as CustomEvent).detail
        heard.push({ type, key, downloadUrl, data, code })
      })
    }
    const library: string = '/bucket-upload.js'
    await import(library)
    document.body.innerHTML = '<bucket-upload signer="/sign" multiple links="full"></bucket-upload>'
  })
}

async function add(page: Page, file: string, bytes: string): Promise<void> {
  const path = join(folder, file)
  writeFileSync(path, bytes)
  const input = (await page.waitForSelector(
    '>>> input[type=file]',
  )) as ElementHandle<HTMLInputElement>
  await input.uploadFile(path)
}

/** Waits until the only row says this. */
async function untilRowSays(page: Page, text: string): Promise<void> {
  await page.waitForFunction(
    (text) => {
      const upload = document.querySelector('bucket-upload')
      const list = upload?.shadowRoot?.querySelector('bucket-upload-list')
      const rows = [...(list?.shadowRoot?.querySelectorAll('.row') ?? [])]
      return rows.length === 1 && rows[0]?.textContent?.replaceAll('\u00a0', ' ').includes(text)
    },
    {},
    text,
  )
}

const heard = (page: Page, type: string) =>
  page.evaluate(
    (type) => (window as unknown as { heard: Heard[] }).heard.filter((it) => it.type === type),
    type,
  )

describe('a film that Qencode transcodes', () => {
  let qencode: Awaited<ReturnType<typeof startQencode>>
  afterEach(() => qencode?.stop())

  async function begin() {
    qencode = await startQencode(API_KEY)
    const hooks = transcoding({
      bucket: bucketOf(),
      apiKey: API_KEY,
      api: qencode.origin,
      callbackUrl: 'https://site.example/qencode',
      jobs: new Map(),
    })
    const { onUploaded, status } = hooks
    useHooks({ onUploaded, status }, '')
    return hooks
  }

  async function isStreamed(page: Page, link: string): Promise<void> {
    await untilRowSays(page, 'Uploaded')
    const [file, ...others] = await heard(page, 'file-uploaded')
    assert.equal(file?.downloadUrl, link)
    assert.deepEqual([file?.data, others], [{ seconds: 12.5 }, []])
    const shown = await page.waitForSelector('>>> a[part=link]')
    assert.equal(await shown?.evaluate((it) => (it as HTMLAnchorElement).href), link)
  }

  test('shows how far it is, and then the link to the stream', async () => {
    await begin()
    const page = await openPage()
    await add(page, 'film.mp4', 'a film')
    await untilRowSays(page, 'Processing… 0%')
    qencode.percent = 40
    await untilRowSays(page, 'Processing… 40%')
    assert.equal((await heard(page, 'processing-started')).length, 1)
    const [source = ''] = qencode.sources
    assert.equal(await (await fetch(source)).text(), 'a film')
    assert.equal(qencode.callbacks[0], 'https://site.example/qencode')
    qencode.percent = 100
    await isStreamed(page, qencode.stream)
  })

  test('goes on after a reload, and never shows the key of the project', async () => {
    await begin()
    const page = await openPage()
    const seen: string[] = []
    page.on('response', async (response) => {
      if (response.url().endsWith('/sign')) seen.push(await response.text().catch(() => ''))
    })
    await add(page, 'film.mp4', 'a film')
    qencode.percent = 40
    await untilRowSays(page, 'Processing… 40%')
    await page.reload()
    await showWidget(page)
    await untilRowSays(page, 'Processing… 40%')
    qencode.percent = 100
    await isStreamed(page, qencode.stream)
    assert.ok(seen.length > 2)
    for (const text of seen) for (const it of qencode.secrets) assert.ok(!text.includes(it))
    await page.reload()
    await showWidget(page)
    // What is done is no business of the next page.
    assert.deepEqual(await stored(page), [])
  })

  test('is done when the next page comes, and its callback finds it before', async () => {
    const hooks = await begin()
    const page = await openPage()
    await add(page, 'film.mp4', 'a film')
    await untilRowSays(page, 'Processing…')
    const [{ key = '' } = {}] = await heard(page, 'processing-started')
    await page.close()
    qencode.percent = 100
    const body = new URLSearchParams({ event: 'saved', payload: key })
    const callback = new Request('https://site.example/qencode', { method: 'POST', body })
    const { link } = (await hooks.finished(callback)) as { link?: string }
    assert.equal(link, qencode.stream)
    await isStreamed(await openPage(), qencode.stream)
  })

  test('that cannot be converted says so', async () => {
    await begin()
    const page = await openPage()
    await add(page, 'film.mp4', 'no film')
    qencode.fails = true
    await untilRowSays(page, 'This film could not be converted.')
    assert.equal((await heard(page, 'file-failed'))[0]?.code, 'signer-refused')
  })
})

describe('a file that is scanned', { skip: withoutClamd }, () => {
  let clamd: Awaited<ReturnType<typeof startClamd>>
  before(async () => {
    clamd = await startClamd()
  })
  after(() => clamd?.stop())

  /** A scan that waits until it is let go. */
  function begin() {
    let go = () => {}
    const isFree = new Promise<void>((resolve) => {
      go = resolve
    })
    const scans = new Map()
    const { onUploaded, status } = scanning({
      bucket: bucketOf(),
      clamd: { port: clamd.port, host: '127.0.0.1' },
      scans,
    })
    const held = {
      onUploaded,
      async status(file: { key: string }) {
        await isFree
        return status(file)
      },
    }
    useHooks(held, 'incoming/42/')
    return { go }
  }
  const keys = async () => (await listObjects(gateway, name)).map(({ key }) => key)

  test('gets its link once it is clean, at its other key', async () => {
    const { go } = begin()
    const page = await openPage()
    await add(page, 'notes.txt', 'nothing bad')
    await untilRowSays(page, 'Processing…')
    go()
    await untilRowSays(page, 'Uploaded')
    const [file] = await heard(page, 'file-uploaded')
    assert.match(file?.key ?? '', /^files\/42\/.*notes\.txt$/)
    assert.equal(await (await fetch(file?.downloadUrl ?? '')).text(), 'nothing bad')
    assert.deepEqual(await keys(), [file?.key])
  })

  test('is refused if it has a virus, and nobody can have it', async () => {
    const { go } = begin()
    const page = await openPage()
    await add(page, 'virus.txt', EICAR)
    await untilRowSays(page, 'Processing…')
    go()
    await untilRowSays(page, 'This file was refused: it has a virus.')
    assert.deepEqual(await heard(page, 'file-uploaded'), [])
    assert.deepEqual(await keys(), [])
  })

  test('is refused on the next page if the first was closed', async () => {
    const { go } = begin()
    const page = await openPage()
    await add(page, 'virus.txt', EICAR)
    await untilRowSays(page, 'Processing…')
    await page.close()
    go()
    const next = await openPage()
    await untilRowSays(next, 'This file was refused: it has a virus.')
    assert.deepEqual(await keys(), [])
  })
})

/** What the browser remembers of uploads. */
function stored(page: Page): Promise<unknown[]> {
  return page.evaluate(async () => {
    const databases = await indexedDB.databases()
    if (!databases.some((it) => it.name === 'bucket-upload')) return []
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('bucket-upload')
      request.onsuccess = () => resolve(request.result)
    })
    if (!database.objectStoreNames.contains('uploads')) return []
    return new Promise<unknown[]>((resolve) => {
      const request = database.transaction('uploads').objectStore('uploads').getAll()
      request.onsuccess = () => resolve(request.result)
    })
  })
}

function example(file: string): string {
  return new URL(`../../examples/after-upload/${file}`, import.meta.url).href
}
