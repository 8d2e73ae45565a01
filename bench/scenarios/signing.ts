import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { which } from '../../scripts/lib/which.ts'
import { type Scenario, show, times } from '../scenario.ts'

const CONTEST = fileURLToPath(new URL('../sign-urls.ts', import.meta.url))

/** Keeps a process on one core, where the system can: Web Crypto would use others too. */
const ONE_CORE = which('taskset') ? ['taskset', '-c', '0'] : []

/** How fast URLs are signed: what one copy of a signer can do. */
export const signing: Scenario = {
  name: 'signing',
  title: 'Signing: URLs a second on one core',
  about:
    'One PUT after the other, with type and size signed, each for another key; in Node.js, without a bucket. `createSigner` answers calls of 100 files, each with two URLs and a grant; its URLs are counted. The seconds are those of the processor, so other programs do not count.',
  async measure(_, runs) {
    const [program = '', ...args] = [...ONE_CORE, process.execPath, CONTEST, String(runs)]
    const rates: [string, number][] = JSON.parse(execFileSync(program, args, { encoding: 'utf8' }))
    const perSecond = new Map(rates)
    const aws = perSecond.get('@aws-sdk/s3-request-presigner') ?? Number.NaN
    const [presign = 0, whole = 0] = ['presign', 'createSigner'].map(
      (name) => (perSecond.get(`bucket-upload, ${name}`) ?? Number.NaN) / aws,
    )
    return {
      head: ['what', 'URLs a second', 'of the SDK'],
      rows: rates.map(([name, rate]) => [name, show(rate, 0), times(rate / aws)]),
      goals: [
        {
          text: `presign: at least 15 times as many as the SDK: ${times(presign)}`,
          met: presign >= 15,
        },
        { text: `createSigner: at least 9 times as many: ${times(whole)}`, met: whole >= 9 },
      ],
    }
  },
}
