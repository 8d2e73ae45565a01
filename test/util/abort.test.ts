import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { type TestContext, test } from 'node:test'
import { abortable, wait, waitFor, withTimeout } from '../../src/util/abort.ts'

const NEVER = new Promise<never>(() => {})
const reason = new Error('stopped')

function useFakeTimers(test: TestContext) {
  test.mock.timers.enable({ apis: ['setTimeout'] })
  return test.mock.timers
}

/** What a promise has come to by now. */
async function stateOf(promise: Promise<unknown>): Promise<unknown> {
  const pending = new Promise((resolve) => setImmediate(resolve, 'pending'))
  return Promise.race([promise, pending]).catch((error) => error)
}

test('abortable settles as its promise does', async () => {
  const { signal } = new AbortController()
  assert.equal(await abortable(Promise.resolve(7), signal), 7)
  await assert.rejects(abortable(Promise.reject(reason), signal), reason)
})

test('abortable rejects as soon as the signal aborts', async () => {
  const controller = new AbortController()
  const waiting = abortable(NEVER, controller.signal)
  assert.equal(await stateOf(waiting), 'pending')
  controller.abort(reason)
  assert.equal(await stateOf(waiting), reason)
})

test('abortable rejects where the signal has aborted before', async () => {
  await assert.rejects(abortable(Promise.resolve(7), AbortSignal.abort(reason)), reason)
})

for (const when of ['before', 'while'] as const) {
  test(`a promise that fails after an abort ${when} it ran is no unhandled rejection`, async (context) => {
    const unhandled = context.mock.fn()
    process.on('unhandledRejection', unhandled)
    context.after(() => void process.off('unhandledRejection', unhandled))
    const controller = new AbortController()
    if (when === 'before') controller.abort(reason)
    const late = new Promise((_, reject) => setImmediate(reject, new Error('late')))
    const waiting = abortable(late, controller.signal)
    if (when === 'while') controller.abort(reason)
    await assert.rejects(waiting, reason)
    await new Promise((resolve) => setTimeout(resolve, 5))
    assert.equal(unhandled.mock.callCount(), 0)
  })
}

test('nothing stays on the signal once a wait is over', async () => {
  const { signal } = new AbortController()
  await abortable(Promise.resolve(), signal)
  await wait(0, signal)
  await waitFor<void>((resolve) => {
    queueMicrotask(resolve)
    return () => {}
  }, signal)
  assert.equal(getEventListeners(signal, 'abort').length, 0)
})

test('wait ends after its time, and not before', async (context) => {
  const timers = useFakeTimers(context)
  const waiting = wait(100)
  timers.tick(99)
  assert.equal(await stateOf(waiting), 'pending')
  timers.tick(1)
  assert.equal(await stateOf(waiting), undefined)
})

test('wait ends with the signal, and leaves no timer behind', async (context) => {
  useFakeTimers(context)
  const clear = context.mock.method(globalThis, 'clearTimeout')
  const controller = new AbortController()
  const waiting = wait(100, controller.signal)
  controller.abort(reason)
  assert.equal(await stateOf(waiting), reason)
  assert.equal(clear.mock.callCount(), 1)
})

test('withTimeout settles as its promise does, and leaves no timer behind', async (context) => {
  useFakeTimers(context)
  const clear = context.mock.method(globalThis, 'clearTimeout')
  assert.equal(await withTimeout(Promise.resolve(7), 100, 'late'), 7)
  await assert.rejects(withTimeout(Promise.reject(reason), 100, 'late'), reason)
  assert.equal(clear.mock.callCount(), 2)
})

test('withTimeout rejects with a TimeoutError after its time', async (context) => {
  const timers = useFakeTimers(context)
  const waiting = withTimeout(NEVER, 100, 'It is silent.')
  timers.tick(99)
  assert.equal(await stateOf(waiting), 'pending')
  timers.tick(1)
  await assert.rejects(waiting, { name: 'TimeoutError', message: 'It is silent.' })
})

test('waitFor begins nothing where the signal has aborted before', async (context) => {
  const begin = context.mock.fn(() => () => {})
  await assert.rejects(waitFor(begin, AbortSignal.abort(reason)), reason)
  assert.equal(begin.mock.callCount(), 0)
})

test('waitFor cleans up however it ends', async (context) => {
  for (const end of ['resolve', 'reject', 'abort'] as const) {
    const cleanUp = context.mock.fn()
    const controller = new AbortController()
    const waiting = waitFor<void>((resolve, reject) => {
      if (end === 'resolve') queueMicrotask(resolve)
      if (end === 'reject') queueMicrotask(() => reject(reason))
      return cleanUp
    }, controller.signal)
    if (end === 'abort') controller.abort(reason)
    assert.equal(await stateOf(waiting), end === 'resolve' ? undefined : reason, end)
    assert.equal(cleanUp.mock.callCount(), 1, end)
  }
})
