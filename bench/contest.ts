import type { ContestantName } from './page/index.ts'
import { median, show, times } from './scenario.ts'
import type { Place, Run, RunOptions, Stage } from './stage.ts'

/** One who takes part, and under which conditions. */
export interface Entry {
  label: string
  contestant: ContestantName
  place?: Place
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
 * begins with another one.
 */
export async function contest(
  stage: Stage,
  paths: string[],
  place: Place,
  entries: Entry[],
  runs: number,
): Promise<Score[]> {
  const all = entries.map((): Run[] => [])
  for (let turn = 0; turn < runs; turn++) {
    for (let step = 0; step < entries.length; step++) {
      const index = (turn + step) % entries.length
      const entry = entries[index] as Entry
      const where = { ...place, ...entry.place }
      const run = await stage.run(entry.contestant, paths, where, entry.options)
      console.log(`  ${entry.label}: ${show(run.seconds, 2)} s`)
      all[index]?.push(run)
    }
  }
  return entries.map(({ label }, index) => {
    const laps = (all[index] ?? []).map(({ seconds }) => seconds)
    return { label, laps, seconds: median(laps), last: all[index]?.at(-1) as Run }
  })
}

/** The columns that most scenarios have. */
export const SCORE_HEAD = ['', 's', 'MB/s', 'time ÷ first', 'signer calls', 'uploads', 'runs, s']

/** Rows for {@link SCORE_HEAD}; ratios are to the first of the scores. */
export function scoreRows(scores: Score[], bytes: number): string[][] {
  const [first] = scores
  return scores.map(({ label, seconds, last, laps }) => [
    label,
    show(seconds, 2),
    show(bytes / seconds / 1e6),
    times(seconds / (first?.seconds ?? Number.NaN)),
    String(last.signerCalls),
    String(last.bodies),
    laps.map((lap) => show(lap, 2)).join(' '),
  ])
}

/** The score with that label. */
export function scoreOf(scores: Score[], label: string): Score {
  const found = scores.find((score) => score.label === label)
  if (found === undefined) throw new RangeError(`There is no ${label}.`)
  return found
}
