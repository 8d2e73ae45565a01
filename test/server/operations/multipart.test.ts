import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it, type TestContext } from 'node:test'
import { type SignerConfig, s3 } from '../../../src/server/index.ts'
import type { Gateway } from '../../support/servers/ceph.ts'
import { startEmbeddedS3 } from '../../support/servers/embedded-s3.ts'
import { bucketName, cephGateway } from '../../support/servers/gateways.ts'
import {
  createBucket,
  deleteBucket,
  getObject,
  headObject,
  listMultipartUploads,
} from '../../support/servers/s3-admin.ts'
import { ask, sendPart } from '../../support/signer/multipart-client.ts'
import { type SignerServer, startSigner } from '../../support/signer/signer-server.ts'

const PART = 5 * 2 ** 20
const TYPE = 'video/mp4'

/** Two parts of the smallest size, and a rest. */
const CONTENT = new Uint8Array(2 * PART + 1234).map((_, index) => (index * 7) % 251)
const PARTS = [CONTENT.slice(0, PART), CONTENT.slice(PART, 2 * PART), CONTENT.slice(2 * PART)]
const FILE = { name: 'my film.mp4', size: CONTENT.length, type: TYPE }

const now = () => new Date()
const md5Of = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('base64')

async function create(signer: SignerServer, file: object = FILE) {
  const { key = '', grant = '', uploadId, error } = await ask(signer, 'create', { file })
  assert.equal(error, undefined)
  return { key, grant, uploadId }
}

/** Stores parts from 1 on; their ETags are what `complete` takes. */
async function sendParts(signer: SignerServer, grant: string, bodies: Uint8Array<ArrayBuffer>[]) {
  const send = async (body: Uint8Array<ArrayBuffer>, index: number) => {
    const response = await sendPart(signer, grant, index + 1, body, md5Of(body))
    assert.equal(response.status, 200)
    return { partNumber: index + 1, etag: response.headers.get('ETag') ?? '' }
  }
  return Promise.all(bodies.map(send))
}

describe('a multipart upload to Ceph', () => {
  let gateway: Gateway
  const bucket = bucketName('parts')

  before(async () => {
    gateway = await cephGateway()
    await createBucket(gateway, bucket)
  })
  after(async () => {
    const left = await listMultipartUploads(gateway, bucket)
    await deleteBucket(gateway, bucket)
    assert.deepEqual(left, [])
  })

  const start = (test: TestContext, config: Partial<SignerConfig> = {}) =>
    startSigner(test, { now, bucket: s3({ ...gateway, bucket }), ...config })

  async function assertStored(key: string): Promise<void> {
    const object = await getObject(gateway, bucket, key)
    assert.equal(object?.headers.get('Content-Type'), TYPE)
    assert.ok(Buffer.from(object?.body ?? []).equals(CONTENT))
  }

  for (const named of [false, true]) {
    it(`becomes one object, its parts ${named ? 'named' : 'listed'}`, async (test) => {
      const signer = await start(test)
      const { key, grant } = await create(signer)
      const parts = await sendParts(signer, grant, PARTS)
      const request = { grant, ...(named ? { parts } : {}) }
      const done = await ask(signer, 'complete', request)
      assert.equal(done.error, undefined)
      assert.equal(done.key, key)
      assert.match(done.etag ?? '', /^[0-9a-f]{32}-3$/)
      await assertStored(key)
      const download = await fetch(done.downloadUrl ?? '')
      assert.match(download.headers.get('Content-Disposition') ?? '', /filename="my film\.mp4"/)
      assert.ok(Buffer.from(await download.arrayBuffer()).equals(CONTENT))
      // As after an answer that was lost.
      const again = await ask(signer, 'complete', request)
      assert.equal(again.error, undefined)
      assert.equal(again.etag, done.etag)
      assert.equal((await ask(signer, 'link', { grant: again.grant })).key, key)
      assert.equal((await ask(signer, 'link', { grant })).error?.code, 'invalid-grant')
    })
  }

  it('takes only parts of the size and the content that were signed', async (test) => {
    const signer = await start(test)
    const { grant } = await create(signer, { ...FILE, size: 5 })
    const [hello, other] = ['hello', 'HELLO'].map((text) => new TextEncoder().encode(text))
    assert.ok(hello && other)
    const wrong = await sendPart(signer, grant, 1, hello, md5Of(other))
    assert.equal(wrong.status, 400)
    assert.match(await wrong.text(), /<Code>BadDigest</)
    const { url = '', headers = {} } = await ask(signer, 'part', { grant, partNumber: 1, size: 5 })
    const larger = await fetch(url, { method: 'PUT', headers, body: new Blob([hello, '!']) })
    assert.equal(larger.status, 403)
    assert.match(await larger.text(), /<Code>SignatureDoesNotMatch</)
    assert.equal((await sendPart(signer, grant, 1, hello, md5Of(hello))).status, 200)
    assert.equal((await ask(signer, 'complete', { grant })).error, undefined)
  })

  it('says which parts are stored, page by page', async (test) => {
    const signer = await start(test)
    const { grant } = await create(signer)
    const sent = await sendParts(signer, grant, PARTS)
    const list = async (after?: number) => {
      const { url = '', method } = await ask(signer, 'parts', { grant, after })
      assert.equal(method, 'GET')
      const xml = await (await fetch(url)).text()
      return [...xml.matchAll(/<PartNumber>(\d+)</g)].map((match) => Number(match[1]))
    }
    assert.deepEqual(await list(), [1, 2, 3])
    assert.deepEqual(await list(0), [1, 2, 3])
    assert.deepEqual(await list(2), [3])
    assert.deepEqual(await list(3), [])
    assert.equal(sent.length, 3)
    assert.deepEqual(await ask(signer, 'abort', { grant }), { id: '1' })
  })

  it('leaves nothing when it is aborted, and cannot be completed any more', async (test) => {
    const signer = await start(test)
    const { key, grant, uploadId } = await create(signer)
    const [first] = await sendParts(signer, grant, PARTS.slice(0, 1))
    const pending = await listMultipartUploads(gateway, bucket)
    assert.ok(pending.some((upload) => upload.uploadId === uploadId))
    assert.deepEqual(await ask(signer, 'abort', { grant }), { id: '1' })
    assert.deepEqual(await ask(signer, 'abort', { grant }), { id: '1' })
    assert.deepEqual(await listMultipartUploads(gateway, bucket), [])
    assert.equal(await headObject(gateway, bucket, key), undefined)
    for (const parts of [undefined, [first]]) {
      const { error } = await ask(signer, 'complete', { grant, parts })
      assert.equal(error?.code, 'upload-gone')
    }
  })

  for (const end of ['complete', 'abort'] as const) {
    it(`leaves nothing of a create that came late, after ${end}`, async (test) => {
      const repeated = Promise.withResolvers<void>()
      let creates = 0
      const late: typeof fetch = async (input, init) => {
        const isPost = init?.method === 'POST'
        const isCreate = isPost && new URL(String(input)).searchParams.has('uploads')
        // The page was reloaded, and its request is still under way.
        if (isCreate && creates++ === 0) await repeated.promise
        return fetch(input, init)
      }
      const signer = await start(test, { fetch: late })
      const ofNonce = { file: FILE, nonce: 'n'.repeat(22) }
      const first = ask(signer, 'create', ofNonce)
      const { grant = '', key } = await ask(signer, 'create', { ...ofNonce, again: true })
      repeated.resolve()
      assert.equal((await first).key, key)
      assert.equal((await listMultipartUploads(gateway, bucket)).length, 2)
      if (end === 'complete') await sendParts(signer, grant, PARTS)
      assert.equal((await ask(signer, end, { grant })).error, undefined)
      assert.deepEqual(await listMultipartUploads(gateway, bucket), [])
    })
  }

  it('leaves nothing of two creates at once, whichever a third one finds', async (test) => {
    const signer = await start(test)
    const ofNonce = { file: FILE, nonce: 'm'.repeat(22) }
    const both = [ask(signer, 'create', ofNonce), ask(signer, 'create', ofNonce)]
    const [one, other] = await Promise.all(both)
    assert.notEqual(one?.uploadId, other?.uploadId)
    const { grant = '' } = await ask(signer, 'create', { ...ofNonce, again: true })
    await sendParts(signer, grant, PARTS)
    assert.equal((await ask(signer, 'complete', { grant })).error, undefined)
    assert.deepEqual(await listMultipartUploads(gateway, bucket), [])
  })

  it('is incomplete while a part is missing, and is completed when it has come', async (test) => {
    const signer = await start(test)
    const { key, grant } = await create(signer)
    const code = async () => (await ask(signer, 'complete', { grant })).error?.code
    assert.equal(await code(), 'upload-incomplete')
    const [one, two, three] = PARTS as [Uint8Array<ArrayBuffer>, ...Uint8Array<ArrayBuffer>[]]
    await sendPart(signer, grant, 1, one)
    await sendPart(signer, grant, 3, three as Uint8Array<ArrayBuffer>)
    assert.equal(await code(), 'upload-incomplete')
    assert.equal(await headObject(gateway, bucket, key), undefined)
    await sendPart(signer, grant, 2, two as Uint8Array<ArrayBuffer>)
    assert.equal(await code(), undefined)
    await assertStored(key)
  })

  it('makes no object of parts that are too few, whatever is named', async (test) => {
    const signer = await start(test)
    const { key, grant } = await create(signer)
    const parts = await sendParts(signer, grant, PARTS.slice(0, 2))
    const wrong = [
      [],
      parts.slice(1),
      [...parts].reverse(),
      [...parts, { partNumber: 3, etag: 'd41d8cd98f00b204e9800998ecf8427e' }],
      parts.map((part) => ({ ...part, etag: 'd41d8cd98f00b204e9800998ecf8427e' })),
      parts,
    ]
    for (const named of wrong) {
      const { error } = await ask(signer, 'complete', { grant, parts: named })
      assert.equal(error?.code, 'upload-incomplete')
      assert.equal(await headObject(gateway, bucket, key), undefined)
    }
    assert.deepEqual(await ask(signer, 'abort', { grant }), { id: '1' })
  })

  it('can be of an empty file', async (test) => {
    const signer = await start(test)
    const { key, grant } = await create(signer, { ...FILE, size: 0 })
    await sendParts(signer, grant, [new Uint8Array()])
    assert.equal((await ask(signer, 'complete', { grant })).error, undefined)
    assert.equal((await headObject(gateway, bucket, key))?.get('Content-Length'), '0')
  })

  it('names the answer of a bucket that refuses', async (test) => {
    const errors: unknown[] = []
    const onError = (error: unknown) => errors.push(error)
    const secretAccessKey = 'x'.repeat(40)
    const wrong = await start(test, {
      onError,
      bucket: s3({ ...gateway, bucket, secretAccessKey }),
    })
    const { error } = await ask(wrong, 'create', { file: FILE })
    const message = 'The bucket answered SignatureDoesNotMatch.'
    assert.deepEqual(error, { code: 'internal-error', message })
    assert.deepEqual(errors.map(String), [
      `Error: CreateMultipartUpload, HTTP status 403: ${message}`,
    ])
    const nowhere = await start(test, { onError, bucket: s3({ ...gateway, bucket: 'nowhere' }) })
    const missing = await ask(nowhere, 'create', { file: FILE })
    assert.equal(missing.error?.message, 'The bucket answered NoSuchBucket.')
  })
})

describe('a multipart upload to a bucket that cannot list parts', () => {
  it('asks for the parts, and is completed when they are named', async (test) => {
    const store = await startEmbeddedS3()
    const { stop, ...options } = store
    test.after(() => stop())
    const signer = await startSigner(test, { now, bucket: s3(options) })
    const { grant } = await create(signer)
    const parts = await sendParts(signer, grant, PARTS)
    assert.equal((await ask(signer, 'complete', { grant })).error?.code, 'parts-needed')
    const done = await ask(signer, 'complete', { grant, parts })
    assert.equal(done.error, undefined)
    const download = await fetch(done.downloadUrl ?? '')
    assert.equal(download.headers.get('Content-Type'), TYPE)
    assert.ok(Buffer.from(await download.arrayBuffer()).equals(CONTENT))
  })
})
