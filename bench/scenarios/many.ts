import type { CDPSession } from 'puppeteer-core'
import type { Bench } from '../page/index.ts'
import type { ManyFiles } from '../page/many.ts'
import { atMost, inUnit, median, type Scenario, show } from '../scenario.ts'
import type { Stage } from '../stage.ts'

interface Row {
  label: string
  count: number
  integrity: 'md5' | 'off'
}

/** All in ms. */
interface Found extends ManyFiles {
  /** What the main thread has worked, from `add` until all are done. */
  mainThread: number
}

const ROWS: Row[] = [
  { label: '1,000', count: 1_000, integrity: 'off' },
  { label: '10,000', count: 10_000, integrity: 'off' },
  { label: '10,000, integrity on', count: 10_000, integrity: 'md5' },
  { label: '100,000', count: 100_000, integrity: 'off' },
]
/** Milliseconds of the main thread for a file; the second for a page that is slowed three times. */
const FOR_A_FILE = 0.15
const FOR_A_FILE_SLOWED = 0.5

/** What the engine itself costs with very many files. */
export const many: Scenario = {
  name: 'many',
  title: 'Thousands of files, without a network',
  about:
    'Files of one byte, a signer in the page, and a transport that stores at once: from `add` until all are done, with `resume` on. “Main thread” is the processor time that it used, and that is what the files cost; the longest task is one of it, and a browser reports none below 50 ms.',
  async measure(stage, runs) {
    const found = new Map<Row, Found[]>(ROWS.map((row) => [row, []]))
    for (let turn = 0; turn < runs; turn++) {
      for (const row of ROWS) found.get(row)?.push(await measureOnce(stage, row))
    }
    const middle = (row: Row, key: keyof Found) =>
      median((found.get(row) ?? []).map((each) => each[key]))
    const of = (label: string, key: keyof Found) =>
      middle(ROWS.find((row) => row.label === label) as Row, key)
    const limit = stage.slowdown > 1 ? FOR_A_FILE_SLOWED : FOR_A_FILE
    const aFile = of('10,000', 'mainThread') / 10_000
    return {
      head: ['files', 'add, ms', 'longest task, ms', 'until done, s', 'main thread, ms a file'],
      rows: ROWS.map((row) => [
        row.label,
        show(middle(row, 'add')),
        middle(row, 'longestTask') === 0 ? 'below 50' : show(middle(row, 'longestTask'), 0),
        show(middle(row, 'done') / 1000, 2),
        show(middle(row, 'mainThread') / row.count, 3),
      ]),
      goals: [
        atMost(limit, '10,000 files', aFile, inUnit(' ms a file', 3)),
        atMost(100, 'longest task of 100,000 files', of('100,000', 'longestTask'), inUnit(' ms')),
        atMost(
          11,
          '100,000 files against 10,000',
          of('100,000', 'mainThread') / of('10,000', 'mainThread'),
        ),
      ],
      inShort: `10,000 small files cost the page ${show(aFile, 2)} ms each.`,
    }
  },
}

async function measureOnce(stage: Stage, row: Row): Promise<Found> {
  const page = await stage.openPage()
  const session = await page.createCDPSession()
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.evaluate(
    ({ count, integrity }) =>
      (window as unknown as { bench: Bench }).bench.prepareMany(count, integrity),
    row,
  )
  const before = await taskTime(session)
  const result = await page.evaluate(() =>
    (window as unknown as { bench: Bench }).bench.manyFiles(),
  )
  const mainThread = (await taskTime(session)) - before
  console.log(
    `  ${row.label}: add ${show(result.add)} ms, done ${show(result.done / 1000, 2)} s, main thread ${show(mainThread / 1000, 2)} s, longest task ${show(result.longestTask, 0)} ms`,
  )
  return { ...result, mainThread }
}

/** What the main thread has worked so far, in ms. */
async function taskTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  const seconds = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
  return seconds * 1000
}
