import type { Bench } from '../page/index.ts'
import type { ManyFiles } from '../page/many.ts'
import { median, type Scenario, show, times } from '../scenario.ts'
import type { Stage } from '../stage.ts'

const COUNTS = [1_000, 5_000, 10_000, 20_000]

/** What the engine itself costs with very many files. */
export const many: Scenario = {
  name: 'many',
  title: 'Thousands of files, without a network',
  about:
    'Files of one byte, a signer in the page, and a transport that stores at once: from `add` until all are done. The longest task is that of the main thread; a browser tells of none below 50 ms.',
  async measure(stage, runs) {
    const found = new Map<number, ManyFiles[]>(COUNTS.map((count) => [count, []]))
    for (let turn = 0; turn < runs; turn++) {
      for (const count of COUNTS) found.get(count)?.push(await measureOnce(stage, count))
    }
    const middle = (count: number, key: keyof ManyFiles) =>
      median((found.get(count) ?? []).map((each) => each[key]))
    const growth = middle(20_000, 'done') / middle(10_000, 'done')
    const add = middle(10_000, 'add')
    const task = middle(10_000, 'longestTask')
    return {
      head: ['files', 'add, ms', 'longest task, ms', 'until done, s', 'ms a file'],
      rows: COUNTS.map((count) => [
        count.toLocaleString('en'),
        show(middle(count, 'add')),
        middle(count, 'longestTask') === 0 ? 'below 50' : show(middle(count, 'longestTask'), 0),
        show(middle(count, 'done') / 1000, 2),
        show(middle(count, 'done') / count, 3),
      ]),
      goals: [
        { text: `10,000 files added in under 500 ms: ${show(add)} ms`, met: add < 500 },
        {
          text: `no task over 100 ms: ${task === 0 ? 'below 50' : show(task, 0)} ms`,
          met: task <= 100,
        },
        { text: `20,000 cost 2.3 times 10,000 at most: ${times(growth)}`, met: growth <= 2.3 },
      ],
    }
  },
}

async function measureOnce(stage: Stage, count: number): Promise<ManyFiles> {
  const page = await stage.openPage()
  const result = await page.evaluate(
    (files) => (window as unknown as { bench: Bench }).bench.manyFiles(files),
    count,
  )
  console.log(`  ${count}: add ${show(result.add)} ms, done ${show(result.done / 1000, 2)} s`)
  return result
}
