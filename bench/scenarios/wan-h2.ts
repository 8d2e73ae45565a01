import { contest, type Entry, type Score, scoreOf, scoreTable } from '../contest.ts'
import { atLeast, type Goal, type Scenario, show, times } from '../scenario.ts'

const SIZE = 100 * 2 ** 20
const OURS = 'bucket-upload'
const PUTS = 'six PUTs'

/** One large file to a bucket that speaks HTTP/2. */
export const wanH2: Scenario = {
  name: 'wan-h2',
  title: '100 MiB over a WAN, to a bucket that speaks HTTP/2',
  about:
    'The same line, but the bucket speaks HTTP/2, and takes 1 MiB in flight for each connection, as servers in Go do unless told otherwise. A browser sends all that goes to one name by one connection. The bucket allows credentials, and has two names: with and without the bucket in the host.',
  async measure(stage, runs) {
    const path = stage.file('wan-h2.bin', SIZE)
    const entries: Entry[] = [
      // What is older does not know lanes, and takes no other part size than its own.
      { label: OURS, contestant: 'ours', placeBefore: { route: 'http2Plain' } },
      { label: '@uppy/aws-s3, defaults', contestant: 'uppy' },
      { label: PUTS, contestant: 'sixPuts' },
    ]
    const scores = await contest(stage, [path], { route: 'http2' }, entries, runs)
    const { seconds } = scoreOf(scores, OURS)
    const faster = scoreOf(scores, PUTS).seconds / seconds
    return {
      ...scoreTable(scores, SIZE),
      goals: [
        atLeast(2.5, `as fast as ${PUTS}, which share one connection`, faster),
        ...toBefore(scores),
      ],
      inShort: `To a bucket that speaks HTTP/2 100 MiB take ${show(seconds)} s, ${times(faster)} as fast as six PUTs at once.`,
    }
  },
}

/** The demand itself, where the older library takes part. */
function toBefore(scores: Score[]): Goal[] {
  const label = `${OURS}, before`
  if (!scores.some((score) => score.label === label)) return []
  const faster = scoreOf(scores, label).seconds / scoreOf(scores, OURS).seconds
  return [atLeast(2.5, 'as fast as before', faster)]
}
