import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import {
  createSigner,
  type LogEntry,
  type SignerConfig,
  type StoredFile,
  s3,
} from '../../../src/server/index.ts'
import type { Gateway } from '../../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../../support/servers/gateways.ts'
import {
  createBucket,
  deleteBucket,
  headObject,
  listMultipartUploads,
} from '../../support/servers/s3-admin.ts'
import { ask, created, fakeBucket, sendPart } from '../../support/signer/multipart-client.ts'
import { BUCKET, putRequest, startSigner } from '../../support/signer/signer-server.ts'

const PHOTO = { name: 'me.jpg', size: 5, type: 'image/jpeg' }
const FILM = { name: 'film.mp4', size: 7, type: 'video/mp4' }
const NONCE = 'n'.repeat(16)

const ROUTES = {
  avatar: { accept: 'image/*', maxSize: 5, key: 'avatars/{id}{ext}' },
  film: { accept: 'video/*', maxSize: '1kB', key: '{route}/{id}/{name}' },
} as const
const byHeader = (request: Request) => ({
  user: request.headers.get('user') ?? undefined,
  context: { album: 7 },
})

let gateway: Gateway
const bucket = bucketName('routes')

before(async () => {
  gateway = await cephGateway()
  await createBucket(gateway, bucket)
})
after(async () => {
  const left = await listMultipartUploads(gateway, bucket)
  await deleteBucket(gateway, bucket)
  assert.deepEqual(left, [])
})

/** A signer at a bucket that only exists in the test. */
function start(test: TestContext, config: Partial<SignerConfig> = {}) {
  const { fetch, seen } = fakeBucket(() => created('upload-1'))
  return { seen, signer: startSigner(test, { routes: ROUTES, fetch, ...config }) }
}

describe('a route', () => {
  it('has limits and keys of its own', async (test) => {
    const signer = await start(test).signer
    const avatar = await ask(signer, 'put', { file: PHOTO, route: 'avatar' })
    assert.match(avatar.key ?? '', /^avatars\/[0-9a-f]{32}\.jpg$/)
    const film = await ask(signer, 'create', { file: FILM, route: 'film' })
    assert.match(film.key ?? '', /^film\/[0-9a-f]{32}\/film\.mp4$/)
    const codes = await signer.call([
      putRequest('1', { ...FILM, size: 5 }, { route: 'avatar' }),
      putRequest('2', { ...PHOTO, size: 6 }, { route: 'avatar' }),
      putRequest('3', PHOTO, { route: 'film' }),
      putRequest('4', PHOTO, { route: 'avatar' }),
    ])
    assert.deepEqual(
      codes.map(({ error }) => error?.code),
      ['type-not-allowed', 'too-large', 'type-not-allowed', undefined],
    )
  })

  it('is stored by its rules in a real bucket', async (test) => {
    const objectOptions = ({ route, user }: StoredFile) => ({
      metadata: { by: `${route} ${user}` },
    })
    const signer = await startSigner(test, {
      bucket: s3({ ...gateway, bucket }),
      now: () => new Date(),
      authorize: byHeader,
      routes: { ...ROUTES, film: { ...ROUTES.film, objectOptions } },
    })
    const body = new TextEncoder().encode('a film!')
    const put = await ask(signer, 'put', { file: FILM, route: 'film' })
    const { url = '', headers = {}, key = '' } = put
    assert.equal((await fetch(url, { method: 'PUT', headers, body })).status, 200)
    assert.equal((await headObject(gateway, bucket, key))?.get('x-amz-meta-by'), 'film ann')
    const { grant } = await ask(signer, 'create', { file: FILM, route: 'film' })
    assert.equal((await sendPart(signer, grant, 1, body)).status, 200)
    const done = await ask(signer, 'complete', { grant })
    const head = await headObject(gateway, bucket, done.key ?? '')
    assert.equal(head?.get('x-amz-meta-by'), 'film ann')
    assert.ok((await ask(signer, 'link', { grant: done.grant })).downloadUrl)
  })

  it('that there is not is refused, and so is none', async (test) => {
    const signer = await start(test).signer
    for (const op of ['put', 'create']) {
      for (const [route, message] of [
        [undefined, /^This signer has routes: name one with "route"\.$/],
        ['avatars', /^This signer has no route "avatars"\.$/],
        ['', /^This signer has no route ""\.$/],
        ['__proto__', /no route/],
        ['constructor', /no route/],
        ['x'.repeat(65), /^route is longer than 64 characters/],
        [['avatar'], /^route must be a string/],
      ] as const) {
        const { error } = await ask(signer, op, { file: PHOTO, route })
        assert.equal(error?.code, 'bad-request')
        assert.match(error?.message ?? '', message)
      }
    }
  })

  it('is refused by a signer that has none', async (test) => {
    const signer = await start(test, { routes: undefined }).signer
    for (const op of ['put', 'create']) {
      const { error } = await ask(signer, op, { file: PHOTO, route: 'avatar' })
      assert.deepEqual(error, {
        code: 'bad-request',
        message: 'This signer has no route "avatar".',
      })
      assert.ok((await ask(signer, op, { file: PHOTO })).key)
    }
  })

  it('is the default one where that is said', async (test) => {
    const signer = await start(test, { defaultRoute: 'avatar' }).signer
    const put = await ask(signer, 'put', { file: PHOTO })
    assert.match(put.key ?? '', /^avatars\//)
    assert.equal(
      (await ask(signer, 'put', { file: { ...FILM, size: 5 } })).error?.code,
      'type-not-allowed',
    )
    // With or without its name it is the same one.
    const again = await ask(signer, 'put', { file: PHOTO, route: 'avatar', grant: put.grant })
    assert.equal(again.key, put.key)
    assert.ok((await ask(signer, 'put', { file: FILM, route: 'film' })).url)
  })

  it('is what a grant is for, and no other one', async (test) => {
    const signer = await start(test, { defaultRoute: 'film', authorize: byHeader }).signer
    const file = { ...PHOTO, type: 'video/mp4' }
    // Both would take it.
    const wide = { ...ROUTES, avatar: { ...ROUTES.avatar, accept: 'image/*,video/*' } }
    const both = await start(test, { routes: wide, authorize: byHeader }).signer
    const { grant } = await ask(both, 'put', { file, route: 'avatar' })
    assert.ok((await ask(both, 'put', { file, route: 'avatar', grant })).url)
    for (const [other, route] of [
      [both, 'film'],
      [signer, undefined],
      [signer, 'film'],
    ] as const) {
      const { error } = await ask(other, 'put', { file, route, grant })
      assert.equal(error?.code, 'invalid-grant')
    }
  })

  it('that is gone or new ends the grants of before', async (test) => {
    const [withRoutes, without, others] = [
      await start(test).signer,
      await start(test, { routes: undefined }).signer,
      await start(test, { routes: { avatar: ROUTES.avatar } }).signer,
    ]
    const film = await ask(withRoutes, 'create', { file: FILM, route: 'film' })
    const bare = await ask(without, 'create', { file: FILM })
    for (const [signer, grant] of [
      [without, film.grant],
      [others, film.grant],
      [withRoutes, bare.grant],
    ] as const) {
      for (const op of ['part', 'parts', 'complete', 'abort']) {
        const { error } = await ask(signer, op, { grant, partNumber: 1 })
        assert.equal(error?.code, 'invalid-grant', op)
      }
    }
    const { grant } = await ask(without, 'put', { file: PHOTO })
    assert.equal((await ask(withRoutes, 'link', { grant })).error?.code, 'invalid-grant')
  })

  it('keeps its limits until the upload is complete', async (test) => {
    const wide = await start(test).signer
    const { grant } = await ask(wide, 'create', { file: FILM, route: 'film' })
    const narrow = { ...ROUTES, film: { ...ROUTES.film, maxSize: 6 } }
    const signer = await start(test, { routes: narrow, maxSize: '5GB' }).signer
    for (const op of ['part', 'complete']) {
      assert.equal((await ask(signer, op, { grant, partNumber: 1 })).error?.code, 'too-large')
    }
  })

  it('makes other keys of the same nonce and batch', async (test) => {
    const routes = { one: { keepPaths: true }, other: { keepPaths: true } }
    const signer = await start(test, { routes }).signer
    const file = { file: PHOTO, batch: NONCE }
    const keys = []
    for (const route of ['one', 'one', 'other']) {
      keys.push((await ask(signer, 'put', { ...file, route })).key)
    }
    assert.equal(keys[0], keys[1])
    assert.notEqual(keys[0], keys[2])
    const ids = await start(test, { routes: { one: {}, other: {} } }).signer
    const { key } = await ask(ids, 'create', { file: PHOTO, nonce: NONCE, route: 'one' })
    assert.equal((await ask(ids, 'create', { file: PHOTO, nonce: NONCE, route: 'one' })).key, key)
    const other = await ask(ids, 'create', { file: PHOTO, nonce: NONCE, route: 'other' })
    assert.notEqual(other.key, key)
  })

  it('can be closed to a caller', async (test) => {
    const authorize = (request: Request) => ({
      user: 'ann',
      routes: request.headers.get('user') === 'ann' ? ['avatar'] : undefined,
    })
    const signer = await start(test, { authorize }).signer
    assert.ok((await ask(signer, 'put', { file: PHOTO, route: 'avatar' })).url)
    for (const op of ['put', 'create']) {
      const { error } = await ask(signer, op, { file: FILM, route: 'film' })
      assert.equal(error?.code, 'forbidden')
    }
    // By the same user, when it was still open.
    const { grant } = await ask(signer, 'create', { file: FILM, route: 'film' }, 'open')
    for (const op of ['part', 'complete']) {
      assert.equal((await ask(signer, op, { grant, partNumber: 1 })).error?.code, 'forbidden')
    }
    assert.ok((await ask(signer, 'parts', { grant })).url)
  })

  it('counts with the others for the quota of a call', async (test) => {
    const list = '<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>'
    const { fetch, seen } = fakeBucket(() => new Response(list))
    const authorize = () => ({ user: 'ann', prefix: 'ann/', maxFiles: 3 })
    const signer = await startSigner(test, { routes: ROUTES, authorize, fetch })
    const answers = await signer.call([
      putRequest('1', PHOTO, { route: 'avatar' }),
      putRequest('2', FILM, { route: 'film' }),
      putRequest('3', PHOTO, { route: 'avatar' }),
    ])
    assert.deepEqual(answers.filter(({ error }) => error?.code === 'quota-reached').length, 1)
    assert.equal(seen.length, 1)
  })

  it('has hooks of its own, and the others are the signer’s', async (test) => {
    const heard: unknown[] = []
    const hear = (who: string) => (file: StoredFile) => {
      const { route, context, user, request } = file
      heard.push([who, route, context, user, request.headers.get('user')])
    }
    const log: LogEntry[] = []
    const routes = { ...ROUTES, avatar: { ...ROUTES.avatar, onSigned: hear('avatar') } }
    const signer = await start(test, {
      ...{ authorize: byHeader, routes, onSigned: hear('signer') },
      log: (entry) => void log.push(entry),
    }).signer
    await ask(signer, 'put', { file: PHOTO, route: 'avatar' })
    await ask(signer, 'create', { file: FILM, route: 'film' })
    assert.deepEqual(heard, [
      ['avatar', 'avatar', { album: 7 }, 'ann', 'ann'],
      ['signer', 'film', { album: 7 }, 'ann', 'ann'],
    ])
    assert.deepEqual(
      log.map(({ requests }) => requests[0]?.route),
      ['avatar', 'film'],
    )
    assert.doesNotMatch(JSON.stringify(log), /album/)
  })
})

describe('what a link function and rateLimit are told', () => {
  it('has context, request and the route of the file', async (test) => {
    const heard: unknown[] = []
    const signer = await start(test, {
      authorize: (request) => ({ ...byHeader(request), prefix: 'ann/' }),
      links: ({ route, context, request }) => {
        heard.push([route, context, request.method])
        return 'https://files.example/x'
      },
      rateLimit: ({ context, request }) => void heard.push([context, request.method]),
    }).signer
    const { grant, key } = await ask(signer, 'put', { file: PHOTO, route: 'avatar' })
    await ask(signer, 'link', { grant })
    await ask(signer, 'link', { key })
    const context = { album: 7 }
    const asked = [context, 'POST']
    const ofFile = ['avatar', context, 'POST']
    const byKey = [undefined, context, 'POST']
    assert.deepEqual(heard, [asked, ofFile, asked, ofFile, asked, byKey])
  })
})

describe('routes that make no sense', () => {
  const config = { bucket: BUCKET, authorize: 'everybody' } as const
  for (const [slip, message] of [
    [{ routes: {} }, /"routes" has none/],
    [{ routes: { avatar: { maxsize: 5 } } }, /Route "avatar" has no "maxsize".*"maxSize"/],
    [{ routes: { avatar: { maxSize: 'much' } } }, /Route "avatar": "maxSize"/],
    [{ routes: { avatar: { minSize: '6GB' } } }, /Route "avatar": "minSize" must not be larger/],
    [{ routes: { avatar: { key: '{nme}' } } }, /Route "avatar": "key" has \{nme\}/],
    [{ routes: { avatar: { key: '{id}', keepPaths: true } } }, /Route "avatar": .*exclude/],
    [{ routes: { avatar: { onSigned: true } } }, /Route "avatar": "onSigned" must be a function/],
    [{ routes: { avatar: { links: () => '' } } }, /Route "avatar" has no "links"/],
    [{ routes: { avatar: null } }, /Route "avatar" has no options/],
    [{ routes: { 'a b': {} } }, /"routes" has "a b"/],
    [{ defaultRoute: 'avatar' }, /"defaultRoute" is "avatar"/],
    [{ routes: { avatar: {} }, defaultRoute: 'film' }, /"defaultRoute" is "film"/],
  ] as [object, RegExp][]) {
    it(`are refused: ${message}`, () => {
      assert.throws(() => createSigner({ ...config, ...slip } as SignerConfig), { message })
    })
  }

  it('of a caller are a fault', async (test) => {
    const errors: unknown[] = []
    const signer = await start(test, {
      authorize: () => ({ user: 'ann', routes: ['avatr'] }),
      onError: (error) => errors.push(error),
    }).signer
    const asked = ask(signer, 'put', { file: PHOTO, route: 'avatar' })
    await assert.rejects(asked, { code: 'internal-error' })
    assert.match(String(errors[0]), /the route "avatr", which there is not/)
  })

  it('leave what the signer says where the route says nothing', async (test) => {
    const signer = await start(test, {
      ...{ keepPaths: true, accept: 'image/*' },
      routes: { any: { accept: undefined }, own: { key: '{id}' } },
    }).signer
    const { error } = await ask(signer, 'put', { file: FILM, route: 'any' })
    assert.equal(error?.code, 'type-not-allowed')
    const { key } = await ask(signer, 'put', { file: PHOTO, route: 'own' })
    assert.match(key ?? '', /^[0-9a-f]{32}$/)
  })
})
