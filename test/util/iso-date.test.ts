import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isoText } from '../../src/util/iso-date.ts'

describe('a moment in ISO 8601', () => {
  it('is the same however often and in whatever order it is asked for', () => {
    const moments = Array.from({ length: 50 }, (_, at) => 1_795_949_798_000 + at * 997)
    for (const round of [moments, moments, moments.toReversed()]) {
      for (const moment of round) assert.equal(isoText(moment), new Date(moment).toISOString())
    }
  })

  it('is none where there is no such moment, also when asked again', () => {
    for (const moment of [Number.NaN, 9e15, Number.NaN]) {
      assert.throws(() => isoText(moment), RangeError)
    }
  })
})
