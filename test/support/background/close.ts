import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core'
import { findChromium } from '../../../scripts/lib/chromium.ts'
import { serve } from '../pages/site.ts'
import { type Bucket, startBucket } from './bucket.ts'
import { type Begin, HEAD, PAGE, TAIL, WORKER } from './page.ts'

/** How a tab is closed. */
export interface CloseCase extends Omit<Begin, 'bucket'> {
  name: string
  /** How long it is open before, in ms. */
  openFor: number
}

export const CASES: CloseCase[] = [
  { name: 'closed at once', openFor: 0, puts: 0, at: 'pagehide' },
  { name: 'closed after 5 s', openFor: 5000, puts: 0, at: 'pagehide' },
  { name: 'six PUTs on their way', openFor: 5000, puts: 6, at: 'pagehide' },
  { name: 'the same, aborted before', openFor: 5000, puts: 6, at: 'pagehide', isAborted: true },
  { name: 'the same, in `beforeunload`', openFor: 5000, puts: 6, at: 'beforeunload' },
]

/** What came of it. */
export interface Outcome {
  /** Whether the browser has registered the fetch. */
  isHandedOver: boolean
  /** Whether it waits until a person resumes it in the browser's own list. */
  isPaused: boolean
  /** When the bucket got the first byte of it, in ms after the tab was closed. */
  beganAfter?: number
  /** Whether the bucket got exactly the bytes of the form. */
  isWhole: boolean
}

const SIZE = 50_000_000
/** How long to wait for its beginning, and then for its end, in ms. */
const MOST = 60_000
const POLL = 100
/** A busy machine is slow. In ms. */
const MOST_AT_START = 300_000

/** How a browser is started. */
export interface BrowserOptions {
  hasWindow?: boolean
  /** Whether the tab is closed in a browser that has just been started. */
  isFresh?: boolean
}

/** A browser of its own, with a tab that stays and one that uploads and is closed. */
export async function closeInMidUpload(
  closing: CloseCase,
  { hasWindow = false, isFresh = false }: BrowserOptions = {},
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'background-'))
  const path = join(folder, 'file.bin')
  const content = randomBytes(SIZE)
  writeFileSync(path, content)
  const [site, bucket] = await Promise.all([serveSite(), startBucket()])
  let browser: Browser | undefined
  try {
    browser = await launchAsPeopleDo(join(folder, 'profile'), hasWindow)
    const [tab] = await browser.pages()
    if (!tab) throw new Error('There is no tab.')
    tab.setDefaultTimeout(MOST_AT_START)
    const events = await watchFetches(tab)
    if (!isFresh) await untilReady(tab)
    const page = await openPage(browser, site.origin, path)
    await page.evaluate(beginInPage, { ...closing, bucket: bucket.origin })
    while (bucket.puts < closing.puts) await wait(POLL)
    await wait(closing.openFor)
    const closed = Date.now()
    await page.close({ runBeforeUnload: true })
    await untilWhole(bucket)
    const [form] = bucket.forms
    const sha256 = createHash('sha256').update(HEAD).update(content).update(TAIL).digest('hex')
    return {
      ...events,
      ...(form && { beganAfter: form.began - closed }),
      isWhole: bucket.forms.length === 1 && form?.sha256 === sha256,
    }
  } finally {
    await browser?.close()
    for (const server of [site, bucket]) server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function serveSite() {
  return serve(async (request) => {
    const isWorker = new URL(request.url).pathname === '/worker.js'
    const headers = { 'Content-Type': isWorker ? 'text/javascript' : 'text/html' }
    return new Response(isWorker ? WORKER : PAGE, { headers })
  })
}

/** Chromium's service of downloads, by which such fetches go, begins some time after the browser. */
export async function untilReady(tab: Page): Promise<void> {
  await tab.goto('chrome://download-internals/')
  await tab.waitForFunction(() => /State:\s*READY/.test(document.body.textContent ?? ''), {
    polling: POLL,
  })
}

/** As people start it: with none of the flags by which tests make a browser quieter. */
export function launchAsPeopleDo(userDataDir: string, hasWindow: boolean): Promise<Browser> {
  mkdirSync(userDataDir)
  // Allows to look at the service of downloads.
  writeFileSync(join(userDataDir, 'Local State'), '{"internal_only_uis_enabled":true}')
  return puppeteer.launch({
    executablePath: findChromium(),
    userDataDir,
    protocolTimeout: MOST_AT_START,
    ignoreDefaultArgs: true,
    args: [
      ...(hasWindow ? [] : ['--headless=new']),
      ...['--no-first-run', '--no-default-browser-check', '--password-store=basic'],
      ...['--remote-debugging-port=0', `--user-data-dir=${userDataDir}`],
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      'about:blank',
    ],
  })
}

/** Listens in a tab that stays: these events are those of the whole profile. */
async function watchFetches(tab: Page): Promise<Pick<Outcome, 'isHandedOver' | 'isPaused'>> {
  const seen = { isHandedOver: false, isPaused: false }
  const session = await tab.createCDPSession()
  const service = 'backgroundFetch' as const
  await session.send('BackgroundService.startObserving', { service })
  await session.send('BackgroundService.setRecording', { service, shouldRecord: true })
  session.on('BackgroundService.backgroundServiceEventReceived', (event) => {
    const { eventName, eventMetadata } = event.backgroundServiceEvent
    if (eventName !== 'Background Fetch registered') return
    seen.isHandedOver = true
    seen.isPaused = eventMetadata.some((it) => it.key === 'Start Paused' && it.value === 'Yes')
  })
  return seen
}

async function openPage(browser: Browser, origin: string, path: string): Promise<Page> {
  const page = await browser.newPage()
  page.setDefaultTimeout(MOST_AT_START)
  await page.goto(origin)
  await page.waitForFunction(() => 'begin' in window)
  const input = await page.$('input')
  await (input as ElementHandle<HTMLInputElement>).uploadFile(path)
  return page
}

/** Runs in the page. */
function beginInPage(how: Begin): void {
  const page = window as unknown as { begin: (how: Begin) => void }
  page.begin(how)
}

async function untilWhole(bucket: Bucket): Promise<void> {
  const began = Date.now() + MOST
  while (bucket.forms.length === 0 && Date.now() < began) await wait(POLL)
  const whole = Date.now() + MOST
  while (bucket.forms[0] && !bucket.forms[0].sha256 && Date.now() < whole) await wait(POLL)
}
