import { boundOf, contest, type Entry, scoreOf, scoreTable } from '../contest.ts'
import { atLeast, atMost, type Scenario, show, times } from '../scenario.ts'

const SIZE = 200 * 2 ** 20
const OURS = 'bucket-upload'
const UPPY = '@uppy/aws-s3, defaults'

/** One large file over a long line. */
export const wan: Scenario = {
  name: 'wan',
  title: '200 MiB over a WAN',
  about:
    'The bucket is behind 100 ms of round trip, and takes 10 MB/s on each connection. The library has got ready before, as when the pointer comes near. The signer is ours, and near. “Bound” is six connections that do nothing else, computed; “six PUTs” is what a browser makes of them, for six objects instead of one file.',
  async measure(stage, runs) {
    const path = stage.file('wan.bin', SIZE)
    const entries: Entry[] = [
      { label: OURS, contestant: 'ours' },
      {
        label: `${OURS}, integrity off`,
        contestant: 'ours',
        options: { engine: { integrity: 'off' } },
      },
      { label: 'plain PUT', contestant: 'plainPut' },
      { label: UPPY, contestant: 'uppy' },
      { label: 'six PUTs', contestant: 'sixPuts' },
    ]
    const scores = await contest(stage, [path], { route: 'far' }, entries, runs)
    const { seconds } = scoreOf(scores, OURS)
    const bound = boundOf(SIZE)
    const faster = scoreOf(scores, UPPY).seconds / seconds
    return {
      ...scoreTable(scores, SIZE, bound),
      goals: [
        atMost(1.12, 'time against the bound', seconds / bound),
        atLeast(8, `as fast as ${UPPY}`, faster),
      ],
      inShort: `A file of 200 MiB over 100 ms at 10 MB/s a connection takes ${show(seconds)} s: ${times(seconds / bound)} what the line needs, and ${times(faster)} as fast as @uppy/aws-s3 by itself.`,
    }
  },
}
