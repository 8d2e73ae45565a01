import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pace } from '../../../src/elements/parts/transfer-rate.ts'

test('tells speed and time left once they can be known', () => {
  const pace = new Pace()
  assert.deepEqual(
    [pace.tell(0, 10_000, 1).speed, pace.tell(500, 10_000, 501).timeLeft],
    [0, undefined],
  )
  const { loaded, speed, timeLeft } = pace.tell(2_000, 10_000, 2_001)
  assert.deepEqual({ loaded, speed, timeLeft }, { loaded: 2_000, speed: 1_000, timeLeft: 8 })
})

test('says something else four times a second at most', () => {
  const pace = new Pace()
  const told = new Set<number>()
  for (let at = 1; at <= 1_001; at += 16) told.add(pace.tell(at, 10_000, at).loaded)
  assert.ok(told.size <= 5 && told.size >= 3, `${told.size}`)
})

test('says after five seconds that nothing moves, and at once that it does again', () => {
  const pace = new Pace()
  pace.tell(0, 10_000, 1)
  assert.equal(pace.tell(100, 10_000, 1_000).isStill, false)
  assert.equal(pace.tell(100, 10_000, 5_900).isStill, false)
  const still = pace.tell(100, 10_000, 6_000)
  assert.deepEqual([still.isStill, still.speed, still.timeLeft], [true, 0, undefined])
  assert.equal(pace.tell(101, 10_000, 6_001).isStill, false)
})
