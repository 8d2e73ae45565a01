import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it, type TestContext } from 'node:test'
import { type SignerConfig, s3 } from '../../../src/server/index.ts'
import type { Gateway } from '../../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../../support/servers/gateways.ts'
import {
  createBucket,
  deleteBucket,
  getObject,
  listMultipartUploads,
} from '../../support/servers/s3-admin.ts'
import { ask, created, FILE, fakeBucket, sendPart } from '../../support/signer/multipart-client.ts'
import { type SignerServer, startSigner } from '../../support/signer/signer-server.ts'

const MIB = 2 ** 20
const PART = 5 * MIB
const STREAM = { name: 'talk.webm', type: 'video/webm' }

/** Two parts of the smallest size, and a rest. */
const CONTENT = new Uint8Array(2 * PART + 1234).map((_, index) => (index * 7) % 251)
const PARTS = [CONTENT.slice(0, PART), CONTENT.slice(PART, 2 * PART), CONTENT.slice(2 * PART)]

const md5Of = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('base64')

/** A signer whose bucket starts every upload and is not asked for more. */
async function start(test: TestContext, config: Partial<SignerConfig> = {}) {
  const bucket = fakeBucket(() => created('u'))
  return startSigner(test, { fetch: bucket.fetch, ...config })
}

async function createStream(signer: SignerServer, fields: object = {}) {
  return ask(signer, 'create', { file: STREAM, ...fields })
}

describe('create without a size', () => {
  it('grants parts of one size, and tells the most bytes of all together', async (test) => {
    const signer = await start(test, { maxSize: '1GB' })
    const { partSize, maxSize, grant, parts, comparesParts } = await createStream(signer, {
      signParts: 6,
    })
    assert.deepEqual(
      { partSize, maxSize, comparesParts },
      { partSize: PART, maxSize: 1e9, comparesParts: true },
    )
    assert.match(grant ?? '', /^[\w-]+\.[\w-]+$/)
    // Of a stream that is still going on, no part is sure to be whole.
    assert.equal(parts, undefined)
  })

  it('has larger parts where the limit needs them, and never ones that fill the memory', async (test) => {
    const limits = async (maxSize: string, authorize: SignerConfig['authorize'] = 'everybody') =>
      createStream(await start(test, { maxSize, authorize }))
    const large = await limits('100GB')
    assert.equal(large.partSize, 1e7)
    assert.equal(large.maxSize, 1e11)
    const huge = await limits('5TB')
    assert.equal(huge.partSize, 16 * MIB)
    assert.equal(huge.maxSize, 10_000 * 16 * MIB)
    const narrow = await limits('100GB', () => ({ maxSize: '2MB' }))
    assert.deepEqual([narrow.partSize, narrow.maxSize], [PART, 2e6])
  })

  it('tells hooks the most bytes that there may be, and refuses a type as for a file', async (test) => {
    const sizes: number[] = []
    const onSigned: SignerConfig['onSigned'] = ({ file }) => void sizes.push(file.size)
    const signer = await start(test, { maxSize: '1GB', accept: 'video/*', onSigned })
    await createStream(signer)
    assert.deepEqual(sizes, [1e9])
    const refused = await createStream(signer, {
      file: { ...STREAM, type: 'text/html', name: 'a.html' },
    })
    assert.equal(refused.error?.code, 'type-not-allowed')
  })

  it('is for create alone', async (test) => {
    const { error } = await ask(await start(test), 'put', { file: STREAM })
    assert.equal(error?.code, 'bad-request')
  })
})

describe('a part of a stream', () => {
  const code = async (signer: SignerServer, fields: object) =>
    (await ask(signer, 'part', fields)).error?.code

  it('is signed with the size that it has', async (test) => {
    const signer = await start(test)
    const { grant } = await createStream(signer)
    const urlOf = async (size: number) => {
      const { url = '' } = await ask(signer, 'part', { grant, partNumber: 1, size })
      return new URL(url).searchParams
    }
    const [one, other] = [await urlOf(PART), await urlOf(7)]
    assert.match(one.get('X-Amz-SignedHeaders') ?? '', /content-length/)
    assert.notEqual(one.get('X-Amz-Signature'), other.get('X-Amz-Signature'))
  })

  it('needs a size, no larger than that of a part', async (test) => {
    const signer = await start(test)
    const { grant } = await createStream(signer)
    assert.equal(await code(signer, { grant, partNumber: 1 }), 'bad-request')
    assert.equal(await code(signer, { grant, partNumber: 1, size: 0 }), 'bad-request')
    assert.equal(await code(signer, { grant, partNumber: 1, size: PART + 1 }), 'bad-request')
    assert.equal(await code(signer, { grant, partNumber: 1, size: PART }), undefined)
  })

  it('never lets all parts together be larger than maxSize', async (test) => {
    const maxSize = 2 * PART + 100
    const signer = await start(test, { maxSize })
    const { grant } = await createStream(signer)
    assert.equal(await code(signer, { grant, partNumber: 3, size: 100 }), undefined)
    assert.equal(await code(signer, { grant, partNumber: 3, size: 101 }), 'bad-request')
    assert.equal(await code(signer, { grant, partNumber: 4, size: 1 }), 'bad-request')
  })

  it('of a file with a size is signed for that size only, as before', async (test) => {
    const signer = await start(test)
    const { grant } = await ask(signer, 'create', { file: { ...FILE, size: PART + 5 } })
    assert.equal(await code(signer, { grant, partNumber: 2, size: 4 }), 'bad-request')
    assert.equal(await code(signer, { grant, partNumber: 2, size: 5 }), undefined)
  })
})

describe('a stream to Ceph', () => {
  let gateway: Gateway
  const bucket = bucketName('streams')

  before(async () => {
    gateway = await cephGateway()
    await createBucket(gateway, bucket)
  })
  after(async () => {
    const left = await listMultipartUploads(gateway, bucket)
    await deleteBucket(gateway, bucket)
    assert.deepEqual(left, [])
  })

  const startCeph = (test: TestContext, config: Partial<SignerConfig> = {}) =>
    startSigner(test, { now: () => new Date(), bucket: s3({ ...gateway, bucket }), ...config })

  async function sendAll(signer: SignerServer, grant: string | undefined, bodies = PARTS) {
    for (const [index, body] of bodies.entries()) {
      const { status } = await sendPart(signer, grant, index + 1, body, md5Of(body))
      assert.equal(status, 200)
    }
  }

  it('becomes one object, of the size that complete names', async (test) => {
    const uploaded: number[] = []
    const onUploaded: SignerConfig['onUploaded'] = ({ file }) => void uploaded.push(file.size)
    const signer = await startCeph(test, { onUploaded })
    const { grant, key = '' } = await createStream(signer)
    await sendAll(signer, grant)
    const size = CONTENT.length
    const done = await ask(signer, 'complete', { grant, size })
    assert.equal(done.error, undefined)
    const object = await getObject(gateway, bucket, key)
    assert.ok(Buffer.from(object?.body ?? []).equals(CONTENT))
    // As after an answer that was lost.
    const again = await ask(signer, 'complete', { grant, size })
    assert.equal(again.etag, done.etag)
    assert.equal((await ask(signer, 'link', { grant: done.grant })).key, key)
    assert.deepEqual(uploaded.slice(0, 1), [size])
  })

  it('is put together only as what was sent', async (test) => {
    const signer = await startCeph(test, { minSize: 100 })
    const { grant } = await createStream(signer)
    const code = async (size?: number) =>
      (await ask(signer, 'complete', { grant, ...(size === undefined ? {} : { size }) })).error
        ?.code
    await sendAll(signer, grant, PARTS.slice(0, 2))
    assert.equal(await code(), 'bad-request')
    assert.equal(await code(0), 'bad-request')
    assert.equal(await code(2 * PART - 1), 'upload-incomplete')
    assert.equal(await code(CONTENT.length), 'upload-incomplete')
    assert.equal(await code(6e9), 'too-large')
    assert.equal(await code(99), 'too-small')
    // A part in the middle that is not full is none of ours.
    const [, , rest = new Uint8Array()] = PARTS
    await sendPart(signer, grant, 1, rest, md5Of(rest))
    assert.equal(await code(PART + rest.length), 'upload-incomplete')
    assert.equal((await ask(signer, 'abort', { grant })).error, undefined)
  })

  it('stores no part of another size than was signed', async (test) => {
    const signer = await startCeph(test)
    const { grant } = await createStream(signer)
    const { url = '', headers = {} } = await ask(signer, 'part', { grant, partNumber: 1, size: 5 })
    const { status } = await fetch(url, { method: 'PUT', headers, body: new Blob(['longer']) })
    assert.equal(status, 403)
    assert.equal((await ask(signer, 'abort', { grant })).error, undefined)
  })
})
