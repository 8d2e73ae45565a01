/** The site as `npm run build-site` makes it: nothing in it leads nowhere, and the playground works. */
import assert from 'node:assert/strict'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Browser, ElementHandle, Page } from 'puppeteer-core'
import type { BucketUpload } from '../../src/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { watch } from '../support/browsers/page-watch.ts'
import { pick, randomFile } from '../support/browsers/picked-file.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import {
  ALL_CHECKERS,
  findingsOn,
  KINDS,
  LOOKS,
  look,
  openPage,
  pagesOf,
  removeFrame,
  staticHost,
  withPages,
} from '../support/pages/built-site.ts'
import { type Site, serve } from '../support/pages/site.ts'
import { runNode } from '../support/run.ts'

/** What people look for, and a page that is one of the first three to be found. */
const SEARCHES = {
  CORS: '/providers/cors',
  presigned: '/other-languages',
  'drag and drop': '/adding-files',
  'dark mode': '/theming',
}

/** The most script that a guide loads, packed, in bytes. */
const MOST_SCRIPT = 70_000

describe('the site', () => {
  const folder = mkdtempSync(join(tmpdir(), 'site-'))
  const root = join(folder, 'site')
  let browser: Browser
  let site: Site

  before(async () => {
    await runNode(['scripts/site.ts', 'build', root])
    site = await serve(staticHost(root))
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    site?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('every link, image and anchor leads somewhere', () => {
    const pages = globSync('**/*.html', { cwd: root }).filter(
      (it) => !/^(?:storybook|404)/.test(it),
    )
    assert.ok(pages.length > 60, `${pages.length} pages`)
    const html = new Map(pages.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
    const broken = [...html].flatMap(([path, text]) =>
      [...text.matchAll(/<(?:a|img|source|link|script)\b[^>]*?\s(?:href|src|srcset)="([^"]+)"/g)]
        .map(([, target = '']) => target.replaceAll('&amp;', '&'))
        .filter((target) => !leadsSomewhere(path, target, html))
        .map((target) => `${path}: ${target}`),
    )
    assert.deepEqual([...new Set(broken)], [])
  })

  test('Storybook is in it', async () => {
    const { page, watched } = await open('/storybook/index.html?path=/docs/bucket-upload--docs')
    await page.waitForSelector('#storybook-preview-iframe')
    // Stories of what can go wrong say so.
    const others = watched.complaints.filter((it) => !it.startsWith('warn: <bucket-upload> '))
    assert.deepEqual(others, [])
    await page.close()
  })

  // `npm run check-site` looks at all pages in all looks, with all three.
  for (const path of KINDS) {
    for (const seen of LOOKS) {
      test(`${path} in ${seen.width} px, ${seen.scheme}: axe, IBM and Alfa find nothing, and it complains of nothing`, async (t) => {
        const page = await browser.newPage()
        t.after(() => page.close())
        await look(page, seen)
        const { complaints } = await openPage(page, `${site.origin}${path}`)
        assert.deepEqual(await findingsOn(page, ALL_CHECKERS), [])
        assert.deepEqual(complaints, [])
      })
    }
  }

  // Each page once.
  for (const [share, seen] of LOOKS.entries()) {
    const title = `a quarter of the pages in ${seen.width} px, ${seen.scheme}`
    // Some fifty pages each, which take a slow machine more than two minutes.
    const name = `${title}: axe and IBM find nothing, and none complains of anything`
    test(name, { timeout: 400_000 }, async () => {
      const all = sampleOf(pagesOf(root)).filter((path) => !KINDS.includes(path))
      assert.ok(all.length > 60, `${all.length} pages`)
      const paths = all.filter((_, index) => index % LOOKS.length === share)
      const found: Record<string, string[]> = {}
      await withPages(browser, paths, 3, async (page, path) => {
        await look(page, seen)
        const { complaints } = await openPage(page, `${site.origin}${path}`)
        await removeFrame(page)
        const findings = [...(await findingsOn(page, ['axe', 'IBM'])), ...complaints]
        if (findings.length > 0) found[path] = findings
      })
      assert.deepEqual(found, {})
    })
  }

  test('the sidebar opens the group that one is in, and keeps open what people opened', async () => {
    const page = await browser.newPage()
    await look(page, { scheme: 'light', width: 1280 })
    const { complaints } = await openPage(page, `${site.origin}/authentication.html`)
    const opened = () =>
      page.$$eval('.VPSidebar [open] h2', (all) => all.map((it) => it.textContent))
    const here = () => page.$eval('.VPSidebar [aria-current="page"]', (it) => it.textContent)
    assert.deepEqual([await opened(), await here()], [['The server'], 'Authentication'])
    await page.click('::-p-xpath(//summary[h2[.="Trust"]])')
    await page.click('.VPSidebar a[href="/csp.html"]')
    await page.waitForFunction(() => document.title.startsWith('Content-Security-Policy'))
    assert.deepEqual(await opened(), ['The server', 'Trust'])
    assert.match(`${await here()}`, /^Content-Security-Policy/)
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test('on a phone the sidebar takes the focus only while it is open', async () => {
    const page = await browser.newPage()
    await look(page, { scheme: 'light', width: 320 })
    await openPage(page, `${site.origin}/authentication.html`)
    const tabs = async () => {
      const inSidebar: boolean[] = []
      for (let tab = 0; tab < 15; tab++) {
        await page.keyboard.press('Tab')
        inSidebar.push(await page.evaluate(() => !!document.activeElement?.closest('.VPSidebar')))
      }
      return inSidebar
    }
    assert.equal((await tabs()).includes(true), false)
    await page.click('.VPLocalNav .menu')
    await page.waitForSelector('.VPSidebar [aria-current="page"]', { visible: true })
    assert.equal((await tabs()).includes(true), true)
    await page.close()
  })

  // What a phone has to do before it answers. `npm run lighthouse` measures how long that takes.
  test('a guide loads little, and draws nothing a second time', async () => {
    const page = await browser.newPage()
    await page.evaluateOnNewDocument(() => {
      const redrawn: string[] = []
      Object.assign(globalThis, { redrawn })
      document.addEventListener('DOMContentLoaded', () => {
        const sidebar = document.querySelector('.VPSidebar') as Element
        new MutationObserver((all) =>
          redrawn.push(...all.map(({ target }) => target.nodeName)),
        ).observe(sidebar, { childList: true, subtree: true })
      })
    })
    await page.goto(`${site.origin}/authentication`, { waitUntil: 'networkidle0' })
    const { redrawn, scripts } = await page.evaluate(() => ({
      redrawn: (globalThis as unknown as { redrawn: string[] }).redrawn,
      scripts: (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
        .filter(({ name }) => name.endsWith('.js'))
        .map(({ name, encodedBodySize }) => ({ name, size: encodedBodySize })),
    }))
    assert.deepEqual(redrawn, [])
    // The next pages are fetched while it has nothing to do.
    const needed = scripts.filter(({ name }) => !/\.md\.[\w-]+\.js$/.test(name))
    const size = needed.reduce((sum, it) => sum + it.size, 0)
    assert.ok(size > 0 && size < MOST_SCRIPT, `${size} bytes: ${JSON.stringify(needed)}`)
    await page.close()
  })

  test('tables fit a wide window, and phones say of which column a short cell is', async () => {
    const page = await browser.newPage()
    const wide = ['/events', '/performance', '/providers/compatibility', '/from-the-provider-docs']
    for (const path of wide) {
      await look(page, { scheme: 'light', width: 1280 })
      await openPage(page, `${site.origin}${path}.html`)
      const hidden = await page.$$eval('.vp-doc table', (all) =>
        all.map((it) => it.scrollWidth - it.clientWidth),
      )
      assert.ok(hidden.length > 0, path)
      assert.deepEqual(Math.max(...hidden), 0, path)
    }
    await openPage(page, `${site.origin}/links.html`)
    const labels = await page.$$eval('.stacked td:last-child[data-label="expires"]', (all) =>
      all.map((it) => it.textContent),
    )
    assert.deepEqual(labels, ['no', 'no'])
    await page.close()
  })

  test('the room of a live example is there before its script', () => {
    for (const path of ['index', 'theming', 'api/elements/bucket-upload-list']) {
      assert.match(
        readFileSync(join(root, `${path}.html`), 'utf8'),
        /<div class="(?:small )?stage"/,
        path,
      )
    }
  })

  test('the reference has the members of this library alone', () => {
    const html = readFileSync(join(root, 'api/modules/engine.html'), 'utf8')
    assert.match(html, /id="uploadengine"/)
    assert.doesNotMatch(html, /dispatchEvent|Error\.stack|namedParameters/)
  })

  test('a page that is not in the sidebar has no next page', async () => {
    const next = async (path: string) => {
      const { page } = await open(path)
      const links = await page.$$eval('.pager-link .title', (all) => all.map((it) => it.innerHTML))
      await page.close()
      return links
    }
    assert.deepEqual(await next('/decisions/0001-units-through-uppy'), [])
    assert.deepEqual(await next('/introduction'), ['Install'])
  })

  test('the playground uploads, and shows the events without a signature', async () => {
    const { page, watched } = await open('/playground')
    await page.waitForSelector('.stage bucket-upload')
    assert.equal(await page.$('.log'), null)
    await pick(page, randomFile(folder, 1000))
    await logged(page, 'files-added')
    const first = await page.$eval('.log li:last-child', (it) => it.textContent)
    assert.match(first, /files-added/, 'nothing before that')
    await logged(page, 'file-uploaded')
    await logged(page, 'upload-complete')
    const log = await page.$eval('.log', (it) => it.textContent)
    assert.match(log, /"downloadUrl": "https:[^"]*\?…"/)
    assert.doesNotMatch(log, /X-Amz/)
    assert.deepEqual(watched.complaints, [])
    await page.close()
  })

  test('the options of the playground count, for its pretended bucket too', async () => {
    const { page, watched } = await open('/playground')
    await page.waitForSelector('.stage bucket-upload')
    await fill(page, 'max-size', '2kB')
    await pick(page, randomFile(folder, 3000))
    await logged(page, 'file-rejected')
    await check(page, 'manual')
    // Nobody is as quick as a script.
    await page.waitForFunction(
      () => (document.querySelector('.stage bucket-upload') as BucketUpload).engine.options.manual,
    )
    await pick(page, randomFile(folder, 1000))
    const started = await waitForElement(page, '.stage bucket-upload >>> button.start')
    assert.equal(await started.evaluate((it) => it.textContent?.trim()), 'Start upload')
    assert.doesNotMatch(await page.$eval('.log', (it) => it.textContent), /upload-started/)
    await started.click()
    await logged(page, 'file-uploaded')
    assert.deepEqual(watched.complaints, [])
    await page.close()
  })

  test('the code of the playground is what is shown, and is copied', async () => {
    const { page, watched } = await open('/playground')
    const context = browser.defaultBrowserContext()
    await context.overridePermissions(site.origin, ['clipboard-read', 'clipboard-sanitized-write'])
    await page.waitForSelector('.stage bucket-upload')
    await check(page, 'drop-anywhere')
    await fill(page, 'max-size', '5MB')
    await fill(page, 'hint', 'A "quote" & <more>')
    await (await control(page, 'variant')).select('compact')
    await fill(page, '--bucket-upload-accent', 'rebeccapurple')
    await page.click('.tabs .copy')
    await page.waitForSelector('.tabs ::-p-text(Copied)')
    const { copied, shown, drawn } = await page.evaluate(async () => {
      const copied = await navigator.clipboard.readText()
      const attributes = (element: Element | null | undefined) =>
        Object.fromEntries(
          element?.getAttributeNames().map((it) => [it, element.getAttribute(it)]) ?? [],
        )
      const parsed = new DOMParser().parseFromString(copied, 'text/html')
      const { signer, ...shown } = attributes(parsed.querySelector('bucket-upload'))
      const { style, ...drawn } = attributes(document.querySelector('.stage bucket-upload'))
      const sheet = parsed.querySelector('style')?.textContent
      return { copied, shown: { ...shown, sheet: !!sheet?.includes(style ?? '-') }, drawn }
    })
    assert.equal(copied, await page.$eval('.playground pre', (it) => it.textContent))
    assert.deepEqual(shown, { ...drawn, sheet: true })
    const { variant, hint } = drawn
    assert.deepEqual({ variant, hint }, { variant: 'compact', hint: 'A "quote" & <more>' })
    assert.deepEqual(watched.complaints, [])
    await page.close()
  })

  test('the home page has the widget, and it uploads', async () => {
    const { page, watched } = await open('/')
    await page.waitForSelector('.VPHero bucket-upload')
    const upload = page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          document.addEventListener('file-uploaded', ({ detail }) => resolve(detail.name))
        }),
    )
    await pick(page, randomFile(folder, 1000, 'cat.pdf'))
    assert.equal(await upload, 'cat.pdf')
    assert.deepEqual(watched.complaints, [])
    await page.close()
  })

  test('what people look for is found', async () => {
    const { page } = await open('/introduction')
    for (const [words, wanted] of Object.entries(SEARCHES)) {
      await page.keyboard.down('Control')
      await page.keyboard.press('k')
      await page.keyboard.up('Control')
      const input = await page.waitForSelector('.VPLocalSearchBox input')
      await input?.type(words)
      const isFirst = `.VPLocalSearchBox .results li:nth-child(-n + 3) a[href^="${wanted}"]`
      assert.ok(await page.waitForSelector(isFirst), words)
      await page.keyboard.press('Escape')
      await page.waitForSelector('.VPLocalSearchBox', { hidden: true })
    }
    await page.close()
  })

  test('programs that read have a list of the documents, and all of them in one text', () => {
    const list = readFileSync(join(root, 'llms.txt'), 'utf8')
    const links = [...list.matchAll(/^- \[.+?\]\(\/(.+?)\): .+[.?]$/gm)].map(
      ([, path = '']) => path,
    )
    assert.equal(links.length, list.match(/^- /gm)?.length)
    assert.ok(links.length > 50, `${links.length} links`)
    for (const path of links) assert.ok(existsSync(join(root, path)), path)
    const full = readFileSync(join(root, 'llms-full.txt'), 'utf8')
    for (const title of ['# Install', '# Authentication', '# The signer', '# Storj']) {
      assert.match(full, new RegExp(`^${title}$`, 'm'))
    }
  })

  test('nothing is asked of anybody else', async () => {
    const { page, watched } = await open('/')
    assert.deepEqual([...watched.origins], [site.origin])
    await page.close()
  })

  async function open(path: string) {
    const page = await browser.newPage()
    const watched = watch(page)
    await page.goto(`${site.origin}${path}`, { waitUntil: 'networkidle0' })
    return { page, watched }
  }

  function leadsSomewhere(from: string, target: string, html: Map<string, string>): boolean {
    if (/^(?:https?:|data:|mailto:)/.test(target)) return true
    const [path = '', hash] = target.split('#')
    const base = path.startsWith('/') ? path.slice(1) : join(dirname(from), path)
    const file = path === '' ? from : found(base.split('?')[0] ?? '')
    if (file === undefined) return false
    const text = html.get(file)
    return !hash || text === undefined || text.includes(` id="${decodeURIComponent(hash)}"`)
  }

  function found(path: string): string | undefined {
    const candidates = [path, `${path}.html`, join(path, 'index.html')]
    return candidates.find((it) => /\.\w+$/.test(it) && existsSync(join(root, it)))
  }
})

/** Of pages that show a file, one for each kind of file. */
function sampleOf(paths: string[]): string[] {
  const kinds = new Set<string>()
  return paths.filter((path) => {
    if (!path.startsWith('/files/')) return true
    const kind = extname(path.replace(/\.html$/, ''))
    return !kinds.has(kind) && kinds.add(kind)
  })
}

async function logged(page: Page, name: string): Promise<void> {
  await page.waitForFunction(
    (name) => document.querySelector('.log')?.textContent?.includes(name),
    { timeout: 15_000 },
    name,
  )
}

/** Its label begins with its name. */
async function control(page: Page, name: string): Promise<ElementHandle<Element>> {
  const found = await page.$(
    `::-p-xpath(//label[span[.="${name}"]]//*[self::input or self::select])`,
  )
  assert.ok(found, name)
  return found as ElementHandle<Element>
}

async function check(page: Page, name: string): Promise<void> {
  await (await control(page, name)).click()
}

async function fill(page: Page, name: string, text: string): Promise<void> {
  await (await control(page, name)).type(text)
}
