/** What becomes of the workers, when they fail and when they have nothing to do. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { Hasher } from '../../../src/engine/hash/hasher.ts'
import { FORMAT, type HashOrder, type HashRequest } from '../../../src/engine/hash/messages.ts'
import { settled, useFakeClock } from '../../support/fake-clock.ts'

const BLOB = new Blob(['a'])
/** As much as one worker gets while there are others. */
const PART = new Blob([new Uint8Array(8 * 2 ** 20)])
const SECOND = 1000

/** A worker that answers with its own number, or does what its number is told to do. */
class StubWorker extends EventTarget {
  static all: StubWorker[] = []
  /** How a worker answers, by its number from 1 on. */
  static ways: Record<number, (worker: StubWorker, order: HashOrder) => void> = {}
  /** Which workers cannot start. */
  static missing = (_number: number) => false

  readonly number: number
  readonly orders: HashOrder[] = []
  isTerminated = false

  constructor() {
    super()
    this.number = StubWorker.all.push(this)
    if (StubWorker.missing(this.number)) setImmediate(() => this.fail())
    else this.say({ id: 0, format: FORMAT })
  }

  postMessage(request: HashRequest): void {
    if ('stop' in request) return
    this.orders.push(request)
    const answer = StubWorker.ways[this.number] ?? answerNumber
    answer(this, request)
  }

  say(data: unknown): void {
    setImmediate(() => this.dispatchEvent(new MessageEvent('message', { data })))
  }

  fail(): void {
    this.dispatchEvent(new Event('error'))
  }

  terminate(): void {
    this.isTerminated = true
  }
}

function answerNumber(worker: StubWorker, { id, blobs }: HashOrder): void {
  worker.say({ id, results: blobs.map(() => ({ digests: { md5: `${worker.number}` } })) })
}

const breakDown = (worker: StubWorker) => setImmediate(() => worker.fail())
const beSilent = () => {}

const living = () => StubWorker.all.filter(({ isTerminated }) => !isTerminated).length

let hashers: Hasher[] = []

function hasherOf(size: number): Hasher {
  const hasher = new Hasher((Worker) => new Worker(''), size)
  hashers.push(hasher)
  return hasher
}

async function md5s(
  hasher: Hasher,
  count: number,
  blob: Blob = BLOB,
): Promise<(string | undefined)[]> {
  const all = Array.from({ length: count }, () => hasher.digest(blob, ['md5']))
  return (await Promise.all(all)).map(({ md5 }) => md5)
}

beforeEach((test) => {
  StubWorker.all = []
  StubWorker.ways = {}
  StubWorker.missing = () => false
  Object.assign(globalThis, { Worker: StubWorker })
  if ('mock' in test) test.mock.method(console, 'warn', () => {})
})

afterEach(() => {
  for (const hasher of hashers) hasher.close()
  hashers = []
})

describe('a hash worker that fails', () => {
  it('is replaced, and what it was asked is asked again', async () => {
    const hasher = hasherOf(1)
    assert.deepEqual(await md5s(hasher, 1), ['1'])
    StubWorker.ways[1] = breakDown
    assert.deepEqual(await md5s(hasher, 3), ['2', '2', '2'])
    assert.equal(living(), 1)
  })

  it('is replaced when it fails between two requests', async () => {
    const hasher = hasherOf(1)
    await md5s(hasher, 1)
    StubWorker.all[0]?.fail()
    assert.deepEqual(await md5s(hasher, 1), ['2'])
  })

  it('attracts no work: the others do it', async () => {
    StubWorker.missing = (number) => number > 2
    StubWorker.ways[1] = breakDown
    const hasher = hasherOf(4)
    assert.deepEqual(new Set(await md5s(hasher, 8, PART)), new Set(['2']))
    assert.equal(living(), 1)
  })

  it('is left alone for a while when the next one fails too, and then tried again', async (test) => {
    const clock = useFakeClock(test)
    StubWorker.ways = { 1: breakDown, 2: breakDown, 3: breakDown }
    const hasher = hasherOf(1)
    assert.deepEqual(await md5s(hasher, 1), [undefined])
    assert.equal(StubWorker.all.length, 2)
    await clock.tick(29 * SECOND)
    assert.deepEqual(await md5s(hasher, 2), [undefined, undefined])
    assert.equal(StubWorker.all.length, 2)
    await clock.tick(2 * SECOND)
    assert.deepEqual(await md5s(hasher, 1), [undefined])
    assert.equal(StubWorker.all.length, 3)
    // Twice as long, and then one that works.
    await clock.tick(59 * SECOND)
    assert.deepEqual(await md5s(hasher, 1), [undefined])
    await clock.tick(2 * SECOND)
    assert.deepEqual(await md5s(hasher, 1), ['4'])
  })

  it('is not waited for where none can start, and tried again later', async (test) => {
    const clock = useFakeClock(test)
    StubWorker.missing = (number) => number <= 2
    const hasher = hasherOf(1)
    assert.deepEqual(await md5s(hasher, 2), [undefined, undefined])
    const tries = StubWorker.all.length
    assert.deepEqual(await md5s(hasher, 2), [undefined, undefined])
    assert.equal(StubWorker.all.length, tries)
    await clock.tick(31 * SECOND)
    assert.deepEqual(await md5s(hasher, 1), [`${tries + 1}`])
  })

  it('is silent for a minute: its request goes without, the waiting ones to the next', async (test) => {
    const clock = useFakeClock(test)
    StubWorker.ways[1] = beSilent
    const hasher = hasherOf(1)
    const all = md5s(hasher, 3)
    await settled()
    for (let seconds = 0; seconds < 60; seconds += 5) await clock.tick(5 * SECOND)
    assert.deepEqual(await all, [undefined, '2', '2'])
  })

  it('was asleep with the computer: one late timer is no minute of silence', async (test) => {
    const clock = useFakeClock(test)
    StubWorker.ways[1] = beSilent
    const hasher = hasherOf(1)
    const all = md5s(hasher, 1)
    await settled()
    await clock.tick(3600 * SECOND)
    const [worker] = StubWorker.all
    const [order] = worker?.orders ?? []
    assert.ok(worker && order)
    answerNumber(worker, order)
    assert.deepEqual(await all, ['1'])
  })
})

describe('hash workers that have nothing to do', () => {
  it('end after 30 s, and start again when they are needed', async (test) => {
    const clock = useFakeClock(test)
    const hasher = hasherOf(4)
    await md5s(hasher, 4, PART)
    assert.equal(living(), 4)
    await clock.tick(29 * SECOND)
    await md5s(hasher, 1)
    await clock.tick(2 * SECOND)
    assert.equal(living(), 1)
    await clock.tick(29 * SECOND)
    assert.equal(living(), 0)
    assert.deepEqual(await md5s(hasher, 1), ['5'])
  })

  it('do not end while they hash', async (test) => {
    const clock = useFakeClock(test)
    StubWorker.ways[1] = beSilent
    const hasher = hasherOf(1)
    const all = md5s(hasher, 1)
    await settled()
    for (let seconds = 0; seconds < 50; seconds += 5) await clock.tick(5 * SECOND)
    assert.equal(living(), 1)
    hasher.close()
    assert.deepEqual(await all, [undefined])
  })

  it('end when the next algorithm needs others, as soon as they are free', async () => {
    const hasher = hasherOf(2)
    const waiting = md5s(hasher, 2, PART)
    await hasher.digest(BLOB, ['sha256'])
    assert.deepEqual(await waiting, ['1', '2'])
    assert.equal(living(), 1)
    assert.equal(StubWorker.all.length, 3)
  })
})

describe('the number of hash workers', () => {
  it('is one until there is work, and for many small files', async () => {
    const hasher = hasherOf(4)
    hasher.warm()
    hasher.warm()
    assert.equal(living(), 1)
    assert.deepEqual(new Set(await md5s(hasher, 100)), new Set(['1']))
    assert.equal(living(), 1)
  })

  it('grows with the bytes, up to a limit', async () => {
    const hasher = hasherOf(3)
    assert.deepEqual(await md5s(hasher, 2, PART), ['1', '2'])
    assert.equal(living(), 2)
    assert.deepEqual(await md5s(hasher, 6, PART), ['1', '2', '3', '1', '2', '3'])
    assert.equal(living(), 3)
  })

  it('grows when a small file takes long, so that the next one need not wait', async (test) => {
    const clock = useFakeClock(test)
    StubWorker.ways[1] = beSilent
    const hasher = hasherOf(2)
    const first = md5s(hasher, 1)
    await settled()
    await clock.tick(SECOND)
    assert.deepEqual(await md5s(hasher, 3), ['2', '2', '2'])
    hasher.close()
    assert.deepEqual(await first, [undefined])
  })
})

describe('a group of blobs', () => {
  it('is one message to one worker', async () => {
    const hasher = hasherOf(4)
    const blobs = Array.from({ length: 300 }, (_, index) => new Blob([`${index}`]))
    const results = await hasher.digestAll(blobs, ['md5'])
    assert.equal(results.length, 300)
    assert.deepEqual(results[299], { status: 'fulfilled', value: { md5: '1' } })
    assert.deepEqual(
      StubWorker.all.flatMap(({ orders }) => orders.map((order) => order.blobs.length)),
      [300],
    )
  })
})
