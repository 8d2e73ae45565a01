import type { ContestantName } from '../page/index.ts'
import { CONNECTIONS } from '../page/pool.ts'
import { SINK_RATE } from '../routes/sink.ts'
import { atMost, inUnit, type Scenario, show, times } from '../scenario.ts'
import type { RunOptions } from '../stage.ts'

const COUNT = 100
const SIZE = 100e6
/** Files for the others, of which only the speed is of interest. */
const FEW = 12

/** Many large files at once. */
export const hundred: Scenario = {
  name: 'hundred',
  title: '100 files of 100 MB over a WAN',
  about:
    'A line of 100 ms and 20 MB/s a connection, to a bucket that reads and keeps nothing: 10 GB are more than a gateway in memory takes. The files are holes on the disk; the others get the first twelve of them. “Idle” is the longest time in which no connection carried a body, and “open” how many multipart uploads the bucket had at a time.',
  async measure(stage) {
    const paths = Array.from({ length: COUNT }, (_, index) =>
      stage.hole(`hundred-${index}.bin`, SIZE),
    )
    const entries: [string, ContestantName, number, RunOptions][] = [
      ['bucket-upload', 'ours', COUNT, {}],
      ['plain PUT, six at a time', 'plainPut', FEW, {}],
      ['@uppy/aws-s3, defaults', 'uppy', FEW, {}],
    ]
    if (stage.before) {
      entries.push(['bucket-upload, before', 'ours', COUNT, { library: stage.before }])
    }
    const route = await stage.route('sink')
    const found = []
    for (const [label, contestant, files, options] of entries) {
      route.reset()
      const { seconds, signerCalls } = await stage.run(
        contestant,
        paths.slice(0, files),
        { route: 'sink' },
        options,
      )
      const { longestIdle, mostOpen } = route
      console.log(`  ${label}: ${show(seconds)} s, idle ${show(longestIdle, 0)} ms`)
      found.push({ label, files, seconds, signerCalls, longestIdle, mostOpen })
    }
    const bound = (files: number) => (files * SIZE) / SINK_RATE / CONNECTIONS
    const { seconds, longestIdle, mostOpen } = found[0] as (typeof found)[number]
    return {
      head: ['what', 'files', 's', 'MB/s', '÷ bound', 'idle, ms', 'open', 'signer calls'],
      rows: found.map((one) => [
        one.label,
        String(one.files),
        show(one.seconds),
        show((one.files * SIZE) / one.seconds / 1e6),
        times(one.seconds / bound(one.files)),
        show(one.longestIdle, 0),
        String(one.mostOpen),
        String(one.signerCalls),
      ]),
      goals: [
        atMost(300, 'longest time that the line is idle', longestIdle, inUnit(' ms')),
        atMost(12, 'multipart uploads open at a time', mostOpen, inUnit('')),
      ],
      inShort: `100 files of 100 MB at once: the line is never idle for more than ${show(longestIdle / 1000, 2)} s, and they take ${times(seconds / bound(COUNT))} what it needs.`,
    }
  },
}
