import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UploadError } from '../../../src/engine/api/errors.ts'
import type { FileInfo } from '../../../src/engine/api/file.ts'
import { Ledger } from '../../../src/engine/files/ledger.ts'

const result = { key: 'k', url: 'u', downloadUrl: null, downloadUrlExpiresAt: null, etag: null }

function info(id: string, size: number): FileInfo {
  return { id, name: id, size, type: '', path: id, meta: {}, file: new File([], id) }
}

function upload(ledger: Ledger, id: string): void {
  ledger.update(id, { type: 'start' })
  ledger.update(id, { type: 'sent' })
  ledger.update(id, { type: 'succeed', result })
}

test('counts progress in bytes over all files', () => {
  const ledger = new Ledger()
  ledger.add(info('a', 100))
  ledger.add(info('b', 300))
  ledger.update('a', { type: 'start' })
  ledger.update('a', { type: 'progress', loaded: 40 })
  assert.deepEqual(ledger.progress, {
    loaded: 40,
    total: 400,
    growing: 0,
    active: 2,
    uploaded: 0,
    failed: 0,
  })
  ledger.update('a', { type: 'sent' })
  ledger.update('a', { type: 'succeed', result })
  assert.deepEqual(ledger.progress, {
    loaded: 100,
    total: 400,
    growing: 0,
    active: 1,
    uploaded: 1,
    failed: 0,
  })
})

test('takes what failed, was cancelled or removed out of the total', () => {
  const ledger = new Ledger()
  for (const id of ['a', 'b', 'c', 'd']) ledger.add(info(id, 100))
  ledger.update('a', { type: 'fail', error: new UploadError('unexpected', 'a') })
  ledger.update('b', { type: 'cancel' })
  ledger.remove('c')
  assert.deepEqual(ledger.progress, {
    loaded: 0,
    total: 100,
    growing: 0,
    active: 1,
    uploaded: 0,
    failed: 1,
  })
  assert.equal(ledger.count, 3)
  assert.equal(ledger.bytes, 300)
})

test('starts to count anew when files come after all was done', () => {
  const ledger = new Ledger()
  ledger.add(info('old', 1000))
  upload(ledger, 'old')
  ledger.add(info('new', 10))
  assert.deepEqual(ledger.progress, {
    loaded: 0,
    total: 10,
    growing: 0,
    active: 1,
    uploaded: 0,
    failed: 0,
  })
})

test('counts a file that is tried again in the batch of today', () => {
  const ledger = new Ledger()
  ledger.add(info('old', 1000))
  ledger.update('old', { type: 'cancel' })
  ledger.add(info('new', 10))
  ledger.update('old', { type: 'retry' })
  assert.deepEqual(ledger.progress, {
    loaded: 0,
    total: 1010,
    growing: 0,
    active: 2,
    uploaded: 0,
    failed: 0,
  })
})

test('gives the same list until something changes, and never changes a snapshot', () => {
  const ledger = new Ledger()
  ledger.add(info('a', 1))
  const before = ledger.files
  assert.equal(ledger.files, before)
  ledger.update('a', { type: 'start' })
  assert.notEqual(ledger.files, before)
  assert.equal(before[0]?.status, 'queued')
})

test('counts the files of each status, older batches included', () => {
  const ledger = new Ledger()
  for (const id of ['a', 'b', 'c', 'd']) ledger.add(info(id, 1))
  upload(ledger, 'a')
  ledger.update('b', { type: 'cancel' })
  ledger.remove('c')
  upload(ledger, 'd')
  ledger.add(info('e', 1))
  const { queued, uploaded, cancelled, ...others } = ledger.counts
  assert.deepEqual({ queued, uploaded, cancelled }, { queued: 1, uploaded: 2, cancelled: 1 })
  assert.ok(Object.values(others).every((count) => count === 0))
})

test('gives the same ids until a file is added or removed', () => {
  const ledger = new Ledger()
  ledger.add(info('a', 1))
  const before = ledger.ids
  ledger.update('a', { type: 'start' })
  assert.equal(ledger.ids, before)
  ledger.add(info('b', 1))
  assert.deepEqual([before, ledger.ids], [['a'], ['a', 'b']])
  ledger.remove('a')
  assert.deepEqual(ledger.ids, ['b'])
})

test('refuses an id that it does not know', () => {
  assert.throws(() => new Ledger().update('x', { type: 'start' }), RangeError)
})
