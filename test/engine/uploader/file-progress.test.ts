import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UploadError } from '../../../src/engine/api/errors.ts'
import type { FileEvent } from '../../../src/engine/files/file-state.ts'
import { FileProgress } from '../../../src/engine/uploader/file-progress.ts'

const error = new UploadError('connection-lost', 'a')

/** The progress of a file of so many bytes, and the events that it makes, in short. */
function watch(size: number) {
  const events: (string | number)[] = []
  const progress = new FileProgress(size, (event: FileEvent) => {
    events.push(event.type === 'progress' ? event.loaded : event.type)
  })
  return { progress, events, take: () => events.splice(0) }
}

test('a file has sent what its parts have sent', () => {
  const { progress, take } = watch(100)
  const [one, two] = [progress.unit(1), progress.unit(2)]
  one.started()
  two.started()
  one.progress(10)
  two.progress(20)
  one.progress(50)
  assert.deepEqual(take(), ['start', 'start', 10, 30, 70])
})

test('a part that is sent again counts from its start', () => {
  const { progress, take } = watch(100)
  const [one, two] = [progress.unit(1), progress.unit(2)]
  one.progress(40)
  two.progress(20)
  one.progress(0)
  one.progress(50)
  assert.deepEqual(take(), [40, 60, 20, 70])
})

test('the bytes of a part count once, also for those that watch it anew', () => {
  const { progress, take } = watch(100)
  progress.unit(1).progress(30)
  progress.unit(1).progress(30)
  assert.deepEqual(take(), [30, 30])
})

test('a file is sent when all its bytes have left', () => {
  const { progress, take } = watch(100)
  progress.unit(1).progress(50)
  progress.unit(2).progress(49)
  assert.deepEqual(take(), [50, 99])
  progress.unit(2).progress(50)
  assert.deepEqual(take(), [100, 'sent'])
})

test('an empty file is not sent before it is stored', () => {
  const { progress, take } = watch(0)
  const unit = progress.unit(0)
  unit.started()
  unit.progress(0)
  assert.deepEqual(take(), ['start', 0])
  progress.sent()
  assert.deepEqual(take(), ['start', 'sent'])
})

test('a file waits when none of its parts moves', () => {
  const { progress, take } = watch(100)
  const [one, two] = [progress.unit(1), progress.unit(2)]
  one.started()
  two.started()
  take()
  one.waiting(error)
  assert.deepEqual(take(), [])
  two.waiting(error)
  assert.deepEqual(take(), ['wait'])
})

test('a file waits when the parts that moved are stored and another one waits', () => {
  const { progress, take } = watch(100)
  const [one, two] = [progress.unit(1), progress.unit(2)]
  one.started()
  two.started()
  one.stored()
  take()
  two.waiting(error)
  assert.deepEqual(take(), ['wait'])
})

test('a file goes on once, with the first of its parts that moves again', () => {
  const { progress, take } = watch(100)
  const [one, two] = [progress.unit(1), progress.unit(2)]
  one.waiting(error)
  take()
  one.started()
  two.started()
  assert.deepEqual(take(), ['start', 'resume', 'start'])
})

test('a file waits for the signer, too, and goes on when all is sent', () => {
  const { progress, take } = watch(100)
  progress.unit(1).progress(100)
  take()
  progress.waiting(error)
  progress.sent()
  assert.deepEqual(take(), ['wait', 'start', 'resume', 'sent'])
})
