import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LaneChoice, type LaneRun } from '../../../src/engine/transport/lane-choice.ts'

const PART = 8 * 2 ** 20
const NAMES = ['a', 'b', 'c', 'd']

/** Sends parts over lanes of given speeds, six at a time, and says which lane each has taken. */
function send(count: number, speeds: number[], { carries = (index: number) => index } = {}) {
  let now = 0
  const choice = new LaneChoice(() => now)
  const moving: { run: LaneRun; left: number }[] = []
  const taken: number[] = []
  let waiting = count
  while (waiting > 0 || moving.length > 0) {
    while (waiting > 0 && moving.length < 6) {
      waiting--
      const run = choice.take(NAMES.slice(0, speeds.length), PART)
      moving.push({ run, left: PART })
      taken.push(run.index)
    }
    now += 10
    for (const part of [...moving]) {
      // Lanes may share a connection, and parts of one lane always do.
      const connection = carries(part.run.index)
      const sharing = moving.filter(({ run }) => carries(run.index) === connection).length
      part.left -= (10 * (speeds[part.run.index] ?? 0)) / sharing
      part.run.progress(PART - Math.max(0, part.left))
      if (part.left > 0) continue
      part.run.stored()
      moving.splice(moving.indexOf(part), 1)
    }
  }
  const counts = speeds.map((_, index) => taken.filter((it) => it === index).length)
  return { taken, counts, seconds: now / 1000 }
}

/** Bytes a ms. */
const FAST = 4_000

describe('parts on lanes', () => {
  it('begin on all lanes, and go evenly by lanes that are as fast', () => {
    const { taken, counts } = send(24, [FAST, FAST, FAST, FAST])
    assert.deepEqual(taken.slice(0, 4), [0, 1, 2, 3])
    assert.deepEqual(counts, [6, 6, 6, 6])
  })

  it('take four lanes in a third of the time of one', () => {
    const one = send(24, [FAST]).seconds
    assert.ok(send(24, [FAST, FAST, FAST, FAST]).seconds < one / 3)
  })

  it('go by each lane as its speed allows', () => {
    const { counts } = send(100, [FAST, FAST, FAST / 2])
    const [first = 0, second = 0, slow = 0] = counts
    assert.ok(slow < 0.6 * Math.min(first, second), String(counts))
    assert.ok(slow > 10, String(counts))
  })

  it('leave out a lane that would make the upload slower', () => {
    const { counts, seconds } = send(60, [FAST, FAST / 100])
    assert.equal(counts[1], 1)
    // That one part is what it costs to know.
    const alone = PART / (FAST / 100) / 1000
    assert.ok(seconds <= Math.max(alone + 1, send(60, [FAST]).seconds), String(seconds))
  })

  it('are as fast as before where the lanes share one connection after all', () => {
    const shared = send(24, [FAST, FAST, FAST, FAST], { carries: () => 0 })
    assert.ok(shared.seconds < 1.05 * send(24, [FAST]).seconds, String(shared.seconds))
  })
})

describe('a lane that fails', () => {
  const fail = (choice: LaneChoice, isLanes: boolean) => {
    // The first lane is busy, so that the second one is taken.
    const busy = choice.take(['a', 'b'], 2 * PART)
    const run = choice.take(['a', 'b'], PART)
    assert.deepEqual([busy.index, run.index], [0, 1])
    run.failed()(isLanes)
    busy.stopped()
  }
  const isUsed = (choice: LaneChoice) => {
    const busy = choice.take(['a', 'b'], PART)
    const run = choice.take(['a', 'b'], PART)
    busy.stopped()
    run.stopped()
    return run.index === 1
  }

  it('is not used again, if it has never worked', () => {
    const choice = new LaneChoice()
    fail(choice, true)
    assert.equal(isUsed(choice), false)
  })

  it('is used again, if the first one failed too', () => {
    const choice = new LaneChoice()
    fail(choice, false)
    assert.equal(isUsed(choice), true)
  })

  it('waits until it is known whose fault it was', () => {
    const choice = new LaneChoice()
    const busy = choice.take(['a', 'b'], PART)
    const judge = choice.take(['a', 'b'], PART).failed()
    assert.equal(choice.take(['a', 'b'], PART).index, 0)
    judge(false)
    assert.equal(choice.take(['a', 'b'], PART).index, 1)
    busy.stopped()
  })

  it('may fail twice in turn, if it has worked', () => {
    const choice = new LaneChoice()
    const work = () => {
      const busy = choice.take(['a', 'b'], PART)
      const run = choice.take(['a', 'b'], PART)
      assert.equal(run.index, 1)
      run.stored()
      busy.stopped()
    }
    work()
    fail(choice, true)
    fail(choice, true)
    work()
    fail(choice, true)
    fail(choice, true)
    assert.equal(isUsed(choice), true)
    fail(choice, true)
    assert.equal(isUsed(choice), false)
  })

  it('is never the first one', () => {
    const choice = new LaneChoice()
    for (let time = 0; time < 5; time++) choice.take(['a'], PART).failed()(true)
    assert.equal(choice.take(['a'], PART).index, 0)
  })
})
