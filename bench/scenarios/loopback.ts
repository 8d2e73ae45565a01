import { contest, type Entry, scoreOf, scoreTable } from '../contest.ts'
import { atLeast, atMost, type Scenario, show } from '../scenario.ts'

const SIZE = 512 * 2 ** 20
const OURS = 'bucket-upload, integrity off'
const CHECKED = 'bucket-upload, integrity on'
const PARTS = 'plain loop, six parts at a time'

/** One large file with no line in the way: what the engine itself costs. */
export const loopback: Scenario = {
  name: 'loopback',
  title: '512 MiB on loopback',
  about:
    'Browser, bucket and signer share one machine, so the one that computes less is faster. The plain loop cuts the file as the library does.',
  async measure(stage, runs) {
    const paths = [stage.file('loopback.bin', SIZE)]
    const engine = { integrity: 'off' } as const
    // Finds out how the library cuts the file, and warms up the gateway.
    const { largestBody: partSize } = await stage.run('ours', paths, {}, { engine })
    const entries: Entry[] = [
      { label: CHECKED, contestant: 'ours', options: { engine: { integrity: 'md5' } } },
      { label: OURS, contestant: 'ours', options: { engine } },
      { label: PARTS, contestant: 'plainParts', options: { partSize } },
      { label: 'plain PUT', contestant: 'plainPut' },
      { label: '@uppy/aws-s3, defaults', contestant: 'uppy' },
    ]
    const scores = await contest(stage, paths, {}, entries, runs)
    const { seconds } = scoreOf(scores, OURS)
    const throughput = scoreOf(scores, PARTS).seconds / seconds
    const cost = scoreOf(scores, CHECKED).seconds / seconds
    return {
      ...scoreTable(scores, SIZE),
      goals: [
        atLeast(0.95, `throughput against the ${PARTS}`, throughput),
        atMost(1.25, 'time with integrity against without', cost),
      ],
      inShort: `Where nothing but the computer limits it, to check every byte of 512 MiB costs ${show((cost - 1) * 100, 0)} % more time.`,
    }
  },
}
