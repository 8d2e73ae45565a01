/** Who leaves a page and comes back finds it as it was: browsers keep it in the back-forward cache. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer-core'
import { findChromium } from '../../scripts/lib/chromium.ts'
import type { UploadEngine } from '../../src/engine/index.ts'
import { chromiumFlags } from '../support/browsers/browser.ts'
import { randomFile } from '../support/browsers/picked-file.ts'
import type { ChaosFile } from '../support/chaos/files.ts'
import { beginUploads } from '../support/chaos/page.ts'
import { setUploadStage, type UploadStage } from '../support/pages/upload-stage.ts'

const SIZE = 27 * 2 ** 20
/** Of a file of 27 MiB: as many as move at the same time. */
const ALL = [1, 2, 3, 4, 5, 6]
const folder = mkdtempSync(join(tmpdir(), 'back-forward-'))

type EngineWindow = Window & { engine: UploadEngine; isBack?: boolean }

let stage: UploadStage
let browser: Browser
let context: BrowserContext
let page: Page
let other: Page
let file: ChaosFile
let files = 0

before(async () => {
  stage = await setUploadStage()
  browser = await puppeteer.launch({
    executablePath: findChromium(),
    args: chromiumFlags,
    // Puppeteer switches the cache off.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
})
after(async () => {
  await browser?.close()
  await stage?.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  context = await browser.createBrowserContext()
  page = await context.newPage()
  other = await context.newPage()
  files++
  file = { ...randomFile(folder, SIZE, `${files}.bin`), size: SIZE }
})
afterEach(async () => {
  stage.letGo()
  await context.close()
  await stage.clear()
})

describe('a page that is left and comes back', () => {
  test('shows what it has uploaded', async () => {
    await begin(page)
    await untilUploaded(page)
    await leave()
    await comeBack()
    assert.deepEqual(await statuses(page), ['uploaded'])
    assert(await stage.holdsOnly(file))
  })

  test('goes on with what it was uploading, and sends only what is missing', async () => {
    const stored = await holdMidway()
    await leave()
    await open(other)
    assert.deepEqual(await interrupted(other), [file.name], 'while it is away')
    stage.letGo()
    await comeBack()
    await until(async () => (await interrupted(other)).length === 0)
    await untilUploaded(page)
    assertOnlyMissingSent(stored)
    assert(await stage.holdsOnly(file))
  })

  test('leaves paused what is paused, and goes on with it later', async () => {
    // The last part is not sent yet: what is only waited for cannot be paused.
    const stored = await holdMidway({ limit: 2 })
    await page.evaluate(() => (window as unknown as EngineWindow).engine.pause())
    stage.letGo()
    await leave()
    await open(other)
    assert.deepEqual(await interrupted(other), [file.name], 'while it is away')
    await comeBack()
    await until(async () => (await interrupted(other)).length === 0)
    assert.deepEqual(await statuses(page), ['paused'])
    assert.deepEqual(stage.sent, [])
    await page.evaluate(() => (window as unknown as EngineWindow).engine.resume())
    await untilUploaded(page)
    assertOnlyMissingSent(stored)
    assert(await stage.holdsOnly(file))
  })

  test('sends nothing while another tab goes on with its upload, and ends with the same object', async () => {
    await holdMidway()
    await leave()
    stage.hold(0)
    await begin(other, { limit: 2 })
    await until(() => stage.sent.length === 2)
    await comeBack()
    await wait(500)
    assert.equal(stage.sent.length, 2, 'what the other tab sends')
    await other.evaluate(() => (window as unknown as EngineWindow).engine.pause())
    stage.letGo()
    await untilUploaded(page)
    await other.evaluate(() => (window as unknown as EngineWindow).engine.resume())
    await untilUploaded(other)
    assert.equal(stage.sent.length, 3)
    assert(await stage.holdsOnly(file))
  })

  test('ends with the object that another tab has made of its upload', async () => {
    await holdMidway()
    await leave()
    stage.letGo()
    await begin(other)
    await untilUploaded(other)
    await comeBack()
    await untilUploaded(page)
    assert(await stage.holdsOnly(file))
  })
})

/** Opens the page, and picks the file in it. */
async function begin(where: Page, options: Record<string, unknown> = {}): Promise<void> {
  await open(where, [file], options)
}

async function open(
  where: Page,
  picked: ChaosFile[] = [],
  options: Record<string, unknown> = {},
): Promise<void> {
  await beginUploads(where, stage.origin, picked, { signer: stage.signer, ...options })
}

/** Begins an upload of which three parts get through, and tells which ones these are. */
async function holdMidway({ limit = 6 } = {}): Promise<number[]> {
  stage.hold(3)
  await begin(page, { limit })
  const stored = await stage.untilStored(3)
  await until(() => stage.sent.length >= Math.min(ALL.length, stored.length + limit))
  return stored
}

async function leave(): Promise<void> {
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => {
      Object.assign(window, { isBack: persisted })
    })
  })
  await page.goto(`${stage.origin}/?elsewhere`)
}

/** Fails with the reasons of the browser if the page is a new one. */
async function comeBack(): Promise<void> {
  await page.goBack()
  const [isBack, reasons] = await page.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation')
    const { notRestoredReasons = null } = entry as { notRestoredReasons?: unknown }
    return [(window as unknown as EngineWindow).isBack, JSON.stringify(notRestoredReasons)]
  })
  assert(isBack, `not from the back-forward cache: ${reasons}`)
}

function statuses(where: Page): Promise<string[]> {
  return where.evaluate(() =>
    (window as unknown as EngineWindow).engine.files.map(({ status }) => status),
  )
}

function interrupted(where: Page): Promise<string[]> {
  return where.evaluate(async () => {
    const uploads = await (window as unknown as EngineWindow).engine.interrupted()
    return uploads.map(({ name }) => name)
  })
}

async function untilUploaded(where: Page): Promise<void> {
  await until(async () => {
    const [status] = await statuses(where)
    assert.notEqual(status, 'failed')
    return status === 'uploaded'
  })
}

function assertOnlyMissingSent(stored: number[]): void {
  const missing = ALL.filter((number) => !stored.includes(number))
  assert.deepEqual(stage.sent.toSorted(), missing)
}

/** Waits until something holds; the test's own time-out ends a wait in vain. */
async function until(condition: () => unknown): Promise<void> {
  while (!(await condition())) await wait(50)
}
