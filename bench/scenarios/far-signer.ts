import { boundOf, contest, type Entry, scoreOf, scoreTable } from '../contest.ts'
import { type Scenario, show } from '../scenario.ts'

const SIZE = 200 * 2 ** 20
const OURS = 'bucket-upload'
const NEAR = 'bucket-upload, signer near'

/** What it costs when the signer is as far away as the bucket. */
export const farSigner: Scenario = {
  name: 'far-signer',
  title: '200 MiB over a WAN, the signer 100 ms away',
  about:
    'Bucket and signer are each behind 100 ms of round trip, so that each question to the signer that has to be waited for costs that long.',
  async measure(stage, runs) {
    const path = stage.file('far-signer.bin', SIZE)
    const options = { fresh: true }
    const entries: Entry[] = [
      { label: OURS, contestant: 'ours' },
      { label: NEAR, contestant: 'ours', place: { signerAway: false } },
      { label: 'bucket-upload, fresh page', contestant: 'ours', options },
      {
        label: 'bucket-upload, fresh page, signer in Python',
        contestant: 'ours',
        place: { foreign: true },
        options,
      },
      { label: 'plain PUT', contestant: 'plainPut' },
      { label: '@uppy/aws-s3, defaults', contestant: 'uppy' },
    ]
    const place = { route: 'far', signerAway: true } as const
    const scores = await contest(stage, [path], place, entries, runs)
    const later = scoreOf(scores, OURS).seconds - scoreOf(scores, NEAR).seconds
    return {
      ...scoreTable(scores, SIZE, boundOf(SIZE)),
      goals: [{ text: `the way to the signer costs ${show(later, 2)} s`, met: true }],
    }
  },
}
