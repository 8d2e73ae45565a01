import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { createSigner, keep, type SignerConfig, s3, storj } from '../../../src/server/index.ts'
import type { Gateway } from '../../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../../support/servers/gateways.ts'
import { createBucket, deleteBucket, deleteObject } from '../../support/servers/s3-admin.ts'
import { tagsOf, writeTags } from '../../support/servers/tags.ts'
import { ask, sendPart } from '../../support/signer/multipart-client.ts'
import { CREDENTIALS } from '../../support/signer/recompute.ts'
import { startSigner } from '../../support/signer/signer-server.ts'

const HELLO = new TextEncoder().encode('hello')
const FILE = { name: 'hello.txt', size: 5, type: 'text/plain' }
const UNKEPT = { 'bucket-upload': 'unkept' }

let gateway: Gateway
const name = bucketName('keep')
const bucket = () => s3({ ...gateway, bucket: name, postPolicy: true, expiresByTag: true })

before(async () => {
  gateway = await cephGateway()
  await createBucket(gateway, name)
})
after(() => deleteBucket(gateway, name))

async function upload(test: TestContext, config: Partial<SignerConfig> = {}) {
  const signer = await startSigner(test, {
    ...{ bucket: bucket(), expireUnkept: true, now: () => new Date() },
    ...config,
  })
  const {
    url = '',
    method,
    headers = {},
    grant,
    key = '',
  } = await ask(signer, 'put', {
    file: FILE,
    form: true,
  })
  const put = (more = {}) =>
    fetch(url, { method: 'PUT', headers: { ...headers, ...more }, body: HELLO })
  return { signer, put, method, headers, grant, key }
}

describe('what nobody keeps', () => {
  it('is tagged, and the tag is signed', async (test) => {
    const { put, key, method, headers } = await upload(test)
    // By a form some servers would forget it.
    assert.equal(method, 'PUT')
    const { 'x-amz-tagging': tag, ...others } = headers
    assert.equal(tag, 'bucket-upload=unkept')
    assert.equal((await put({ 'x-amz-tagging': 'bucket-upload=kept' })).status, 403)
    assert.equal((await put()).status, 200)
    assert.deepEqual(await tagsOf(gateway, name, key), UNKEPT)
    assert.equal(Object.hasOwn(others, 'x-amz-tagging'), false)
  })

  it('is tagged too where it comes in parts', async (test) => {
    const { signer } = await upload(test)
    const { grant, key = '' } = await ask(signer, 'create', { file: FILE })
    await sendPart(signer, grant, 1, HELLO)
    await ask(signer, 'complete', { grant })
    assert.deepEqual(await tagsOf(gateway, name, key), UNKEPT)
  })

  it('has no tag without the option', async (test) => {
    const { put, key, headers } = await upload(test, {
      expireUnkept: false,
      bucket: s3({ ...gateway, bucket: name }),
    })
    assert.equal(headers['x-amz-tagging'], undefined)
    await put()
    assert.deepEqual(await tagsOf(gateway, name, key), {})
  })

  it('is refused where no rule expires by a tag', () => {
    const make = (bucket: SignerConfig['bucket']) => () =>
      createSigner({ bucket, authorize: 'everybody', expireUnkept: true })
    const at = { bucket: 'photos', ...CREDENTIALS }
    assert.throws(make(storj(at)), /"expireUnkept": storj is not known .* Store what is not kept/)
    const other = s3({ ...at, endpoint: 'https://s3.example.com' })
    assert.throws(make(other), /say "expiresByTag: true"/)
    make(s3(at))()
  })
})

describe('keep', () => {
  it('takes the tag away, and does nothing the second time', async (test) => {
    const { put, key } = await upload(test)
    await put()
    await keep(bucket(), key)
    assert.deepEqual(await tagsOf(gateway, name, key), {})
    await keep(bucket(), key)
    assert.deepEqual(await tagsOf(gateway, name, key), {})
  })

  it('leaves the other tags', async (test) => {
    const { put, key } = await upload(test)
    await put()
    await writeTags(gateway, name, key, { ...UNKEPT, 'a & b': '<1>' })
    await keep(bucket(), key)
    assert.deepEqual(await tagsOf(gateway, name, key), { 'a & b': '<1>' })
  })

  it('says that the object is gone, and what else is wrong', async (test) => {
    const { put, key } = await upload(test)
    await put()
    await deleteObject(gateway, name, key)
    await assert.rejects(keep(bucket(), key), { code: 'upload-gone' })
    await assert.rejects(keep(bucket(), '../a'), { code: 'invalid-key' })
    const wrong = s3({ ...gateway, secretAccessKey: 'wrong', bucket: name })
    await assert.rejects(keep(wrong, key), {
      code: 'internal-error',
      message: /SignatureDoesNotMatch/,
    })
  })

  it('keeps what then cannot be taken back any more', async (test) => {
    const { signer, put, key, grant } = await upload(test, { discardExpires: '1h' })
    await put()
    const { discardGrant } = await ask(signer, 'link', { grant })
    await keep(bucket(), key)
    const { error } = await ask(signer, 'discard', { grant: discardGrant })
    assert.equal(error?.code, 'forbidden')
    assert.deepEqual(await tagsOf(gateway, name, key), {})
    const second = await upload(test, { discardExpires: '1h' })
    await second.put()
    const link = await ask(second.signer, 'link', { grant: second.grant })
    const done = await ask(second.signer, 'discard', { grant: link.discardGrant })
    assert.equal(done.error, undefined)
    await assert.rejects(keep(bucket(), second.key), { code: 'upload-gone' })
  })
})
