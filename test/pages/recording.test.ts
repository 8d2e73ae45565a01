/** What docs/streams.md says of recording: it goes up while it grows, and its link is soon there. */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Browser, Page } from 'puppeteer-core'
import type { UploadEngine } from '../../src/engine/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { snippetBelow } from '../support/docs/snippets.ts'
import { setUploadStage, type UploadStage } from '../support/pages/upload-stage.ts'

/** What the page keeps for the tests. */
interface Recording {
  engine: UploadEngine
  recorder: MediaRecorder
}

const CODE = snippetBelow('docs/streams.md', '## Record', 'js')

let stage: UploadStage
let browser: Browser
let page: Page

before(async () => {
  stage = await setUploadStage()
  browser = await launchBrowser(
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
  )
})
after(async () => {
  await browser?.close()
  await stage?.stop()
})
afterEach(async () => {
  await page.close()
  await stage.clear()
})

test('a recording has its link within two seconds after it was stopped, and plays', async () => {
  await startRecording('noise')
  // More than is held: it goes up while it is recorded.
  await page.waitForFunction(() => {
    const [file] = (window as unknown as Recording).engine.files
    return file?.status === 'uploading' && file.loaded >= 5 * 2 ** 20
  })
  assert.equal((await stage.uploads()).length, 1)
  const { waited, size, width, isGrowing } = await page.evaluate(async () => {
    const { engine, recorder } = window as unknown as Recording
    const complete = new Promise<CustomEvent>((resolve) => {
      engine.addEventListener('upload-complete', resolve as () => void)
    })
    const began = performance.now()
    recorder.stop()
    const [file] = (await complete).detail.uploaded
    const waited = performance.now() - began
    const video = document.createElement('video')
    video.src = file.downloadUrl
    await new Promise((resolve) => {
      video.onloadeddata = resolve
    })
    return { waited, size: file.size, width: video.videoWidth, isGrowing: file.isGrowing }
  })
  assert.ok(waited < 2000, `it took ${Math.round(waited)} ms`)
  assert.ok(width > 0)
  assert.ok(!isGrowing)
  const [object] = await stage.objects()
  assert.equal(object?.size, size)
})

test('whoever removes a recording stops the recorder, and nothing stays in the bucket', async () => {
  await startRecording('camera')
  await page.waitForFunction(() => (window as unknown as Recording).engine.files[0]?.size)
  await page.evaluate(() => (window as unknown as Recording).engine.clear())
  await page.waitForFunction(() => (window as unknown as Recording).recorder.state === 'inactive')
  assert.deepEqual([await stage.objects(), await stage.uploads()], [[], []])
})

/** Records the camera of a test; or noise, which takes many bytes. */
async function startRecording(source: 'camera' | 'noise'): Promise<void> {
  page = await browser.newPage()
  await page.goto(stage.origin)
  await page.evaluate(
    async (signer, code, source) => {
      const [library, recipe]: string[] = [
        '/bucket-upload.js',
        `data:text/javascript,${encodeURIComponent(code)}`,
      ]
      const { UploadEngine } = await import(library ?? '')
      const { recordingOf } = await import(recipe ?? '')
      const engine: UploadEngine = new UploadEngine({ signer })
      const noise = () => {
        const canvas = document.createElement('canvas')
        const pen = canvas.getContext('2d')
        const image = new ImageData(640, 480)
        Object.assign(canvas, { width: 640, height: 480 })
        setInterval(() => {
          for (let at = 0; at < image.data.length; at += 65_536) {
            crypto.getRandomValues(image.data.subarray(at, at + 65_536))
          }
          pen?.putImageData(image, 0, 0)
        }, 50)
        return canvas.captureStream()
      }
      const picture =
        source === 'noise'
          ? noise()
          : await navigator.mediaDevices.getUserMedia({ video: true, audio: true })
      const recorder = new MediaRecorder(picture, { videoBitsPerSecond: 20e6 })
      Object.assign(window, { engine, recorder })
      const type = recorder.mimeType.split(';')[0] ?? ''
      engine.add([{ stream: recordingOf(recorder), name: 'recording.webm', type }])
    },
    stage.signer,
    CODE,
    source,
  )
}
