/** All engines of a page share their workers. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, it } from 'node:test'
import { HasherPool } from '../../../src/engine/hash/hasher-pool.ts'
import { FORMAT } from '../../../src/engine/hash/messages.ts'
import { settled, useFakeClock } from '../../support/fake-clock.ts'

let running: Set<unknown>
let pools: HasherPool[] = []

class StubWorker extends EventTarget {
  constructor() {
    super()
    running.add(this)
    const hello = new MessageEvent('message', { data: { id: 0, format: FORMAT } })
    setImmediate(() => this.dispatchEvent(hello))
  }

  postMessage({ id }: { id: number }): void {
    const answer = new MessageEvent('message', { data: { id, results: [{ digests: {} }] } })
    setImmediate(() => this.dispatchEvent(answer))
  }

  terminate(): void {
    running.delete(this)
  }
}

beforeEach(() => {
  running = new Set()
  pools = Array.from({ length: 20 }, () => new HasherPool())
  Object.assign(globalThis, { Worker: StubWorker })
})
afterEach(() => {
  for (const pool of pools) pool.close()
})

it('twenty engines have no more workers than one', async () => {
  pools[0]?.warm()
  const most = running.size
  assert.ok(most <= 4)
  for (const pool of pools) {
    pool.warm()
    await pool.digest(new Blob(['a']), ['md5'])
  }
  assert.equal(running.size, most)
})

it('workers are gone 30 s after the last use, closed or not', async (test) => {
  const clock = useFakeClock(test)
  for (const pool of pools) pool.warm()
  await settled()
  await clock.tick(30_000)
  assert.equal(running.size, 0)
})

it('the last engine to close ends them at once', async () => {
  for (const pool of pools) pool.warm()
  const last = pools.pop()
  for (const pool of pools) {
    pool.close()
    pool.close()
  }
  assert.ok(running.size > 0)
  last?.close()
  await settled()
  assert.equal(running.size, 0)
  // And can be used again.
  last?.warm()
  assert.ok(running.size > 0)
  last?.close()
})
