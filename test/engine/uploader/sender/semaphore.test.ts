import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import { Semaphore } from '../../../../src/engine/uploader/sender/semaphore.ts'

const reason = new Error('stopped')
const { signal } = new AbortController()

/** Asks for so many slots in turn; answers with who has one, and how each gives it back. */
function acquire(semaphore: Semaphore, count: number) {
  const holders: number[] = []
  const releases: (() => void)[] = []
  for (let number = 0; number < count; number++) {
    void semaphore.acquire(signal).then((release) => {
      holders.push(number)
      releases[number] = release
    })
  }
  return { holders, releases }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

test('gives out as many slots as there are, in the order of asking', async () => {
  const { holders, releases } = acquire(new Semaphore(() => 2), 4)
  await settled()
  assert.deepEqual(holders, [0, 1])
  releases[1]?.()
  await settled()
  assert.deepEqual(holders, [0, 1, 2])
  releases[0]?.()
  await settled()
  assert.deepEqual(holders, [0, 1, 2, 3])
})

test('a slot that is given back twice counts once', async () => {
  const { holders, releases } = acquire(new Semaphore(() => 1), 3)
  await settled()
  releases[0]?.()
  releases[0]?.()
  await settled()
  assert.deepEqual(holders, [0, 1])
})

test('a slot that nobody waits for is free for the next', async () => {
  const semaphore = new Semaphore(() => 1)
  const release = await semaphore.acquire(signal)
  release()
  const { holders } = acquire(semaphore, 2)
  await settled()
  assert.deepEqual(holders, [0])
})

test('one that is stopped while it waits takes no slot', async () => {
  const semaphore = new Semaphore(() => 1)
  const release = await semaphore.acquire(signal)
  const controller = new AbortController()
  const stopped = semaphore.acquire(controller.signal)
  const { holders } = acquire(semaphore, 1)
  controller.abort(reason)
  await assert.rejects(stopped, reason)
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0)
  release()
  await settled()
  assert.deepEqual(holders, [0])
})

test('one whose signal has aborted takes no slot', async () => {
  const semaphore = new Semaphore(() => 1)
  await assert.rejects(semaphore.acquire(AbortSignal.abort(reason)), reason)
  const { holders } = acquire(semaphore, 1)
  await settled()
  assert.deepEqual(holders, [0])
})
