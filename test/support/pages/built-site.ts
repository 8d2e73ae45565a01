import { globSync } from 'node:fs'
import { brotliCompressSync, constants } from 'node:zlib'
import type { Browser, Page } from 'puppeteer-core'
import type { FetchHandler } from '../../../src/server/http/node.ts'
import { axeFindings, ibmFindings } from '../browsers/accessibility.ts'
import { alfaFindings } from '../browsers/alfa.ts'
import { type PageWatch, watch } from '../browsers/page-watch.ts'
import { filesIn } from './site.ts'

/** A way to look at a page. */
export interface Look {
  scheme: 'light' | 'dark'
  /** In CSS px. */
  width: number
}

/** The ways in which each page is looked at. */
export const LOOKS: Look[] = (['light', 'dark'] as const).flatMap((scheme) =>
  [1280, 320].map((width) => ({ scheme, width })),
)

/** Names of a file that has its hash in them never get another content. */
const HASHED = /^\/assets\/.*\.[\w-]{8}\./

/** What the checkers say wrongly; docs/accessibility.md has the reasons. */
const KNOWN = [/^Alfa: .*sia-r12: [\s\S]*<slot>/]

/** One page of each kind. */
export const KINDS = [
  '/index.html',
  '/install.html',
  '/api/elements/bucket-upload-list.html',
  '/playground.html',
]

/** What all pages have alike, and what is looked at with those above. */
const FRAME =
  '.VPSkipLink, .VPNav, .VPLocalNav, .VPSidebar, .VPDoc > .container > .aside, .VPDocFooter'

/** The addresses of all pages of a site that was built, without Storybook. */
export function pagesOf(root: string): string[] {
  return globSync('**/*.html', { cwd: root })
    .map((path) => `/${path.replaceAll('\\', '/')}`)
    .filter((path) => !path.startsWith('/storybook/'))
    .sort()
}

/** Serves a site that was built as static hosts do: compressed, cached, and pages without their ending. */
export function staticHost(root: string): FetchHandler {
  const files = filesIn(root)
  const packed = new Map<string, Buffer<ArrayBuffer>>()
  return async (request) => {
    const url = new URL(request.url)
    if (!/\/$|\.\w+$/.test(url.pathname)) url.pathname += '.html'
    const answer = await files(new Request(url))
    const headers = new Headers(answer.headers)
    const isHashed = HASHED.test(url.pathname)
    headers.set('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    const isText = /text|json|svg/.test(headers.get('Content-Type') ?? '')
    const takesBrotli = request.headers.get('Accept-Encoding')?.includes('br')
    if (!answer.ok || !isText || !takesBrotli) {
      return new Response(answer.body, { status: answer.status, headers })
    }
    const body = packed.get(url.pathname) ?? pack(Buffer.from(await answer.arrayBuffer()))
    packed.set(url.pathname, body)
    headers.set('Content-Encoding', 'br')
    headers.set('Vary', 'Accept-Encoding')
    return new Response(body, { headers })
  }
}

/** As hosts pack what they have not packed before. */
function pack(body: Buffer): Buffer<ArrayBuffer> {
  return brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
}

/** Opens a page, and waits until all of it is drawn. */
export async function openPage(page: Page, address: string): Promise<PageWatch> {
  const watched = watch(page)
  await page.goto(address, { waitUntil: 'networkidle0' })
  // What is below the fold is drawn once people come to it.
  for (const live of await page.$$('.live')) {
    await live.evaluate((it) => it.scrollIntoView())
    await live.waitForSelector('.stage > *')
  }
  await page.evaluate(() => scrollTo(0, 0))
  return watched
}

/** Changes how a page is looked at, without loading it again. */
export async function look(page: Page, { scheme, width }: Look): Promise<void> {
  await page.setViewport({ width, height: 800 })
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: scheme },
    // A color that is on its way to another one has a contrast of neither.
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ])
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))),
  )
}

/** The checkers. Alfa takes as long as the others and a page together, ten times over. */
const CHECKERS = { axe: axeFindings, IBM: ibmFindings, Alfa: alfaFindings }

/** What checks pages. */
export type Checker = keyof typeof CHECKERS
export const ALL_CHECKERS = Object.keys(CHECKERS) as Checker[]

/** What breaks WCAG 2.2 AA on a page as it is looked at now, and whether it scrolls sideways. */
export async function findingsOn(page: Page, checkers: Checker[]): Promise<string[]> {
  const tooWide = await page.$eval('html', (it) => it.scrollWidth - innerWidth)
  const found = tooWide > 0 ? [`It is ${tooWide} px too wide.`] : []
  for (const name of checkers) {
    found.push(...(await CHECKERS[name](page)).map((it) => `${name}: ${it}`))
  }
  return found.filter((it) => !KNOWN.some((known) => known.test(it)))
}

/** Takes out what all pages have alike: it is most of what there is to check. */
export async function removeFrame(page: Page): Promise<void> {
  await page.$$eval(FRAME, (all) => {
    for (const each of all) each.remove()
  })
}

/**
 * Does something with each path, some at once, each in a window of its own: what is behind another tab
 * draws nothing.
 */
export async function withPages(
  browser: Browser,
  paths: string[],
  atOnce: number,
  job: (page: Page, path: string) => Promise<void>,
): Promise<void> {
  const waiting = paths.toReversed()
  const work = async () => {
    const context = await browser.createBrowserContext()
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const page = await context.newPage()
      // While Alfa thinks about another page, this one loads slowly.
      page.setDefaultTimeout(180_000)
      await job(page, path)
      await page.close()
    }
    await context.close()
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}
