import { setTimeout as wait } from 'node:timers/promises'
import type { CDPSession, Page } from 'puppeteer-core'
import type { ContestantName } from '../page/index.ts'
import { atMost, inUnit, type Scenario, show } from '../scenario.ts'

const SIZE = 2 * 2 ** 30
const POLL = 200
const MIB = 2 ** 20

/** A very large file: whether it passes through the page's memory. */
export const memory: Scenario = {
  name: 'memory',
  title: '2 GiB on loopback: memory of the page',
  about:
    'JavaScript’s heap of the page, looked at five times a second; before and after with the garbage collected. “Buffers” are the bytes outside of that heap that belong to its objects, of the page and of its workers, at the peak: what the workers are hashing is there.',
  async measure(stage) {
    const paths = [stage.file('memory.bin', SIZE)]
    const entries: [string, ContestantName][] = [
      ['bucket-upload', 'ours'],
      ['@uppy/aws-s3, defaults', 'uppy'],
    ]
    const found: (Heap & { label: string; seconds: number })[] = []
    for (const [label, contestant] of entries) {
      let watch: HeapWatch | undefined
      const { seconds } = await stage.run(contestant, paths, {}, {}, async (page, session) => {
        watch = await watchHeap(page, session)
      })
      found.push({ label, seconds, ...(await (watch as HeapWatch).stop()) })
    }
    const { before, peak } = found[0] as Heap
    const grown = peak - before
    return {
      head: ['what', 'before, MiB', 'peak, MiB', 'after, MiB', 'buffers, MiB', 'seconds'],
      rows: found.map((one) => [
        one.label,
        show(one.before),
        show(one.peak),
        show(one.after),
        show(one.buffers),
        show(one.seconds),
      ]),
      goals: [atMost(16, 'grows by', grown, inUnit(' MiB', 1))],
      inShort: `While 2 GiB are uploaded, the page’s heap grows by ${show(grown)} MiB.`,
    }
  },
}

/** All in MiB. */
interface Heap {
  before: number
  peak: number
  after: number
  buffers: number
}

interface HeapWatch {
  stop(): Promise<Heap>
}

async function watchHeap(page: Page, session: CDPSession): Promise<HeapWatch> {
  const { used: before } = await collectedHeap(session)
  let peak = before
  let buffers = 0
  let isOn = true
  const watching = (async () => {
    while (isOn) {
      const main = await heapOf(session)
      const workers = await Promise.all(page.workers().map(({ client }) => heapOf(client)))
      peak = Math.max(peak, main.used)
      const sum = workers.reduce((all, worker) => all + worker.buffers, main.buffers)
      buffers = Math.max(buffers, sum)
      await wait(POLL)
    }
  })()
  return {
    async stop() {
      isOn = false
      await watching
      return { before, peak, after: (await collectedHeap(session)).used, buffers }
    },
  }
}

async function collectedHeap(session: CDPSession) {
  await session.send('HeapProfiler.collectGarbage')
  return heapOf(session)
}

/** In MiB; nothing for a worker that has ended meanwhile. */
async function heapOf(session: CDPSession): Promise<{ used: number; buffers: number }> {
  const none = { usedSize: 0, backingStorageSize: 0 }
  const heap = await session.send('Runtime.getHeapUsage').catch(() => none)
  return { used: heap.usedSize / MIB, buffers: heap.backingStorageSize / MIB }
}
