import { boundOf, contest, type Entry, scoreOf, scoreTable } from '../contest.ts'
import { atLeast, atMost, type Scenario, show, times } from '../scenario.ts'

const SIZE = 200 * 2 ** 20
const OURS = 'bucket-upload, signer in Python'
const UPPY = '@uppy/aws-s3, defaults'

/** One large file on a page that was just opened, with a signer that is not ours. */
export const fresh: Scenario = {
  name: 'fresh',
  title: '200 MiB from a fresh page, with a signer in another language',
  about:
    'The same line, but the library gets the file at once, with nothing loaded or prepared. The signer is small, in Python with boto3, and near; it signs one URL for each request, names no part size, and answers `complete` with a URL.',
  async measure(stage, runs) {
    const path = stage.file('fresh.bin', SIZE)
    const options = { fresh: true }
    const entries: Entry[] = [
      { label: OURS, contestant: 'ours', place: { foreign: true }, options },
      { label: 'bucket-upload, our signer', contestant: 'ours', options },
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
        atMost(1.2, 'time against the bound', seconds / bound),
        atLeast(7.5, `as fast as ${UPPY}`, faster),
      ],
      inShort: `The same file from a page that was just opened, with a signer in Python: ${show(seconds)} s, ${times(seconds / bound)} what the line needs.`,
    }
  },
}
