import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import {
  type DiscardedObject,
  type SignerConfig,
  SignerError,
  s3,
} from '../../../src/server/index.ts'
import { headObject } from '../../support/servers/s3-admin.ts'
import { testBucket } from '../../support/servers/test-bucket.ts'
import { ask, fakeBucket, sendPart } from '../../support/signer/multipart-client.ts'
import { type SignerServer, startSigner } from '../../support/signer/signer-server.ts'

const HELLO = new TextEncoder().encode('hello')
const FILE = { name: 'hello.txt', size: 5, type: 'text/plain' }
const ETAG = '5d41402abc4b2a76b9719d911017c592'

const { bucket, gateway } = testBucket('discard')

const byUser: SignerConfig['authorize'] = (request) => ({
  user: request.headers.get('user') ?? undefined,
})

const start = (test: TestContext, config: Partial<SignerConfig> = {}) =>
  startSigner(test, {
    ...{ discardExpires: '1h', now: () => new Date(), authorize: byUser },
    bucket: s3({ ...gateway, bucket }),
    ...config,
  })

/** Uploads a file as a page does, and gets what belongs to it. */
async function upload(signer: SignerServer, fields: object = {}) {
  const {
    url = '',
    headers = {},
    grant,
    key = '',
  } = await ask(signer, 'put', { file: FILE, ...fields })
  const put = () => fetch(url, { method: 'PUT', headers, body: HELLO })
  assert.equal((await put()).status, 200)
  const { discardGrant } = await ask(signer, 'link', { grant })
  return { key, grant, discardGrant, put }
}

const isThere = async (key: string) => (await headObject(gateway, bucket, key)) !== undefined

/** What a bucket says of the object, and what it was asked, for what a real one cannot be made to do. */
async function pretend(
  test: TestContext,
  heads: Record<string, string>[],
  config: Partial<SignerConfig> = {},
) {
  const { fetch, seen } = fakeBucket(({ method }) => {
    if (method === 'DELETE') return new Response(null, { status: 204 })
    const head = heads.length > 1 ? heads.shift() : heads[0]
    const about = { 'Content-Length': '5', 'Content-Type': 'text/plain', ETag: `"${ETAG}"` }
    return new Response(null, { headers: { ...about, ...head } })
  })
  const signer = await startSigner(test, {
    ...{ discardExpires: '1h', authorize: byUser, fetch },
    ...config,
  })
  const { grant } = await ask(signer, 'put', { file: FILE })
  const { discardGrant } = await ask(signer, 'link', { grant })
  const removed = () => seen.filter(({ method }) => method === 'DELETE')
  return { signer, discardGrant, removed }
}

describe('discard', () => {
  it('removes what was uploaded, and that it is gone already is as good', async (test) => {
    const signer = await start(test)
    const { key, discardGrant } = await upload(signer)
    assert.deepEqual(await ask(signer, 'discard', { grant: discardGrant }), { id: '1' })
    assert.equal(await isThere(key), false)
    assert.deepEqual(await ask(signer, 'discard', { grant: discardGrant }), { id: '1' })
  })

  it('removes what was uploaded in parts', async (test) => {
    const signer = await start(test)
    const { grant, key = '' } = await ask(signer, 'create', { file: FILE })
    await sendPart(signer, grant, 1, HELLO)
    const { discardGrant } = await ask(signer, 'complete', { grant })
    assert.equal(await isThere(key), true)
    await ask(signer, 'discard', { grant: discardGrant })
    assert.equal(await isThere(key), false)
  })

  it('is not known to a signer that does not allow it', async (test) => {
    const allowing = await start(test)
    const { key, discardGrant } = await upload(allowing)
    const signer = await start(test, { discardExpires: undefined, receiptExpires: '1h' })
    assert.equal((await upload(signer)).discardGrant, undefined)
    const { error } = await ask(signer, 'discard', { grant: discardGrant })
    assert.equal(error?.code, 'unsupported-op')
    assert.equal(await isThere(key), true)
  })

  it('refuses each other grant, another user, and what has ended', async (test) => {
    let now = new Date()
    const signer = await start(test, { now: () => now })
    const { key, grant, discardGrant = '' } = await upload(signer)
    const created = await ask(signer, 'create', { file: FILE })
    const [payload = '', mac = ''] = discardGrant.split('.')
    const other = await upload(signer)
    const [foreign = ''] = (other.discardGrant ?? '').split('.')
    const bad = [grant, created.grant, `${foreign}.${mac}`, `${payload}.`, key, '']
    for (const grant of bad) {
      const { error } = await ask(signer, 'discard', { grant })
      assert.equal(error?.code, 'invalid-grant', grant)
    }
    const { error } = await ask(signer, 'discard', { grant: discardGrant }, 'bob')
    assert.equal(error?.code, 'invalid-grant')
    for (const op of ['link', 'complete', 'abort', 'part', 'parts']) {
      const { error } = await ask(signer, op, { grant: discardGrant, partNumber: 1 })
      assert.equal(error?.code, 'invalid-grant', op)
    }
    now = new Date(now.getTime() + 3_601_000)
    const late = await ask(signer, 'discard', { grant: discardGrant })
    assert.match(late.error?.message ?? '', /expired/)
    assert.equal(await isThere(key), true)
    assert.equal(await isThere(other.key), true)
  })

  it('never removes what was stored at the key since, not even the same bytes', async (test) => {
    const signer = await start(test)
    const { key, discardGrant, put } = await upload(signer)
    const before = await headObject(gateway, bucket, key)
    // The date has seconds.
    for (let after = before; after?.get('Last-Modified') === before?.get('Last-Modified'); ) {
      await put()
      after = await headObject(gateway, bucket, key)
    }
    const { error } = await ask(signer, 'discard', { grant: discardGrant })
    assert.deepEqual(
      [error?.code, error?.message],
      ['invalid-grant', 'Another file is there by now.'],
    )
    assert.equal(await isThere(key), true)
  })

  it('compares the ETag, and names it to buckets that compare it too', async (test) => {
    const same = await pretend(test, [{}])
    assert.equal((await ask(same.signer, 'discard', { grant: same.discardGrant })).error, undefined)
    assert.equal(same.removed()[0]?.headers.get('If-Match'), `"${ETAG}"`)
    const other = await pretend(test, [{}, { ETag: '"another"' }])
    const { error } = await ask(other.signer, 'discard', { grant: other.discardGrant })
    assert.equal(error?.code, 'invalid-grant')
    assert.equal(other.removed().length, 0)
  })

  it('removes the one version that was stored, where a bucket keeps versions', async (test) => {
    const { signer, discardGrant, removed } = await pretend(test, [{ 'x-amz-version-id': 'v1' }])
    await ask(signer, 'discard', { grant: discardGrant })
    assert.equal(removed()[0]?.url.searchParams.get('versionId'), 'v1')
  })

  it('is not granted at a key that other files may have, unless there are versions', async (test) => {
    const key: SignerConfig['key'] = ({ name }) => `photos/${name}`
    const plain = await pretend(test, [{}], { key })
    assert.equal(plain.discardGrant, undefined)
    const versions = await pretend(test, [{ 'x-amz-version-id': 'v1' }], { key })
    assert.ok(versions.discardGrant)
    const unnamed = await pretend(test, [{ 'x-amz-version-id': 'null' }], { key })
    assert.equal(unnamed.discardGrant, undefined)
    assert.equal((await pretend(test, [{ ETag: '' }])).discardGrant, undefined)
  })

  it('asks the hook first, which may keep the file', async (test) => {
    const told: Partial<DiscardedObject>[] = []
    const signer = await start(test, {
      discardExpires: undefined,
      routes: {
        note: {
          discardExpires: 3600,
          onDiscard({ key, etag, user, route }) {
            told.push({ key, etag, user, route })
            if (told.length === 1) throw new SignerError('in-use', 'The file is in use.')
          },
        },
        other: {},
      },
    })
    const { key, discardGrant } = await upload(signer, { route: 'note' })
    const { error } = await ask(signer, 'discard', { grant: discardGrant })
    assert.deepEqual(error, { code: 'in-use', message: 'The file is in use.' })
    assert.equal(await isThere(key), true)
    await ask(signer, 'discard', { grant: discardGrant })
    assert.equal(await isThere(key), false)
    assert.deepEqual(told[1], { key, etag: ETAG, user: 'ann', route: 'note' })
    assert.equal((await upload(signer, { route: 'other' })).discardGrant, undefined)
  })

  it('has a time above nothing', async (test) => {
    for (const discardExpires of [0, -1, 'soon']) {
      await assert.rejects(startSigner(test, { discardExpires }), /"discardExpires"/)
    }
  })
})
