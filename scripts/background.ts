/**
 * `npm run background -- --runs 10`: closes a tab while it uploads, and looks whether Chromium's Background
 * Fetch goes on with it. It prints for each case how many runs handed the file over, began within 20 and within
 * 60 seconds, and arrived byte for byte. See docs/decisions/0032-no-uploads-without-a-page.md.
 *
 * `--abort` has a page stay instead, and abort such a fetch while PUTs to the same host are on their way;
 * `--browse` closes it, and opens other pages while the form takes minutes: does the browser survive it?
 *
 * `--window` shows a window; without a screen, run it through `xvfb-run -a`. `--fresh` closes the tab in a browser
 * that was just started, before its service of downloads is ready. `--cases 2,3` runs some of the cases, `--at-once 3`
 * so many runs at a time. It measures, and has no exit code of its own.
 */
import { parseArgs } from 'node:util'
import { ABORT_CASES, survivesAbort } from '../test/support/background/abort.ts'
import { BROWSE_CASES, browseMeanwhile } from '../test/support/background/browse.ts'
import {
  CASES,
  type CloseCase,
  closeInMidUpload,
  type Outcome,
} from '../test/support/background/close.ts'
import { CHROMIUM, ensureSystem } from './lib/system.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    'at-once': { type: 'string', default: '1' },
    cases: { type: 'string', default: CASES.map((_, index) => index + 1).join(',') },
    window: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    abort: { type: 'boolean', default: false },
    browse: { type: 'boolean', default: false },
  },
})

ensureSystem([CHROMIUM])
const runs = Number(values.runs)
await (values.browse ? measureBrowsing() : values.abort ? measureAborts() : measureClosing())

async function measureClosing(): Promise<void> {
  console.log(
    '| the page | handed over | of these paused | began in 20 s | in 60 s | arrived whole |',
  )
  console.log('|---|---|---|---|---|---|')
  const options = { hasWindow: values.window, isFresh: values.fresh }
  for (const number of values.cases.split(',')) {
    const closing = CASES[Number(number) - 1]
    if (!closing) throw new RangeError(`There is no case ${number}.`)
    print(closing, await runAll(() => closeInMidUpload(closing, options)))
  }
}

async function measureAborts(): Promise<void> {
  console.log('| the page | the browser crashed |')
  console.log('|---|---|')
  for (const aborting of ABORT_CASES) {
    const outcomes = await runAll(() => survivesAbort(aborting, { hasWindow: values.window }))
    const crashes = outcomes.filter((survives) => !survives).length
    console.log(`| ${aborting.name} | ${crashes} of ${outcomes.length} |`)
  }
}

async function measureBrowsing(): Promise<void> {
  console.log('| what people do | times that the form was sent | the browser crashed | after |')
  console.log('|---|---|---|---|')
  for (const browsing of BROWSE_CASES) {
    const outcomes = await runAll(() => browseMeanwhile(browsing, { hasWindow: values.window }))
    const sent = outcomes.map((it) => it.sent).sort()
    const after = outcomes.flatMap(({ crashedAfter }) => crashedAfter ?? []).sort()
    const seconds = after.map((ms) => `${Math.round(ms / 1000)} s`).join(', ')
    const cells = [browsing.name, sent.join(', '), `${after.length} of ${outcomes.length}`, seconds]
    console.log(`| ${cells.join(' | ')} |`)
  }
}

async function runAll<T>(run: () => Promise<T>): Promise<T[]> {
  const outcomes: T[] = []
  let left = runs
  const work = async () => {
    while (left-- > 0) outcomes.push(await run())
  }
  await Promise.all(Array.from({ length: Number(values['at-once']) }, work))
  return outcomes
}

function print({ name }: CloseCase, outcomes: Outcome[]): void {
  const count = (test: (outcome: Outcome) => boolean) =>
    `${outcomes.filter(test).length} of ${outcomes.length}`
  const within = (seconds: number) =>
    count(({ beganAfter }) => (beganAfter ?? 1e9) <= seconds * 1000)
  const cells = [
    ...[name, count((it) => it.isHandedOver), count((it) => it.isPaused)],
    ...[within(20), within(60), count((it) => it.isWhole)],
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
