import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UploadError, type UploadErrorCode } from '../../../../src/engine/api/errors.ts'
import { pauseBeforeRetry } from '../../../../src/engine/uploader/sender/retry.ts'

const error = (code: UploadErrorCode, facts = {}) => new UploadError(code, 'a.txt', facts)

test('tries what never worked two times more', () => {
  const lost = error('connection-lost')
  assert.ok(pauseBeforeRetry(lost, 0, 0, undefined) !== undefined)
  assert.ok(pauseBeforeRetry(lost, 1, 0, undefined) !== undefined)
  assert.equal(pauseBeforeRetry(lost, 2, 0, undefined), undefined)
})

test('tries what worked before until patience is over', () => {
  const lost = error('connection-lost')
  assert.ok(pauseBeforeRetry(lost, 50, 99, 100) !== undefined)
  assert.equal(pauseBeforeRetry(lost, 0, 100, 100), undefined)
})

test('draws pauses from a range that doubles, up to ten seconds', () => {
  const lost = error('connection-lost')
  for (const [attempt, most] of [
    [0, 500],
    [1, 1000],
    [4, 8000],
    [30, 10_000],
  ] as const) {
    const pauses = Array.from({ length: 200 }, () => pauseBeforeRetry(lost, attempt, 0, 1e6) ?? -1)
    assert.ok(Math.min(...pauses) >= 0 && Math.max(...pauses) <= most, String(attempt))
    assert.ok(Math.max(...pauses) > most / 2, 'it uses the whole range')
  }
})

test('waits as long as the other side asks, if there is so much time', () => {
  const slow = error('rate-limited', { retryAfter: 9000 })
  assert.ok((pauseBeforeRetry(slow, 0, 0, 10_000) ?? 0) >= 9000)
  assert.equal(pauseBeforeRetry(slow, 0, 2000, 10_000), undefined)
})

for (const code of ['too-large', 'forbidden', 'access-denied', 'file-unreadable'] as const) {
  test(`does not try again after ${code}`, () => {
    assert.equal(pauseBeforeRetry(error(code, { status: 403 }), 0, 0, 1e6), undefined)
  })
}
