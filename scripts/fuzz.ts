/**
 * `npm run fuzz`: throws hostile requests at our signer, and prints what it did and what did not
 * hold. `npm run fuzz -- --requests 100000 --seed 7`.
 */
import { parseArgs } from 'node:util'
import { fuzzSigner } from '../test/support/fuzz/fuzz.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
  },
})
const [requests, seed] = [Number(values.requests), Number(values.seed)]
if (!(Number.isSafeInteger(requests) && requests > 0 && Number.isSafeInteger(seed))) {
  console.error('usage: npm run fuzz -- --requests 100000 --seed 7')
  process.exit(2)
}
console.log(`Seed ${seed}`)
const { failures, ...figures } = await fuzzSigner({ requests, seed }, (done) =>
  console.log(`${done} requests`),
)
const { user, system } = process.cpuUsage()
console.log(`${((user + system) / 1e6).toFixed(1)} s of CPU time`, figures)
for (const failure of failures) console.error(`FAILED: ${failure}`)
console.log(failures.length === 0 ? 'Everything held.' : `${failures.length} failures`)
process.exit(failures.length === 0 ? 0 : 1)
