import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SignerFunction } from '../../../src/engine/signer-client.ts'
import type { TransportFactory } from '../../../src/engine/transport.ts'
import { UploadEngine, type UploadEngineOptions } from '../../../src/engine/upload-engine.ts'
import type { SignedResponse, SignerRequest } from '../../../src/protocol/index.ts'

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
  return { file, sizes }
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
