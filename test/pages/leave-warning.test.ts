/** The browser asks before the page is left while bytes would be lost, and keeps the screen on. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import type { Browser, Page } from 'puppeteer-core'
import { launchBrowser } from '../support/browsers/browser.ts'
import { pick, randomFile } from '../support/browsers/picked-file.ts'
import { setUploadStage, type UploadStage } from '../support/pages/upload-stage.ts'

const MIB = 2 ** 20
const folder = mkdtempSync(join(tmpdir(), 'leave-'))

let stage: UploadStage
let browser: Browser
let page: Page
/** The questions that the browser has asked. */
let asked: string[] = []

before(async () => {
  stage = await setUploadStage()
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await stage?.stop()
  rmSync(folder, { recursive: true, force: true })
})
afterEach(async () => {
  stage.letGo()
  await page.evaluate(() => document.querySelector('bucket-upload')?.clear())
  await page.close()
  await stage.clear()
})

describe('the browser asks before the page is reloaded', () => {
  test('while a file is sent in one piece', async () => {
    await openPage()
    stage.hold(0)
    await pick(page, randomFile(folder, MIB, 'whole.bin'))
    await until(() => stage.sent.length > 0)
    assert.deepEqual(await reload(), ['beforeunload'])
    assert.match((await statusOf('whole.bin')) ?? '', /^(?:uploading|finalizing)$/)
    assert.equal(await heldLocks(), 1)
  })

  test('while parts are sent that cannot be resumed', async () => {
    await openPage('resume-off')
    stage.hold(3)
    await pick(page, randomFile(folder, 27 * MIB, 'parts.bin'))
    await stage.untilStored(3)
    assert.deepEqual(await reload(), ['beforeunload'])
  })

  for (const size of [0, 1, 7]) {
    test(`while a stream grows, of which ${size} MiB are there`, async () => {
      await openPage()
      await addStream(size * MIB)
      assert.deepEqual(await reload(), ['beforeunload'])
      asked = []
      await page.evaluate(() => document.querySelector('bucket-upload')?.pause())
      assert.deepEqual(await reload(), ['beforeunload'])
    })
  }

  test('not once a stream is stored', async () => {
    await openPage()
    await addStream(7 * MIB)
    await page.evaluate(() => (window as unknown as { end: () => void }).end())
    await until(async () => (await statusOf('talk.webm')) === 'uploaded')
    assert.deepEqual(await reload(), [])
  })

  test('not while parts are sent that the next page can go on with', async () => {
    await openPage()
    stage.hold(3)
    await pick(page, randomFile(folder, 27 * MIB, 'kept.bin'))
    await stage.untilStored(3)
    assert.equal(await heldLocks(), 1)
    assert.deepEqual(await reload(), [])
  })

  test('not before a file is added, nor when it is uploaded', async () => {
    await openPage()
    assert.deepEqual(await reload(), [])
    await openPage()
    await pick(page, randomFile(folder, MIB, 'done.bin'))
    await until(async () => (await statusOf('done.bin')) === 'uploaded')
    assert.equal(await heldLocks(), 0)
    assert.deepEqual(await reload(), [])
  })

  test('not with leave-warning="off", and the screen is not kept on with wake-lock="off"', async () => {
    await openPage('', 'leave-warning="off" wake-lock="off"')
    stage.hold(0)
    await pick(page, randomFile(folder, MIB, 'unasked.bin'))
    await until(() => stage.sent.length > 0)
    assert.equal(await heldLocks(), 0)
    assert.deepEqual(await reload(), [])
  })
})

/** Opens a page in which people have done something: others are never asked. */
async function openPage(how = '', attributes = ''): Promise<void> {
  page ??= await browser.newPage()
  if (page.isClosed()) page = await browser.newPage()
  asked = []
  page.removeAllListeners('dialog')
  page.on('dialog', async (dialog) => {
    asked.push(dialog.type())
    await dialog.dismiss()
  })
  await page.evaluateOnNewDocument(noteLocks)
  await page.goto(stage.origin)
  await page.evaluate(
    async (signer, attributes, how) => {
      const library: string = '/bucket-upload.js'
      const { UploadEngine } = await import(library)
      document.body.innerHTML = `<bucket-upload signer="${signer}" multiple ${attributes}></bucket-upload>`
      const element = document.querySelector('bucket-upload')
      if (how && element) element.engine = new UploadEngine({ signer, resume: false })
    },
    stage.signer,
    attributes,
    how,
  )
  await page.mouse.click(5, 5)
}

/** Adds a stream that does not end until the page says so. */
async function addStream(size: number): Promise<void> {
  await page.evaluate(async (size) => {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        if (size > 0) controller.enqueue(new Uint8Array(size))
        Object.assign(window, { end: () => controller.close() })
      },
    })
    const element = document.querySelector('bucket-upload')
    // Before the uploader is there, nothing is read.
    await element?.engine.prepare()
    element?.add([{ stream, name: 'talk.webm' }])
    while (element?.files[0]?.size !== size) await new Promise(requestAnimationFrame)
  }, size)
}

/** Reloads the page. Answers with what the browser has asked. */
async function reload(): Promise<string[]> {
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )
  let isDone = false
  // A reload that people decline never ends.
  page.reload({ timeout: 60_000 }).then(
    () => (isDone = true),
    () => (isDone = true),
  )
  await until(() => isDone || asked.length > 0)
  return asked
}

function statusOf(name: string): Promise<string | undefined> {
  return page.evaluate(
    (name) => document.querySelector('bucket-upload')?.files.find((it) => it.name === name)?.status,
    name,
  )
}

/** Runs in the page, before anything else. */
function noteLocks(): void {
  const locks: WakeLockSentinel[] = []
  Object.assign(window, { locks })
  const { request } = WakeLock.prototype
  WakeLock.prototype.request = async function (...given) {
    const lock = await request.apply(this, given)
    locks.push(lock)
    return lock
  }
}

async function heldLocks(): Promise<number> {
  return page.evaluate(async () => {
    for (let frames = 0; frames < 5; frames++) await new Promise(requestAnimationFrame)
    const { locks } = window as unknown as { locks: WakeLockSentinel[] }
    return locks.filter(({ released }) => !released).length
  })
}

async function until(condition: () => unknown): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50))
}
