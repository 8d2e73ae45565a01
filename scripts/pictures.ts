/** `npm run pictures`: takes the pictures of the widget in docs/images from its stories. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { launchBrowser } from '../test/support/browser.ts'
import { filesIn, serve } from '../test/support/site.ts'
import { buildStorybook, storiesIn } from '../test/support/storybook.ts'

const TARGET = 'docs/images'
const SCHEMES = ['light', 'dark']
/** CSS pixels. The narrow one is the least that WCAG 2.2 asks a page to work in. */
const WIDTHS: Record<string, number> = { '': 720, '-narrow': 320 }

async function take(page: Page, story: string, origin: string): Promise<void> {
  const name = story.replace('bucket-upload--', '')
  for (const [suffix, width] of Object.entries(WIDTHS)) {
    await page.setViewport({ width, height: 200, deviceScaleFactor: 2 })
    for (const scheme of SCHEMES) {
      await page.goto(`${origin}/iframe.html?id=${story}&viewMode=story&globals=scheme:${scheme}`)
      await page.waitForSelector('.story >>> [part=base]')
      // Two frames and the transition of the drop zone.
      await new Promise((resolve) => setTimeout(resolve, 500))
      await page.screenshot({
        path: join(TARGET, `${name}-${scheme}${suffix}.png`) as `${string}.png`,
        fullPage: true,
      })
    }
  }
}

const folder = mkdtempSync(join(tmpdir(), 'pictures-'))
mkdirSync(TARGET, { recursive: true })
await buildStorybook(folder)
const site = await serve(filesIn(folder))
const browser = await launchBrowser()
try {
  const page = await browser.newPage()
  await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }])
  for (const story of storiesIn(folder)) await take(page, story, site.origin)
} finally {
  await browser.close()
  site.stop()
  rmSync(folder, { recursive: true, force: true })
}
