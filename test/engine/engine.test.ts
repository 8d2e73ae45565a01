import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SignerFunction, UploadEngineOptions } from '../../src/engine/api/options.ts'
import { TransferError, type TransportFactory } from '../../src/engine/transport/transport.ts'
import { UploadEngine } from '../../src/engine/upload-engine.ts'

const signer: SignerFunction = (requests) =>
  requests.map(({ id }) => ({
    id,
    key: `k${id}`,
    url: `https://b.example/k${id}?X-Amz-Signature=1`,
  }))

const instant: TransportFactory = () => ({
  async put(_unit, { presign }) {
    await presign()
  },
})

function files(...names: string[]): File[] {
  return names.map((name) => new File(['x'], name))
}

function start(options: UploadEngineOptions, createTransport = instant): UploadEngine {
  return new UploadEngine({ signer, integrity: 'off', ...options }, { createTransport })
}

function completed(engine: UploadEngine) {
  return new Promise<void>((resolve) => {
    engine.addEventListener('upload-complete', () => resolve(), { once: true })
  })
}

test('asks for many files in few calls', async () => {
  const calls: number[] = []
  const counting: SignerFunction = (requests, options) => {
    calls.push(requests.length)
    return signer(requests, options)
  }
  const engine = start({ signer: counting })
  const done = completed(engine)
  engine.add(files(...Array.from({ length: 120 }, (_, n) => `${n}`)))
  await done
  assert.equal(calls[0], 100)
  assert.ok(calls.length <= 5, `${calls}`)
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

test('works on no more than two hundred files at a time, and on each only once', async () => {
  const sent: string[] = []
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const held: TransportFactory = () => ({
    async put(unit, { presign }) {
      sent.push(unit.id)
      await opened
      await presign()
    },
  })
  const engine = start({}, held)
  const done = completed(engine)
  engine.add(files(...Array.from({ length: 250 }, (_, n) => `${n}`)))
  engine.start()
  while (sent.length < 200) await new Promise((resolve) => setTimeout(resolve, 5))
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.equal(sent.length, 200)
  open()
  await done
  assert.equal(new Set(sent).size, 250)
  assert.equal(sent.length, 250)
})

test('ignores what becomes of an attempt that was cancelled', async () => {
  const attempts: (() => void)[] = []
  const slow: TransportFactory = () => ({
    async put(_unit, { presign }) {
      await presign()
      if (attempts.length === 1) return
      await new Promise<void>((_, reject) => {
        attempts.push(() => reject(new TransferError(404)))
      })
    },
  })
  const engine = start({}, slow)
  const failures: string[] = []
  engine.addEventListener('file-failed', ({ detail }) => failures.push(detail.code))
  const [id = ''] = engine.add(files('a'))
  while (attempts.length < 1) await new Promise((resolve) => setTimeout(resolve, 1))
  engine.cancel(id)
  attempts[0]?.()
  const done = completed(engine)
  engine.retry(id)
  await done
  assert.deepEqual(failures, [])
  assert.deepEqual(
    engine.files.map((file) => file.status),
    ['uploaded'],
  )
})

test('begins with no other file because one is cancelled or cleared with all', async () => {
  for (const end of ['cancel', 'clear'] as const) {
    const begun: string[] = []
    const still: TransportFactory = () => ({
      async put(unit) {
        begun.push(unit.id)
        await new Promise(() => {})
      },
    })
    const engine = start({}, still)
    engine.add(files(...Array.from({ length: 300 }, (_, n) => `${n}`)))
    while (begun.length < 200) await new Promise((resolve) => setTimeout(resolve, 1))
    engine[end]()
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(begun.length, 200)
    assert.equal(engine.counts.cancelled, end === 'cancel' ? 300 : 0)
    assert.equal(engine.progress.active, 0)
  }
})

test('counts what waits for start()', () => {
  const engine = start({ manual: true })
  const [a = '', b = ''] = engine.add(files('a', 'b', 'c', 'd'))
  assert.equal(engine.unstarted, 4)
  engine.cancel(a)
  engine.remove(b)
  assert.equal(engine.unstarted, 2)
  engine.start()
  assert.equal(engine.unstarted, 0)
  engine.clear()
})

test('uploads nothing that a listener of file-rejected has stopped', async () => {
  for (const [stop, status] of [
    ['cancel', 'cancelled'],
    ['pause', 'paused'],
  ] as const) {
    for (const manual of [false, true]) {
      let asked = 0
      const counting: SignerFunction = (requests, options) => {
        asked += requests.length
        return signer(requests, options)
      }
      const engine = start({ signer: counting, accept: '.txt', manual })
      engine.addEventListener('file-rejected', () => engine[stop]())
      engine.add(files('a.txt', 'b.exe', 'c.txt'))
      engine.start()
      await engine.prepare()
      await new Promise((resolve) => setTimeout(resolve, 50))
      const statuses = engine.files.map((file) => file.status)
      assert.deepEqual(statuses, [status, status], `${stop}, manual: ${manual}`)
      assert.equal(asked, 0)
    }
  }
})

test('uploads nothing that a listener of change has stopped', async () => {
  const engine = start({})
  const done = completed(engine)
  const [id = ''] = engine.add(files('a'))
  engine.pause(id)
  const stop = () => engine.cancel(id)
  engine.addEventListener('change', stop, { once: true })
  engine.resume(id)
  await done
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.equal(engine.file(id)?.status, 'cancelled')
  engine.addEventListener('change', stop, { once: true })
  engine.retry(id)
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.equal(engine.file(id)?.status, 'cancelled')
})
