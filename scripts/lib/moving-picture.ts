import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'puppeteer-core'
import { filesIn, serve } from '../../test/support/pages/site.ts'
import { animatedPng, type Frame } from './animated-png.ts'

const CDN = fileURLToPath(new URL('../../dist/cdn', import.meta.url))

/** In CSS px. It is shown as wide in the README, on screens of any sharpness. */
const SIZE = { width: 640, height: 332, deviceScaleFactor: 1.5 }

/** How far the files are, in the pictures between the drop and the links. */
const STEPS = [0.04, 0.14, 0.26, 0.38, 0.5, 0.62, 0.74, 0.86, 0.96]

/** A page whose files are as far as `share` says. Nothing leaves it. */
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8" />
<style>
  :root { color-scheme: light dark; }
  body { margin: 24px; font: 16px system-ui, sans-serif; background: Canvas; }
</style>
<bucket-upload label="Attachments" multiple links="copy"></bucket-upload>
<script type="module">
  import { UploadEngine } from '/bucket-upload.js'
  window.share = 0
  const until = async (done) => { while (!done()) await new Promise((go) => setTimeout(go, 20)) }
  const createTransport = () => ({
    async put(unit, { presign, progress }) {
      const { size } = unit.body
      // Small ones are done earlier.
      const share = () => Math.min(1, window.share * (size < 1e6 ? 3 : size < 1e7 ? 1.6 : 1))
      await presign()
      while (share() < 1) {
        const before = window.share
        progress(Math.round(size * share()))
        await until(() => window.share !== before)
      }
      progress(size)
    },
  })
  const signer = (requests) =>
    requests.map(({ id }) => ({ id, key: id, url: 'https://bucket.example/a', downloadUrl: 'https://bucket.example/a' }))
  const options = { signer, integrity: 'off', resume: false, multipartThreshold: Infinity }
  document.querySelector('bucket-upload').engine = new UploadEngine(options, { createTransport })
  window.drawn = async () => {
    const canvas = new OffscreenCanvas(320, 240)
    const context = canvas.getContext('2d')
    const sky = context.createLinearGradient(0, 0, 0, 240)
    for (const [at, color] of [[0, '#8ec5ff'], [0.6, '#ffd9a8'], [0.6, '#3b6e8f'], [1, '#1d3f5a']]) sky.addColorStop(at, color)
    context.fillStyle = sky
    context.fillRect(0, 0, 320, 240)
    context.fillStyle = '#2f4a3a'
    context.beginPath()
    for (const [x, y] of [[0, 150], [70, 80], [140, 140], [210, 95], [320, 150]]) context.lineTo(x, y)
    context.fill()
    return canvas.convertToBlob({ type: 'image/jpeg' })
  }
</script>
</html>`

/**
 * Takes the picture of the README: files are dropped, go up, and get a link; in light and in dark.
 *
 * @param folder where `moving-light.png` and `moving-dark.png` go
 */
export async function takeMovingPicture(browser: Browser, folder: string): Promise<void> {
  const files = filesIn(CDN)
  const site = await serve((request) =>
    new URL(request.url).pathname === '/'
      ? new Response(PAGE, { headers: { 'Content-Type': 'text/html; charset=utf-8' } })
      : files(request),
  )
  try {
    for (const scheme of ['light', 'dark']) {
      const page = await browser.newPage()
      await page.setViewport(SIZE)
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
      await page.goto(site.origin, { waitUntil: 'networkidle0' })
      writeFileSync(join(folder, `moving-${scheme}.png`), animatedPng(await framesOf(page)))
      await page.close()
    }
  } finally {
    site.stop()
  }
}

async function framesOf(page: Page): Promise<Frame[]> {
  const frames: Frame[] = []
  const take = async (ms: number) => {
    // Transitions of bars and colors.
    await new Promise((resolve) => setTimeout(resolve, 600))
    frames.push({ png: await page.screenshot(), ms })
  }
  await take(900)
  await page.evaluate(drag, 'dragenter')
  await take(700)
  await page.evaluate(drag, 'dragleave')
  await page.evaluate(drop)
  for (const share of STEPS) {
    await page.evaluate((value) => Object.assign(window, { share: value }), share)
    await take(250)
  }
  await page.evaluate(() => Object.assign(window, { share: 1 }))
  await take(2400)
  return frames
}

/** In the page: files come over the zone, or leave it. */
function drag(type: string): void {
  const dataTransfer = new DataTransfer()
  dataTransfer.items.add(new File(['a'], 'a.txt'))
  const zone = document
    .querySelector('bucket-upload')
    ?.shadowRoot?.querySelector('bucket-upload-drop-zone')
    ?.shadowRoot?.querySelector('.zone')
  zone?.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, composed: true }))
}

/** In the page: they are dropped. */
async function drop(): Promise<void> {
  const { drawn } = window as unknown as { drawn(): Promise<Blob> }
  const upload = document.querySelector('bucket-upload')
  const sized = (file: File, size: number) => Object.defineProperty(file, 'size', { value: size })
  upload?.add([
    new File([await drawn()], 'Morning at the lake.jpg', { type: 'image/jpeg' }),
    sized(new File([], 'Interview, second take.mov', { type: 'video/quicktime' }), 734_003_200),
    sized(new File([], 'report.pdf', { type: 'application/pdf' }), 5_242_880),
  ])
}
