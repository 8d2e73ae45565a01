/** What becomes of uploads when the page names another signer. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { TransferError, type TransportFactory } from '../../../src/engine/transport/transport.ts'
import { UploadEngine } from '../../../src/engine/upload-engine.ts'
import type { SignerRequest } from '../../../src/protocol/index.ts'

const [A, B] = ['https://a.example/sign', 'https://b.example/sign']

/** Two signers: A knows only `put` where `isSimple` is set. Answers with what each was asked. */
function signers(test: TestContext, { isSimple = false } = {}) {
  const asked: [signer: string, op: string, grant?: string][] = []
  test.mock.method(globalThis, 'fetch', async (url: string, { body }: { body: string }) => {
    const { requests }: { requests: SignerRequest[] } = JSON.parse(body)
    const name = url === A ? 'A' : 'B'
    const responses = requests.map((request) => {
      const { id, op } = request
      const grant = 'grant' in request ? request.grant : undefined
      asked.push([name, op, ...(grant ? [grant] : [])] as [string, string])
      if (isSimple && name === 'A' && op !== 'put') {
        return { id, error: { code: 'unsupported-op', message: 'Only put.' } }
      }
      if (op === 'create') return { id, key: 'k', grant: `grant of ${name}`, partSize: 10 }
      if (op === 'put' || op === 'part') return { id, key: 'k', url: `${url}/k` }
      return { id, key: 'k', downloadUrl: `${url}/k` }
    })
    return Response.json({ version: 1, responses })
  })
  return asked
}

const large = () => new File(['x'.repeat(40)], 'large.bin')
const options = { integrity: 'off', resume: false, multipartThreshold: 20 } as const

function completed(engine: UploadEngine) {
  return new Promise<void>((resolve) => {
    engine.addEventListener('upload-complete', () => resolve(), { once: true })
  })
}

test('a route is in what begins an upload, and each file keeps its own', async (context) => {
  const asked: SignerRequest[] = []
  context.mock.method(globalThis, 'fetch', async (_: string, { body }: { body: string }) => {
    const { requests }: { requests: SignerRequest[] } = JSON.parse(body)
    // Its uploads have begun, and are not done.
    if (asked.length === 0) {
      engine.configure({ route: 'other' })
      engine.add([new File(['y'], 'later.txt')])
    }
    asked.push(...requests)
    const responses = requests.map(({ id, op }) => {
      if (op === 'create') return { id, key: 'k', grant: 'g', partSize: 10 }
      const url = `${A}/k`
      return { id, key: 'k', ...(op === 'link' ? { downloadUrl: url } : { url, grant: 'g' }) }
    })
    return Response.json({ version: 1, responses })
  })
  const createTransport: TransportFactory = () => ({
    put: async (_, { presign }) => void (await presign()),
  })
  const engine = new UploadEngine({ ...options, signer: A, route: 'one' }, { createTransport })
  const done = completed(engine)
  engine.add([large(), new File(['x'], 'small.txt')])
  await done
  const named = asked.map((request) =>
    'file' in request ? [request.file.name, request.route] : [request.op, 'route' in request],
  )
  const files = named.filter(([, route]) => typeof route !== 'boolean')
  assert.deepEqual(Object.fromEntries(files), {
    'large.bin': 'one',
    'small.txt': 'one',
    'later.txt': 'other',
  })
  const rest = named.filter(([, route]) => typeof route === 'boolean')
  assert.ok(rest.length > 4)
  assert.deepEqual(new Set(rest.map(([, route]) => route)), new Set([false]))
})

test('what one signer cannot do is not held against the next', async (context) => {
  const asked = signers(context, { isSimple: true })
  const createTransport: TransportFactory = () => ({
    async put(_, { presign }) {
      await presign()
    },
  })
  const engine = new UploadEngine({ ...options, signer: A }, { createTransport })
  engine.add([large()])
  await completed(engine)
  engine.configure({ signer: B })
  engine.add([large()])
  await completed(engine)
  assert.deepEqual(
    engine.files.map(({ status }) => status),
    ['uploaded', 'uploaded'],
  )
  assert.ok(asked.some(([signer, op]) => signer === 'B' && op === 'create'))
})

test('an upload goes on through the signer that it began with, and is aborted there', async (context) => {
  const asked = signers(context)
  let letGo = () => {}
  const isHeld = new Promise<void>((resolve) => {
    letGo = resolve
  })
  let sent = 0
  const createTransport: TransportFactory = () => ({
    async put(_, { presign }) {
      await presign()
      sent += 1
      if (sent === 1) engine.configure({ signer: B })
      if (sent > 2) await isHeld
    },
  })
  const engine = new UploadEngine({ ...options, signer: A, limit: 1 }, { createTransport })
  const [first = ''] = engine.add([large()])
  while (sent < 3) await new Promise((resolve) => setTimeout(resolve, 1))
  engine.cancel(first)
  letGo()
  while (!asked.some(([, op]) => op === 'abort')) {
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  assert.ok(asked.every(([signer]) => signer === 'A'))
  assert.deepEqual(asked.at(-1), ['A', 'abort', 'grant of A'])
})

test('a file that is tried again goes through the signer of now, from its start', async (context) => {
  const asked = signers(context)
  let fails = true
  const createTransport: TransportFactory = () => ({
    async put(_, { presign }) {
      await presign()
      if (fails) throw new TransferError(400)
    },
  })
  const engine = new UploadEngine({ ...options, signer: A }, { createTransport })
  const [id = ''] = engine.add([large()])
  await completed(engine)
  assert.equal(engine.file(id)?.status, 'failed')
  fails = false
  engine.configure({ signer: B })
  engine.retry(id)
  await completed(engine)
  assert.equal(engine.file(id)?.status, 'uploaded')
  const later = asked.slice(asked.findIndex(([signer]) => signer === 'B'))
  assert.ok(
    asked.some(([signer, op, grant]) => `${signer} ${op} ${grant}` === 'A abort grant of A'),
  )
  assert.ok(later.some(([signer, op]) => `${signer} ${op}` === 'B create'))
})
