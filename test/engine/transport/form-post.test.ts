import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formTimeout, MOST_IN_FORM } from '../../../src/engine/transport/form-post.ts'

test('six forms of the largest size have the time that a line of 400 kbit/s needs for them', () => {
  const needed = ((6 * MOST_IN_FORM) / 50_000) * 1000
  assert.ok(formTimeout(MOST_IN_FORM, 6, 30_000) > 2 * needed)
})

test('a tiny form is given up as soon as a request that makes no progress', () => {
  const timeout = formTimeout(100, 6, 30_000)
  assert.ok(timeout >= 30_000 && timeout < 31_000)
})
