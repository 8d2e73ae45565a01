import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzSigner } from '../support/fuzz/fuzz.ts'

test('2,000 hostile calls find no crash, no leak, and no URL outside of the prefix', async () => {
  const { failures, ...figures } = await fuzzSigner({ calls: 2000, seed: 20_261_124 })
  assert.deepEqual(failures, [])
  assert.equal(figures.calls, 2000)
  // It must have come to where something could go wrong.
  assert.ok(figures.signed > 500, JSON.stringify(figures))
  assert.ok(figures.forgeriesRefused > 300, JSON.stringify(figures))
  assert.ok(figures.bucketRequests > 200, JSON.stringify(figures))
  for (const status of [200, 204, 400, 401, 403, 405, 413, 415]) {
    assert.ok((figures.statuses[status] ?? 0) > 0, `${status}: ${JSON.stringify(figures)}`)
  }
})
