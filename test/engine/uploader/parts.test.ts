import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { SignerFunction, UploadEngineOptions } from '../../../src/engine/api/options.ts'
import { TransferError, type TransportFactory } from '../../../src/engine/transport/transport.ts'
import { UploadEngine } from '../../../src/engine/upload-engine.ts'
import type { SignedResponse, SignerRequest } from '../../../src/protocol/index.ts'
import { abortable } from '../../../src/util/abort.ts'

type Answers = { [Op in SignerRequest['op']]?: Omit<SignedResponse, 'id'> }

/** A signer that answers each op with what is given, or else as simply as it can. */
function signerOf(answers: Answers, asked: SignerRequest[] = []): SignerFunction {
  return (requests) =>
    requests.map((request) => {
      asked.push(request)
      const { id, op } = request
      const usual: Answers = {
        create: { grant: 'created', key: 'k' },
        part: { url: 'https://b.example/k' },
        complete: { key: 'k', downloadUrl: 'https://b.example/k' },
      }
      return { id, ...usual[op], ...answers[op] }
    })
}

/** Uploads a file of 100 bytes in parts; answers with what became of it, and the sizes of the parts. */
async function upload(options: UploadEngineOptions) {
  const sizes: number[] = []
  const createTransport: TransportFactory = () => ({
    async put(unit, { presign }) {
      await presign()
      sizes.push(unit.body.size)
    },
  })
  const engine = new UploadEngine(
    { integrity: 'off', multipartThreshold: 10, ...options },
    { createTransport },
  )
  const done = new Promise((resolve) => engine.addEventListener('upload-complete', resolve))
  engine.add([new File(['x'.repeat(100)], 'a')])
  await done
  const [file] = engine.files
  return { engine, file, sizes }
}

test('cuts a file as the signer says, however small the parts are', async () => {
  const { file, sizes } = await upload({
    signer: signerOf({ create: { grant: 'g', partSize: 30 } }),
  })
  assert.equal(file?.status, 'uploaded')
  assert.deepEqual(sizes, [30, 30, 30, 10])
})

test('cuts a file by the rules of S3 where the signer says nothing', async () => {
  const { sizes } = await upload({ signer: signerOf({}) })
  assert.deepEqual(sizes, [100])
})

test('cuts for as many requests at a time as there may be now', async () => {
  const sizes: number[] = []
  const createTransport: TransportFactory = () => ({
    async put(unit, { presign }) {
      await presign()
      sizes.push(unit.body.size)
    },
  })
  const options = {
    signer: signerOf({ put: { url: 'https://b.example/k' } }),
    integrity: 'off',
  } as const
  const engine = new UploadEngine({ ...options, limit: 2 }, { createTransport })
  const uploadOne = async (size: number) => {
    const done = new Promise((resolve) => engine.addEventListener('upload-complete', resolve))
    engine.add([new File([new Uint8Array(size)], 'a')])
    await done
  }
  await uploadOne(1)
  engine.configure({ limit: 4 })
  await uploadOne(20 * 2 ** 20)
  assert.deepEqual(sizes, [1, ...Array(4).fill(5 * 2 ** 20)])
})

test('sends nothing where there would be more parts than S3 takes', async () => {
  const engine = new UploadEngine({
    signer: signerOf({ create: { grant: 'g', partSize: 1 } }),
    integrity: 'off',
    multipartThreshold: 10,
  })
  const done = new Promise((resolve) => engine.addEventListener('upload-complete', resolve))
  engine.add([new File(['x'.repeat(10_001)], 'a')])
  await done
  const [file] = engine.files
  assert.equal(file?.status === 'failed' && file.error.code, 'signer-answer-invalid')
})

/** Notes the requests to the bucket, and answers each with 204. */
function watchFetch(test: TestContext) {
  const sent: { url: string; method: string | undefined; keepalive: boolean | undefined }[] = []
  test.mock.method(globalThis, 'fetch', async (url: string, init: RequestInit = {}) => {
    sent.push({ url, method: init.method, keepalive: init.keepalive })
    return new Response(null, { status: 204 })
  })
  return sent
}

/** Waits until it holds. */
async function until(condition: () => unknown): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    assert.ok(tries < 2000, `${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

const ABORT_URL = 'https://b.example/k?uploadId=1&X-Amz-Signature=1'

for (const end of ['cancel', 'remove', 'clear'] as const) {
  test(`${end} sends the DELETE that the signer answers abort with`, async (context) => {
    const sent = watchFetch(context)
    let parts = 0
    const engine = new UploadEngine(
      {
        signer: signerOf({ create: { grant: 'g', partSize: 30 }, abort: { url: ABORT_URL } }),
        integrity: 'off',
        multipartThreshold: 10,
      },
      { createTransport: () => ({ put: () => new Promise(() => void parts++) }) },
    )
    const [id = ''] = engine.add([new File(['x'.repeat(100)], 'a')])
    await until(() => parts === 4)
    engine[end](id)
    await until(() => sent.length > 0)
    // The page may be closing.
    assert.deepEqual(sent, [{ url: ABORT_URL, method: 'DELETE', keepalive: true }])
  })
}

test('an upload that the signer begins too late is thrown away by its DELETE', async (context) => {
  const sent = watchFetch(context)
  const asked: SignerRequest[] = []
  const signer = signerOf({ create: { grant: 'late' }, abort: { url: ABORT_URL } }, asked)
  let begin = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const engine = new UploadEngine({
    signer: async (requests, options) => {
      const responses = await signer(requests, options)
      if (requests.some(({ op }) => op === 'create')) await begun
      return responses
    },
    integrity: 'off',
    multipartThreshold: 10,
  })
  engine.add([new File(['x'.repeat(100)], 'a')])
  await until(() => asked.length > 0)
  engine.cancel()
  begin()
  await until(() => sent.length > 0)
  assert.deepEqual(
    asked.map((it) => [it.op, 'grant' in it ? it.grant : '']),
    [
      ['create', ''],
      ['abort', 'late'],
    ],
  )
  assert.deepEqual(sent, [{ url: ABORT_URL, method: 'DELETE', keepalive: true }])
})

test('nothing is told where the signer cannot throw an upload away', async () => {
  const asked: SignerRequest[] = []
  const signer = signerOf({ create: { grant: 'g' } }, asked)
  let parts = 0
  const engine = new UploadEngine(
    {
      signer: async (requests, options) => {
        const responses = await signer(requests, options)
        if (requests.some(({ op }) => op === 'abort')) throw new Error('Out of order.')
        return responses
      },
      integrity: 'off',
      multipartThreshold: 10,
    },
    { createTransport: () => ({ put: () => new Promise(() => void parts++) }) },
  )
  engine.add([new File(['x'.repeat(100)], 'a')])
  await until(() => parts === 1)
  engine.cancel()
  await until(() => asked.at(-1)?.op === 'abort')
  // A rejection that nobody takes would fail this test.
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(engine.files[0]?.status, 'cancelled')
})

/** As `upload`, but it fails once and is tried again, so that the bucket is asked for its parts. */
async function failedAndRetried(list: string): Promise<number[]> {
  const { engine, sent, letGo } = held()
  const failed = new Promise((resolve) => engine.addEventListener('file-failed', resolve))
  engine.add([new File(['x'.repeat(100)], 'a')])
  await until(() => sent.length === 4)
  letGo(new TransferError(403))
  await failed
  sent.length = 0
  const { fetch } = globalThis
  globalThis.fetch = async () => new Response(list)
  const done = new Promise((resolve) => engine.addEventListener('upload-complete', resolve))
  engine.retry()
  await done
  globalThis.fetch = fetch
  return sent.sort()
}

/** An engine that stores the first of four parts, and holds the others until they are let go or fail. */
function held() {
  const sent: number[] = []
  const asked: SignerRequest[] = []
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  promise.catch(() => {})
  const createTransport: TransportFactory = () => ({
    async put(unit, { presign, signal }) {
      await presign()
      sent.push(unit.partNumber ?? 0)
      if (sent.length > 1) await abortable(promise, signal)
    },
  })
  const signer = signerOf(
    {
      create: { grant: 'g', partSize: 30 },
      parts: { url: 'https://b.example/k?uploadId=1' },
    },
    asked,
  )
  const engine = new UploadEngine(
    { signer, integrity: 'off', resume: false, multipartThreshold: 10 },
    { createTransport },
  )
  const letGo = (error?: Error) => (error ? reject(error) : resolve())
  return { engine, sent, asked, letGo }
}

for (const root of ['ListPartsResult', 'ListPartsResponse']) {
  test(`parts that a bucket lists in a ${root} are not sent again`, async () => {
    const parts = [1, 3].map(
      (number) =>
        `<Part><PartNumber>${number}</PartNumber><ETag>&quot;e${number}&quot;</ETag><Size>30</Size></Part>`,
    )
    const open = `<?xml version="1.0"?><${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`
    const sent = await failedAndRetried(
      `${open}<IsTruncated>false</IsTruncated>${parts.join('')}</${root}>`,
    )
    assert.deepEqual(sent, [2, 4])
  })
}

test('a file that goes on after a pause does not ask the bucket for what the page knows', async () => {
  const { engine, sent, asked, letGo } = held()
  const done = new Promise((resolve) => engine.addEventListener('upload-complete', resolve))
  engine.add([new File(['x'.repeat(100)], 'a')])
  await until(() => sent.length === 4 && engine.progress.loaded === 30)
  engine.pause()
  letGo()
  sent.length = 0
  engine.resume()
  await done
  assert.deepEqual(sent.sort(), [2, 3, 4])
  assert.deepEqual(
    asked.map(({ op }) => op).filter((op) => op !== 'part'),
    ['create', 'complete'],
  )
})

/** Uploads in parts with `linkExpires`, so that a link is asked for; answers with what it was asked by. */
async function linkAskedBy(complete: Omit<SignedResponse, 'id'>): Promise<unknown[]> {
  const asked: SignerRequest[] = []
  const link = { downloadUrl: 'https://b.example/link' }
  const create = { grant: 'of create', key: 'k' }
  const signer = signerOf({ create, complete, link }, asked)
  const { file, engine } = await upload({ signer, linkExpires: 60 })
  const first = file?.status === 'uploaded' && file.downloadUrl
  await engine.renewLink(file?.id ?? '')
  const links = asked.filter((it) => it.op === 'link')
  return [first, ...links.map(({ grant, key }) => grant ?? { key })]
}

test('asks for links by the grant of complete', async () => {
  const asked = await linkAskedBy({ key: 'k', grant: 'of complete' })
  assert.deepEqual(asked, ['https://b.example/link', 'of complete', 'of complete'])
})

test('never asks for a link by the grant of create, only by the key where there is no other', async () => {
  const asked = await linkAskedBy({ key: 'k', downloadUrl: 'https://b.example/done' })
  assert.deepEqual(asked, ['https://b.example/done', { key: 'k' }])
})
