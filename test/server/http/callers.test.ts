import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { type Caller, createSigner, type SignerConfig, s3 } from '../../../src/server/index.ts'
import type { Gateway } from '../../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../../support/servers/gateways.ts'
import { createBucket, deleteBucket } from '../../support/servers/s3-admin.ts'
import { ask, created, failed, fakeBucket } from '../../support/signer/multipart-client.ts'
import { BUCKET, startSigner } from '../../support/signer/signer-server.ts'

const OLD = 'the old secret, which goes'
const NEW = 'the new secret, which comes'

/** A signer for one caller, and the code of its answer about one file. */
async function codeOf(test: TestContext, config: Partial<SignerConfig>, caller: Caller, file = {}) {
  const signer = await startSigner(test, { ...config, authorize: () => caller })
  const { error } = await signer.put(file)
  return error?.code
}

describe('what authorize allows', () => {
  it('narrows the sizes, and never widens them', async (test) => {
    const config = { minSize: 10, maxSize: '1MB' }
    const check = (caller: Caller, size: number) => codeOf(test, config, caller, { size })
    assert.equal(await check({ maxSize: '100kB' }, 100_000), undefined)
    assert.equal(await check({ maxSize: '100kB' }, 100_001), 'too-large')
    assert.equal(await check({ maxSize: '1GB' }, 1_000_001), 'too-large')
    assert.equal(await check({ minSize: 100 }, 99), 'too-small')
    assert.equal(await check({ minSize: 0 }, 9), 'too-small')
    assert.equal(await check({ maxSize: 0 }, 10), 'too-large')
  })

  it('narrows the types, and never widens them', async (test) => {
    const config = { accept: ['image/*', '.pdf'] }
    const check = (accept: Caller['accept'], type: string) =>
      codeOf(test, config, { accept }, { name: 'a', type })
    assert.equal(await check('image/png', 'image/png'), undefined)
    assert.equal(await check('image/png', 'image/gif'), 'type-not-allowed')
    assert.equal(await check(['image/*', 'video/*'], 'video/mp4'), 'type-not-allowed')
    assert.equal(await check(['image/*', 'video/*'], 'image/gif'), undefined)
    assert.equal(await check(undefined, 'video/mp4'), 'type-not-allowed')
  })

  it('counts for large files, and for another try', async (test) => {
    let maxSize = '1MB'
    const { fetch } = fakeBucket(() => created('upload-1'))
    const signer = await startSigner(test, { fetch, authorize: () => ({ maxSize }) })
    const file = { name: 'cat.jpg', size: 1_000_000, type: 'image/jpeg' }
    assert.ok((await ask(signer, 'create', { file })).grant)
    const { grant } = await signer.put(file)
    maxSize = '999999'
    assert.equal((await ask(signer, 'create', { file })).error?.code, 'too-large')
    assert.equal((await signer.put(file, { grant })).error?.code, 'too-large')
  })

  it('is all that the signer allows where nothing is said', async (test) => {
    const nothing = { user: null, prefix: null, maxSize: undefined, accept: undefined }
    for (const caller of [{}, nothing, { prefix: '' }]) {
      const signer = await startSigner(test, { authorize: () => caller as Caller, maxSize: '50kB' })
      const { key, error } = await signer.put()
      assert.equal(error, undefined)
      assert.match(key ?? '', /^[0-9a-f]{32}\/cat\.jpg$/)
    }
  })

  it('is named in sizes that people read', async (test) => {
    for (const [maxSize, said] of [
      [999, '999 bytes'],
      [1000, '1 kB'],
      [1_234_567, '1.23 MB'],
      ['2.5GB', '2.5 GB'],
      [4e12, '4 TB'],
      [5e15, '5000 TB'],
    ] as const) {
      const signer = await startSigner(test, {
        maxSize: Number.MAX_SAFE_INTEGER,
        authorize: () => ({ maxSize }),
      })
      const { error } = await signer.put({ size: Number.MAX_SAFE_INTEGER })
      assert.equal(error?.message, `The file is too large: at most ${said}.`)
    }
  })

  it('is a fault of the signer where it makes no sense', async (test) => {
    for (const maxSize of ['15x', -1, Number.NaN, {} as never]) {
      const errors: unknown[] = []
      const onError = (error: unknown) => errors.push(error)
      const signer = await startSigner(test, { onError, authorize: () => ({ maxSize }) })
      await assert.rejects(signer.put(), { code: 'internal-error' })
      assert.equal(errors.length, 1)
    }
  })
})

describe('maxFiles', () => {
  let gateway: Gateway
  const bucket = bucketName('quota')

  before(async () => {
    gateway = await cephGateway()
    await createBucket(gateway, bucket)
  })
  after(() => deleteBucket(gateway, bucket))

  it('counts what is in the bucket below the prefix, and what the call adds', async (test) => {
    const signer = await startSigner(test, {
      now: () => new Date(),
      bucket: s3({ ...gateway, bucket }),
      authorize: (request) => ({ prefix: request.headers.get('user') ?? '', maxFiles: 3 }),
    })
    const file = { name: 'a&b.txt', size: 5, type: 'text/plain' }
    const request = (id: string) => ({ id, op: 'put', file })
    const codes = async (count: number, user = 'users/4') => {
      const requests = Array.from({ length: count }, (_, index) => request(`${index}`))
      const responses = await signer.call(requests, { headers: { user } })
      return responses.map(({ error }) => error?.code).sort()
    }
    assert.deepEqual(await codes(4), ['quota-reached', undefined, undefined, undefined])
    const grants = []
    for (const id of ['1', '2']) {
      const { url = '', headers = {}, grant } = await ask(signer, 'put', request(id), 'users/4')
      assert.equal((await fetch(url, { method: 'PUT', headers, body: 'hello' })).status, 200)
      grants.push(grant)
    }
    assert.deepEqual(await codes(2), ['quota-reached', undefined])
    assert.deepEqual(await codes(3, 'users/42'), [undefined, undefined, undefined])
    const { error, url } = await ask(signer, 'create', { file }, 'users/4')
    assert.deepEqual([error, url], [undefined, undefined])
    const third = await ask(signer, 'put', request('3'), 'users/4')
    await fetch(third.url ?? '', { method: 'PUT', headers: third.headers ?? {}, body: 'hello' })
    assert.deepEqual(await codes(1), ['quota-reached'])
    assert.equal((await ask(signer, 'create', { file }, 'users/4')).error?.code, 'quota-reached')
    // Another try of a file that has its place.
    const again = await ask(signer, 'put', { file, grant: grants[0] }, 'users/4')
    assert.equal(again.error, undefined)
  })

  it('is a fault of the signer where it makes no sense, or where nothing can be counted', async (test) => {
    const wrong = [-1, 1.5, 1001, '3', Number.NaN].map((maxFiles) => ({ prefix: 'a', maxFiles }))
    for (const caller of [...wrong, { maxFiles: 3 }]) {
      const signer = await startSigner(test, { onError() {}, authorize: () => caller as Caller })
      await assert.rejects(signer.put(), { code: 'internal-error' })
    }
    const { fetch } = fakeBucket(() => failed('AccessDenied', 403))
    const authorize = () => ({ prefix: 'a', maxFiles: 3 })
    const signer = await startSigner(test, { fetch, onError() {}, authorize })
    const { error } = await signer.put()
    assert.deepEqual(
      [error.code, error.message],
      ['internal-error', 'The bucket answered AccessDenied.'],
    )
  })
})

describe('a grant', () => {
  it('counts for the prefix that it was issued for, also without users', async (test) => {
    const { fetch } = fakeBucket(() => created('upload-1'))
    const authorize = (request: Request) => ({ prefix: request.headers.get('user') ?? '' })
    const signer = await startSigner(test, { fetch, authorize })
    const file = { name: 'a', size: 5, type: 'text/plain' }
    const { grant } = await ask(signer, 'create', { file }, 'users/4')
    assert.ok(grant)
    const requests: [string, object][] = [
      ['part', { partNumber: 1, size: 5 }],
      ['parts', {}],
      ['complete', {}],
      ['abort', {}],
      ['link', {}],
    ]
    for (const other of ['users/42', 'users/5']) {
      for (const [op, fields] of requests) {
        const { error } = await ask(signer, op, { grant, ...fields }, other)
        assert.equal(error?.code, 'invalid-grant', op)
      }
    }
    const { url } = await ask(signer, 'part', { grant, partNumber: 1, size: 5 }, 'users/4')
    assert.ok(url)
  })

  it('outlives a change of secrets while both are named, and no longer', async (test) => {
    const before = await startSigner(test, { secret: OLD })
    const during = await startSigner(test, { secret: [NEW, OLD] })
    const after = await startSigner(test, { secret: [NEW] })
    const { grant: old } = await before.put()
    const { grant: fresh } = await during.put()
    const code = async (signer: typeof before, grant: string | undefined) =>
      (await ask(signer, 'link', { grant }, '')).error?.code
    assert.equal(await code(during, old), undefined)
    assert.equal(await code(during, fresh), undefined)
    assert.equal(await code(after, fresh), undefined)
    assert.equal(await code(after, old), 'invalid-grant')
    const meta = { album: '7' }
    const { grant: tagged } = await before.put({}, { meta })
    assert.ok((await during.put({}, { meta, grant: tagged })).url)
    const { error } = await during.put({}, { meta: { album: '8' }, grant: tagged })
    assert.equal(error?.code, 'invalid-grant')
    // The new secret signs, so an older copy of the signer does not know it.
    assert.equal(await code(before, fresh), 'invalid-grant')
  })

  it('needs secrets that are long enough, each of them', () => {
    const bad: unknown[] = [
      [],
      [NEW, 'short'],
      ['short', NEW],
      [NEW, 42],
      'short',
      42,
      {},
      [NEW, ''],
    ]
    for (const secret of bad) {
      const config = { bucket: BUCKET, authorize: 'everybody' as const, secret: secret as never }
      assert.throws(() => createSigner(config), /"secret"|not iterable/, JSON.stringify(secret))
    }
  })
})

describe('a template of keys', () => {
  const authorize = () => ({ user: '42' })

  it('is filled in', async (test) => {
    const cases: [template: string, file: object, key: RegExp][] = [
      ['{id}/{name}', {}, /^[0-9a-f]{32}\/cat\.jpg$/],
      ['{user}/{date}/{id}{ext}', {}, /^42\/2026-11-24\/[0-9a-f]{32}\.jpg$/],
      ['{year}/{month}/{day}/{id}', {}, /^2026\/11\/24\/[0-9a-f]{32}$/],
      ['{id}{ext}', { name: 'README' }, /^[0-9a-f]{32}$/],
      [
        'fotos été/{batch}/{path}',
        { path: 'a b/c.jpg' },
        /^fotos été\/\w{32}\/a-b\/c-\w{12}\.jpg$/,
      ],
      ['{batch}/{path}', { path: 'a/c.jpg' }, /^\w{32}\/a\/c\.jpg$/],
      ['{id}-{name}', { name: '../..//я {id}?#%.txt' }, /^\w{32}-я-id\.txt$/],
    ]
    for (const [key, file, expected] of cases) {
      const signer = await startSigner(test, { key, authorize })
      assert.match((await signer.put(file)).key ?? '', expected, key)
    }
  })

  it('comes after the prefix', async (test) => {
    const signer = await startSigner(test, {
      key: '{id}',
      authorize: () => ({ prefix: 'users/4' }),
    })
    assert.match((await signer.put()).key ?? '', /^users\/4\/[0-9a-f]{32}$/)
  })

  it('keeps users apart, whatever they are called', async (test) => {
    const plain = ['a b', 'a-b', 'a/b', '../b', '..', 'é', 'е', 'x'.repeat(1024)]
    // What a user's folder is called must not be what another user is called.
    const users = [...plain, 'a-b-c8687a08aa5d', 'a-b-c8687a08aa5d.c8687a08aa5d', 'a b.c', 'a-b.c']
    const folders = new Set<string>()
    for (const user of users) {
      const signer = await startSigner(test, { key: '{user}/{id}', authorize: () => ({ user }) })
      const { key = '', error } = await signer.put()
      assert.equal(error, undefined, user)
      assert.match(key, /^[^/]+\/[0-9a-f]{32}$/)
      folders.add(key.split('/')[0] ?? '')
    }
    assert.equal(folders.size, users.length)
  })

  it('with {user} is a fault where authorize names none', async (test) => {
    const errors: unknown[] = []
    const onError = (error: unknown) => errors.push(error)
    const signer = await startSigner(test, { key: '{user}/{id}', onError })
    assert.equal((await signer.put()).error?.code, 'internal-error')
    assert.match(String(errors[0]), /authorize named none/)
  })

  const bad: [string, RegExp][] = [
    ['{idd}', /\{idd\}.*Did you mean \{id\}\?/],
    ['{usre}/{id}', /Did you mean \{user\}\?/],
    ['{__proto__}/{id}', /stands for nothing/],
    ['{constructor}/{id}', /stands for nothing/],
    ['{}/{id}', /stands for nothing/],
    ['{prefix}{id}', /begins with the prefix by itself/],
    ['{id', /a brace too many/],
    ['{id}}', /a brace too many/],
    ['{{id}}', /a brace too many/],
    ['/{id}', /begins with "\/"/],
    ['a//{id}', /has an empty segment/],
    ['../{id}', /has a segment "\." or "\.\."/],
    ['{id}\n', /has a control character/],
    [`${'a'.repeat(1024)}{id}`, /longer than 1024 bytes/],
    ['', /is empty/],
    ['{name}', /one file could replace another/],
    ['{user}/{path}', /one file could replace another/],
    ['{batch}/{name}', /one file could replace another/],
  ]
  for (const [key, message] of bad) {
    it(`${JSON.stringify(key.slice(-20))} is refused: ${message}`, () => {
      assert.throws(() => createSigner({ bucket: BUCKET, authorize: 'everybody', key }), {
        message,
      })
    })
  }
})
