import { setTimeout as wait } from 'node:timers/promises'
import type { CDPSession } from 'puppeteer-core'
import { type Scenario, show } from '../scenario.ts'

const SIZE = 2 * 2 ** 30
const POLL = 200
const MIB = 2 ** 20

/** A very large file: whether it passes through the page's memory. */
export const memory: Scenario = {
  name: 'memory',
  title: '2 GiB on loopback: memory of the page',
  about:
    'JavaScript’s heap of the page (`JSHeapUsedSize`), looked at five times a second; before and after with the garbage collected.',
  async measure(stage) {
    const paths = [stage.file('memory.bin', SIZE)]
    let watch: HeapWatch | undefined
    const { seconds } = await stage.run('ours', paths, {}, {}, async (session) => {
      watch = await watchHeap(session)
    })
    const { before, peak, after } = await (watch as HeapWatch).stop()
    return {
      head: ['', 'before, MiB', 'peak, MiB', 'after, MiB', 'seconds'],
      rows: [['bucket-upload', show(before), show(peak), show(after), show(seconds)]],
      goals: [
        {
          text: `grows by less than 64 MiB: ${show(peak - before)} MiB`,
          met: peak - before < 64,
        },
      ],
    }
  },
}

interface HeapWatch {
  /** All in MiB. */
  stop(): Promise<{ before: number; peak: number; after: number }>
}

async function watchHeap(session: CDPSession): Promise<HeapWatch> {
  await session.send('Performance.enable')
  const before = await collectedHeap(session)
  let peak = before
  let isOn = true
  const watching = (async () => {
    while (isOn) {
      peak = Math.max(peak, await heapOf(session))
      await wait(POLL)
    }
  })()
  return {
    async stop() {
      isOn = false
      await watching
      return { before, peak, after: await collectedHeap(session) }
    },
  }
}

async function collectedHeap(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  return heapOf(session)
}

async function heapOf(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN) / MIB
}
