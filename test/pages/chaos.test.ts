/** Small runs of `npm run chaos`: seeds that are always the same, and little to upload. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runChaos } from '../support/chaos/chaos.ts'
import { runKills } from '../support/chaos/kills.ts'

/** Short, since what is jammed is waited for: six times as long where parts are put together. */
const PATIENCE = { stallTimeout: 3000, signerTimeout: 2000 }

describe('whatever breaks, every file arrives once and unchanged', () => {
  for (const seed of [4, 36]) {
    test(`seed ${seed}`, async (t) => {
      const report = await runChaos({ seed, files: 30, limit: 50_000, engine: PATIENCE })
      const { problems, bucket, signer, disruptions, seconds } = report
      t.diagnostic(`${seconds.toFixed(1)} s, ${JSON.stringify([bucket.faults, signer.faults])}`)
      assert.deepEqual(problems, [])
      // Without them the run would show nothing. How many there are also depends on the order of requests.
      assert(sum(bucket.faults) + sum(signer.faults) >= 3, 'faults')
      assert(disruptions.length >= 1, 'offline, or a reload')
    })
  }
})

test('whenever the browser is killed, every file arrives once and unchanged', async (t) => {
  const { problems, kills, seconds } = await runKills({ seed: 3, kills: 2, limit: 60_000 })
  t.diagnostic(`${seconds.toFixed(1)} s`)
  assert.deepEqual(problems, [])
  assert.equal(kills, 2)
})

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((one, other) => one + other, 0)
}
