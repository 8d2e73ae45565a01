/** `<bucket-upload-recorder>` with the camera, microphone and screen that Chromium has for tests. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import {
  CompleteMultipartUploadCommand,
  GetObjectCommand,
  ListPartsCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { findChromium } from '../../scripts/lib/chromium.ts'
import { chromiumFlags } from '../support/browsers/browser.ts'
import { type PageWatch, watch } from '../support/browsers/page-watch.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import { killBrowser, setUploadStage, type UploadStage } from '../support/pages/upload-stage.ts'
import type { ListedUpload } from '../support/servers/s3-admin.ts'

const MIB = 2 ** 20
const DEVICES = '--use-fake-device-for-media-stream'
const ALLOWED = '--use-fake-ui-for-media-stream'
const BUTTON = 'bucket-upload-recorder >>> [part=button]'
const SEND = 'bucket-upload-recorder >>> [part=send]'
const DELETE = 'bucket-upload-recorder >>> [part=delete]'
/** How long it records before the browser is killed, and how much of that may be lost, in seconds. */
const [RECORDED, MOST_LOST] = [10, 4]

let stage: UploadStage
let browser: Browser
let page: Page
/** A profile that outlives its browser. */
let profile: string

before(async () => {
  stage = await setUploadStage()
})
after(() => stage?.stop())
beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), 'recorder-'))
})
afterEach(async () => {
  await browser.close()
  rmSync(profile, { recursive: true, force: true })
  await stage.clear()
})

for (const kind of ['video', 'audio', 'screen']) {
  test(`${kind}: what was recorded is in the bucket, and plays`, async () => {
    const watched = await openPage(kind)
    await press()
    await untilRecorded(2)
    if (kind === 'video') await untilPreviewed()
    await untilButtonSays('Stop recording')
    await press()
    const href = await linkOfFile()
    await untilButtonSays(`Record ${kind}`)
    const [object, ...others] = await stage.objects()
    assert.deepEqual([others, await stage.uploads()], [[], []])
    assert.match(object?.key ?? '', /recording-\d{4}(-\d\d){5}\.webm$/)
    const type = kind === 'audio' ? 'audio/webm' : 'video/webm'
    assert.equal((await fetch(href)).headers.get('Content-Type'), type)
    assert.equal((await play(href)).width > 0, kind !== 'audio')
    assert.deepEqual(watched.complaints, [])
  })
}

test('the browser asks before a page is left that records, and the recording goes on', async () => {
  await openPage('video')
  await press()
  // What uploads is loaded, and reads.
  await page.waitForFunction(() => document.querySelector('bucket-upload')?.files[0]?.size)
  const asked = new Promise<string>((resolve) => {
    page.once('dialog', (dialog) => {
      resolve(dialog.type())
      void dialog.dismiss()
    })
  })
  // A reload that people decline never ends.
  page.reload({ timeout: 0 }).catch(() => {})
  assert.equal(await asked, 'beforeunload')
  await press()
  assert.ok((await play(await linkOfFile())).width > 0)
})

test('parts are stored while it records, and outlive a browser that is killed', async () => {
  await openPage('video', { isNoisy: true })
  await press()
  const numbers = await stage.untilStored(1)
  await killBrowser(browser)
  const [upload] = await stage.uploads()
  assert.ok(upload)
  const href = await finish(upload)
  const [object] = await stage.objects()
  assert.ok((object?.size ?? 0) >= numbers.length * 5 * MIB)
  await openPage('video')
  assert.ok((await play(href)).width > 0)
})

test('a killed browser loses at most some seconds: the next page offers the rest, and sends it', async () => {
  await openPage('video')
  await press()
  await untilRecorded(RECORDED)
  await killBrowser(browser)
  assert.deepEqual([await stage.objects(), await stage.uploads()], [[], []])

  await openPage('video')
  const send = await waitForElement(page, SEND)
  const [offer = ''] = await offers()
  assert.match(offer, /^A recording \(0:\d\d\) was not sent\./)
  await send.click()
  const href = await linkOfFile()
  const { width, seconds } = await play(href)
  assert.ok(width > 0)
  assert.ok(seconds >= RECORDED - MOST_LOST, `${seconds} s are left`)
  const [object, ...others] = await stage.objects()
  assert.deepEqual([others, await stage.uploads()], [[], []])
  assert.match(object?.key ?? '', /recording-\d{4}(-\d\d){5}\.webm$/)
  assert.deepEqual(await offers(), [])
  await untilForgotten()
})

test('what was recorded and not sent can be deleted', async () => {
  await openPage('audio')
  await press()
  await untilRecorded(3)
  await killBrowser(browser)
  await openPage('audio')
  await (await waitForElement(page, DELETE)).click()
  await untilForgotten()
  assert.deepEqual(await offers(), [])
  assert.deepEqual([await stage.objects(), await stage.uploads()], [[], []])
})

test('a page does not offer what another one records', async () => {
  await openPage('video')
  await press()
  await untilRecorded(3)
  await killBrowser(browser)
  await openPage('video')
  await press()
  await untilRecorded(3)
  const first = page
  await openAgain('video')
  await waitForElement(page, SEND)
  assert.equal((await offers()).length, 1)
  page = first
  await page.bringToFront()
  await press()
  assert.ok((await play(await linkOfFile())).width > 0)
})

test('who refuses the camera is told how to allow it, and can try again', async () => {
  await openPage('video', { flags: ['--deny-permission-prompts'] })
  await press()
  const problem = await waitForElement(page, 'bucket-upload-recorder >>> [role=alert] span')
  const said = await problem.evaluate((it) => it.textContent ?? '')
  assert.match(said, /^This page may not use the camera or microphone\. Allow it/)
  await untilButtonSays('Record video')
  await waitForElement(page, `${BUTTON}:not(:disabled)`)
  assert.deepEqual([await stage.objects(), await stage.uploads()], [[], []])
})

/** A page with a `<bucket-upload>`, and a recorder that is bound to it. */
async function openPage(
  kind: string,
  { isNoisy = false, flags = [ALLOWED] }: { isNoisy?: boolean; flags?: string[] } = {},
): Promise<PageWatch> {
  const args = [...chromiumFlags, DEVICES, ...flags]
  const settings = { executablePath: findChromium(), args, userDataDir: profile }
  browser = await puppeteer.launch(settings)
  return openAgain(kind, isNoisy)
}

/** One more such page, in the same browser. */
async function openAgain(kind: string, isNoisy = false): Promise<PageWatch> {
  page = await browser.newPage()
  const watched = watch(page)
  if (isNoisy) await page.evaluateOnNewDocument(makeNoise)
  await page.goto(stage.origin)
  await page.evaluate(
    async (signer, kind) => {
      const path = '/bucket-upload.js'
      const { loadRecorder }: typeof import('../../src/cdn.ts') = await import(path)
      document.body.insertAdjacentHTML(
        'beforeend',
        `<bucket-upload id="up" signer="${signer}" multiple links="full"></bucket-upload>
        <bucket-upload-recorder for="up" kind="${kind}"></bucket-upload-recorder>`,
      )
      await loadRecorder()
    },
    stage.signer,
    kind,
  )
  return watched
}

/** Gives the page a camera whose pictures take many bytes. */
function makeNoise(): void {
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d')
  const noise = Array.from({ length: 4 }, () => {
    const image = new ImageData(640, 480)
    for (let at = 0; at < image.data.length; at += 65_536) {
      crypto.getRandomValues(image.data.subarray(at, at + 65_536))
    }
    return image
  })
  Object.assign(canvas, { width: 640, height: 480 })
  let count = 0
  setInterval(() => pen?.putImageData(noise[count++ % 4] as ImageData, 0, 0), 30)
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream()
  const Usual = MediaRecorder
  window.MediaRecorder = class extends Usual {
    constructor(media: MediaStream, options?: MediaRecorderOptions) {
      super(media, { ...options, videoBitsPerSecond: 20e6 })
    }
  }
}

/** Clicks the button of the recorder, as people do. */
async function press(): Promise<void> {
  const button = await waitForElement(page, `${BUTTON}:not(:disabled)`)
  await button.click()
}

/** Waits until the button of the recorder has this text. */
async function untilButtonSays(text: string): Promise<void> {
  await page.waitForFunction(
    (text) => {
      const root = document.querySelector('bucket-upload-recorder')?.shadowRoot
      const button = root?.querySelector('button')
      const slot = button?.querySelector('slot')
      return (slot ?? button)?.textContent?.trim() === text
    },
    {},
    text,
  )
}

/** Waits until it has recorded for so many seconds. */
async function untilRecorded(seconds: number): Promise<void> {
  await page.waitForFunction(
    (seconds) => {
      const root = document.querySelector('bucket-upload-recorder')?.shadowRoot
      const time = root?.querySelector('[role=timer]')?.textContent?.trim()
      return Number(time?.replace(/^0:/, '')) >= seconds
    },
    {},
    seconds,
  )
}

/** Waits until the picture of the camera is shown. */
async function untilPreviewed(): Promise<void> {
  await page.waitForFunction(() => {
    const root = document.querySelector('bucket-upload-recorder')?.shadowRoot
    return (root?.querySelector('video')?.videoWidth ?? 0) > 0
  })
}

/** The address of the only file, once it is uploaded. */
async function linkOfFile(): Promise<string> {
  const link = await waitForElement(page, 'bucket-upload >>> a[part=link]')
  return link.evaluate((it) => (it as HTMLAnchorElement).href)
}

/** What is said of the recordings of earlier pages that are offered. */
function offers(): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.querySelector('bucket-upload-recorder')?.shadowRoot
    const found = [...(root?.querySelectorAll('[part=left]') ?? [])]
    return found.map(({ textContent }) => textContent?.trim() ?? '')
  })
}

/** Waits until the browser keeps nothing of any recording. */
async function untilForgotten(): Promise<void> {
  const kept = () =>
    page.evaluate(
      () =>
        new Promise<number>((resolve, reject) => {
          const request = indexedDB.open('bucket-upload-recordings')
          request.onerror = () => reject(request.error)
          request.onsuccess = () => {
            const database = request.result
            const stores = [...database.objectStoreNames]
            const transaction = database.transaction(stores)
            const counts = stores.map((it) => transaction.objectStore(it).count())
            transaction.oncomplete = () => {
              database.close()
              resolve(counts.reduce((sum, { result }) => sum + result, 0))
            }
          }
        }),
    )
  while ((await kept()) > 0);
}

/** Plays a film or sound to its end, and says how wide and how long it is. */
function play(url: string): Promise<{ width: number; seconds: number }> {
  return page.evaluate(async (url) => {
    const film = document.createElement('video')
    Object.assign(film, { src: url, muted: true, playbackRate: 8 })
    await film.play()
    await new Promise((resolve, reject) => {
      Object.assign(film, { onended: resolve, onerror: () => reject(film.error) })
    })
    return { width: film.videoWidth, seconds: film.currentTime }
  }, url)
}

/** Puts together what the bucket has of an upload, with its keys, and returns a link. docs/recorder.md says how. */
async function finish({ key, uploadId }: ListedUpload): Promise<string> {
  const { region, endpoint, accessKeyId, secretAccessKey } = stage.gateway
  const credentials = { accessKeyId, secretAccessKey }
  const client = new S3Client({ region, endpoint, credentials, forcePathStyle: true })
  const upload = { Bucket: stage.bucket, Key: key, UploadId: uploadId }
  const { Parts = [] } = await client.send(new ListPartsCommand(upload))
  const MultipartUpload = { Parts: Parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag })) }
  await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload }))
  const object = new GetObjectCommand({ Bucket: stage.bucket, Key: key })
  return getSignedUrl(client, object, { expiresIn: 600 })
}
