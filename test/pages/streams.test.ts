/** A stream that is longer than the memory that it may cost. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, CDPSession, Page } from 'puppeteer-core'
import type { UploadEngine } from '../../src/engine/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { setUploadStage, type UploadStage } from '../support/pages/upload-stage.ts'

const MIB = 2 ** 20
/** What a page may hold: the part that is filled, those that are cut and on their way, and their hashes. */
const MOST_IN_PAGE = 64 * MIB
/** Of all processes: what is sent waits for the browser to collect it, and is far from being all. */
const MOST_IN_ALL = 400 * MIB

let stage: UploadStage
let browser: Browser
let page: Page
let protocol: CDPSession

before(async () => {
  stage = await setUploadStage()
  browser = await launchBrowser()
  page = await browser.newPage()
  protocol = await page.createCDPSession()
  await page.goto(stage.origin)
})
after(async () => {
  await browser?.close()
  await stage?.stop()
})

test('of a stream of 512 MiB a page holds less than 64 MiB', async () => {
  const most = await mostDuring(512 * MIB, memoryOfPage)
  assert.ok(most < MOST_IN_PAGE, `the page held ${Math.round(most / MIB)} MiB more`)
})

test('all processes of the browser together take less than the stream is long', async () => {
  const most = await mostDuring(512 * MIB, async () => memoryOfAll())
  assert.ok(most < MOST_IN_ALL, `the browser had ${Math.round(most / MIB)} MiB more`)
})

/** Uploads a stream of so many bytes. Answers with how much more memory there was than before, at most. */
async function mostDuring(size: number, measure: () => Promise<number>): Promise<number> {
  // Loads all that streams need, and fills what the browser keeps.
  await uploadStream(60 * MIB)
  const before = await measure()
  const samples: number[] = []
  let isOver = false
  const sampling = (async () => {
    for (; !isOver; await wait(200)) samples.push(await measure())
  })()
  assert.equal(await uploadStream(size), size)
  isOver = true
  await sampling
  const stored = (await stage.objects()).map((object) => object.size)
  assert.ok(stored.includes(size))
  assert.ok(samples.length > 5)
  return Math.max(...samples) - before
}

/** Uploads so many bytes that are made on the way. Answers with the size of what was stored. */
function uploadStream(size: number): Promise<number> {
  return page.evaluate(
    async (signer, size) => {
      const library: string = '/bucket-upload.js'
      const { UploadEngine } = await import(library)
      const engine: UploadEngine = new UploadEngine({ signer })
      let left = size
      const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (left === 0) return controller.close()
          const chunk = new Uint8Array(Math.min(left, 65_536)).fill(left % 251)
          left -= chunk.length
          controller.enqueue(chunk)
        },
      })
      const complete = new Promise<CustomEvent>((resolve) => {
        engine.addEventListener('upload-complete', resolve as () => void)
      })
      engine.add([{ stream, name: 'made.bin' }])
      const { uploaded } = (await complete).detail
      return uploaded[0]?.size ?? 0
    },
    stage.signer,
    size,
  )
}

/** The heap of the page and its buffers, in bytes, without what is only not collected yet. */
async function memoryOfPage(): Promise<number> {
  await protocol.send('HeapProfiler.collectGarbage')
  const heap = (await protocol.send('Runtime.getHeapUsage')) as {
    usedSize: number
    backingStorageSize?: number
  }
  return heap.usedSize + (heap.backingStorageSize ?? 0)
}

/** The memory of all processes of the browser, in bytes; 0 where the system does not tell. */
function memoryOfAll(): number {
  const ids = [browser.process()?.pid ?? 0]
  const parents = parentsOfProcesses()
  for (const id of ids) for (const [child, parent] of parents) if (parent === id) ids.push(child)
  return ids.reduce((sum, id) => sum + memoryOf(id), 0)
}

function parentsOfProcesses(): [id: number, parent: number][] {
  const ids = read(() => readdirSync('/proc').filter((name) => /^\d+$/.test(name))) ?? []
  return ids.map((id) => {
    const status = read(() => readFileSync(`/proc/${id}/status`, 'utf8')) ?? ''
    return [Number(id), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1])]
  })
}

/** What is shared with other processes counts for each in part. */
function memoryOf(id: number): number {
  const rollup = read(() => readFileSync(`/proc/${id}/smaps_rollup`, 'utf8')) ?? ''
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024
}

/** A process may have ended meanwhile, and not every system has such files. */
function read<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
