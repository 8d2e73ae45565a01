import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'puppeteer-core'
import { type BrowserOptions, launchAsPeopleDo, untilReady } from './close.ts'
import { type WithFetches, WORKER } from './page.ts'

/** What a page does that has a background fetch, and stays. */
export interface AbortCase {
  name: string
  /** How many PUTs to the same host get no answer. */
  puts: number
  /** Whether they end before the fetch is aborted, and not after. */
  endsFirst?: boolean
  /** Whether the fetch is not aborted at all. */
  isKept?: boolean
  /** At which the bucket reads the form, in bytes per ms. Without it, it reads nothing. */
  rate?: number
}

export const ABORT_CASES: AbortCase[] = [
  { name: 'five PUTs, the fetch is aborted', puts: 5 },
  { name: 'six PUTs, the fetch is aborted', puts: 6 },
  { name: 'the same, the PUTs end before', puts: 6, endsFirst: true },
  { name: 'the same, it is not aborted', puts: 6, isKept: true },
  { name: 'no PUTs, the bucket reads the form slowly', puts: 0, rate: 150 },
]

/** Time between two steps, in ms. */
const STEP = 2_000
/** How long the browser is watched after the last step, in ms. */
const WATCHED = 10_000

/** Whether the browser still runs at the end. */
export async function survivesAbort(
  aborting: AbortCase,
  { hasWindow = false }: BrowserOptions = {},
): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'background-'))
  const site = await startSilentSite(aborting.rate)
  const browser = await launchAsPeopleDo(join(folder, 'profile'), hasWindow)
  try {
    const [tab] = await browser.pages()
    await untilReady(tab as Page)
    const page = await browser.newPage()
    await page.goto(site.origin)
    // If the browser crashes, there is no answer.
    await page.evaluate(abortInPage, aborting, STEP).catch(() => {})
    for (let waited = 0; waited < WATCHED && browser.connected; waited += STEP) await wait(STEP)
    return browser.connected
  } finally {
    await browser.close().catch(() => {})
    site.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A page, its worker, and a bucket that answers nothing, on one host. */
export interface SilentSite {
  origin: string
  /** How many have come. */
  readonly forms: number
  stop(): void
}

/**
 * Starts it on the loopback.
 *
 * @param rate at which it reads each form, in bytes per ms. Without it, it reads none
 */
export async function startSilentSite(rate?: number): Promise<SilentSite> {
  let forms = 0
  const server = createServer((request, response) => {
    const { method, url } = request
    if (method === 'POST') forms++
    if (method === 'POST' && rate !== undefined) readSlowly(request, rate)
    if (method !== 'GET') return
    const isWorker = url === '/worker.js'
    response.setHeader('Content-Type', isWorker ? 'text/javascript' : 'text/html')
    response.end(isWorker ? WORKER : '<!doctype html><title>Background</title>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get forms() {
      return forms
    },
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function readSlowly(request: IncomingMessage, rate: number): void {
  request.on('error', () => {})
  request.on('data', ({ length }: Buffer) => {
    request.pause()
    setTimeout(() => request.resume(), length / rate)
  })
}

/** Runs in the page. */
async function abortInPage({ puts, endsFirst, isKept }: AbortCase, step: number): Promise<void> {
  const pause = () => new Promise((resolve) => setTimeout(resolve, step))
  const registration = (await navigator.serviceWorker.register('/worker.js', {
    scope: '/worker.js',
  })) as WithFetches
  while (!registration.active) await new Promise((resolve) => setTimeout(resolve, 20))
  const stop = new AbortController()
  for (let part = 1; part <= puts; part++) {
    fetch(`/${part}`, { method: 'PUT', body: 'x', signal: stop.signal }).catch(() => {})
  }
  await pause()
  const body = new Blob([new Uint8Array(30_000_000)])
  const form = new Request('/form', { method: 'POST', body })
  const about = { title: 'form', uploadTotal: body.size }
  const begun = await registration.backgroundFetch.fetch('form', [form], about)
  await pause()
  if (endsFirst) {
    stop.abort()
    await pause()
  }
  if (!isKept) await begun.abort()
  await pause()
  stop.abort()
}
