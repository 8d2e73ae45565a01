import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { UploadEngine } from '../../../src/engine/upload-engine.ts'
import type { SignerRequestBody } from '../../../src/protocol/index.ts'

/** A signer that reads so many bytes; answers with how many requests each call had that it read. */
function startSigner(test: TestContext, most: number): number[] {
  const calls: number[] = []
  test.mock.method(globalThis, 'fetch', async (_url: string, { body }: { body: string }) => {
    if (body.length > most) {
      const error = { code: 'bad-request', message: 'The body is too long.' }
      return Response.json({ error }, { status: 413 })
    }
    const { requests } = JSON.parse(body) as SignerRequestBody
    calls.push(requests.length)
    const responses = requests.map(({ id }) => ({ id, url: 'https://b.example/k' }))
    return Response.json({ version: 1, responses })
  })
  return calls
}

async function upload(...files: File[]) {
  const engine = new UploadEngine(
    { signer: '/sign', integrity: 'off' },
    { createTransport: () => ({ put: async (_unit, { presign }) => void (await presign()) }) },
  )
  const done = new Promise((resolve) => engine.addEventListener('upload-complete', resolve))
  engine.add(files)
  await done
  return engine.files
}

function named(length: number): File {
  return new File(['x'], 'a'.repeat(length))
}

test('a call that a signer finds too long goes in halves', async (context) => {
  const calls = startSigner(context, 5000)
  const files = await upload(...Array.from({ length: 20 }, () => named(400)))
  assert.deepEqual(new Set(files.map(({ status }) => status)), new Set(['uploaded']))
  assert.equal(
    calls.reduce((sum, length) => sum + length, 0),
    20,
  )
})

test('a file that is too long for a call of its own fails alone', async (context) => {
  startSigner(context, 1500)
  const files = await upload(named(10), named(900), named(10))
  assert.deepEqual(
    files.map((file) =>
      file.status === 'failed' ? [file.error.code, file.error.status] : file.status,
    ),
    ['uploaded', ['signer-failed', 413], 'uploaded'],
  )
})
