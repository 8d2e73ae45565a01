/** `<bucket-upload-recorder>` with the camera, microphone and screen that Chromium has for tests. */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
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
const BUTTON = 'bucket-upload-recorder >>> button'

let stage: UploadStage
let browser: Browser
let page: Page

before(async () => {
  stage = await setUploadStage()
})
after(() => stage?.stop())
afterEach(async () => {
  await browser.close()
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
    assert.equal((await play(href)) > 0, kind !== 'audio')
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
  assert.ok((await play(await linkOfFile())) > 0)
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
  assert.ok((await play(href)) > 0)
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
  browser = await puppeteer.launch({ executablePath: findChromium(), args })
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

/** Plays a film or sound to its end, and says how wide it is. */
function play(url: string): Promise<number> {
  return page.evaluate(async (url) => {
    const film = document.createElement('video')
    Object.assign(film, { src: url, muted: true, playbackRate: 8 })
    await film.play()
    await new Promise((resolve, reject) => {
      Object.assign(film, { onended: resolve, onerror: () => reject(film.error) })
    })
    return film.videoWidth
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
