import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UploadError } from '../../../src/engine/api/errors.ts'
import type { FileState } from '../../../src/engine/api/file.ts'
import {
  canTake,
  type FileEvent,
  IllegalTransitionError,
  transition,
} from '../../../src/engine/files/file-state.ts'

const result = { key: 'k', url: 'u', downloadUrl: null, downloadUrlExpiresAt: null, etag: null }
const link = { downloadUrl: 'https://b.example/new', downloadUrlExpiresAt: new Date(0) }
const error = new UploadError('unexpected', 'a.txt')

const SIZE = 10

const states: Record<FileState['status'], FileState> = {
  queued: { status: 'queued' },
  uploading: { status: 'uploading', loaded: 1 },
  paused: { status: 'paused', loaded: 1 },
  waiting: { status: 'waiting', loaded: 1, error },
  finalizing: { status: 'finalizing' },
  processing: { status: 'processing', ...result, progress: 0.4 },
  uploaded: { status: 'uploaded', ...result },
  failed: { status: 'failed', error },
  cancelled: { status: 'cancelled' },
}
const events: Record<FileEvent['type'], FileEvent> = {
  check: { type: 'check', isChecking: true },
  start: { type: 'start' },
  progress: { type: 'progress', loaded: 2 },
  pause: { type: 'pause' },
  wait: { type: 'wait', error },
  resume: { type: 'resume' },
  restart: { type: 'restart' },
  sent: { type: 'sent' },
  process: { type: 'process', result: { ...result, progress: 0.4 } },
  succeed: { type: 'succeed', result },
  fail: { type: 'fail', error },
  cancel: { type: 'cancel' },
  retry: { type: 'retry' },
  relink: { type: 'relink', link },
}
const legal: Record<FileState['status'], Partial<Record<FileEvent['type'], FileState>>> = {
  queued: {
    check: { status: 'queued', isChecking: true },
    start: { status: 'uploading', loaded: 0 },
    pause: { status: 'paused', loaded: 0 },
    wait: { status: 'waiting', loaded: 0, error },
    fail: states.failed,
    cancel: states.cancelled,
  },
  uploading: {
    progress: { status: 'uploading', loaded: 2 },
    pause: states.paused,
    wait: states.waiting,
    sent: states.finalizing,
    restart: { status: 'uploading', loaded: 0 },
    fail: states.failed,
    cancel: states.cancelled,
  },
  paused: { resume: states.uploading, cancel: states.cancelled },
  waiting: {
    resume: states.uploading,
    pause: states.paused,
    restart: { status: 'uploading', loaded: 0 },
    fail: states.failed,
    cancel: states.cancelled,
  },
  finalizing: {
    wait: { status: 'waiting', loaded: SIZE, error },
    process: states.processing,
    succeed: states.uploaded,
    restart: { status: 'uploading', loaded: 0 },
    fail: states.failed,
    cancel: states.cancelled,
  },
  // It is stored: there is nothing to stop or to send again.
  processing: { process: states.processing, succeed: states.uploaded, fail: states.failed },
  uploaded: { relink: { status: 'uploaded', ...result, ...link } },
  failed: { retry: states.queued },
  cancelled: { retry: states.queued },
}

for (const [status, state] of Object.entries(states)) {
  for (const event of Object.values(events)) {
    const next = legal[state.status][event.type]
    if (next) {
      test(`a file that is ${status} becomes ${next.status} by ${event.type}`, () => {
        assert.ok(canTake(state, event.type))
        assert.deepEqual(transition(state, event, SIZE), next)
      })
    } else {
      test(`a file that is ${status} refuses ${event.type}`, () => {
        assert.ok(!canTake(state, event.type))
        assert.throws(() => transition(state, event, SIZE), IllegalTransitionError)
      })
    }
  }
}

test('progress never goes backwards, nor beyond the size', () => {
  const state = { status: 'uploading', loaded: 5 } as const
  assert.deepEqual(transition(state, { type: 'progress', loaded: 3 }, SIZE), state)
  const end = transition(state, { type: 'progress', loaded: 99 }, SIZE)
  assert.deepEqual(end, { status: 'uploading', loaded: SIZE })
})
