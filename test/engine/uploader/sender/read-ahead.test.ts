import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import { ReadAheadWindow } from '../../../../src/engine/uploader/sender/read-ahead.ts'

const MIB = 2 ** 20
const reason = new Error('stopped')

/** A window with units of one size that ask to enter, and what leaves it. */
function open(limit: number, bytes: number) {
  const window = new ReadAheadWindow(() => limit)
  const { signal } = new AbortController()
  const entered: number[] = []
  const leaves: (() => void)[] = []
  const enter = async (number: number) => {
    const leave = await window.enter(bytes, true, signal)
    entered.push(number)
    leaves.push(leave)
  }
  return {
    window,
    entered,
    signal,
    /** Lets so many units ask, and answers with how many are in by then. */
    ask: async (count: number) => {
      for (let number = 0; number < count; number++) void enter(number)
      return settled(entered)
    },
    /** Lets the oldest units go. */
    leave: async (count: number) => {
      for (const leave of leaves.splice(0, count)) leave()
      return settled(entered)
    },
  }
}

async function settled(entered: number[]): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve))
  return entered.length
}

test('two hundred small units enter, and the next ones when half of them are through', async () => {
  const { window, ask, leave } = open(6, 1000)
  assert.equal(await ask(450), 200)
  assert.equal(window.isOpen, false)
  assert.equal(await leave(99), 200)
  assert.equal(await leave(1), 300)
  assert.equal(await leave(100), 400)
})

test('units enter in the order in which they asked', async () => {
  const { entered, ask, leave } = open(6, 1000)
  await ask(230)
  await leave(110)
  assert.deepEqual(
    entered,
    Array.from({ length: 230 }, (_, number) => number),
  )
})

test('large units enter up to 128 MiB', async () => {
  const { ask, leave } = open(2, 16 * MIB)
  assert.equal(await ask(20), 8)
  assert.equal(await leave(3), 8)
  assert.equal(await leave(1), 12)
})

test('twice as many units as move at a time enter, however large they are', async () => {
  const { ask, leave } = open(3, 5000 * MIB)
  assert.equal(await ask(20), 6)
  assert.equal(await leave(3), 9)
})

test('the window is open again once half of its units are through, and none waits', async () => {
  const { window, ask, leave } = open(6, 1000)
  await ask(200)
  await leave(99)
  assert.equal(window.isOpen, false)
  await leave(1)
  assert.equal(window.isOpen, true)
})

test('a unit that is stopped while it waits gives its place to the next', async () => {
  const { window, signal, ask, leave } = open(6, 1000)
  await ask(200)
  const controller = new AbortController()
  const stopped = window.enter(1000, true, controller.signal)
  const next = window.enter(1000, true, signal)
  controller.abort(reason)
  await assert.rejects(stopped, reason)
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0)
  await leave(100)
  assert.equal(typeof (await next), 'function')
  // 101 are in, so 99 more fit: the one that was stopped has no place.
  assert.equal(await ask(99), 299)
})

test('a unit whose signal has aborted does not enter', async () => {
  const { window, ask } = open(6, 1000)
  await assert.rejects(window.enter(1000, true, AbortSignal.abort(reason)), reason)
  assert.equal(await ask(201), 200)
})

test('a small file goes before the parts that wait', async () => {
  const window = new ReadAheadWindow(() => 1)
  const { signal } = new AbortController()
  const leave = await window.enter(2 ** 30, true, signal)
  const second = await window.enter(1, true, signal)
  const order: string[] = []
  const part = window.enter(1, true, signal).then(() => order.push('part'))
  const small = window.enter(1, false, signal).then(() => order.push('small'))
  leave()
  second()
  await Promise.all([part, small])
  assert.deepEqual(order, ['small', 'part'])
})

test('tells that it is open again, once nothing waits', async () => {
  let opened = 0
  const window = new ReadAheadWindow(
    () => 1,
    () => {
      opened += 1
    },
  )
  const { signal } = new AbortController()
  const first = await window.enter(2 ** 30, true, signal)
  const second = await window.enter(1, true, signal)
  assert.equal(window.isOpen, false)
  first()
  assert.equal(opened, 1)
  second()
  assert.equal(opened, 1)
})
