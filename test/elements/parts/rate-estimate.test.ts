import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RateEstimate } from '../../../src/elements/parts/rate-estimate.ts'

test('tells speed and time left once they can be known', () => {
  const estimate = new RateEstimate()
  assert.deepEqual(
    [estimate.update(0, 10_000, 1).speed, estimate.update(500, 10_000, 501).timeLeft],
    [0, undefined],
  )
  const { loaded, speed, timeLeft } = estimate.update(2_000, 10_000, 2_001)
  assert.deepEqual({ loaded, speed, timeLeft }, { loaded: 2_000, speed: 1_000, timeLeft: 8 })
})

test('says something else four times a second at most', () => {
  const estimate = new RateEstimate()
  const told = new Set<number>()
  for (let at = 1; at <= 1_001; at += 16) told.add(estimate.update(at, 10_000, at).loaded)
  assert.ok(told.size <= 5 && told.size >= 3, `${told.size}`)
})

test('says after five seconds that nothing moves, and at once that it does again', () => {
  const estimate = new RateEstimate()
  estimate.update(0, 10_000, 1)
  assert.equal(estimate.update(100, 10_000, 1_000).isStill, false)
  assert.equal(estimate.update(100, 10_000, 5_900).isStill, false)
  const still = estimate.update(100, 10_000, 6_000)
  assert.deepEqual([still.isStill, still.speed, still.timeLeft], [true, 0, undefined])
  assert.equal(estimate.update(101, 10_000, 6_001).isStill, false)
})
