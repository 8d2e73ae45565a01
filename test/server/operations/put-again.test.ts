import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { s3 } from '../../../src/server/index.ts'
import { bucketName, cephGateway } from '../../support/servers/gateways.ts'
import { createBucket, deleteBucket, listObjects } from '../../support/servers/s3-admin.ts'
import { recompute } from '../../support/signer/recompute.ts'
import { NOW, startSigner } from '../../support/signer/signer-server.ts'

const MD5 = 'XUFAKrxLKna5cZ2REBfFkg=='

describe('put with an MD5', () => {
  it('signs it, and says that it must be sent', async (test) => {
    const { url = '', headers = {} } = await (await startSigner(test)).put({}, { md5: MD5 })
    assert.deepEqual(headers, { 'Content-Type': 'image/jpeg', 'Content-MD5': MD5 })
    const signed = new URL(url).searchParams.get('X-Amz-SignedHeaders')
    assert.equal(signed, 'content-length;content-md5;content-type;host')
    const sent = { ...headers, 'Content-Length': '48211' }
    const same = await recompute(url, { method: 'PUT', region: 'us-east-1', headers: sent })
    assert.equal(same.actual, same.expected)
    const other = { ...sent, 'Content-MD5': MD5.replace('X', 'Y') }
    const changed = await recompute(url, { method: 'PUT', region: 'us-east-1', headers: other })
    assert.notEqual(changed.actual, changed.expected)
  })

  it('refuses what cannot be one', async (test) => {
    const signer = await startSigner(test)
    const hexadecimal = '5d41402abc4b2a76b9719d911017c592'
    const bad = ['', 'x', hexadecimal, MD5.slice(0, -1), `${MD5}\n`, ` ${MD5}`, `${MD5}=`]
    for (const md5 of [...bad, MD5.replace('g==', 'h=='), MD5.replace('X', '-')]) {
      assert.equal((await signer.put({}, { md5 })).error?.code, 'bad-request', md5)
    }
  })
})

describe('put with the grant of an earlier one', () => {
  it('signs a fresh URL for the same key', async (test) => {
    let now = NOW
    let keys = 0
    const key = ({ id }: { id: string }) => `key-${++keys}-${id}`
    const signer = await startSigner(test, { now: () => now, key })
    const first = await signer.put({ name: 'my cat.jpg' })
    now = new Date(NOW.getTime() + 3_600_000)
    const again = await signer.put({ name: 'other.jpg' }, { grant: first.grant })
    assert.match(again.key ?? '', /^key-1-/)
    assert.equal(again.key, first.key)
    assert.equal(keys, 1)
    assert.equal(again.expiresAt, '2026-11-24T11:15:00.000Z')
    assert.equal(again.grant, first.grant)
    assert.match(again.downloadUrl ?? '', /my%20cat\.jpg/)
    const headers = { ...again.headers, 'Content-Length': '48211' }
    const check = await recompute(again.url ?? '', { method: 'PUT', region: 'us-east-1', headers })
    assert.equal(check.actual, check.expected)
  })

  it('can bring an MD5', async (test) => {
    const signer = await startSigner(test)
    const { grant } = await signer.put()
    const { headers } = await signer.put({}, { grant, md5: MD5 })
    assert.deepEqual(headers, { 'Content-Type': 'image/jpeg', 'Content-MD5': MD5 })
  })

  it('is refused for another file, another user, or a grant that is none or over', async (test) => {
    let now = NOW
    const signer = await startSigner(test, {
      now: () => now,
      authorize: (request) => ({ user: request.headers.get('user') ?? 'ann' }),
    })
    const { grant = '' } = await signer.put()
    const code = async (file: object, token: string) =>
      (await signer.put(file, { grant: token })).error?.code
    assert.equal(await code({}, grant), undefined)
    assert.equal(await code({ size: 48_212 }, grant), 'invalid-grant')
    assert.equal(await code({ type: 'image/png' }, grant), 'invalid-grant')
    assert.equal(await code({}, `${grant}x`), 'invalid-grant')
    const file = { name: 'cat.jpg', size: 48_211, type: 'image/jpeg' }
    const request = { id: '1', op: 'put', file, grant }
    const [other] = await signer.call([request], { headers: { user: 'bob' } })
    assert.equal(other?.error?.code, 'invalid-grant')
    now = new Date(NOW.getTime() + 86_400_000)
    assert.equal(await code({}, grant), 'invalid-grant')
  })

  it('is refused where the limits have changed since', async (test) => {
    const secret = 'a secret of 16 characters or more'
    const { grant } = await (await startSigner(test, { secret })).put()
    const strict = await startSigner(test, { secret, maxSize: '1kB' })
    assert.equal((await strict.put({}, { grant })).error?.code, 'too-large')
  })

  it('leaves one object in a bucket, however often it is sent', async (test) => {
    const gateway = await cephGateway()
    const bucket = bucketName('again')
    await createBucket(gateway, bucket)
    test.after(() => deleteBucket(gateway, bucket))
    const now = () => new Date()
    const signer = await startSigner(test, { now, bucket: s3({ ...gateway, bucket }) })
    const body = 'hello'
    const md5 = createHash('md5').update(body).digest('base64')
    const file = { size: 5, type: 'text/plain' }
    const first = await signer.put(file, { md5 })
    const second = await signer.put(file, { md5, grant: first.grant })
    for (const { url = '', headers = {} } of [first, second]) {
      const wrong = await fetch(url, { method: 'PUT', headers, body: 'HELLO' })
      assert.match(await wrong.text(), /<Code>BadDigest</)
      assert.equal((await fetch(url, { method: 'PUT', headers, body })).status, 200)
    }
    assert.deepEqual(
      (await listObjects(gateway, bucket)).map((object) => object.key),
      [first.key],
    )
    assert.equal(await (await fetch(second.downloadUrl ?? '')).text(), body)
  })
})
