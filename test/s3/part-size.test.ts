import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planPartSize, S3_PART_RULES } from '../../src/s3/part-size.ts'
import { ibmCos, storj } from '../../src/server/index.ts'

const MiB = 2 ** 20
const GiB = 2 ** 30
const keys = { bucket: 'photos', accessKeyId: 'a', secretAccessKey: 'b' }
const rules = {
  default: S3_PART_RULES,
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

test('has a size for an empty file too', () => {
  assert.equal(planPartSize(0, S3_PART_RULES, 6), 5 * MiB)
})

test('fills all connections in the last round as well', () => {
  for (const size of [200e6, 448 * MiB, GiB, 3 * GiB]) {
    const count = Math.ceil(size / planPartSize(size, rules.storj, 6))
    assert.equal(count % 6, 0, `${size}: ${count} parts`)
  }
})
