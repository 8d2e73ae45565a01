/** What becomes of an upload when its page, browser, file, storage, line or signer goes away. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, BrowserContext, Page } from 'puppeteer-core'
import type { UploadEngine } from '../../src/engine/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import type { ChaosFile } from '../support/chaos/files.ts'
import { beginUploads, readState } from '../support/chaos/page.ts'
import { manyParts } from '../support/faults/many-parts.ts'
import {
  killBrowser,
  launchWithProfile,
  servePage,
  setUploadStage,
  type UploadStage,
} from '../support/pages/upload-stage.ts'

const MIB = 2 ** 20
/** Of a file of 27 MiB: as many as move at the same time. */
const ALL = [1, 2, 3, 4, 5, 6]
const folder = mkdtempSync(join(tmpdir(), 'reliability-'))
let browser: Browser

/** What one test works with. */
interface Scene {
  stage: UploadStage
  page: Page
  file: ChaosFile
}

before(async () => {
  browser = await launchBrowser()
})

after(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('an upload', () => {
  let stage: UploadStage
  /** One for each test, so that none finds what another one left in IndexedDB. */
  let context: BrowserContext
  let scene: Scene

  before(async () => {
    stage = await setUploadStage()
  })
  after(() => stage?.stop())
  beforeEach(async () => {
    context = await browser.createBrowserContext()
    scene = { stage, page: await context.newPage(), file: fileOnDisk(27 * MIB) }
  })
  afterEach(async () => {
    stage.letGo()
    await context.close()
    await stage.clear()
  })

  test('goes on when the page is reloaded, and sends only what is missing', async () => {
    const stored = await holdMidway(scene)
    stage.letGo()
    await begin(scene)
    await untilUploaded(scene)
    await assertOnlyMissingSent(scene, stored)
  })

  test('goes on when the browser is killed, and sends only what is missing', async () => {
    const profile = join(folder, 'profile')
    const first = await launchWithProfile(profile)
    let second: Browser | undefined
    try {
      const stored = await holdMidway({ ...scene, page: await first.newPage() })
      await killBrowser(first)
      stage.letGo()
      second = await launchWithProfile(profile)
      const later = { ...scene, page: await second.newPage() }
      await begin(later)
      await untilUploaded(later)
      await assertOnlyMissingSent(later, stored)
    } finally {
      await Promise.allSettled([first.close(), second?.close()])
    }
  })

  test('goes on with over a thousand stored parts, and sends only what is missing', async () => {
    const bucket = manyParts(1000)
    const site = await servePage(bucket.answer)
    const file = fileOnDisk(1_104_000)
    const numbers = Array.from({ length: 1104 }, (_, index) => index + 1)
    const engine = { signer: `${site.origin}/sign`, multipartThreshold: 1000 }
    try {
      bucket.holdAfter(1050)
      await beginUploads(scene.page, site.origin, [file], engine)
      await until(() => bucket.sent.length === 1056)
      const stored = new Set(bucket.parts.keys())
      // A reload would wait for a connection: this origin is the bucket too, and they are all taken.
      await scene.page.close()
      bucket.holdAfter(Number.POSITIVE_INFINITY)
      const page = await context.newPage()
      await beginUploads(page, site.origin, [file], engine)
      await untilUploaded({ stage, page, file })
      const missing = numbers.filter((number) => !stored.has(number))
      assert.equal(missing.length, 54)
      assert.deepEqual(sorted(bucket.sent), missing)
      assert.equal(bucket.listed.length, 2, 'pages of the list')
      assert.equal(bucket.asked.filter((op) => op === 'create').length, 1)
      const whole = Buffer.concat(numbers.map((number) => bucket.parts.get(number) as Buffer))
      assert.equal(sha256(whole), file.sha256)
    } finally {
      site.stop()
    }
  })

  test('of the same file in two tabs goes its own way in each', async () => {
    const other = { ...scene, page: await context.newPage() }
    await holdMidway(scene)
    stage.letGo()
    await begin(other)
    await until(async () => (await readState(other.page)).uploaded[scene.file.name]?.length === 2)
    assert.equal((await stage.objects()).length, 2)
    assert.deepEqual(await stage.uploads(), [])
  })

  const losses: Record<string, (file: ChaosFile) => void> = {
    changed: ({ path, size }) => writeFileSync(path, randomBytes(size)),
    'cut off': ({ path }) => writeFileSync(path, readFileSync(path).subarray(0, 20 * MIB)),
    deleted: ({ path }) => rmSync(path),
  }
  for (const [loss, lose] of Object.entries(losses)) {
    for (const integrity of ['md5', 'off']) {
      test(`fails as unreadable when the file is ${loss}, with integrity ${integrity}`, async () => {
        const { page, file } = scene
        await holdMidway(scene, { integrity })
        lose(file)
        stage.letGo()
        await until(async () => (await readState(page)).failed[file.name])
        const { failed, uploaded } = await readState(page)
        assert.deepEqual([failed, uploaded], [{ [file.name]: 'file-unreadable' }, {}])
        // Kept for as long as somebody may try again.
        assert.equal((await stage.uploads()).length, 1)
        await page.evaluate(clear)
        await until(async () => (await stage.uploads()).length === 0)
        assert.deepEqual(await stage.objects(), [])
      })
    }
  }

  /** Each runs in the page, before anything else. */
  const breaks: Record<string, () => void> = {
    'IndexedDB is forbidden': () => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('No.', 'SecurityError')
      }
    },
    'there is no IndexedDB': () => {
      Object.defineProperty(window, 'indexedDB', { value: undefined })
    },
    'IndexedDB is full': () => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('No.', 'QuotaExceededError')
      }
    },
  }
  for (const [what, breakIt] of Object.entries(breaks)) {
    test(`works where ${what}`, async () => {
      await scene.page.evaluateOnNewDocument(breakIt)
      await begin(scene)
      await untilUploaded(scene)
      await assertOnlyMissingSent(scene, [])
    })
  }

  const ends: Record<string, (page: Page) => Promise<unknown>> = {
    'is closed': (page) => Promise.allSettled([page.evaluate(clear), page.close()]),
    'goes elsewhere': (page) =>
      page.evaluate(() => {
        ;(window as unknown as { engine: UploadEngine }).engine.clear()
        location.href = 'about:blank'
      }),
  }
  for (const [what, end] of Object.entries(ends)) {
    test(`leaves nothing behind when it is cancelled and the page ${what} at once`, async () => {
      await holdMidway(scene)
      assert.equal((await stage.uploads()).length, 1)
      await end(scene.page)
      await until(async () => (await stage.uploads()).length === 0)
      assert.deepEqual(await stage.objects(), [])
    })
  }
})

/** These take as long as they say, so they run at the same time, each on a stage of its own. */
describe('an upload waits, and goes on by itself,', { concurrency: true }, () => {
  test('when the browser is offline for 10 s in the middle of parts', async (t) => {
    const scene = await ownScene(t)
    const stored = await holdMidway(scene)
    await scene.page.setOfflineMode(true)
    scene.stage.letGo()
    await wait(10_000)
    assert.deepEqual((await readState(scene.page)).active, { [scene.file.name]: 'waiting' })
    await scene.page.setOfflineMode(false)
    await untilUploaded(scene)
    await assertOnlyMissingSent(scene, stored)
  })

  test('when the signer is down for 20 s', async (t) => {
    const scene = await ownScene(t)
    const stored = await holdMidway(scene)
    scene.stage.signerIs('down')
    scene.stage.letGo()
    await wait(20_000)
    assert.deepEqual((await readState(scene.page)).active, { [scene.file.name]: 'waiting' })
    scene.stage.signerIs('up')
    await untilUploaded(scene)
    await assertOnlyMissingSent(scene, stored)
  })
})

/** All of it goes away with the test. */
async function ownScene(t: { after(work: () => Promise<void>): void }): Promise<Scene> {
  const stage = await setUploadStage()
  const context = await browser.createBrowserContext()
  t.after(async () => {
    await context.close()
    await stage.stop()
  })
  return { stage, page: await context.newPage(), file: fileOnDisk(27 * MIB) }
}

/** Loads the page, and picks the file in it. */
function begin({ stage, page, file }: Scene, options: Record<string, unknown> = {}): Promise<void> {
  const engine = { signer: stage.signer, stallTimeout: 2000, ...options }
  return beginUploads(page, stage.origin, [file], engine)
}

/** Begins an upload of which three parts get through, and tells which ones these are. */
async function holdMidway(scene: Scene, options: Record<string, unknown> = {}): Promise<number[]> {
  const { stage } = scene
  stage.hold(3)
  await begin(scene, options)
  const stored = await stage.untilStored(3)
  // What comes later would get through once the line is let go.
  await until(() => stage.sent.length >= ALL.length)
  assert.equal(stored.length, 3)
  return stored
}

async function untilUploaded({ page, file: { name } }: Scene): Promise<void> {
  await until(async () => {
    const { uploaded, failed } = await readState(page)
    assert.equal(failed[name], undefined)
    return uploaded[name]?.length === 1
  })
}

async function assertOnlyMissingSent({ stage, file }: Scene, stored: number[]): Promise<void> {
  const missing = ALL.filter((number) => !stored.includes(number))
  assert.deepEqual(sorted(stage.sent), missing)
  assert(await stage.holdsOnly(file), 'the file is in the bucket, once, and nothing else')
}

/** Runs in the page. */
function clear(): void {
  ;(window as unknown as { engine: UploadEngine }).engine.clear()
}

/** Waits until something holds; the test's own time-out ends a wait in vain. */
async function until(condition: () => unknown): Promise<void> {
  while (!(await condition())) await wait(50)
}

let count = 0

/** A file of random bytes. The page takes its name for that of a file to remember. */
function fileOnDisk(size: number): ChaosFile {
  count++
  const name = `${count}.bin`
  const path = join(folder, name)
  const content = randomBytes(size)
  writeFileSync(path, content)
  return { name, path, size, sha256: sha256(content) }
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

function sorted(list: readonly number[]): number[] {
  return [...list].sort((one, other) => one - other)
}
