import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutIntoParts, DEFAULT_RULES, planPartSize } from '../../../src/engine/plan.ts'
import { ibmCos, storj } from '../../../src/server/index.ts'

const MiB = 2 ** 20
const GiB = 2 ** 30
const keys = { bucket: 'photos', accessKeyId: 'a', secretAccessKey: 'b' }
const rules = {
  default: DEFAULT_RULES,
  storj: storj(keys).partRules,
  ibm: ibmCos({ ...keys, region: 'us-south' }).partRules,
}
const sizes = [17 * MiB, 200e6, 448 * MiB, GiB, 10 * GiB, 900 * GiB, 5000 * GiB]

for (const [provider, rule] of Object.entries(rules)) {
  for (const size of sizes) {
    test(`cuts ${size} bytes for ${provider} as its rules ask`, () => {
      const part = planPartSize(size, rule, 6)
      const count = Math.ceil(size / part)
      assert.ok(count <= rule.maxCount)
      assert.ok(part >= rule.minSize)
      assert.equal(part % rule.multipleOf, 0)
      // The ideal is only exceeded where there would be too many parts.
      if (size / rule.idealSize <= rule.maxCount / 2) {
        assert.ok(part <= rule.idealSize + rule.multipleOf)
      }
    })
  }
}

test('fills all connections in the last round as well', () => {
  for (const size of [200e6, 448 * MiB, GiB, 3 * GiB]) {
    const count = Math.ceil(size / planPartSize(size, rules.storj, 6))
    assert.equal(count % 6, 0, `${size}: ${count} parts`)
  }
})

test('leaves no byte out, and none twice', async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(1000))
  const parts = cutIntoParts('f', new File([bytes], 'a'), 300)
  assert.deepEqual(
    parts.map(({ partNumber, body }) => [partNumber, body.size]),
    [
      [1, 300],
      [2, 300],
      [3, 300],
      [4, 100],
    ],
  )
  const joined = await new Blob(parts.map(({ body }) => body)).bytes()
  assert.deepEqual(joined, bytes)
})
