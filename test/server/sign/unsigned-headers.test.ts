import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { AwsClient } from 'aws4fetch'
import type { SignedResponse } from '../../../src/protocol/index.ts'
import { type BucketOptions, type SignerConfig, s3 } from '../../../src/server/index.ts'
import { type Gateway, writingKeys } from '../../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../../support/servers/gateways.ts'
import { createBucket, deleteBucket, getObject, objectUrl } from '../../support/servers/s3-admin.ts'
import { ask } from '../../support/signer/multipart-client.ts'
import { type SignerServer, startSigner } from '../../support/signer/signer-server.ts'

const SECRET = 'THE SECRET OF THE VICTIM'
const SIZE = SECRET.length
const FILE = { name: 'a.txt', type: 'text/plain', size: SIZE }
const PUBLIC = 'x-amz-acl'

/**
 * Signature Version 4 binds the headers that it lists, and not the absence of others. Amazon S3 refuses
 * those beginning with `x-amz-` that are not signed; Ceph does not.
 */
describe('a client that adds headers to a signed URL, on Ceph', () => {
  let gateway: Gateway
  const [bucket, other] = [bucketName('mine'), bucketName('other')]
  const victims = () => [`/${bucket}/users/victim/a.txt`, `/${other}/private.txt`]

  before(async () => {
    gateway = await cephGateway()
    const client = new AwsClient({ ...gateway, service: 's3', retries: 0 })
    for (const name of [bucket, other]) await createBucket(gateway, name)
    for (const [name, key] of [
      [bucket, 'users/victim/a.txt'],
      [other, 'private.txt'],
    ] as const) {
      const url = objectUrl(gateway, name, key)
      assert.equal((await client.fetch(url, { method: 'PUT', body: SECRET })).status, 200)
    }
  })
  after(async () => {
    for (const name of [bucket, other]) await deleteBucket(gateway, name)
  })

  const start = (
    test: TestContext,
    options: Partial<BucketOptions> = {},
    config: Partial<SignerConfig> = {},
  ) =>
    startSigner(test, {
      now: () => new Date(),
      bucket: s3({ ...gateway, bucket, postPolicy: true, ...options }),
      authorize: () => ({ user: 'mallory', prefix: 'users/mallory/' }),
      ...config,
    })

  const send = ({ url = '', headers = {} }: SignedResponse, more: Record<string, string> = {}) =>
    fetch(url, { method: 'PUT', headers: { ...headers, ...more }, body: 'x'.repeat(SIZE) })

  const text = async (key = '') =>
    new TextDecoder().decode((await getObject(gateway, bucket, key))?.body)

  async function createWithPart(signer: SignerServer) {
    const { grant } = await ask(signer, 'create', { file: FILE })
    const part = await ask(signer, 'part', { grant, partNumber: 1 })
    return { grant, part }
  }

  it('copies no object, neither by a PUT nor by a part', async (test) => {
    const signer = await start(test)
    for (const source of victims()) {
      const put = await signer.put(FILE)
      const copied = await send(put, { 'x-amz-copy-source': source })
      assert.ok(copied.status >= 400, String(copied.status))
      assert.equal((await fetch(put.downloadUrl ?? '')).status, 404)
      const { grant, part } = await createWithPart(signer)
      assert.ok((await send(part, { 'x-amz-copy-source': source })).status >= 400)
      const range = {
        'x-amz-copy-source': source,
        'x-amz-copy-source-range': `bytes=0-${SIZE - 1}`,
      }
      assert.ok((await send(part, range)).status >= 400)
      assert.equal((await ask(signer, 'complete', { grant })).error?.code, 'upload-incomplete')
      assert.deepEqual(await ask(signer, 'abort', { grant }), { id: '1' })
    }
  })

  it('cannot leave the guards out, or give them another value', async (test) => {
    const signer = await start(test)
    const [source = ''] = victims()
    for (const name of ['x-amz-copy-source-if-match', 'x-amz-copy-source-range', PUBLIC]) {
      const put = await signer.put(FILE)
      const { [name]: _, ...rest } = put.headers ?? {}
      assert.ok((await send({ ...put, headers: rest })).status >= 400)
      for (const value of ['', '*', 'bytes=0-23']) {
        const more = { [name]: value, 'x-amz-copy-source': source }
        assert.ok((await send(put, more)).status >= 400)
      }
      assert.equal((await fetch(put.downloadUrl ?? '')).status, 404)
    }
  })

  it('publishes no object', async (test) => {
    const signer = await start(test)
    const grantee = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'
    for (const more of [{ [PUBLIC]: 'public-read' }, { 'x-amz-grant-read': grantee }]) {
      const put = await signer.put(FILE)
      assert.ok((await send(put, more)).status >= 400)
    }
  })

  it('does not stop those who add none', async (test) => {
    const signer = await start(test)
    const put = await signer.put(FILE)
    assert.equal((await send(put)).status, 200)
    assert.equal(await text(put.key), 'x'.repeat(SIZE))
    const { grant, part } = await createWithPart(signer)
    assert.equal((await send(part)).status, 200)
    const done = await ask(signer, 'complete', { grant })
    assert.equal(await text(done.key), 'x'.repeat(SIZE))
    assert.equal((await fetch(objectUrl(gateway, bucket, put.key ?? ''))).status, 403)
  })

  it('could do all of that without the guards', async (test) => {
    const signer = await start(test, { guardHeaders: {} })
    const [source = ''] = victims()
    const put = await signer.put(FILE)
    assert.equal((await send(put, { 'x-amz-copy-source': source })).status, 200)
    assert.equal(await text(put.key), SECRET)
    const open = await signer.put(FILE)
    assert.equal((await send(open, { [PUBLIC]: 'public-read' })).status, 200)
    assert.equal((await fetch(objectUrl(gateway, bucket, open.key ?? ''))).status, 200)
  })

  it('copies nothing without the guards either, where uploads have keys that cannot read', async (test) => {
    const uploadKeys = writingKeys(gateway)
    const signer = await start(test, { guardHeaders: {}, uploadKeys })
    for (const source of victims()) {
      const put = await signer.put(FILE)
      const credential = new URL(put.url ?? '').searchParams.get('X-Amz-Credential')
      assert.ok(credential?.startsWith(`${uploadKeys.accessKeyId}/`))
      assert.equal((await send(put, { 'x-amz-copy-source': source })).status, 403)
      assert.equal((await send(put)).status, 200)
      assert.equal(await (await fetch(put.downloadUrl ?? '')).text(), 'x'.repeat(SIZE))
    }
    const { grant, part } = await createWithPart(signer)
    assert.equal((await send(part, { 'x-amz-copy-source': victims()[0] ?? '' })).ok, false)
    assert.equal((await send(part)).status, 200)
    assert.equal((await ask(signer, 'complete', { grant })).error, undefined)
    const form = await signer.put(FILE, { form: true })
    const body = new FormData()
    for (const [name, value] of Object.entries(form.fields ?? {})) body.append(name, value)
    body.append('file', new Blob(['y'.repeat(SIZE)]))
    assert.equal((await fetch(form.url ?? '', { method: 'POST', body })).status, 201)
    assert.ok(form.fields?.['x-amz-credential']?.startsWith(`${uploadKeys.accessKeyId}/`))
  })
})
