import type { ContestantName } from '../page/index.ts'
import { CONNECTIONS } from '../page/pool.ts'
import { atMost, inUnit, type Result, type Scenario, show } from '../scenario.ts'
import type { RunOptions, Stage } from '../stage.ts'

const FIRST = 2e6
const SIZE = 128 * 2 ** 20
/** Bytes. Only a part of the large file is cut, be it the smallest that S3 takes. */
const SMALLEST_PART = 5 * 2 ** 20
const SHARE = 0.9
/** Bytes a second, of each of six connections that share the line. */
const RATE = 100e3
/** The size of the parts is settled when the first begins: the line may then be so much faster. */
const SPED_UP = 20

interface Loss {
  label: string
  /** Bytes. */
  part: number
  again: number
}

/** A slow line on which a connection breaks. */
export const loss: Scenario = {
  name: 'loss',
  title: 'A connection that breaks on a slow line',
  about: `A page uploads 2 MB, and then 128 MiB, over 600 kB/s that six connections share: 100 kB/s for each. The first connection that has carried 90 % of a part is reset. How much is sent again, as seconds of that connection and of the whole line. Once the first part has begun, and with it the size of the parts is settled, the line is faster, so that this takes no minutes. S3 takes no part below 5 MiB, but the last. A plain PUT would have to begin the whole file again.`,
  async measure(stage) {
    const paths = [stage.file('loss-first.bin', FIRST), stage.file('loss.bin', SIZE)]
    const entries: [string, ContestantName, RunOptions][] = [
      ['bucket-upload', 'ours', {}],
      ['bucket-upload, 128 MiB first', 'ours', { fresh: true }],
      ['@uppy/aws-s3, defaults', 'uppy', {}],
    ]
    if (stage.before) entries.push(['bucket-upload, before', 'ours', { library: stage.before }])
    const found: Loss[] = []
    for (const [label, contestant, options] of entries) {
      const isAlone = options.fresh === true || contestant !== 'ours'
      const picked = isAlone ? paths.slice(1) : paths
      const one = await cutOnce(stage, contestant, picked, { inTurn: true, ...options })
      console.log(`  ${label}: ${show(one.again / 1e6)} MB again`)
      found.push({ label, ...one })
    }
    return toResult(found)
  },
}

async function cutOnce(
  stage: Stage,
  contestant: ContestantName,
  paths: string[],
  options: RunOptions,
): Promise<Omit<Loss, 'label'>> {
  const route = await stage.route('cut')
  await stage.run(contestant, paths, { route: 'cut' }, options, async (page) => {
    const line = (upload: number) =>
      page.emulateNetworkConditions({ upload, download: 10e6, latency: 0 })
    await line(RATE * CONNECTIONS)
    route.arm({
      ...{ bytes: SMALLEST_PART, share: SHARE },
      onStart: () => void line(SPED_UP * RATE * CONNECTIONS),
      onCut: () => void page.emulateNetworkConditions(null),
    })
  })
  const { sent, lost } = route.counts
  const size = paths.length > 1 ? FIRST + SIZE : SIZE
  return { part: lost / SHARE, again: sent - size }
}

function toResult(found: Loss[]): Result {
  const line = (bytes: number) => bytes / RATE / CONNECTIONS
  const again = found[0]?.again ?? Number.NaN
  return {
    head: ['what', 'part, MB', 'sent again, MB', 's of the connection', 's of the line'],
    rows: found.map(({ label, part, again: bytes }) => [
      label,
      show(part / 1e6),
      show(bytes / 1e6),
      show(bytes / RATE),
      show(line(bytes)),
    ]),
    goals: [atMost(25, 'sent again, in seconds of the line', line(again), inUnit(' s', 1))],
    inShort: `A connection that breaks on a line of 600 kB/s costs ${show(line(again))} s of that line.`,
  }
}
