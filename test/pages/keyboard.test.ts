/** The main job without a mouse and without a screen: from the first Tab to the copied link. */

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import type { Browser, Page } from 'puppeteer-core'
import type { BucketUpload } from '../../src/index.ts'
import { createSigner, s3 } from '../../src/server/index.ts'
import { type FocusStop, focused } from '../support/browsers/accessibility.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { assertReturns, type FileOnDisk, randomFile } from '../support/browsers/picked-file.ts'
import { listenToScreenReader } from '../support/browsers/screen-reader.ts'
import { readAloud } from '../support/browsers/virtual-reader.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import { CDN } from '../support/built.ts'
import { filesIn, noIcon, type Site, serve } from '../support/pages/site.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket, OPEN_CORS } from '../support/servers/s3-admin.ts'

/** The button that opens the file dialog. */
const BROWSE = /^Choose (a file|files)$/

const folder = mkdtempSync(join(tmpdir(), 'keyboard-'))
let file: FileOnDisk
let gateway: Awaited<ReturnType<typeof cephGateway>>
let bucket: string
let browser: Browser
let site: Site
let signer: Site
let page: Page

before(async () => {
  file = randomFile(folder)
  gateway = await cephGateway()
  bucket = bucketName('keyboard')
  await createBucket(gateway, bucket, [OPEN_CORS])
  const bucketOf = s3({ ...gateway, bucket })
  signer = await serve(
    createSigner({ bucket: bucketOf, authorize: 'everybody', origins: '*', maxSize: '1MB' }),
  )
  const built = filesIn(CDN)
  site = await serve((request) => {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/favicon.ico') return noIcon()
    if (pathname !== '/') return built(request)
    const html = `<!doctype html><html lang="en"><title>Upload</title><script type="module" src="/bucket-upload.js"></script>
<a href="#before">Before</a>
<bucket-upload links="full" label="Attachments" signer="${signer.origin}" ${searchParams.get('attributes')}></bucket-upload>
<a href="#after">After</a>`
    return new Response(html, { headers: { 'Content-Type': 'text/html' } })
  })
  browser = await launchBrowser()
  await browser
    .defaultBrowserContext()
    .overridePermissions(site.origin, ['clipboard-read', 'clipboard-write'])
})
after(async () => {
  await browser?.close()
  for (const server of [site, signer]) server?.stop()
  rmSync(folder, { recursive: true, force: true })
  if (bucket) await deleteBucket(gateway, bucket)
})
afterEach(() => page?.close())

async function openPage(attributes = ''): Promise<void> {
  page = await browser.newPage()
  await page.bringToFront()
  await page.goto(`${site.origin}/?${new URLSearchParams({ attributes })}`)
  await waitForElement(page, 'bucket-upload >>> .zone')
}

/** Presses Tab until what has the focus is called that; answers with all stops on the way. */
async function tabTo(name: string | RegExp, keys: 'Tab' | 'back' = 'Tab'): Promise<FocusStop[]> {
  const stops: FocusStop[] = []
  while (stops.length < 20) {
    if (keys === 'back') await page.keyboard.down('Shift')
    await page.keyboard.press('Tab')
    if (keys === 'back') await page.keyboard.up('Shift')
    const stop = await focused(page)
    stops.push(stop)
    if (typeof name === 'string' ? stop.name === name : name.test(stop.name)) return stops
  }
  throw new Error(`Tab never came to ${name}, but to ${JSON.stringify(stops)}`)
}

/** Chooses files in the file dialog that Enter opens. */
async function choose(paths: string[]): Promise<void> {
  const opened = page.waitForFileChooser()
  // It has to be waiting before the key is pressed.
  await page.evaluate(() => new Promise(requestAnimationFrame))
  await page.keyboard.press('Enter')
  await (await opened).accept(paths)
}

/** Bytes a second: what comes in the same second would be told together. */
async function slowLine(uploadThroughput = 60_000): Promise<void> {
  const session = await page.createCDPSession()
  await session.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 0, downloadThroughput: -1, uploadThroughput },
  })
}

function names(stops: FocusStop[]): string[] {
  return stops.map((stop) => stop.name)
}

describe('with the keyboard alone', () => {
  test('from the first Tab to the copied link, and out again', async () => {
    await openPage()
    const before = await tabTo(BROWSE)
    assert.deepEqual(names(before), ['Before', 'Choose a file'])
    await choose([file.path])
    await waitForElement(page, 'bucket-upload >>> a[part=link]')
    const stops = await tabTo(/^Copy link/)
    assert.ok(stops.at(-1)?.name.includes(file.name), 'says the link to what')
    await page.keyboard.press('Enter')
    await page.waitForFunction(async () => (await navigator.clipboard.readText()) !== '')
    await assertReturns(await page.evaluate(() => navigator.clipboard.readText()), file)
    const rest = await tabTo('After')
    for (const stop of [...before, ...stops, ...rest]) {
      assert.ok(stop.name, `a stop without a name: ${JSON.stringify(stop)}`)
      assert.ok(stop.hasRing, `nothing shows that ${stop.name} has the focus`)
      assert.ok(stop.inView, `${stop.name} has the focus out of view`)
    }
    // And all the way back.
    await tabTo('Before', 'back')
  })

  test('a file that is removed hands the focus to the next one, and the last one to the button', async () => {
    await openPage('multiple manual')
    for (const name of ['a.txt', 'b.txt', 'c.txt']) writeFileSync(join(folder, name), name)
    await tabTo(BROWSE)
    await choose(['a.txt', 'b.txt', 'c.txt'].map((name) => join(folder, name)))
    await waitForElement(page, 'bucket-upload >>> .row')
    await tabTo('Cancel: b.txt')
    const after: string[] = []
    for (let presses = 0; presses < 6; presses++) {
      await page.keyboard.press('Enter')
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)))
      after.push((await focused(page)).name)
    }
    // A file that is cancelled stays, to be tried again or removed.
    assert.deepEqual(after, [
      ...['Remove: b.txt', 'Cancel: c.txt'],
      ...['Remove: c.txt', 'Cancel: a.txt'],
      ...['Remove: a.txt', 'Choose files'],
    ])
  })
})

describe('to a screen reader', () => {
  test('an upload is told in order: begun, each quarter, done', async () => {
    await openPage()
    const heard = await listenToScreenReader(page)
    await slowLine()
    await tabTo(BROWSE)
    await choose([file.path])
    await waitForElement(page, 'bucket-upload >>> a[part=link]')
    await heard.until(/^1 file uploaded\.$/)
    const said = await heard.words()
    const [first, ...quarters] = said
    const last = quarters.pop()
    assert.equal(first, 'Uploading 1 file.')
    assert.equal(last, '1 file uploaded.')
    assert.ok(quarters.length > 0, `nothing between start and end: ${said.join(' | ')}`)
    assert.ok(
      quarters.every(
        (text, index) => /^(25|50|75)% uploaded\.?$/.test(text) && text !== quarters[index - 1],
      ),
      said.join(' | '),
    )
    assert.deepEqual(quarters.toSorted(), quarters, 'in order')
  })

  test('an upload reads as docs/accessibility.md says, from choosing to the link', async () => {
    const named = join(folder, 'report.pdf')
    writeFileSync(named, Buffer.alloc(71_800, 1))
    await openPage()
    const empty = await readAloud(page, 'bucket-upload')
    const heard = await listenToScreenReader(page)
    await slowLine(30_000)
    await tabTo(BROWSE)
    await choose([named])
    await waitForElement(page, 'bucket-upload >>> a[part=link]')
    await heard.until(/^1 file uploaded\.$/)
    const done = await readAloud(page, 'bucket-upload')
    // How many quarters are told depends on the line.
    const said = (await heard.words()).filter((it) => !/% uploaded/.test(it))
    const words = [...empty, '', ...said, '', ...done].map((it) =>
      // The hour is that of the test.
      it.replace(/\s/g, ' ').replace(/until .* [AP]M/, 'until 9:41 AM'),
    )
    const text = readFileSync(new URL('../../docs/accessibility.md', import.meta.url), 'utf8')
    const [, documented] = /```text\n(.*?)\n```/s.exec(text) ?? []
    assert.deepEqual(words, documented?.split('\n'))
  })

  test('of many files that fail at the same time some are told, and the others counted', async () => {
    await openPage('multiple manual')
    const heard = await listenToScreenReader(page)
    await page.evaluate(() => {
      const element = document.querySelector('bucket-upload') as BucketUpload
      element.signer = () => Promise.reject(new Error('down'))
      element.add(Array.from({ length: 50 }, (_, number) => new File(['x'], `${number}.txt`)))
      element.start()
    })
    await heard.until(/50 failed\.$/)
    const said = (await heard.words()).join(' ')
    const told = said.match(/\.txt: /g)?.length ?? 0
    const counted = [...said.matchAll(/And (\d+) more\./g)].map(([, count]) => Number(count))
    assert.equal(told + counted.reduce((sum, count) => sum + count, 0), 50)
    assert.ok(told < 20, `${told} failures are read out one by one`)
  })

  test('a refusal is told at once, and a failure with the file and what to do', async () => {
    await openPage('multiple accept=".txt,.bin" max-size="400kB"')
    const heard = await listenToScreenReader(page)
    const wrong = join(folder, 'program.exe')
    writeFileSync(wrong, 'x')
    await tabTo(BROWSE)
    await choose([wrong])
    await heard.until(/program\.exe Only .+ can be added\./)
    await page.evaluate(() => {
      const element = document.querySelector('bucket-upload') as BucketUpload
      element.signer = () => Promise.reject(new Error('down'))
    })
    await tabTo(BROWSE, 'back')
    await choose([file.path])
    await heard.until(/1 file not uploaded|failed/)
    const said = (await heard.words()).join(' | ')
    assert.match(said, /Anna's\.bin: .+ Try again in a moment\./)
  })
})
