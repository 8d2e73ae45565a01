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

test('files that are stored at once are never written down', async (context) => {
  const { clock, writes, notes } = start(context)
  for (const name of ['a', 'b', 'c']) {
    const note = await notes.open(info(name), 'signer')
    note.saveGrant('g')
    note.forget()
  }
  await clock.tick(1000)
  assert.deepEqual(writes, [])
})

test('many grants are one transaction, and the next page finds each of them', async (context) => {
  const { clock, writes, notes, stored } = start(context)
  for (let index = 0; index < 100; index++) {
    const note = await notes.open(info(`${index}`), 'signer')
    note.saveGrant(`grant ${index}`)
  }
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
  note.saveGrant('g')
  ;(await notes.open(two, 'signer')).saveGrant('g')
  await clock.tick(250)
  assert.equal(stored.size, 2)
  note.forget()
  notes.forget(two, 'signer')
  await clock.tick(250)
  await settled()
  assert.equal(stored.size, 0)
})
