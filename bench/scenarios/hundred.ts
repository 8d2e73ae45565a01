import { boundOf } from '../contest.ts'
import type { ContestantName } from '../page/index.ts'
import { atMost, inUnit, type Scenario, show, times } from '../scenario.ts'
import type { RunOptions } from '../stage.ts'

const COUNT = 100
const SIZE = 100e6

/** Many large files at once. */
export const hundred: Scenario = {
  name: 'hundred',
  title: '100 files of 100 MB over a WAN',
  about:
    'The same line, to a bucket that reads and keeps nothing: 10 GB are more than a gateway in memory takes. The files are holes on the disk. “Idle” is the longest time in which no connection carried a body, and “open” how many multipart uploads the bucket had at a time.',
  async measure(stage) {
    const paths = Array.from({ length: COUNT }, (_, index) =>
      stage.hole(`hundred-${index}.bin`, SIZE),
    )
    const entries: [string, ContestantName, RunOptions][] = [
      ['bucket-upload', 'ours', {}],
      ['plain PUT, six at a time', 'plainPut', {}],
      ['@uppy/aws-s3, defaults', 'uppy', {}],
    ]
    if (stage.before) entries.push(['bucket-upload, before', 'ours', { library: stage.before }])
    const route = await stage.route('sink')
    const found = []
    for (const [label, contestant, options] of entries) {
      route.reset()
      const { seconds, signerCalls } = await stage.run(
        contestant,
        paths,
        { route: 'sink' },
        options,
      )
      const { longestIdle, mostOpen } = route
      console.log(`  ${label}: ${show(seconds)} s, idle ${show(longestIdle, 0)} ms`)
      found.push({ label, seconds, signerCalls, longestIdle, mostOpen })
    }
    const bound = boundOf(COUNT * SIZE)
    const { seconds, longestIdle, mostOpen } = found[0] as (typeof found)[number]
    return {
      head: ['', 's', 'MB/s', '÷ bound', 'idle, ms', 'open', 'signer calls'],
      rows: found.map((one) => [
        one.label,
        show(one.seconds),
        show((COUNT * SIZE) / one.seconds / 1e6),
        times(one.seconds / bound),
        show(one.longestIdle, 0),
        String(one.mostOpen),
        String(one.signerCalls),
      ]),
      goals: [
        atMost(300, 'longest time that the line is idle', longestIdle, inUnit(' ms')),
        atMost(12, 'multipart uploads open at a time', mostOpen, inUnit('')),
      ],
      inShort: `100 files of 100 MB at once: the line is never idle for more than ${show(longestIdle / 1000, 2)} s, and they take ${times(seconds / bound)} what it needs.`,
    }
  },
}
