import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Amount, Counter } from '../../../src/server/index.ts'

/** A counter to be tried, whose clock can be put on. */
export interface TriedCounter {
  counter: Counter
  /** Lets seconds pass. */
  pass(seconds: number): Promise<void>
}

const files = (key: string, limit: number, window?: number): Amount => {
  return { key, amount: 1, limit, window }
}
const bytes = (key: string, amount: number, limit: number): Amount => {
  return { key, amount, limit, window: undefined }
}

/** What every counter has to do. @param start makes one with nothing in it */
export function testCounter(start: () => Promise<TriedCounter>): void {
  describe('a counter', () => {
    it('takes all or nothing, and says what was too much', async () => {
      const { counter } = await start()
      assert.equal(await counter.take('a', [files('f', 2), bytes('b', 60, 100)], 60), undefined)
      const much = [files('f', 2), bytes('b', 41, 100)]
      assert.deepEqual(await counter.take('b', much, 60), { index: 1, retryAfter: undefined })
      // Nothing of the file was taken along with the bytes that were refused.
      assert.equal(await counter.take('c', [files('f', 2), bytes('b', 40, 100)], 60), undefined)
      assert.deepEqual(await counter.take('d', [files('f', 2)], 60), {
        index: 0,
        retryAfter: undefined,
      })
    })

    it('takes once for one id, and again after it was given back', async () => {
      const { counter } = await start()
      for (let time = 0; time < 3; time += 1) {
        assert.equal(await counter.take('a', [files('f', 2)], 60), undefined)
      }
      assert.equal(await counter.take('b', [files('f', 2)], 60), undefined)
      await counter.give('a')
      await counter.give('a')
      assert.equal(await counter.take('c', [files('f', 2)], 60), undefined)
      assert.equal((await counter.take('a', [files('f', 2)], 60))?.index, 0)
      await counter.give('b')
      assert.equal(await counter.take('a', [files('f', 2)], 60), undefined)
      assert.equal((await counter.take('d', [files('f', 2)], 60))?.index, 0)
    })

    it('gives back nothing that is kept, and takes nothing more for it', async () => {
      const { counter } = await start()
      await counter.take('a', [files('f', 1)], 60)
      await counter.keep('a')
      await counter.keep('a')
      await counter.give('a')
      assert.equal(await counter.take('a', [files('f', 1)], 60), undefined)
      assert.equal((await counter.take('b', [files('f', 1)], 60))?.index, 0)
      await counter.keep('nobody')
      await counter.give('nobody')
    })

    it('begins anew when the time is over, without what is given back later', async () => {
      const { counter, pass } = await start()
      await counter.take('a', [files('f', 2, 2)], 600)
      await counter.take('b', [files('f', 2, 2)], 600)
      const { retryAfter = 0 } = (await counter.take('c', [files('f', 2, 2)], 600)) ?? {}
      assert.ok(retryAfter > 0 && retryAfter <= 2, String(retryAfter))
      await pass(2.1)
      await counter.take('c', [files('f', 2, 2)], 600)
      await counter.give('a')
      await counter.keep('b')
      assert.equal(await counter.take('d', [files('f', 2, 2)], 600), undefined)
      assert.equal((await counter.take('e', [files('f', 2, 2)], 600))?.index, 0)
    })

    it('says never where one alone is too much', async () => {
      const { counter } = await start()
      const one = { key: 'b', amount: 11, limit: 10, window: 60 }
      assert.deepEqual(await counter.take('a', [one], 60), { index: 0, retryAfter: undefined })
    })

    it('names the leases that have ended, and lets them count until they are judged', async () => {
      const { counter, pass } = await start()
      await counter.take('a', [files('f', 3)], 1)
      await counter.take('b', [files('f', 3)], 1)
      await counter.take('c', [files('f', 3)], 60)
      assert.deepEqual(await counter.ended('f', 10), [])
      await pass(1.1)
      assert.deepEqual(await counter.ended('f', 10), ['a', 'b'])
      assert.deepEqual(await counter.ended('f', 1), ['a'])
      assert.equal((await counter.take('d', [files('f', 3)], 60))?.index, 0)
      // Asked for again, it is no longer among them, and no judge gives it back.
      await counter.take('a', [files('f', 3)], 60)
      await counter.give('a', true)
      await counter.give('c', true)
      await counter.give('b', true)
      assert.deepEqual(await counter.ended('f', 10), [])
      assert.equal(await counter.take('d', [files('f', 3)], 60), undefined)
      assert.equal((await counter.take('e', [files('f', 3)], 60))?.index, 0)
    })

    it('is exact with many at a time, and even with large numbers', async () => {
      const { counter } = await start()
      const large = 4_000_000_000_001
      const all = await Promise.all(
        Array.from({ length: 200 }, (_, index) => {
          const amounts = [bytes('b', large, large * 50), files('f', 1000)]
          return counter.take(`upload ${index}`, amounts, 60)
        }),
      )
      assert.equal(all.filter((refused) => refused === undefined).length, 50)
      assert.equal((await counter.take('one', [bytes('b', 1, large * 50)], 60))?.index, 0)
      await Promise.all(all.map((_, index) => counter.give(`upload ${index}`)))
      assert.equal(await counter.take('all', [bytes('b', large * 50, large * 50)], 60), undefined)
    })
  })
}
