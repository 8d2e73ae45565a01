/**
 * Every story, light and dark: it renders, keeps to itself, and axe, IBM Equal Access and Alfa find nothing. All stories together
 * show each error and each part that the manifest names, and no other.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, Page } from 'puppeteer-core'
import { type ElementDeclaration, elementsManifest } from '../../scripts/lib/manifest.ts'
import { UPLOAD_ERROR_CODES } from '../../src/engine/api/error-codes.ts'
import { ibmFindings } from '../support/browsers/accessibility.ts'
import { alfaFindings } from '../support/browsers/alfa.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { layoutProblems } from '../support/browsers/layout.ts'
import { type PageWatch, watch } from '../support/browsers/page-watch.ts'
import { filesIn, serve } from '../support/pages/site.ts'
import { buildStorybook, storiesIn, storyDrawn } from '../support/pages/storybook.ts'

const SCHEMES = ['light', 'dark']
const elements = elementsManifest().modules.flatMap((it) => it.declarations as ElementDeclaration[])

/** It is visited once more when its turn has come: going to where one is does nothing. */
const START = 'bucket-upload--disabled'

/** What the checkers say wrongly, and in which stories: docs/accessibility.md says why. */
const WRONG: [finding: RegExp, stories?: RegExp][] = [
  [/sia-r14: .*class=\\"either/],
  [/sia-r69: /, /^styling--dark$/],
  [/^label_ref_valid: .*"(papers|cover)"/],
  [/sia-r12: .*part=\\"button\\"/, /^bucket-upload-(?:button|recorder)--/],
]

const INTRODUCTION = 'introduction--docs'

/** Parts by the tag of their element. */
type Parts = Map<string, Set<string>>

interface Stage {
  page: Page
  watched: PageWatch
  origin: string
}

interface StorybookWindow {
  __STORYBOOK_ADDONS_CHANNEL__: {
    emit(event: string, detail: object): void
    last(event: string): [{ storyId: string; status: string }] | undefined
  }
}

const { resolve } = createRequire(import.meta.url)

// As many as there are, they take longer than a test usually may.
test('stories', { timeout: 600_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'storybook-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  await buildStorybook(folder)
  const site = await serve(filesIn(folder))
  t.after(() => site.stop())
  const browser = await launchBrowser()
  t.after(() => browser.close())

  const stories = storiesIn(folder)
  assert(stories.length > 0)
  const shown: Parts = new Map()
  const stage = await openStories(browser, site.origin)
  for (const story of stories) {
    await t.test(story, () => visit(stage, story, shown))
  }
  for (const docs of storiesIn(folder, 'docs')) {
    await t.test(docs, () => visitDocs(browser, site.origin, docs))
  }

  await t.test('there is a story of each error', () => {
    const missing = UPLOAD_ERROR_CODES.filter((code) => !stories.includes(`errors--${code}`))
    assert.deepEqual(missing, [])
  })
  for (const { tagName = '', cssParts = [] } of elements) {
    await t.test(`<${tagName}> shows the parts that the manifest names`, () => {
      const names = cssParts.map(({ name }) => name).sort()
      assert.deepEqual([...(shown.get(tagName) ?? [])].sort(), names)
    })
  }
})

async function visit({ page, watched, origin }: Stage, story: string, shown: Parts): Promise<void> {
  await setUp(page)
  const outcome = await storyOutcome(page, story).catch(String)
  assert.equal(outcome, 'success', watched.complaints.join('\n'))
  for (const scheme of SCHEMES) {
    await setScheme(page, scheme)
    assert.deepEqual(await violations(page), [], scheme)
    assert.deepEqual(right(story, await ibmFindings(page)), [], `IBM Equal Access, ${scheme}`)
  }
  assert.deepEqual(right(story, await alfaFindings(page)), [], 'Alfa')
  await collectParts(page, shown)
  assert.deepEqual(await layoutProblems(page), [])
  assert.deepEqual(watched.complaints.splice(0), [])
  assert.deepEqual([...watched.origins], [origin])
}

/** Without what docs/accessibility.md says that these checkers get wrong. */
function right(story: string, findings: string[]): string[] {
  return findings.filter((it) =>
    WRONG.every(([finding, stories = /./]) => !finding.test(it) || !stories.test(story)),
  )
}

/** One page for all stories: loading Storybook takes longer than looking at one of them. */
async function openStories(browser: Browser, origin: string): Promise<Stage> {
  const page = await browser.newPage()
  // The element prints hints about uploads that fail, which some stories show.
  const watched = watch(page, ['error'])
  await setUp(page)
  // The add-on's own run of axe would only cost time.
  const globals = 'scheme:light;a11y.manual:!true'
  await page.goto(`${origin}/iframe.html?id=${START}&viewMode=story&globals=${globals}`)
  await storyDrawn(page)
  await page.addScriptTag({ path: resolve('axe-core/axe.min.js') })
  return { page, watched, origin }
}

/** As it is before each story: looking at the layout changes the page. */
async function setUp(page: Page): Promise<void> {
  await page.setViewport({ width: 800, height: 600 })
  // Axe measures colors, which should not be on their way from one to another.
  await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }])
}

/** The page about an element, or about a group of stories. */
async function visitDocs(browser: Browser, origin: string, docs: string): Promise<void> {
  const page = await browser.newPage()
  const watched = watch(page, ['error'])
  try {
    await page.goto(`${origin}/iframe.html?id=${docs}&viewMode=docs`)
    // The introduction has no table, but stories in it.
    const shown = docs === INTRODUCTION ? 'bucket-upload:defined' : '.docblock-argstable-body tr'
    await page.waitForSelector(shown, { timeout: 15_000 })
    assert.deepEqual(watched.complaints, [])
  } finally {
    await page.close()
  }
}

/** As the toolbar does. A story that was drawn anew would not be where its `play` function left it. */
async function setScheme(page: Page, scheme: string): Promise<void> {
  await page.$eval(
    ':root',
    (it, scheme) => {
      const root = it as HTMLElement
      root.style.setProperty('color-scheme', scheme)
      root.dataset.bsTheme = scheme
    },
    scheme,
  )
}

/** Which parts the elements of this page have, their own and those of elements inside. */
async function collectParts(page: Page, shown: Parts): Promise<void> {
  const found = await page.evaluate(() => {
    const partsIn = (root: ParentNode): [tag: string, part: string][] =>
      [...root.querySelectorAll('*')].flatMap((element) => {
        const { shadowRoot, localName } = element
        if (!shadowRoot) return []
        const own = [...shadowRoot.querySelectorAll('[part], [exportparts]')].flatMap((it) => {
          const inside = partsIn(it.parentElement ?? shadowRoot)
          const exported = (it.getAttribute('exportparts') ?? '').split(/,\s*/)
          const parts = inside.filter(
            ([tag, part]) => tag === it.localName && exported.includes(part),
          )
          return [...it.part, ...parts.map(([, part]) => part)]
        })
        return [...own.map((part): [string, string] => [localName, part]), ...partsIn(shadowRoot)]
      })
    return partsIn(document)
  })
  for (const [tag, part] of found) shown.set(tag, (shown.get(tag) ?? new Set()).add(part))
}

/** Goes to a story, and waits until its `play` function is through; what Storybook then says. */
async function storyOutcome(page: Page, story: string): Promise<unknown> {
  await page.evaluate((storyId) => {
    const { __STORYBOOK_ADDONS_CHANNEL__: channel } = window as unknown as StorybookWindow
    channel.emit('setCurrentStory', { storyId, viewMode: 'story' })
  }, story)
  const outcome = await page.waitForFunction(
    (storyId) => {
      const { __STORYBOOK_ADDONS_CHANNEL__: channel } = window as unknown as StorybookWindow
      const finished = channel.last('storyFinished')?.[0]
      return finished?.storyId === storyId && finished.status
    },
    { timeout: 15_000 },
    story,
  )
  await storyDrawn(page)
  return outcome.jsonValue()
}

/** What axe has to say, one line for each element. */
async function violations(page: Page): Promise<string[]> {
  const results = await page.evaluate(() => {
    const { axe } = window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }
    // A story is a widget and not a page, which would have a heading.
    return axe.run({ rules: { 'page-has-heading-one': { enabled: false } } })
  })
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
  )
}
