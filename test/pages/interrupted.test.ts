/** An upload that was interrupted goes on with one click: its file is read by its handle. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, Page } from 'puppeteer-core'
import type { FileToAdd } from '../../src/engine/index.ts'
import { dropFiles } from '../support/browsers/drop.ts'
import { type FileOnDisk, randomFile } from '../support/browsers/picked-file.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import {
  killBrowser,
  launchWithProfile,
  setUploadStage,
  type UploadStage,
} from '../support/pages/upload-stage.ts'

const MIB = 2 ** 20
const SIZE = 27 * MIB
/** Of a file of 27 MiB: as many as move at the same time. */
const ALL = [1, 2, 3, 4, 5, 6]
const folder = mkdtempSync(join(tmpdir(), 'interrupted-'))

let stage: UploadStage
let browser: Browser
let profiles = 0

before(async () => {
  stage = await setUploadStage()
})
after(async () => {
  await stage?.stop()
  rmSync(folder, { recursive: true, force: true })
})
afterEach(async () => {
  await browser?.close()
  stage.letGo()
  await stage.clear()
})

describe('an interrupted upload goes on with one click', () => {
  test('when the page is reloaded', async () => {
    browser = await launchWithProfile(newProfile())
    const page = await openPage()
    const file = await holdMidway(() => addOwnFile(page, 'own film.bin'))
    await page.reload()
    await showWidget(page)
    await continueIt(page, file)
  })

  test('when the browser is killed', async () => {
    const profile = newProfile()
    browser = await launchWithProfile(profile)
    const first = await openPage()
    const file = await holdMidway(() => addOwnFile(first, 'own film.bin'))
    await killBrowser(browser)
    browser = await launchWithProfile(profile)
    await continueIt(await openPage(), file)
  })

  test('when its file was dropped from the disk', async () => {
    browser = await launchWithProfile(newProfile())
    const page = await openPage()
    const onDisk = randomFile(folder, SIZE)
    const file = await holdMidway(async () => {
      await dropFiles(page, [onDisk.path])
      return onDisk
    })
    await page.reload()
    await showWidget(page)
    await continueIt(page, file)
  })
})

describe('a drop', () => {
  /** What a browser may do when it is asked for a handle. Each runs in the page, before anything else. */
  const browsers: Record<string, () => void> = {
    'has no handles': () => {
      Reflect.deleteProperty(DataTransferItem.prototype, 'getAsFileSystemHandle')
    },
    'refuses a handle': () => {
      Object.assign(DataTransferItem.prototype, {
        getAsFileSystemHandle: () => Promise.reject(new DOMException('No.', 'NotAllowedError')),
      })
    },
    'never gives a handle': () => {
      Object.assign(DataTransferItem.prototype, {
        getAsFileSystemHandle: () => new Promise(() => {}),
      })
    },
  }
  for (const [what, change] of Object.entries(browsers)) {
    test(`is uploaded where the browser ${what}`, async () => {
      browser = await launchWithProfile(newProfile())
      const page = await browser.newPage()
      await page.evaluateOnNewDocument(change)
      const errors: unknown[] = []
      page.on('pageerror', (error) => errors.push(error))
      await openPage(page)
      const file = randomFile(folder, SIZE)
      await dropFiles(page, [file.path])
      await untilUploaded(page)
      assert.deepEqual(errors, [])
      assert(await stage.holdsOnly(file))
    })
  }

  test('asks for handles of large files only, and of none in folders', async () => {
    browser = await launchWithProfile(newProfile())
    const page = await browser.newPage()
    await page.evaluateOnNewDocument(() => {
      const { prototype } = DataTransferItem
      const asked: string[] = []
      Object.assign(window, { asked })
      const ask = Reflect.get(prototype, 'getAsFileSystemHandle')
      Reflect.set(prototype, 'getAsFileSystemHandle', function (this: DataTransferItem) {
        asked.push(this.getAsFile()?.name ?? '')
        return ask.call(this)
      })
    })
    await openPage(page)
    const inFolder = join(folder, 'album')
    mkdirSync(inFolder)
    const paths = [
      join(folder, 'large.bin'),
      join(folder, 'small.bin'),
      join(inFolder, 'inner.bin'),
    ]
    for (const path of paths) writeFileSync(path, randomBytes(path === paths[1] ? 1000 : 6 * MIB))
    await dropFiles(page, [...paths.slice(0, 2), inFolder])
    const names = await until(() =>
      page.evaluate(() => {
        const { files = [] } = document.querySelector('bucket-upload') ?? {}
        return files.length === 3 && files.map(({ path }) => path).sort()
      }),
    )
    assert.deepEqual(names, ['album/inner.bin', 'large.bin', 'small.bin'])
    assert.deepEqual(await page.evaluate('asked'), ['large.bin'])
  })
})

/**
 * A profile whose owner lets every page read the files that it has a handle of. Otherwise the browser
 * asks, in a window that no test can reach.
 */
function newProfile(): string {
  profiles++
  const profile = join(folder, `profile ${profiles}`)
  mkdirSync(join(profile, 'Default'), { recursive: true })
  const allowed = { profile: { default_content_setting_values: { file_system_read_guard: 1 } } }
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(allowed))
  return profile
}

async function openPage(given?: Page): Promise<Page> {
  const page = given ?? (await browser.newPage())
  await page.goto(stage.origin)
  await showWidget(page)
  return page
}

async function showWidget(page: Page): Promise<void> {
  await page.evaluate(async (signer) => {
    const library: string = '/bucket-upload.js'
    await import(library)
    document.body.innerHTML = `<bucket-upload signer="${signer}" multiple></bucket-upload>`
  }, stage.signer)
}

/** Adds a file of the origin's own file system, whose handles need no permission. */
async function addOwnFile(page: Page, name: string): Promise<FileOnDisk> {
  const path = `/${name}`
  const sha256 = await page.evaluate(
    async (name, size) => {
      const content = new Uint8Array(size)
      for (let at = 0; at < size; at += 65_536) {
        crypto.getRandomValues(content.subarray(at, at + 65_536))
      }
      const own = await navigator.storage.getDirectory()
      const handle = await own.getFileHandle(name, { create: true })
      const writable = await handle.createWritable()
      await writable.write(content)
      await writable.close()
      const item: FileToAdd = { file: await handle.getFile(), handle }
      document.querySelector('bucket-upload')?.add([item])
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content))
      return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
    },
    name,
    SIZE,
  )
  return { name, path, sha256 }
}

/** What was sent before the page went. */
interface Begun {
  file: FileOnDisk
  stored: number[]
}

/** Begins an upload of which three parts get through, and then lets the line go. */
async function holdMidway(add: () => Promise<FileOnDisk>): Promise<Begun> {
  stage.hold(3)
  const file = await add()
  const stored = await stage.untilStored(3)
  // What comes later would get through once the line is let go.
  await until(() => stage.sent.length >= ALL.length)
  return { file, stored }
}

/** Clicks, and sees that what was missing is sent, and nothing else. */
async function continueIt(page: Page, { file, stored }: Begun): Promise<void> {
  stage.letGo()
  const button = await waitForElement(
    page,
    `bucket-upload >>> [aria-label="Continue: ${file.name}"]`,
  )
  await button.click()
  await untilUploaded(page)
  const missing = ALL.filter((number) => !stored.includes(number))
  assert.deepEqual(
    [...stage.sent].sort((one, other) => one - other),
    missing,
  )
  assert(await stage.holdsOnly(file), 'the file is in the bucket, once, and nothing else')
  assert.equal(await page.$('bucket-upload >>> .interrupted'), null)
}

async function untilUploaded(page: Page): Promise<void> {
  await until(() =>
    page.evaluate(() => {
      const [file] = document.querySelector('bucket-upload')?.files ?? []
      if (file?.status === 'failed') throw file.error
      return file?.status === 'uploaded'
    }),
  )
}

/** Waits until something holds; the test's own time-out ends a wait in vain. */
async function until<T>(condition: () => T | Promise<T>): Promise<T> {
  for (;;) {
    const answer = await condition()
    if (answer) return answer
    await wait(50)
  }
}
