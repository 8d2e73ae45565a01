import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'puppeteer-core'
import { startSilentSite } from './abort.ts'
import { type BrowserOptions, launchAsPeopleDo, untilReady } from './close.ts'
import type { WithFetches } from './page.ts'

/** What people do while the browser goes on with an upload that takes minutes. */
export interface BrowseCase {
  name: string
  /** How many pages they open in another tab, one after the other. */
  pages: number
  /** At which the bucket reads each form, in bytes per ms: none is whole by the end. Without it, it reads nothing. */
  rate?: number
}

export const BROWSE_CASES: BrowseCase[] = [
  { name: 'a page every 35 s', pages: 6, rate: 150 },
  { name: 'nothing, for as long', pages: 0, rate: 150 },
  { name: 'a page every 35 s, and the bucket reads nothing', pages: 6 },
]

/** What came of it. */
export interface BrowseOutcome {
  /** How often the browser has sent the form. */
  sent: number
  /** When the browser was gone, in ms after the tab was closed. */
  crashedAfter?: number
}

/** How long they stay on a page, in ms: longer than Chromium waits until it takes them as idle. */
const STAY = 35_000
const PAGES = 6

/** Closes a tab with such an upload, and looks whether the browser survives it. */
export async function browseMeanwhile(
  { pages, rate }: BrowseCase,
  { hasWindow = false }: BrowserOptions = {},
): Promise<BrowseOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'background-'))
  const [site, elsewhere] = await Promise.all([startSilentSite(rate), startSilentSite()])
  const browser = await launchAsPeopleDo(join(folder, 'profile'), hasWindow)
  try {
    const [tab] = await browser.pages()
    await untilReady(tab as Page)
    const page = await browser.newPage()
    await page.goto(site.origin)
    await page.evaluate(handOverInPage)
    const closed = Date.now()
    let crashedAfter: number | undefined
    browser.once('disconnected', () => {
      crashedAfter = Date.now() - closed
    })
    await page.close({ runBeforeUnload: true })
    for (let number = 0; number < PAGES && browser.connected; number++) {
      // If the browser crashes, there is no answer.
      if (number < pages) await tab?.goto(`${elsewhere.origin}/${number}`).catch(() => {})
      await wait(STAY)
    }
    return { sent: site.forms, ...(crashedAfter !== undefined && { crashedAfter }) }
  } finally {
    await browser.close().catch(() => {})
    for (const each of [site, elsewhere]) each.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs in the page. */
async function handOverInPage(): Promise<void> {
  const options = { scope: '/worker.js' }
  const registration = (await navigator.serviceWorker.register(
    '/worker.js',
    options,
  )) as WithFetches
  while (!registration.active) await new Promise((resolve) => setTimeout(resolve, 20))
  const body = new Blob([new Uint8Array(50_000_000)])
  addEventListener('beforeunload', () => {
    const form = new Request('/form', { method: 'POST', body })
    registration.backgroundFetch.fetch('form', [form], { title: 'form', uploadTotal: body.size })
  })
}
