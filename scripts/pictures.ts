/**
 * `npm run pictures`: takes the pictures of the main views in docs/images from their stories, and the one
 * of the README that moves from the build. `npm run pictures -- moving` takes only that.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { launchBrowser } from '../test/support/browsers/browser.ts'
import { filesIn, serve } from '../test/support/pages/site.ts'
import { buildStorybook, storyDrawn } from '../test/support/pages/storybook.ts'
import { runNode } from '../test/support/run.ts'
import { takeMovingPicture } from './lib/moving-picture.ts'

const TARGET = 'docs/images'

/** The views, by the name of their pictures. */
const VIEWS = {
  empty: 'bucket-upload--empty',
  dragging: 'bucket-upload--dragging',
  uploading: 'bucket-upload--uploading',
  done: 'bucket-upload--done',
  links: 'bucket-upload--done-with-links',
  one: 'bucket-upload--one-file-uploaded',
  gallery: 'bucket-upload--gallery',
  tray: 'bucket-upload--tray',
  failed: 'bucket-upload--failed',
  rejected: 'bucket-upload--rejected',
  interrupted: 'bucket-upload--interrupted',
  list: 'bucket-upload-list--each-state',
  grid: 'bucket-upload-list--each-state-in-a-grid',
  form: 'forms--plain-form',
  avatar: 'forms--avatar',
  compact: 'styling--compact',
  inline: 'styling--inline',
}

/** In CSS px: the least that WCAG 2.2 asks a page to work in, a tablet, and a desktop. */
const WIDTHS = [320, 768, 1280]

/** How a page can look. */
interface Look {
  name: string
  globals: string
  features?: { name: string; value: string }[]
}

const LOOKS: Look[] = [
  { name: 'light', globals: 'scheme:light' },
  { name: 'dark', globals: 'scheme:dark' },
  {
    name: 'forced',
    globals: 'scheme:light',
    features: [{ name: 'forced-colors', value: 'active' }],
  },
  { name: 'rtl', globals: 'scheme:light;lang:ar' },
]

const REDUCED_MOTION = { name: 'prefers-reduced-motion', value: 'reduce' }

/** Those of the README are shown on screens of any sharpness. */
const SHARP = /^uploading-(light|dark)-768$/

const isOnlyMoving = process.argv.includes('moving')
const folder = mkdtempSync(join(tmpdir(), 'pictures-'))
if (!isOnlyMoving) {
  rmSync(TARGET, { recursive: true, force: true })
  await buildStorybook(folder)
}
mkdirSync(TARGET, { recursive: true })
if (!existsSync('dist/cdn/bucket-upload.js')) await runNode(['--run', 'build'])
const site = await serve(filesIn(folder))
const browser = await launchBrowser()
try {
  await takeMovingPicture(browser, TARGET)
  if (!isOnlyMoving) await takeViews()
} finally {
  await browser.close()
  site.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function takeViews(): Promise<void> {
  const page = await browser.newPage()
  const session = await page.createCDPSession()
  for (const [name, story] of Object.entries(VIEWS)) {
    for (const look of LOOKS) {
      await session.send('Emulation.setEmulatedMedia', {
        features: [REDUCED_MOTION, ...(look.features ?? [])],
      })
      await take(page, name, story, look)
    }
  }
}

async function take(page: Page, name: string, story: string, look: Look): Promise<void> {
  for (const width of WIDTHS) {
    const picture = `${name}-${look.name}-${width}`
    const deviceScaleFactor = SHARP.test(picture) ? 2 : 1
    await page.setViewport({ width, height: 200, deviceScaleFactor })
    await page.goto(`${site.origin}/iframe.html?id=${story}&viewMode=story&globals=${look.globals}`)
    await storyDrawn(page)
    // Thumbnails, translations, and the transition of the drop zone.
    await new Promise((resolve) => setTimeout(resolve, 700))
    await page.screenshot({ path: `${TARGET}/${picture}.png`, fullPage: true })
  }
}
