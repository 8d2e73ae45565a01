import { contest, SCORE_HEAD, scoreOf, scoreRows } from '../contest.ts'
import { CONNECTIONS } from '../page/pool.ts'
import { type Scenario, show, times } from '../scenario.ts'
import { RATE } from '../stage.ts'

const SIZE = 200 * 2 ** 20
const OURS = 'bucket-upload'
const UPPY = '@uppy/aws-s3, defaults'

/** One large file over a long line. */
export const wan: Scenario = {
  name: 'wan',
  title: '200 MiB over a WAN',
  about:
    'The bucket is behind 100 ms of round trip, and takes 10 MB/s on each connection. The library has got ready before, as when the pointer comes near. The signer is near, except where it says otherwise. “Bound” is six connections that do nothing else, computed; “six PUTs” is what a browser makes of them, for six objects instead of one file.',
  async measure(stage, runs) {
    const path = stage.file('wan.bin', SIZE)
    const place = { bucketAway: true }
    const entries = [
      { label: OURS, contestant: 'ours' },
      {
        label: `${OURS}, integrity off`,
        contestant: 'ours',
        options: { engine: { integrity: 'off' } },
      },
      { label: `${OURS}, signer 100 ms away`, contestant: 'ours', place: { signerAway: true } },
      { label: 'plain PUT', contestant: 'plainPut' },
      { label: UPPY, contestant: 'uppy' },
      { label: 'six PUTs', contestant: 'sixPuts' },
    ] as const
    const scores = await contest(stage, [path], place, [...entries], runs)
    const { seconds } = scoreOf(scores, OURS)
    const bound = SIZE / RATE / CONNECTIONS
    const faster = scoreOf(scores, UPPY).seconds / seconds
    const rows = scoreRows(scores, SIZE)
    rows.push([
      'bound',
      show(bound, 2),
      show(SIZE / bound / 1e6),
      times(bound / seconds),
      '',
      '',
      '',
    ])
    return {
      head: SCORE_HEAD,
      rows,
      goals: [
        { text: `6.5 times as fast as ${UPPY}: ${times(faster)}`, met: faster >= 6.5 },
        {
          text: `within 1.2 times of the bound: ${times(seconds / bound)}`,
          met: seconds / bound <= 1.2,
        },
      ],
    }
  },
}
