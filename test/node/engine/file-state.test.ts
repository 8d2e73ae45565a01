import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UploadError } from '../../../src/engine/errors.ts'
import {
  canTake,
  type FileEvent,
  type FileState,
  IllegalTransitionError,
  transition,
} from '../../../src/engine/file-state.ts'

const result = { key: 'k', url: 'u', downloadUrl: null, downloadUrlExpiresAt: null, etag: null }
const error = new UploadError('unexpected', 'a.txt')

const states: Record<FileState['status'], FileState> = {
  queued: { status: 'queued' },
  uploading: { status: 'uploading', loaded: 1 },
  finalizing: { status: 'finalizing' },
  uploaded: { status: 'uploaded', ...result },
  failed: { status: 'failed', error },
  cancelled: { status: 'cancelled' },
}
const events: Record<FileEvent['type'], FileEvent> = {
  start: { type: 'start' },
  progress: { type: 'progress', loaded: 2 },
  sent: { type: 'sent' },
  succeed: { type: 'succeed', result },
  fail: { type: 'fail', error },
  cancel: { type: 'cancel' },
  retry: { type: 'retry' },
}
const legal: Record<FileState['status'], Partial<Record<FileEvent['type'], FileState>>> = {
  queued: {
    start: { status: 'uploading', loaded: 0 },
    fail: states.failed,
    cancel: states.cancelled,
  },
  uploading: {
    progress: { status: 'uploading', loaded: 2 },
    sent: states.finalizing,
    fail: states.failed,
    cancel: states.cancelled,
  },
  finalizing: { succeed: states.uploaded, fail: states.failed, cancel: states.cancelled },
  uploaded: {},
  failed: { retry: states.queued },
  cancelled: { retry: states.queued },
}

for (const [status, state] of Object.entries(states)) {
  for (const event of Object.values(events)) {
    const next = legal[state.status][event.type]
    if (next) {
      test(`a file that is ${status} becomes ${next.status} by ${event.type}`, () => {
        assert.ok(canTake(state, event.type))
        assert.deepEqual(transition(state, event), next)
      })
    } else {
      test(`a file that is ${status} refuses ${event.type}`, () => {
        assert.ok(!canTake(state, event.type))
        assert.throws(() => transition(state, event), IllegalTransitionError)
      })
    }
  }
}
