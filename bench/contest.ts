import type { ContestantName } from './page/index.ts'
import { CONNECTIONS } from './page/pool.ts'
import { RATE } from './routes/route.ts'
import { median, type Result, show, times } from './scenario.ts'
import type { Place, Run, RunOptions, Stage } from './stage.ts'

/** One who takes part, and under which conditions. */
export interface Entry {
  label: string
  contestant: ContestantName
  place?: Place
  /** What is another place for the older library. */
  placeBefore?: Place
  options?: RunOptions
}

/** What came of one entry. */
export interface Score {
  label: string
  /** Seconds: of each run, and in the middle. */
  laps: number[]
  seconds: number
  /** Of the last run. */
  last: Run
}

/**
 * Lets all run in turn, so that whatever slows the machine down for a while slows down all. Each run
 * begins with another one. The first entry runs once before, and that is not counted: whoever is first in
 * a browser, and at servers, that have just started is slower.
 */
export async function contest(
  stage: Stage,
  paths: string[],
  place: Place,
  entries: Entry[],
  runs: number,
): Promise<Score[]> {
  const field = withBefore(stage, entries)
  const all = field.map((): Run[] => [])
  const [first] = field
  if (first) await stage.run(first.contestant, paths, { ...place, ...first.place }, first.options)
  for (let turn = 0; turn < runs; turn++) {
    for (let step = 0; step < field.length; step++) {
      const index = (turn + step) % field.length
      const entry = field[index] as Entry
      const where = { ...place, ...entry.place }
      const run = await stage.run(entry.contestant, paths, where, entry.options)
      console.log(`  ${entry.label}: ${show(run.seconds, 2)} s`)
      all[index]?.push(run)
    }
  }
  return field.map(({ label }, index) => {
    const laps = (all[index] ?? []).map(({ seconds }) => seconds)
    return { label, laps, seconds: median(laps), last: all[index]?.at(-1) as Run }
  })
}

/** Puts the older library behind the first entry, if there is one. */
function withBefore({ before }: Stage, [first, ...others]: Entry[]): Entry[] {
  if (first === undefined) return []
  if (before === undefined || first.contestant !== 'ours') return [first, ...others]
  const options = { ...first.options, library: before }
  const place = { ...first.place, ...first.placeBefore }
  return [first, { ...first, label: `${first.label}, before`, place, options }, ...others]
}

/** A table of scores; ratios are to the first of them. */
export function scoreTable(scores: Score[], bytes: number, bound?: number): Omit<Result, 'goals'> {
  const [first] = scores
  const ofBound = (seconds: number) => (bound === undefined ? [] : [times(seconds / bound)])
  const cells = (seconds: number) => [
    show(seconds, 2),
    show(bytes / seconds / 1e6),
    times(seconds / (first?.seconds ?? Number.NaN)),
    ...ofBound(seconds),
  ]
  const rows = scores.map(({ label, seconds, last, laps }) => [
    label,
    ...cells(seconds),
    String(last.signerCalls),
    String(last.bodies),
    laps.map((lap) => show(lap, 2)).join(' '),
  ])
  if (bound !== undefined) rows.push(['bound', ...cells(bound), '', '', ''])
  const ratios = ['time ÷ first', ...(bound === undefined ? [] : ['÷ bound'])]
  return { head: ['what', 's', 'MB/s', ...ratios, 'signer calls', 'uploads', 'runs, s'], rows }
}

/** The seconds that six connections need which do nothing else. */
export function boundOf(bytes: number): number {
  return bytes / RATE / CONNECTIONS
}

/** The score with that label. */
export function scoreOf(scores: Score[], label: string): Score {
  const found = scores.find((score) => score.label === label)
  if (found === undefined) throw new RangeError(`There is no ${label}.`)
  return found
}
