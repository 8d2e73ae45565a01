import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SignerFunction } from '../../../src/engine/signer-client.ts'
import { TransferError, type TransportFactory } from '../../../src/engine/transport.ts'
import { UploadEngine, type UploadEngineOptions } from '../../../src/engine/upload-engine.ts'

const signer: SignerFunction = (requests) =>
  requests.map(({ id }) => ({
    id,
    key: `k${id}`,
    url: `https://b.example/k${id}?X-Amz-Signature=1`,
  }))

const instant: TransportFactory = (_limit, events) => ({
  hasRoom: true,
  cancel() {},
  send: (unit) => void events.sign(unit.id).then(() => events.stored(unit.id)),
})

function files(...names: string[]): File[] {
  return names.map((name) => new File(['x'], name))
}

function start(options: UploadEngineOptions, createTransport = instant): UploadEngine {
  return new UploadEngine({ signer, ...options }, { createTransport })
}

function completed(engine: UploadEngine) {
  return new Promise<void>((resolve) => {
    engine.addEventListener('upload-complete', () => resolve(), { once: true })
  })
}

test('asks for all files of one moment in calls of at most fifty', async () => {
  const calls: number[] = []
  const counting: SignerFunction = (requests, options) => {
    calls.push(requests.length)
    return signer(requests, options)
  }
  const engine = start({ signer: counting })
  const done = completed(engine)
  engine.add(files(...Array.from({ length: 120 }, (_, n) => `${n}`)))
  await done
  assert.deepEqual(calls, [50, 50, 20])
})

test('uses no link, and still succeeds, where the signer gives none', async () => {
  const engine = start({})
  const done = completed(engine)
  engine.add(files('a'))
  await done
  const [file] = engine.files
  assert.equal(file?.status, 'uploaded')
  assert.equal(file.downloadUrl, null)
  assert.equal(file.url, 'https://b.example/k1')
})

test('asks for a new link when the one that came with the upload has run out', async () => {
  const asked: unknown[] = []
  const engine = start({
    signer: (requests) =>
      requests.map((request) => {
        asked.push(request.op)
        const { id } = request
        if (request.op === 'link') return { id, downloadUrl: `https://b.example/${request.grant}` }
        const downloadExpiresAt = new Date(Date.now() - 1000).toISOString()
        const old = { downloadUrl: 'https://b.example/old', downloadExpiresAt }
        return { id, url: 'https://b.example/k', grant: 'granted', ...old }
      }),
  })
  const done = completed(engine)
  engine.add(files('a'))
  await done
  assert.deepEqual(asked, ['put', 'link'])
  const [file] = engine.files
  assert.equal(file?.status === 'uploaded' && file.downloadUrl, 'https://b.example/granted')
})

test('stays uploaded when the link cannot be made', async () => {
  const engine = start({
    linkExpires: 60,
    signer: (requests) =>
      requests.map(({ id, op }) =>
        op === 'link'
          ? { id, error: { code: 'unsupported-op', message: 'No.' } }
          : { id, url: 'https://b.example/k', grant: 'g', downloadUrl: 'https://b.example/d' },
      ),
  })
  const done = completed(engine)
  engine.add(files('a'))
  await done
  const [file] = engine.files
  assert.equal(file?.status === 'uploaded' && file.downloadUrl, 'https://b.example/d')
})

test('sends no more than the transport has room for, and a file only once', async () => {
  const waiting: (() => void)[] = []
  const sent: string[] = []
  const narrow: TransportFactory = (_limit, events) => ({
    get hasRoom() {
      return waiting.length < 2
    },
    cancel() {},
    send(unit) {
      sent.push(unit.id)
      waiting.push(() => {
        waiting.shift()
        void events.sign(unit.id).then(() => events.stored(unit.id))
      })
    },
  })
  const engine = start({}, narrow)
  const done = completed(engine)
  engine.add(files('a', 'b', 'c'))
  engine.start()
  assert.equal(sent.length, 2)
  while (sent.length < 3 || waiting.length > 0) {
    waiting[0]?.()
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await done
  assert.equal(new Set(sent).size, 3)
  assert.equal(sent.length, 3)
})

test('ignores what becomes of an attempt that was cancelled', async () => {
  const attempts: (() => void)[] = []
  const slow: TransportFactory = (_limit, events) => ({
    hasRoom: true,
    cancel() {},
    async send(unit) {
      await events.sign(unit.id)
      attempts.push(() => events.failed(unit.id, new TransferError(500)))
      if (attempts.length === 2) events.stored(unit.id)
    },
  })
  const engine = start({}, slow)
  const failures: string[] = []
  engine.addEventListener('file-failed', ({ detail }) => failures.push(detail.code))
  const [id = ''] = engine.add(files('a'))
  while (attempts.length < 1) await new Promise((resolve) => setTimeout(resolve, 1))
  attempts[0]?.()
  engine.cancel(id)
  const done = completed(engine)
  engine.retry(id)
  await done
  assert.deepEqual(failures, [])
  assert.deepEqual(
    engine.files.map((file) => file.status),
    ['uploaded'],
  )
})
