/** Many small files cost few messages to a worker. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DigestGroups } from '../../../src/engine/hash/digest-groups.ts'
import type { Digests } from '../../../src/protocol/index.ts'

/** A hasher that answers a group when it is told to. */
function fakeHasher(
  digestsOf: (blob: Blob) => Digests | Error = ({ size }) => ({ md5: `${size}` }),
) {
  const groups: { blobs: Blob[]; answer: () => void }[] = []
  const alone: Blob[] = []
  const groupsOf = new DigestGroups({
    digest: async (blob) => {
      alone.push(blob)
      return { md5: `${blob.size} alone` }
    },
    digestAll: (blobs) =>
      new Promise((resolve) => {
        const results = blobs.map((blob): PromiseSettledResult<Digests> => {
          const value = digestsOf(blob)
          return value instanceof Error
            ? { status: 'rejected', reason: value }
            : { status: 'fulfilled', value }
        })
        groups.push({ blobs, answer: () => resolve(results) })
      }),
  })
  return { groups, alone, groupsOf }
}

const blobs = (count: number) => Array.from({ length: count }, (_, n) => new Blob(['x'.repeat(n)]))
const settle = () => new Promise((resolve) => setImmediate(resolve))

test('what comes while a group is hashed is the next group, of at most a hundred', async () => {
  const { groups, groupsOf } = fakeHasher()
  const all = Promise.all(blobs(250).map((blob) => groupsOf.digest(blob, ['md5'])))
  for (let answered = 0; answered < groups.length; answered++) {
    groups[answered]?.answer()
    await settle()
  }
  assert.deepEqual(
    groups.map((group) => group.blobs.length),
    [1, 1, 100, 100, 48],
  )
  assert.deepEqual(
    (await all).map(({ md5 }) => md5),
    blobs(250).map(({ size }) => `${size}`),
  )
})

test('a large blob goes alone, and so does each kind of checksum', async () => {
  const { groups, alone, groupsOf } = fakeHasher()
  const large = new Blob([new Uint8Array(2 * 2 ** 20)])
  assert.equal((await groupsOf.digest(large, ['md5'])).md5, `${large.size} alone`)
  assert.equal(alone.length, 1)
  const kinds = [['md5'], ['md5'], ['md5'], ['md5', 'sha256'], ['md5']]
  const all = Promise.all(kinds.map((kind) => groupsOf.digest(new Blob(['a']), kind)))
  for (let answered = 0; answered < groups.length; answered++) {
    groups[answered]?.answer()
    await settle()
  }
  await all
  assert.deepEqual(
    groups.map((group) => group.blobs.length),
    [1, 1, 1, 1, 1],
  )
})

test('one that cannot be read fails alone, and one without a result is asked for alone', async () => {
  const { groups, alone, groupsOf } = fakeHasher(({ size }) =>
    size === 2 ? new Error('gone') : size === 3 ? {} : { md5: `${size}` },
  )
  const all = Promise.allSettled(blobs(5).map((blob) => groupsOf.digest(blob, ['md5'])))
  for (const { answer } of groups) answer()
  await settle()
  groups[2]?.answer()
  const told = (await all).map((it) =>
    it.status === 'fulfilled' ? it.value.md5 : it.reason.message,
  )
  assert.deepEqual(told, ['0', '1', 'gone', '3 alone', '4'])
  assert.deepEqual(
    alone.map(({ size }) => size),
    [3],
  )
})

test('one that is stopped leaves the group, and the others stay', async () => {
  const { groups, groupsOf } = fakeHasher()
  const stop = new AbortController()
  const first = [
    groupsOf.digest(new Blob(['a']), ['md5']),
    groupsOf.digest(new Blob(['a']), ['md5']),
  ]
  const stopped = groupsOf.digest(new Blob(['ab']), ['md5'], stop.signal)
  const other = groupsOf.digest(new Blob(['abc']), ['md5'])
  stop.abort(new Error('stopped'))
  await assert.rejects(stopped, /stopped/)
  for (const { answer } of groups.slice()) answer()
  await settle()
  groups[2]?.answer()
  assert.equal((await other).md5, '3')
  assert.equal(groups[2]?.blobs.length, 1)
  await Promise.all(first)
})
