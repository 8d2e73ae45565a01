import { contest, SCORE_HEAD, scoreOf, scoreRows } from '../contest.ts'
import { type Scenario, times } from '../scenario.ts'

const COUNT = 300
const SIZE = 10_000
const OURS = 'bucket-upload'
const PLAIN = 'plain loop, signed one by one'

/** Many small files over a long line. */
export const small: Scenario = {
  name: 'small',
  title: '300 files of 10 kB over a WAN',
  about:
    'Bucket and signer are each behind 100 ms of round trip. A browser asks the bucket for leave before each presigned PUT, so that such a file costs two round trips at least, and one more to sign it. A form needs no leave, and 100 files are signed in one call.',
  async measure(stage, runs) {
    const paths = Array.from({ length: COUNT }, (_, index) =>
      stage.file(`small-${index}.bin`, SIZE),
    )
    const entries = [
      { label: OURS, contestant: 'ours' },
      { label: PLAIN, contestant: 'plainPut' },
      { label: '@uppy/aws-s3, defaults', contestant: 'uppy' },
    ] as const
    const place = { bucketAway: true, signerAway: true }
    const scores = await contest(stage, paths, place, [...entries], runs)
    const { seconds, last } = scoreOf(scores, OURS)
    const faster = scoreOf(scores, PLAIN).seconds / seconds
    return {
      head: SCORE_HEAD,
      rows: scoreRows(scores, COUNT * SIZE),
      goals: [
        {
          text: `10 calls of the signer at most: ${last.signerCalls}`,
          met: last.signerCalls <= 10,
        },
        { text: `1.5 times as fast as the ${PLAIN}: ${times(faster)}`, met: faster >= 1.5 },
      ],
    }
  },
}
