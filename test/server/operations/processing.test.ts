/** What a site does with a file after its upload, and what its page gets to know of that. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import {
  type ProcessedFile,
  type ProcessingStatus,
  presign,
  type SignerConfig,
  s3,
  type Uploaded,
} from '../../../src/server/index.ts'
import { headObject, objectUrl, request } from '../../support/servers/s3-admin.ts'
import { testBucket } from '../../support/servers/test-bucket.ts'
import { ask, sendPart } from '../../support/signer/multipart-client.ts'
import { type SignerServer, startSigner } from '../../support/signer/signer-server.ts'
import { withoutCall } from '../../support/signer/without-call.ts'

const HELLO = new TextEncoder().encode('hello')
const FILE = { name: 'film.mp4', size: 5, type: 'video/mp4' }
const DAY = 86_400_000

const { bucket, gateway } = testBucket('processing')

/** A signer whose hooks return what the test says at the moment. */
async function start(test: TestContext, config: Partial<SignerConfig> = {}) {
  const site = {
    uploaded: { processing: { id: 'job 7', progress: 0 } } as Uploaded | undefined,
    status: {} as ProcessingStatus | undefined,
    told: 0,
    asked: [] as Partial<ProcessedFile>[],
    errors: [] as unknown[],
    time: Date.now(),
  }
  const signer = await startSigner(test, {
    bucket: s3({ ...gateway, bucket }),
    authorize: (request) => ({ user: request.headers.get('user') ?? undefined }),
    now: () => new Date(site.time),
    onUploaded: () => {
      site.told += 1
      return site.uploaded
    },
    status: (file) => {
      site.asked.push(withoutCall(file))
      return site.status
    },
    onError: (error) => void site.errors.push(error),
    ...config,
  })
  return { site, signer }
}

/** Uploads a file in one piece. Returns the answer to `put`. */
async function put(signer: SignerServer) {
  const signed = await ask(signer, 'put', { file: FILE })
  const { url = '', headers = {} } = signed
  assert.equal((await fetch(url, { method: 'PUT', headers, body: HELLO })).status, 200)
  return signed
}

/** Uploads a file that is then processed. Returns the grant to ask with. */
async function begin(signer: SignerServer) {
  const { grant } = await put(signer)
  const answer = await ask(signer, 'link', { grant })
  assert.deepEqual(answer.processing, { progress: 0 })
  return { key: answer.key, grant: answer.grant }
}

describe('data for the page', () => {
  it('comes with the link, and with an upload in parts', async (test) => {
    const { site, signer } = await start(test)
    site.uploaded = { data: { id: 7, tags: ['film', null] } }
    const { grant } = await put(signer)
    const link = await ask(signer, 'link', { grant })
    assert.deepEqual(link.data, { id: 7, tags: ['film', null] })
    assert.ok(link.downloadUrl)
    const created = await ask(signer, 'create', { file: FILE })
    assert.equal((await sendPart(signer, created.grant, 1, HELLO)).status, 200)
    const done = await ask(signer, 'complete', { grant: created.grant })
    assert.deepEqual(done.data, { id: 7, tags: ['film', null] })
    assert.ok(done.downloadUrl)
  })

  for (const [what, data] of [
    ['too long', 'x'.repeat(8191)],
    ['no JSON', 7n],
    ['a function', () => 1],
  ] as const) {
    it(`is refused as a slip of the site if it is ${what}`, async (test) => {
      const { site, signer } = await start(test)
      const { grant } = await put(signer)
      site.uploaded = { data: data as never }
      const { error } = await ask(signer, 'link', { grant })
      assert.equal(error?.code, 'internal-error')
      assert.equal(site.errors.length, 1)
    })
  }
})

describe('processing', () => {
  it('gives no link before it is done', async (test) => {
    const { site, signer } = await start(test)
    const { key, grant } = await begin(signer)
    site.status = { progress: 0.4 }
    const going = await ask(signer, 'status', { grant })
    assert.deepEqual(going, { id: '1', key, processing: { progress: 0.4 } })
    site.status = undefined
    assert.deepEqual(await ask(signer, 'link', { grant }), { id: '1', key, processing: {} })
    assert.deepEqual(site.asked[0], { key, file: FILE, id: 'job 7', user: 'ann' })
    site.status = { done: true, data: { seconds: 12 } }
    const { downloadUrl = '', data } = await ask(signer, 'status', { grant })
    assert.equal(await (await fetch(downloadUrl)).text(), 'hello')
    assert.deepEqual(data, { seconds: 12 })
    assert.equal(site.told, 1)
  })

  it('begins with `complete` for an upload in parts', async (test) => {
    const { site, signer } = await start(test)
    const created = await ask(signer, 'create', { file: FILE })
    assert.equal((await sendPart(signer, created.grant, 1, HELLO)).status, 200)
    const { downloadUrl, processing, grant } = await ask(signer, 'complete', {
      grant: created.grant,
    })
    assert.deepEqual([downloadUrl, processing], [undefined, { progress: 0 }])
    site.status = { done: true }
    assert.ok((await ask(signer, 'status', { grant })).downloadUrl)
  })

  it('ends with the link of the site, or with the file at another key', async (test) => {
    const { site, signer } = await start(test)
    const { grant } = await begin(signer)
    site.status = { done: true, link: 'https://cdn.example/7.m3u8' }
    for (const op of ['status', 'link']) {
      assert.equal((await ask(signer, op, { grant })).downloadUrl, 'https://cdn.example/7.m3u8')
    }
    site.status = { done: true, key: 'clean/film.mp4' }
    const { key, downloadUrl = '' } = await ask(signer, 'status', { grant })
    assert.equal(key, 'clean/film.mp4')
    assert.equal(new URL(downloadUrl).pathname, `/${bucket}/clean/film.mp4`)
    site.status = { done: true, link: 'javascript:alert(1)' }
    assert.equal((await ask(signer, 'status', { grant })).error?.code, 'internal-error')
  })

  it('fails with the sentence of the site', async (test) => {
    const { site, signer } = await start(test)
    const { grant } = await begin(signer)
    site.status = { failed: 'This file has a virus.' }
    for (const op of ['status', 'link']) {
      const { error } = await ask(signer, op, { grant })
      assert.deepEqual(error, { code: 'refused', message: 'This file has a virus.' })
    }
  })

  it('is told to none but the one who uploaded, and only with the grant of it', async (test) => {
    const { site, signer } = await start(test)
    const { grant: early } = await put(signer)
    const { grant = '' } = await begin(signer)
    const code = async (grant: string | undefined, user?: string) =>
      (await ask(signer, 'status', { grant }, user)).error?.code
    assert.equal(await code(grant, 'bob'), 'invalid-grant')
    assert.equal(await code(early), 'invalid-grant')
    assert.equal(await code(`${grant.slice(0, -2)}AA`), 'invalid-grant')
    assert.equal(await code(undefined), 'bad-request')
    const created = await ask(signer, 'create', { file: FILE })
    assert.equal(await code(created.grant), 'invalid-grant')
    await ask(signer, 'abort', { grant: created.grant })
    assert.deepEqual(site.asked, [])
    site.time += 6 * DAY
    assert.equal(await code(grant), undefined)
    site.time += 2 * DAY
    assert.equal(await code(grant), 'invalid-grant')
  })

  it('stores nothing by its grant', async (test) => {
    const { signer } = await start(test)
    const { grant } = await begin(signer)
    assert.equal((await ask(signer, 'put', { file: FILE, grant })).error?.code, 'invalid-grant')
  })

  it('needs `status`', async (test) => {
    const { site, signer } = await start(test, { status: undefined })
    const { grant } = await put(signer)
    assert.equal((await ask(signer, 'link', { grant })).error?.code, 'internal-error')
    assert.match(String(site.errors[0]), /"status" must say how far/)
  })

  for (const progress of [40, -1, Number.NaN, '0.4']) {
    it(`takes no progress of ${progress}`, async (test) => {
      const { site, signer } = await start(test)
      const { grant } = await begin(signer)
      site.status = { progress: progress as number }
      assert.equal((await ask(signer, 'status', { grant })).error?.code, 'internal-error')
      assert.match(String(site.errors[0]), /"progress" must be from 0 to 1/)
    })
  }

  it('is of the route of the file', async (test) => {
    const asked: unknown[] = []
    const film = {
      onUploaded: () => ({ processing: true as const }),
      status: ({ route, id }: ProcessedFile) => {
        asked.push([route, id])
        return { done: true as const }
      },
    }
    const config = { onUploaded: undefined, status: undefined, routes: { film, photo: {} } }
    const { signer } = await start(test, config)
    const {
      url = '',
      headers = {},
      grant,
    } = await ask(signer, 'put', { file: FILE, route: 'film' })
    assert.equal((await fetch(url, { method: 'PUT', headers, body: HELLO })).status, 200)
    const begun = await ask(signer, 'link', { grant })
    assert.deepEqual(begun.processing, {})
    assert.ok((await ask(signer, 'status', { grant: begun.grant })).downloadUrl)
    assert.deepEqual(asked, [['film', '']])
  })
})

it('a hook can make its own link', async (test) => {
  const place = s3({ ...gateway, bucket })
  const { site, signer } = await start(test)
  const { key = '', grant } = await begin(signer)
  const link = await presign(place, { key, expiresIn: '10m' })
  site.status = { done: true, link }
  const { downloadUrl = '', downloadExpiresAt } = await ask(signer, 'status', { grant })
  assert.equal(await (await fetch(downloadUrl)).text(), 'hello')
  assert.equal(downloadExpiresAt, link.expiresAt)
})

describe('taking back a file that is processed', () => {
  /** A file whose processing is done, as `status` and then `link` tell. */
  const finish = async (test: TestContext, status: object, meanwhile = async (_: string) => {}) => {
    const { site, signer } = await start(test, { discardExpires: '1h' })
    const { grant: first } = await put(signer)
    const begun = await ask(signer, 'link', { grant: first })
    const { key = '', grant } = begun
    const early = (await ask(signer, 'status', { grant })).discardGrant ?? begun.discardGrant
    assert.equal(early, undefined)
    await meanwhile(key)
    site.status = { done: true, ...status }
    const grants = []
    for (const op of ['status', 'link'])
      grants.push((await ask(signer, op, { grant })).discardGrant)
    return { signer, key, grants }
  }

  it('is possible once that is done', async (test) => {
    const { signer, key, grants } = await finish(test, {})
    for (const grant of grants) {
      assert.ok(grant)
      assert.deepEqual(await ask(signer, 'discard', { grant }), { id: '1' })
    }
    assert.equal(await headObject(gateway, bucket, key), undefined)
  })

  it('is not possible if it was moved', async (test) => {
    const { grants } = await finish(test, { key: 'films/film.mp4' })
    assert.deepEqual(grants, [undefined, undefined])
  })

  it('is not possible if something else was stored in its place', async (test) => {
    const { grants } = await finish(test, {}, async (key) => {
      await request(gateway, objectUrl(gateway, bucket, key), { method: 'PUT', body: 'other' })
    })
    assert.deepEqual(grants, [undefined, undefined])
  })

  it('is not possible later than that of another file', async (test) => {
    const { site, signer } = await start(test, { discardExpires: '1h' })
    const { grant } = await begin(signer)
    site.status = { done: true }
    site.time += DAY - 60_000
    assert.ok((await ask(signer, 'status', { grant })).discardGrant)
    site.time += 120_000
    const { downloadUrl, discardGrant } = await ask(signer, 'status', { grant })
    assert.ok(downloadUrl)
    assert.equal(discardGrant, undefined)
  })

  it('is not possible without the option', async (test) => {
    const { site, signer } = await start(test)
    const { grant } = await begin(signer)
    site.status = { done: true }
    assert.equal((await ask(signer, 'status', { grant })).discardGrant, undefined)
  })

  it('is not possible at a key that other files may have', async (test) => {
    const { site, signer } = await start(test, { discardExpires: '1h', key: ({ name }) => name })
    const { grant } = await begin(signer)
    site.status = { done: true }
    const done = await ask(signer, 'status', { grant })
    assert.ok(done.downloadUrl)
    assert.equal(done.discardGrant, undefined)
  })
})
