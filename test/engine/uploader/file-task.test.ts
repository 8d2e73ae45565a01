/** What becomes of the upload of one file when it is paused, starts over, or its bucket answers late. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UploadError } from '../../../src/engine/api/errors.ts'
import type { SignerFunction, UploadEngineOptions } from '../../../src/engine/api/options.ts'
import type { Transport } from '../../../src/engine/transport/transport.ts'
import { UploadEngine } from '../../../src/engine/upload-engine.ts'
import type { SignerRequest, SignerResponse } from '../../../src/protocol/index.ts'

type Answer = (request: SignerRequest) => object | Promise<object>

const usual: Record<SignerRequest['op'], object> = {
  put: { url: 'https://b.example/k' },
  create: { grant: 'created', key: 'k', partSize: 30 },
  part: { url: 'https://b.example/k' },
  parts: { url: 'https://b.example/k?uploadId=1' },
  complete: { key: 'k', downloadUrl: 'https://b.example/k' },
  abort: {},
  discard: {},
  link: { downloadUrl: 'https://b.example/k' },
  status: { downloadUrl: 'https://b.example/k' },
}

const refusal = (code: string) => ({ error: { code, message: '' } })

/** An engine whose signer answers as usual, but for what `answer` returns. */
function start(
  answer: Answer = () => ({}),
  put: Transport['put'] = async (_, { presign }) => void (await presign()),
  options: UploadEngineOptions = {},
) {
  const asked: string[] = []
  const signer: SignerFunction = (requests) =>
    Promise.all(
      requests.map(async (request): Promise<SignerResponse> => {
        const { id, op } = request
        asked.push('again' in request && request.again ? `${op} again` : op)
        const answered = await answer(request)
        return { id, ...('error' in answered ? {} : usual[op]), ...answered }
      }),
    )
  const engine = new UploadEngine(
    { signer, integrity: 'off', resume: false, multipartThreshold: 10, ...options },
    { createTransport: () => ({ put }) },
  )
  const events: string[] = []
  for (const name of ['upload-started', 'file-uploaded', 'file-failed'] as const) {
    engine.addEventListener(name, () => events.push(name))
  }
  return { engine, asked, events }
}

/** Waits until it holds. */
async function until(condition: () => unknown): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    assert.ok(tries < 3000, `${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** Something that ends when it is told to. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open: () => open(), opened }
}

const large = (name = 'large') => new File(['x'.repeat(100)], name)
const small = (name = 'small') => new File(['x'], name)

test('a file that is paused and resumed while its upload is created goes on with that upload', async () => {
  const { open, opened } = gate()
  const { engine, asked } = start(async ({ op }) => {
    if (op === 'create') await opened
    return {}
  })
  const [id = ''] = engine.add([large()])
  await until(() => asked.includes('create'))
  engine.pause(id)
  engine.resume(id)
  await new Promise((resolve) => setTimeout(resolve, 20))
  open()
  await until(() => engine.file(id)?.status === 'uploaded')
  assert.deepEqual(
    asked.filter((op) => op !== 'part'),
    ['create', 'complete'],
  )
})

test('a file that is cancelled while its upload is created leaves no upload behind', async () => {
  const { open, opened } = gate()
  const { engine, asked } = start(async ({ op }) => {
    if (op === 'create' && asked.length === 1) await opened
    return {}
  })
  const [id = ''] = engine.add([large()])
  await until(() => asked.includes('create'))
  engine.cancel(id)
  engine.retry(id)
  await until(() => engine.file(id)?.status === 'uploaded')
  open()
  await until(() => asked.includes('abort'))
  assert.equal(asked.filter((op) => op === 'abort').length, 1)
})

test('a file whose first attempt failed fires upload-started once it is sent', async () => {
  let failures = 1
  const { engine, events } = start(({ op }) => {
    return op === 'put' && failures-- > 0 ? refusal('internal-error') : {}
  })
  const [id = ''] = engine.add([small()])
  await until(() => engine.file(id)?.status === 'uploaded')
  assert.deepEqual(events, ['upload-started', 'file-uploaded'])
})

test('a file that was paused before its turn fires upload-started, and is queued until then', async () => {
  const { open, opened } = gate()
  const { engine, events } = start(async () => {
    await opened
    return {}
  })
  const [id = ''] = engine.add([small()])
  engine.pause(id)
  assert.equal(engine.file(id)?.status, 'paused')
  engine.resume(id)
  assert.equal(engine.file(id)?.status, 'queued')
  open()
  await until(() => engine.file(id)?.status === 'uploaded')
  assert.deepEqual(events, ['upload-started', 'file-uploaded'])
})

test('an upload that is sent again in parts says so, and can be paused', async () => {
  let completed = 0
  let isHeld = false
  const { engine } = start(
    ({ op }) => (op === 'complete' && completed++ < 2 ? refusal('upload-gone') : {}),
    async (_, { presign, progress, signal }) => {
      await presign()
      progress(10)
      if (!isHeld) return
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    },
  )
  const [id = ''] = engine.add([large()])
  engine.addEventListener('change', () => {
    if (engine.file(id)?.status === 'finalizing') isHeld = true
  })
  await until(() => completed === 2)
  await until(() => engine.file(id)?.status === 'uploading')
  engine.pause(id)
  assert.equal(engine.file(id)?.status, 'paused')
  isHeld = false
  const { fetch } = globalThis
  globalThis.fetch = async () => new Response('<ListPartsResult></ListPartsResult>')
  engine.resume(id)
  await until(() => engine.file(id)?.status === 'uploaded')
  globalThis.fetch = fetch
})

test('upload-complete tells of the files of its batch', async () => {
  const { engine } = start()
  const told: string[][] = []
  engine.addEventListener('upload-complete', ({ detail }) =>
    told.push(detail.uploaded.map(({ name }) => name)),
  )
  for (const name of ['a', 'b']) {
    engine.add([small(name)])
    await until(() => told.length === (name === 'a' ? 1 : 2))
  }
  assert.deepEqual(told, [['a'], ['b']])
})

test('upload-complete tells of a retried file, and not of a removed one', async () => {
  let isRefused = true
  const { engine } = start(() => (isRefused ? refusal('type-not-allowed') : {}))
  const told: { uploaded: string[]; failed: string[] }[] = []
  engine.addEventListener('upload-complete', ({ detail }) =>
    told.push({
      uploaded: detail.uploaded.map(({ name }) => name),
      failed: detail.failed.map(({ name }) => name),
    }),
  )
  engine.add([small('a'), small('b')])
  await until(() => told.length === 1)
  isRefused = false
  const [, second] = engine.ids
  engine.retry(second)
  await until(() => told.length === 2)
  assert.deepEqual(told, [
    { uploaded: [], failed: ['a', 'b'] },
    { uploaded: ['b'], failed: [] },
  ])
})

test('a file of another window is added as any other', async () => {
  class OtherFile extends Blob {
    readonly name = 'other.txt'
    readonly lastModified = 0
    readonly webkitRelativePath = ''
  }
  const { engine } = start()
  const [id = ''] = engine.add([new OtherFile(['x']) as unknown as File])
  await until(() => engine.file(id)?.status === 'uploaded')
  assert.ok(!(engine.file(id) instanceof UploadError))
})
