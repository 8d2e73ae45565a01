/** What Chromium's trace tells of the frames of a page. */
import type { Page } from 'puppeteer-core'

interface TraceEvent {
  name: string
  cat: string
  ph: string
  /** Moment, duration, and how much of that the thread was computing, in µs. */
  ts: number
  dur?: number
  tdur?: number
  pid: number
  tid: number
}

/** Times in ms. */
export interface FrameTrace {
  /** From one mark of the page to the first frame that was painted after another. */
  painted(from: string, after: string): number
  /** The longest task of the main thread between two marks, and the one that computed longest. */
  longestTask(from: string, to: string): { took: number; computed: number }
  /** The longest time between two frames on the screen, between two marks; and how many there were. */
  frames(from: string, to: string): { longest: number; count: number }
}

const CATEGORIES = [
  '-*',
  'blink.user_timing',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-devtools.timeline.frame',
  '__metadata',
]

/** Traces what a page does meanwhile. The page names moments by `performance.mark`. */
export async function traceFrames(page: Page, run: () => Promise<void>): Promise<FrameTrace> {
  await page.tracing.start({ categories: CATEGORIES })
  await run()
  const buffer = await page.tracing.stop()
  const { traceEvents } = JSON.parse(new TextDecoder().decode(buffer)) as {
    traceEvents: TraceEvent[]
  }
  return read(traceEvents.sort((one, other) => one.ts - other.ts))
}

function read(events: TraceEvent[]): FrameTrace {
  const isMark = ({ cat }: TraceEvent) => cat.includes('blink.user_timing')
  const first = events.find(isMark)
  if (!first) throw new Error('The page has set no mark.')
  const isMain = ({ pid, tid }: TraceEvent) => pid === first.pid && tid === first.tid
  const mark = (name: string) => {
    const found = events.find((event) => isMark(event) && event.name === name)
    if (!found) throw new Error(`There is no mark "${name}".`)
    return found.ts
  }
  const between = (from: string, to: string, name: string) => {
    const [start, end] = [mark(from), mark(to)]
    return events.filter((it) => it.name === name && it.ts >= start && it.ts <= end)
  }
  return {
    painted(from, after) {
      const painted = events.find((it) => it.name === 'Paint' && isMain(it) && it.ts >= mark(after))
      const shown = events.find(
        (it) => it.name === 'DrawFrame' && it.ts >= (painted?.ts ?? Number.NaN),
      )
      return ((shown?.ts ?? Number.NaN) - mark(from)) / 1000
    },
    longestTask(from, to) {
      const tasks = between(from, to, 'RunTask').filter(isMain)
      const most = (times: number[]) => Math.max(...times) / 1000
      return {
        took: most(tasks.map(({ dur = 0 }) => dur)),
        computed: most(tasks.map(({ tdur = 0 }) => tdur)),
      }
    },
    frames(from, to) {
      const shown = between(from, to, 'DrawFrame').filter(({ pid }) => pid === first.pid)
      const gaps = shown.slice(1).map(({ ts }, index) => ts - (shown[index]?.ts ?? 0))
      return { longest: Math.max(...gaps) / 1000, count: shown.length }
    },
  }
}
