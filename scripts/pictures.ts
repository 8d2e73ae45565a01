/** `npm run pictures`: takes the pictures of the widget in docs/images from its stories. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { launchBrowser } from '../test/support/browser.ts'
import { filesIn, serve } from '../test/support/site.ts'
import { buildStorybook, storiesIn, storyDrawn } from '../test/support/storybook.ts'

const TARGET = 'docs/images'
const SCHEMES = ['light', 'dark']
/** What is never the same twice, or too long to be looked at. */
const LEFT_OUT =
  /-list--(one|five|ten|moving|each-error|images|each-kind$)|^errors|^bucket-upload-(?!list|-)/
/** CSS pixels. The narrow one is the least that WCAG 2.2 asks a page to work in. */
const WIDTHS: Record<string, number> = { '': 720, '-narrow': 320 }

async function take(page: Page, story: string, origin: string): Promise<void> {
  const name = story
    .replace('bucket-upload--', '')
    .replace('bucket-upload-list--', 'list-')
    .replace('--', '-')
  for (const [suffix, width] of Object.entries(WIDTHS)) {
    await page.setViewport({ width, height: 200, deviceScaleFactor: 2 })
    for (const scheme of SCHEMES) {
      await page.goto(`${origin}/iframe.html?id=${story}&viewMode=story&globals=scheme:${scheme}`)
      await storyDrawn(page)
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
  const stories = storiesIn(folder).filter((story) => !LEFT_OUT.test(story))
  for (const story of stories) await take(page, story, site.origin)
} finally {
  await browser.close()
  site.stop()
  rmSync(folder, { recursive: true, force: true })
}
