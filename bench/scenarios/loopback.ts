import { contest, type Entry, SCORE_HEAD, scoreOf, scoreRows } from '../contest.ts'
import { type Scenario, show, times } from '../scenario.ts'

const SIZE = 512 * 2 ** 20
const OURS = 'bucket-upload, integrity off'
const CHECKED = 'bucket-upload, integrity on'
const PARTS = 'plain loop, six parts at a time'

/** One large file with no line in the way: what the engine itself costs. */
export const loopback: Scenario = {
  name: 'loopback',
  title: '512 MiB on loopback',
  about:
    'Browser, bucket and signer share one machine, so whoever computes less is faster. The plain loop cuts the file as the library does.',
  async measure(stage, runs) {
    const paths = [stage.file('loopback.bin', SIZE)]
    const engine = { integrity: 'off' } as const
    // Finds out how the library cuts the file, and warms up the gateway.
    const { largestBody: partSize } = await stage.run('ours', paths, {}, { engine })
    const entries: Entry[] = [
      { label: OURS, contestant: 'ours', options: { engine } },
      { label: CHECKED, contestant: 'ours', options: { engine: { integrity: 'md5' } } },
      { label: PARTS, contestant: 'plainParts', options: { partSize } },
      { label: 'plain PUT', contestant: 'plainPut' },
    ]
    const scores = await contest(stage, paths, {}, entries, runs)
    const { seconds } = scoreOf(scores, OURS)
    const throughput = scoreOf(scores, PARTS).seconds / seconds
    const cost = scoreOf(scores, CHECKED).seconds / seconds - 1
    return {
      head: SCORE_HEAD,
      rows: scoreRows(scores, SIZE),
      goals: [
        {
          text: `0.95 of the throughput of the ${PARTS}: ${show(throughput, 2)}`,
          met: throughput >= 0.95,
        },
        { text: `integrity costs ${show(cost * 100)} % here (${times(1 + cost)})`, met: true },
      ],
    }
  },
}
