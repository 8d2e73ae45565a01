/**
 * A file of a cloud drive on Android has another date at each look, so that Chromium refuses to read it. Here
 * a loop changes the dates of a file as soon as the signer is asked, which is after a first look at it.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, ElementHandle, Page } from 'puppeteer-core'
import type { SignerRequest, SignerResponse } from '../../src/protocol/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { type FileOnDisk, pick, randomFile } from '../support/browsers/picked-file.ts'
import { setUploadStage, type UploadStage } from '../support/pages/upload-stage.ts'

const MIB = 2 ** 20
/** Another one for a look at what a gigabyte costs. */
const LARGE = Number(process.env.CLOUD_FILE_MIB ?? 64) * MIB
const folder = mkdtempSync(join(tmpdir(), 'cloud-files-'))

let stage: UploadStage
let browser: Browser
let page: Page
/** The file whose date changes, once the signer is asked. */
let file: FileOnDisk
let touching: ReturnType<typeof setInterval> | undefined
let date = Date.now() / 1000
let isTouched = true

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
  stopTouching()
  isTouched = true
  await page.close()
  await stage.clear()
})

describe('a file whose date changes at each look', () => {
  test('cannot be read where it was not opened when it was chosen', async () => {
    await openPage()
    file = randomFile(folder, 1000, 'unopened.bin')
    await page.evaluate(() => {
      const input = document.createElement('input')
      input.type = 'file'
      input.className = 'own'
      input.onchange = async () => {
        // Its date changes after it was chosen, and before anything has read it.
        await (window as unknown as { touch(): Promise<void> }).touch()
        document.querySelector('bucket-upload')?.add(Array.from(input.files ?? []))
      }
      document.body.append(input)
    })
    const input = (await page.$('input.own')) as ElementHandle<HTMLInputElement>
    await input.uploadFile(file.path)
    assert.equal(await outcome(), 'file-unreadable')
  })

  for (const [what, size] of Object.entries({ 'of 1 kB': 1000, 'of 1 MB': MIB, large: LARGE })) {
    test(`arrives: one ${what}`, async () => {
      await openPage()
      file = randomFile(folder, size, 'cloud.bin')
      await pick(page, file)
      assert.equal(await outcome(), 'uploaded')
      assert(await stage.holdsOnly(file), 'the same bytes are in the bucket, once')
      assert.deepEqual(await leftovers(), [])
      const { JSHeapUsedSize = 0 } = await page.metrics()
      assert(JSHeapUsedSize < 64 * MIB, `${JSHeapUsedSize} bytes of heap`)
      // A small one is in memory when it is needed, which takes no time.
      const isSaid = await page.evaluate(() => (window as unknown as { said: string[] }).said)
      if (size === LARGE) assert(isSaid.some((it) => it.includes('Copying the file first…')))
    })
  }

  test('arrives where it waits for the start', async () => {
    file = randomFile(folder, LARGE, 'waiting.bin')
    await pickUntilCopied()
    await page.evaluate(() => document.querySelector('bucket-upload')?.start())
    assert.equal(await outcome(), 'uploaded')
    assert(await stage.holdsOnly(file))
    assert.deepEqual(await leftovers(), [])
  })

  test('leaves no copy behind when it is removed, nor when its page is closed', async (t) => {
    file = randomFile(folder, LARGE, 'removed.bin')
    await pickUntilCopied()
    await page.close()
    // This page removes the copy of the one before, and makes its own.
    await pickUntilCopied()
    await until(async () => (await leftovers()).length === 1)
    stage.hold(0)
    t.after(() => stage.letGo())
    await page.evaluate(() => document.querySelector('bucket-upload')?.start())
    await until(() => stage.sent.length > 0)
    await page.evaluate(() => document.querySelector('bucket-upload')?.clear())
    await until(async () => (await leftovers()).length === 0)
  })
})

describe('a file that is uploaded, and then deleted', () => {
  test('is not copied', async () => {
    isTouched = false
    await openPage()
    file = randomFile(folder, 20 * MIB, 'uploaded.bin')
    await pick(page, file)
    assert.equal(await outcome(), 'uploaded')
    rmSync(file.path)
    // It is looked at for two seconds.
    await wait(2500)
    assert.deepEqual(await leftovers(), [])
  })
})

describe('a small file that is deleted while it waits', () => {
  test('arrives, if there was time to read it', async () => {
    await openPage('manual')
    file = randomFile(folder, MIB, 'deleted.bin')
    await pick(page, file)
    await opened()
    rmSync(file.path)
    await page.evaluate(() => document.querySelector('bucket-upload')?.start())
    assert.equal(await outcome(), 'uploaded')
    assert(await stage.holdsOnly(file))
  })
})

/** Waits until the element has read what it reads at once: it began before these reads. */
async function opened(): Promise<void> {
  for (let reads = 0; reads < 3; reads++) {
    await page.evaluate(async () => {
      await document
        .querySelector('bucket-upload')
        ?.files[0]?.file.slice(0, 2 ** 20)
        .arrayBuffer()
    })
  }
}

/**
 * Chooses the file, changes its date, and waits for the copy. Its date is looked at for two seconds, which
 * a slow machine may have spent before it changes: then all begins anew.
 */
async function pickUntilCopied(): Promise<void> {
  for (;;) {
    stopTouching()
    await openPage('manual')
    // The browser takes its time to close a page, and what that holds is not removed before.
    await until(async () => (await openFolders()) === 0)
    const before = await leftovers()
    await pick(page, file)
    await opened()
    touch()
    for (let looks = 0; looks < 60; looks++) {
      if ((await leftovers()).some((name) => !before.includes(name))) return
      await wait(50)
    }
    await page.close()
  }
}

function stopTouching(): void {
  clearInterval(touching)
  touching = undefined
}

/** Changes the date of the file, now and again and again. */
function touch(): void {
  if (!isTouched) return
  const next = () => {
    date += 2
    try {
      utimesSync(file.path, date, date)
    } catch {
      // It was deleted.
    }
  }
  next()
  touching ??= setInterval(next, 100)
}

async function openPage(attributes = ''): Promise<void> {
  page = await browser.newPage()
  await page.exposeFunction('touch', touch)
  await page.goto(stage.origin)
  await page.evaluate(
    async (signer, attributes) => {
      const library: string = '/bucket-upload.js'
      await import(library)
      document.body.innerHTML = `<bucket-upload ${attributes}></bucket-upload>`
      const element = document.querySelector('bucket-upload')
      const said: string[] = []
      Object.assign(window, { said })
      if (!element) return
      element.signer = async (requests: SignerRequest[]): Promise<SignerResponse[]> => {
        await (window as unknown as { touch(): Promise<void> }).touch()
        const body = JSON.stringify({ version: 1, requests })
        const headers = { 'Content-Type': 'application/json' }
        const answer = await fetch(signer, { method: 'POST', headers, body })
        return (await answer.json()).responses
      }
      const look = () => {
        const list = element.shadowRoot?.querySelector('bucket-upload-list')
        said.push(list?.shadowRoot?.querySelector('.detail')?.textContent ?? '')
        requestAnimationFrame(look)
      }
      look()
    },
    stage.signer,
    attributes,
  )
}

/** How the upload ends: `uploaded`, or the code of the error. */
async function outcome(): Promise<string> {
  return until(() =>
    page.evaluate(() => {
      const [file] = document.querySelector('bucket-upload')?.files ?? []
      if (file?.status === 'failed') return file.error.code
      return file?.status === 'uploaded' && file.status
    }),
  )
}

/** The copies in the origin private file system. What is removed in the middle of the look is looked at again. */
async function leftovers(): Promise<string[]> {
  for (;;) {
    try {
      return await lookForCopies()
    } catch (error) {
      if ((error as Error).name !== 'NotFoundError') throw error
    }
  }
}

function lookForCopies(): Promise<string[]> {
  return page.evaluate(async () => {
    for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame)
    const names: string[] = []
    const root = await navigator.storage.getDirectory()
    const all = await root.getDirectoryHandle('bucket-upload').catch(() => undefined)
    for await (const folder of all?.values() ?? []) {
      if (folder.kind === 'directory') {
        for await (const name of (folder as FileSystemDirectoryHandle).keys()) names.push(name)
      }
    }
    return names
  })
}

/** How many pages hold copies. */
function openFolders(): Promise<number> {
  return page.evaluate(async () => {
    const { held = [] } = await navigator.locks.query()
    return held.filter(({ name }) => name?.startsWith('bucket-upload:copies:')).length
  })
}

async function until<T>(condition: () => T | Promise<T>): Promise<Exclude<T, false | undefined>> {
  for (;;) {
    const answer = await condition()
    if (answer) return answer as Exclude<T, false | undefined>
    await wait(50)
  }
}
