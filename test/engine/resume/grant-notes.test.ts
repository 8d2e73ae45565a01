import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { FileInfo } from '../../../src/engine/api/file.ts'
import { GrantNotes } from '../../../src/engine/resume/grant-notes.ts'
import type { ResumeEntry, ResumeStore } from '../../../src/engine/resume/resume-store.ts'
import { settled, useFakeClock } from '../../support/fake-clock.ts'

/** Notes over a store in memory, and the size of each transaction. */
function start(context: TestContext, stored = new Map<string, ResumeEntry>()) {
  const clock = useFakeClock(context)
  const writes: number[] = []
  const store = {
    all: async () => [...stored.values()],
    change: async (changes: Map<string, ResumeEntry | undefined>) => {
      writes.push(changes.size)
      for (const [id, entry] of changes) {
        if (entry) stored.set(id, entry)
        else stored.delete(id)
      }
    },
  } as unknown as ResumeStore
  return { clock, writes, stored, notes: new GrantNotes(store) }
}

function info(name: string): FileInfo {
  const file = new File(['x'], name, { lastModified: 1 })
  return { id: name, name, size: 1, type: '', path: name, meta: {}, file }
}

test('a grant is stored before its file leaves, and those of one answer together', async (context) => {
  const { clock, writes, notes, stored } = start(context)
  const opened = await Promise.all(['a', 'b', 'c'].map((name) => notes.open(info(name), 'signer')))
  await Promise.all(opened.map((note) => note.saveGrant('g')))
  assert.deepEqual([writes, stored.size], [[3], 3])
  for (const note of opened) note.forget()
  await clock.tick(250)
  assert.deepEqual([writes, stored.size], [[3, 3], 0])
})

test('many grants are one transaction, and the next page finds each of them', async (context) => {
  const { clock, writes, notes, stored } = start(context)
  const all = Array.from({ length: 100 }, (_, index) => `${index}`)
  const opened = await Promise.all(all.map((name) => notes.open(info(name), 'signer')))
  await Promise.all(opened.map((note, index) => note.saveGrant(`grant ${index}`)))
  await clock.tick(250)
  assert.deepEqual(writes, [100])
  context.mock.timers.reset()
  context.mock.restoreAll()
  const next = start(context, stored)
  assert.equal((await next.notes.open(info('7'), 'signer')).grant, 'grant 7')
  assert.equal((await next.notes.open(info('7'), 'another signer')).grant, undefined)
  assert.equal((await next.notes.open(info('new'), 'signer')).grant, undefined)
})

test('a grant that was written down is deleted when its file is stored or given up', async (context) => {
  const { clock, notes, stored } = start(context)
  const [one, two] = [info('one'), info('two')]
  const note = await notes.open(one, 'signer')
  const other = await notes.open(two, 'signer')
  await Promise.all([note.saveGrant('g'), other.saveGrant('g')])
  assert.equal(stored.size, 2)
  note.forget()
  notes.forget(two, 'signer')
  await clock.tick(250)
  await settled()
  assert.equal(stored.size, 0)
})
