import { contest, type Entry, scoreOf, scoreTable } from '../contest.ts'
import { atLeast, atMost, inUnit, type Scenario, show, times } from '../scenario.ts'

const COUNT = 300
const SIZE = 10_000
const OURS = 'bucket-upload'
const PLAIN = 'plain loop, signed one by one'

/** Many small files over a long line. */
export const small: Scenario = {
  name: 'small',
  title: '300 files of 10 kB over a WAN',
  about:
    'Bucket and signer are each behind 100 ms of round trip. A browser sends a preflight before each presigned PUT, so that such a file costs two round trips at least, and one more to sign it. A form needs no preflight, and 100 files are signed in one call. The plain loop sends six files at a time.',
  async measure(stage, runs) {
    const paths = Array.from({ length: COUNT }, (_, index) =>
      stage.file(`small-${index}.bin`, SIZE),
    )
    const entries: Entry[] = [
      { label: OURS, contestant: 'ours' },
      { label: `${OURS}, fresh page`, contestant: 'ours', options: { fresh: true } },
      { label: PLAIN, contestant: 'plainPut' },
      { label: '@uppy/aws-s3, defaults', contestant: 'uppy' },
    ]
    const place = { route: 'far', signerAway: true } as const
    const scores = await contest(stage, paths, place, entries, runs)
    const { seconds, last } = scoreOf(scores, OURS)
    const faster = scoreOf(scores, PLAIN).seconds / seconds
    return {
      ...scoreTable(scores, COUNT * SIZE),
      goals: [
        atMost(5, 'calls of the signer', last.signerCalls, inUnit('')),
        atLeast(3, `as fast as the ${PLAIN}`, faster),
      ],
      inShort: `300 files of 10 kB, bucket and signer 100 ms away: ${show(seconds)} s and ${last.signerCalls} calls of the signer, ${times(faster)} as fast as a loop that signs one by one.`,
    }
  },
}
