import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UploadEngineOptions } from '../../../src/engine/api/options.ts'
import { TransferError, type TransportFactory } from '../../../src/engine/transport/transport.ts'
import { UploadEngine } from '../../../src/engine/upload-engine.ts'
import type { SignerRequest, SignerResponse } from '../../../src/protocol/index.ts'

/** A `put` or a `link` as it is answered, without the id. */
type Answer = SignerResponse extends infer R
  ? R extends SignerResponse
    ? Omit<R, 'id'>
    : never
  : never

const SIGNED = { key: 'k', url: 'https://b.example/k?X-Amz-Signature=1', grant: 'granted' }
const STORED = {
  key: 'k',
  stored: true,
  etag: 'e',
  downloadUrl: 'https://b.example/d?X-Amz-Signature=1',
}

/**
 * Uploads a file: each `put` gets the next answer, and each request to the bucket the next status, of
 * which 0 is none.
 */
async function upload(
  { puts, statuses = [] }: { puts: Answer[]; statuses?: number[] },
  options: UploadEngineOptions = {},
) {
  const asked: SignerRequest[] = []
  const link = { downloadUrl: 'https://b.example/asked' }
  let sent = 0
  const createTransport: TransportFactory = () => ({
    async put(_unit, { presign }) {
      await presign()
      sent++
      const status = statuses.shift() ?? 200
      if (status !== 200) throw new TransferError(status)
    },
  })
  const signer = (requests: SignerRequest[]): SignerResponse[] =>
    requests.map((request) => {
      asked.push(request)
      const answer = request.op === 'put' ? puts.shift() : link
      return { id: request.id, ...answer } as SignerResponse
    })
  const engine = new UploadEngine({ signer, integrity: 'off', ...options }, { createTransport })
  const done = new Promise((resolve) => engine.addEventListener('upload-complete', resolve))
  const started: string[] = []
  engine.addEventListener('upload-started', ({ detail }) => started.push(detail.id))
  engine.add([new File(['x'], 'a')])
  await done
  const [file] = engine.files
  const grants = asked.map((it) => [it.op, 'grant' in it ? it.grant : undefined])
  return { file, sent, grants, started: started.length }
}

test('sends nothing where the signer says that the file is there', async () => {
  const { file, sent, started } = await upload({ puts: [STORED] })
  assert.deepEqual([file?.status, sent, started], ['uploaded', 0, 1])
  assert.ok(file?.status === 'uploaded')
  const { key, etag, downloadUrl, url } = file
  assert.deepEqual(
    { key, etag, downloadUrl, url },
    { key: 'k', etag: 'e', downloadUrl: STORED.downloadUrl, url: 'https://b.example/d' },
  )
})

test('does not send again what a PUT without an answer has stored', async () => {
  const lost = await upload({ puts: [SIGNED, STORED], statuses: [0] })
  assert.deepEqual([lost.file?.status, lost.sent], ['uploaded', 1])
  assert.deepEqual(lost.grants, [
    ['put', undefined],
    ['put', 'granted'],
  ])
})

test('asks for the link by the grant that it has, where the answer brings neither', async () => {
  const { file, grants } = await upload({
    puts: [SIGNED, { key: 'k', stored: true }],
    statuses: [0],
  })
  assert.deepEqual(grants.at(-1), ['link', 'granted'])
  assert.equal(file?.status === 'uploaded' && file.downloadUrl, 'https://b.example/asked')
  assert.equal(file?.status === 'uploaded' && file.url, 'https://b.example/asked')
})

test('sends nothing where the URL has run out meanwhile, and the file is there', async () => {
  const old = { ...SIGNED, expiresAt: new Date(Date.now() - 1000).toISOString() }
  const { file, sent } = await upload({ puts: [old, STORED] })
  assert.deepEqual([file?.status, sent], ['uploaded', 0])
})

test('asks whether it is its own file that may not be replaced', async () => {
  const { file, sent } = await upload({ puts: [SIGNED, STORED], statuses: [412] })
  assert.deepEqual([file?.status, sent], ['uploaded', 1])
})

test('fails with the reason of the signer where it is not', async () => {
  const refusal = { error: { code: 'already-exists', message: 'There is a file of this name.' } }
  const { file, sent } = await upload({ puts: [SIGNED, refusal], statuses: [412] })
  assert.equal(file?.status === 'failed' && file.error.code, 'signer-refused')
  assert.match(file?.status === 'failed' ? file.error.message : '', /There is a file of this name/)
  assert.equal(sent, 1)
})

test('fails where the signer would have it sent again', async () => {
  const { file, sent } = await upload({ puts: [SIGNED, SIGNED], statuses: [412] })
  assert.equal(file?.status === 'failed' && file.error.code, 'bucket-refused')
  assert.equal(sent, 1)
})

test('takes no answer to put without a URL that does not say so', async () => {
  const { file } = await upload({ puts: Array(5).fill({ key: 'k', stored: false }) })
  assert.equal(file?.status === 'failed' && file.error.code, 'signer-answer-invalid')
})

test('tries again while an earlier try is still being worked on', async () => {
  const { file, sent } = await upload({ puts: [SIGNED, STORED], statuses: [409] })
  assert.deepEqual([file?.status, sent], ['uploaded', 1])
})

for (const url of ['https://s3.example/bucket', 'https://s3.example/bucket/']) {
  test(`the object of a form to ${url} is in that bucket`, async (context) => {
    context.mock.method(globalThis, 'fetch', async () => new Response(''))
    const { file } = await upload({
      puts: [{ url, fields: { key: 'a/b c.txt' }, downloadUrl: 'https://s3.example/d' }],
    })
    assert.equal(file?.status === 'uploaded' && file.url, 'https://s3.example/bucket/a/b%20c.txt')
  })
}
