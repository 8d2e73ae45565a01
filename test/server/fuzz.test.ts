import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzSigner } from '../support/fuzz/fuzz.ts'

/** What a run must have come to, so that something could go wrong there. */
const SEEN = [
  // What is granted, and what it can store.
  ...['put', 'create', 'part', 'parts', 'complete', 'abort', 'link', 'discard'].map(
    (op) => `${op} granted`,
  ),
  'form',
  'put used: 200',
  'form used: 201',
  'part used: 200',
  'put abused: larger',
  'put abused: type',
  'put abused: other bytes',
  'put abused: copy',
  'put abused: without If-None-Match',
  'form abused: larger',
  'form abused: key',
  'part abused: larger',
  'part abused: number',
  // Links: before and after a look at the bucket, and by each kind of grant.
  'link by put (put)',
  'link by link (put)',
  'link by link (done)',
  'link by complete (parts)',
  'link by key',
  'link to what was looked at',
  'link that shows',
  'link followed: 200',
  'onUploaded told',
  'refused: infected',
  'refused: upload-incomplete',
  'another file at the key',
  'part of another size',
  // Grants that must be refused, and why.
  ...[
    'is not genuine',
    'is that of another caller',
    'has ended',
    'is for another size',
    'is for another type',
    'is for other metadata',
    'is for another key',
    'is for done, and not for put',
    'is for parts, and not for link',
    'is for put, and not for part',
    'is for put, and not for status',
    'is for done, and not for status',
  ].map((problem) => `refused: the grant ${problem}`),
  // Routes, and what each of them does not take.
  'refused: the grant is for another route',
  'refused: what has a route, and there are none',
  'refused: what has no route',
  'refused: what goes by the route of others',
  'refused: what is larger than its route takes',
  'refused: type-not-allowed',
  'receipt',
  // What is taken back, and what is not.
  'object removed',
  'replaced by the site',
  'refused: the grant is for what was replaced',
  'refused: the grant is for put, and not for discard',
  'refused: unsupported-op',
  // Nothing is replaced.
  'stored already',
  'replacing refused by the bucket',
  'refused: already-exists',
  // Time, keys and faults.
  'life cut to that of the keys',
  'URL that has ended refused',
  'link that has ended refused',
  'answer lost',
  'refused: internal-error',
  'refused: bad-request',
  'refused: invalid-key',
]
const STATUSES = [200, 204, 400, 401, 403, 405, 413, 415, 429, 500]

test('hostile requests find no promise that does not hold', async () => {
  const { failures, ...figures } = await fuzzSigner({ requests: 40_000, seed: 20_261_124 })
  assert.deepEqual(failures, [])
  assert.ok(figures.requests >= 40_000)
  for (const label of SEEN) assert.ok(label in figures.seen, `${label}: ${JSON.stringify(figures)}`)
  for (const status of STATUSES) assert.ok(status in figures.statuses, `No status ${status}`)
})
