/** Every story, light and dark: it renders, keeps to itself, and axe finds nothing. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, Page } from 'puppeteer-core'
import { launchBrowser } from '../support/browser.ts'
import { layoutProblems } from '../support/layout.ts'
import { watch } from '../support/page-watch.ts'
import { filesIn, serve } from '../support/site.ts'
import { buildStorybook, storiesIn, storyDrawn } from '../support/storybook.ts'

const SCHEMES = ['light', 'dark'] as const
const { resolve } = createRequire(import.meta.url)

test('stories', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'storybook-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  await buildStorybook(folder)
  const site = await serve(filesIn(folder))
  t.after(() => site.stop())
  const browser = await launchBrowser()
  t.after(() => browser.close())

  const stories = storiesIn(folder)
  assert(stories.length > 0)
  for (const story of stories) {
    for (const scheme of SCHEMES) {
      await t.test(`${story}, ${scheme}`, () => visit(browser, site.origin, story, scheme))
    }
  }
})

async function visit(
  browser: Browser,
  origin: string,
  story: string,
  scheme: string,
): Promise<void> {
  const page = await browser.newPage()
  // The element prints hints about uploads that fail, which some stories show.
  const watched = watch(page, ['error'])
  try {
    // Axe measures colours, which should not be on their way from one to another.
    await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }])
    // The add-on's own run of axe would only cost time.
    const globals = `scheme:${scheme};a11y.manual:!true`
    await page.goto(`${origin}/iframe.html?id=${story}&viewMode=story&globals=${globals}`)
    const outcome = await storyOutcome(page).catch(String)
    assert.equal(outcome, 'success', watched.complaints.join('\n'))
    assert.equal(await page.$eval(':root', (root) => getComputedStyle(root).colorScheme), scheme)
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(await layoutProblems(page), [])
    assert.deepEqual(watched.complaints, [])
    assert.deepEqual([...watched.origins], [origin])
  } finally {
    await page.close()
  }
}

/** Waits until the story is drawn and its `play` function is through; what Storybook then says. */
async function storyOutcome(page: Page): Promise<unknown> {
  await storyDrawn(page)
  const outcome = await page.waitForFunction(
    () => {
      const { __STORYBOOK_ADDONS_CHANNEL__: channel } = window as unknown as {
        __STORYBOOK_ADDONS_CHANNEL__: { last(event: string): [{ status: string }] | undefined }
      }
      return channel.last('storyFinished')?.[0].status
    },
    { timeout: 15_000 },
  )
  return outcome.jsonValue()
}

/** What axe has to say, one line for each element. */
async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: resolve('axe-core/axe.min.js') })
  const results = await page.evaluate(() => {
    const { axe } = window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }
    // A story is a widget and not a page, which would have a heading.
    return axe.run({ rules: { 'page-has-heading-one': { enabled: false } } })
  })
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
  )
}
