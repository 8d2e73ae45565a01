/** Which file has its turn, and when. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { SignerFunction } from '../../../src/engine/api/options.ts'
import type { TransportFactory } from '../../../src/engine/transport/transport.ts'
import { UploadEngine } from '../../../src/engine/upload-engine.ts'

const options = { integrity: 'off', resume: false, multipartThreshold: 100, limit: 2 } as const

/** Waits for what happens in other tasks. */
async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; !isTrue(); tries += 1) {
    assert.ok(tries < 2000, 'It does not come.')
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** An engine whose signer never answers `complete`, and whose transport sends small units only. */
function start(_: TestContext, { holds = 'complete', holdsBytes = Number.POSITIVE_INFINITY } = {}) {
  const created: string[] = []
  const signer: SignerFunction = async (requests) => {
    if (requests.some(({ op }) => op === holds)) await new Promise(() => {})
    return requests.map((request) => {
      const { id, op } = request
      if (op === 'create') {
        created.push(request.file.name)
        return { id, key: 'k', grant: 'g', partSize: 100 }
      }
      return { id, key: 'k', url: 'https://bucket.example/k' }
    })
  }
  const createTransport: TransportFactory = () => ({
    async put({ body }, { presign }) {
      await presign()
      if (body.size >= holdsBytes) await new Promise(() => {})
    },
  })
  return { engine: new UploadEngine({ ...options, signer }, { createTransport }), created }
}

const file = (name: string, size: number) => new File(['x'.repeat(size)], name)

test('a small file does not wait for large ones that are only being completed', async (context) => {
  const { engine } = start(context)
  engine.add(Array.from({ length: 20 }, (_, index) => file(`large ${index}`, 200)))
  await until(() => engine.counts.finalizing > 0)
  const [small = ''] = engine.add([file('small', 1)])
  await until(() => engine.file(small)?.status === 'uploaded')
})

test('no more large files are begun than can be sent', async (context) => {
  const { engine, created } = start(context, { holdsBytes: 100 })
  engine.add(Array.from({ length: 60 }, (_, index) => file(`large ${index}`, 1000)))
  await until(() => engine.counts.uploading > 0)
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.ok(created.length <= 12, `${created.length} are begun`)
  // The others wait, and a small one goes before them.
  assert.ok(engine.counts.queued >= 48)
})

/** The sizes of the files in the order in which they are sent, one at a time. */
async function sentInOrder(sizes: number[], order?: 'as-added', manual = false): Promise<number[]> {
  const sent: number[] = []
  const createTransport: TransportFactory = () => ({
    async put({ body }, { presign }) {
      await presign()
      sent.push(body.size)
    },
  })
  const signer: SignerFunction = (requests) =>
    requests.map(({ id }) => ({ id, key: 'k', url: 'https://bucket.example/k' }))
  const engine = new UploadEngine(
    { ...options, limit: 1, signer, order, manual },
    { createTransport },
  )
  const done = new Promise((resolve) => engine.addEventListener('upload-complete', resolve))
  engine.add(sizes.map((size, index) => file(`file ${index}`, size)))
  if (manual) engine.start()
  await done
  return sent
}

test('of files that were added together, the smallest goes first', async () => {
  assert.deepEqual(await sentInOrder([30, 10, 50, 20]), [10, 20, 30, 50])
  assert.deepEqual(await sentInOrder([30, 10, 50, 20], undefined, true), [10, 20, 30, 50])
})

test('files go in the order of adding where the page wants that', async () => {
  assert.deepEqual(await sentInOrder([30, 10, 50, 20], 'as-added'), [30, 10, 50, 20])
})
