import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import { GUARD_HEADERS } from '../../../src/s3/service-facts.ts'
import {
  createSigner,
  ibmCos,
  type ObjectOptions,
  publicUrl,
  qencode,
  type SignerConfig,
  s3,
  storj,
} from '../../../src/server/index.ts'
import { getObject, headObject, listMultipartUploads } from '../../support/servers/s3-admin.ts'
import { testBucket } from '../../support/servers/test-bucket.ts'
import { ask, sendPart } from '../../support/signer/multipart-client.ts'
import { CREDENTIALS } from '../../support/signer/recompute.ts'
import { BUCKET, startSigner } from '../../support/signer/signer-server.ts'
import { withoutCall } from '../../support/signer/without-call.ts'

const options = { bucket: 'photos', ...CREDENTIALS }
const HELLO = new TextEncoder().encode('hello')
const FILE = { name: 'hello é.txt', size: 5, type: 'text/plain' }
const MD5 = createHash('md5').update(HELLO).digest('base64')

const { bucket, gateway } = testBucket('object-options')

const start = (test: TestContext, config: Partial<SignerConfig> = {}) =>
  startSigner(test, {
    now: () => new Date(),
    bucket: s3({ ...gateway, bucket, postPolicy: true, conditionalPut: true }),
    ...config,
  })

type Signed = Awaited<ReturnType<Awaited<ReturnType<typeof start>>['put']>>

/** Stores "hello" as the answer to `put` says. */
function send({ url = '', method = '', headers = {}, fields }: Signed, body = 'hello') {
  if (!fields) return fetch(url, { method, headers, body })
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new Blob([body]))
  return fetch(url, { method, body: form })
}

describe('what is stored along with an object', () => {
  const all: ObjectOptions = {
    cacheControl: 'public, max-age=31536000, immutable',
    contentDisposition: 'inline',
    metadata: { Album: '7', note: ' größer \n than "x" =?', empty: '' },
    storageClass: 'STANDARD',
  }

  async function assertKept(key = '') {
    const headers = await headObject(gateway, bucket, key)
    assert.equal(headers?.get('Cache-Control'), all.cacheControl)
    assert.equal(headers?.get('Content-Type'), 'text/plain')
    assert.match(
      headers?.get('Content-Disposition') ?? '',
      /^inline; .*UTF-8''hello%20%C3%A9\.txt$/,
    )
    assert.equal(headers?.get('x-amz-meta-album'), '7')
    const [, base64 = ''] =
      /^=\?UTF-8\?B\?(.*)\?=$/.exec(headers?.get('x-amz-meta-note') ?? '') ?? []
    assert.equal(Buffer.from(base64, 'base64').toString(), all.metadata?.note)
  }

  it('comes with a PUT, which is refused without it', async (test) => {
    const signer = await start(test, { objectOptions: all })
    const signed = await signer.put(FILE)
    assert.equal((await send({ ...signed, headers: { 'Content-Type': 'text/plain' } })).status, 403)
    const changed = { ...signed.headers, 'x-amz-meta-album': '8' }
    assert.equal((await send({ ...signed, headers: changed })).status, 403)
    assert.equal((await send(signed)).status, 200)
    await assertKept(signed.key)
  })

  it('comes with a PUT also where the page would rather send a form', async (test) => {
    const signer = await start(test, { objectOptions: all })
    const signed = await signer.put(FILE, { form: true })
    assert.deepEqual([signed.method, signed.fields], ['PUT', undefined])
    assert.equal((await send(signed)).status, 200)
    await assertKept(signed.key)
  })

  it('comes with an upload in parts', async (test) => {
    const signer = await start(test, { objectOptions: all })
    const { grant } = await ask(signer, 'create', { file: FILE })
    assert.equal((await sendPart(signer, grant, 1, HELLO, MD5)).status, 200)
    const { error, key } = await ask(signer, 'complete', { grant })
    assert.equal(error, undefined)
    await assertKept(key)
  })

  it('can be said for each file', async (test) => {
    const seen: unknown[] = []
    const objectOptions: SignerConfig['objectOptions'] = (file) => {
      seen.push(withoutCall(file))
      return { metadata: { owner: file.user ?? '', album: file.meta.album ?? '' } }
    }
    const signer = await start(test, { objectOptions, authorize: () => ({ user: '42' }) })
    const signed = await signer.put(FILE, { meta: { album: '7' } })
    assert.deepEqual(seen, [{ key: signed.key, file: FILE, user: '42', meta: { album: '7' } }])
    assert.equal((await send(signed)).status, 200)
    const headers = await headObject(gateway, bucket, signed.key ?? '')
    assert.equal(headers?.get('x-amz-meta-owner'), '42')
    assert.equal(headers?.get('x-amz-meta-album'), '7')
  })

  it('is nothing, if the function says so', async (test) => {
    for (const nothing of [undefined, null, {}]) {
      const signer = await startSigner(test, { objectOptions: () => nothing })
      assert.deepEqual((await signer.put()).headers, { 'Content-Type': 'image/jpeg' })
    }
  })

  it('keeps long and strange values of metadata whole', async (test) => {
    for (const note of [
      '€'.repeat(400),
      '🦄'.repeat(99),
      'a  b',
      '=?UTF-8?B?eA==?=',
      '\u0000\r\nX: 1',
    ]) {
      const signer = await start(test, { objectOptions: { metadata: { note } } })
      const signed = await signer.put(FILE)
      assert.equal((await send(signed)).status, 200)
      const kept =
        (await headObject(gateway, bucket, signed.key ?? ''))?.get('x-amz-meta-note') ?? ''
      const words = kept.split(' ').map((word) => /^=\?UTF-8\?B\?(.*)\?=$/.exec(word)?.[1] ?? '')
      assert.equal(words.map((each) => Buffer.from(each, 'base64').toString()).join(''), note)
    }
  })

  it('refuses metadata of a page that cannot be kept', async (test) => {
    const objectOptions: SignerConfig['objectOptions'] = ({ meta }) => ({ metadata: meta })
    const signer = await startSigner(test, { objectOptions })
    const code = async (meta: object) => (await signer.put({}, { meta })).error?.code
    assert.equal(await code({ a: 'x'.repeat(2047) }), undefined)
    for (const meta of [
      { a: 'x'.repeat(2048) },
      { a: 'é'.repeat(1000) },
      { 'a b': '' },
      { 'a:b': '' },
      { é: '' },
      { '': '' },
      { __proto__x: '' },
      { ['a'.repeat(129)]: '' },
    ]) {
      assert.equal(await code(meta), 'bad-request', JSON.stringify(meta).slice(0, 30))
    }
    assert.equal(
      (await ask(signer, 'create', { file: FILE, meta: { 'a b': '' } })).error?.code,
      'bad-request',
    )
  })

  const wrong: [ObjectOptions, RegExp][] = [
    [{ cacheControl: 'a\r\nX: 1' }, /"cacheControl" must be/],
    [{ cacheControl: '' }, /"cacheControl" must be/],
    [{ contentDisposition: 'download' as never }, /"objectOptions.contentDisposition" must be/],
    [{ storageClass: 'cold storage' }, /"storageClass" must be a name/],
    [{ metadata: { 'a b': 'c' } }, /must be letters, digits and hyphens/],
    [{ metadata: { a: 7 as never } }, /must be a text/],
    [{ cachecontrol: 'no-store' } as never, /no "cachecontrol". Did you mean "cacheControl"/],
    [42 as never, /"objectOptions" must be/],
  ]
  for (const [objectOptions, message] of wrong) {
    it(`is refused when the signer is made: ${message}`, () => {
      assert.throws(() => createSigner({ bucket: BUCKET, authorize: 'everybody', objectOptions }), {
        message,
      })
    })
  }

  it('has a storage class only where the provider is known to have them', () => {
    const objectOptions = { storageClass: 'STANDARD_IA' }
    createSigner({ bucket: BUCKET, authorize: 'everybody', objectOptions })
    for (const other of [
      storj(options),
      qencode({ ...options, region: 'us-west' }),
      ibmCos({ ...options, region: 'us-south' }),
    ]) {
      assert.throws(
        () => createSigner({ bucket: other, authorize: 'everybody', objectOptions }),
        /"storageClass": .* is not known to keep that for each object/,
      )
    }
  })

  it('has what is not known to be harmless saved, whatever is said', async (test) => {
    const svg = { name: 'a.svg', type: 'image/svg+xml' }
    const said = async (config: Partial<SignerConfig>, file: object = svg) =>
      (await (await startSigner(test, config)).put(file)).headers?.['Content-Disposition']
    assert.match((await said({ links: publicUrl() })) ?? '', /^attachment; filename="a\.svg"/)
    assert.match((await said({ links: () => 'https://cdn.example/a' })) ?? '', /^attachment/)
    // Also where links say so by themselves: an object may be reached in other ways.
    assert.match((await said({})) ?? '', /^attachment/)
    const objectOptions = { contentDisposition: 'inline' } as const
    assert.match((await said({ links: publicUrl(), objectOptions })) ?? '', /^attachment/)
    assert.match((await said({ links: publicUrl(), objectOptions }, {})) ?? '', /^inline/)
    assert.equal(await said({ links: publicUrl() }, {}), undefined)
  })
})

describe('overwrite: false', () => {
  const config = { overwrite: false, key: '{name}' }
  const other = createHash('md5').update('HELLO').digest('base64')

  it('keeps the first object, whoever comes later', async (test) => {
    const signer = await start(test, config)
    const file = { ...FILE, name: 'put.txt' }
    const [first, second] = [await signer.put(file, { form: true }), await signer.put(file)]
    assert.deepEqual(first.headers, {
      'Content-Type': 'text/plain',
      'If-None-Match': '*',
      ...GUARD_HEADERS,
    })
    const { 'If-None-Match': _, ...without } = second.headers ?? {}
    assert.equal((await send(first)).status, 200)
    assert.equal((await send(second, 'HELLO')).status, 412)
    assert.equal((await send({ ...second, headers: without }, 'HELLO')).status, 403)
    const object = await getObject(gateway, bucket, 'put.txt')
    assert.equal(new TextDecoder().decode(object?.body), 'hello')
    assert.deepEqual((await signer.put(file)).error, {
      code: 'already-exists',
      message: 'There is a file of this name already.',
    })
    assert.equal((await ask(signer, 'create', { file })).error?.code, 'already-exists')
  })

  it('says that it is there to a further try with the same bytes, and signs nothing', async (test) => {
    const signer = await start(test, config)
    const file = { ...FILE, name: 'again.txt' }
    const first = await signer.put(file, { md5: MD5 })
    assert.equal((await send(first)).status, 200)
    const { grant } = first
    const { stored, url, fields, etag } = await signer.put(file, { md5: MD5, grant, form: true })
    assert.deepEqual([stored, url, fields], [true, undefined, undefined])
    assert.equal(etag, createHash('md5').update('hello').digest('hex'))
    assert.equal((await signer.put(file, { md5: other, grant })).error?.code, 'already-exists')
    assert.equal((await signer.put(file, { grant })).error?.code, 'already-exists')
    assert.equal((await signer.put(file, { md5: MD5 })).error?.code, 'already-exists')
  })

  it('keeps the first of two uploads in parts, and leaves none behind', async (test) => {
    const signer = await start(test, config)
    const file = { ...FILE, name: 'parts.txt' }
    const grants = []
    for (const body of ['hello', 'HELLO']) {
      const { grant } = await ask(signer, 'create', { file })
      const bytes = new TextEncoder().encode(body)
      assert.equal((await sendPart(signer, grant, 1, bytes)).status, 200)
      grants.push(grant)
    }
    const [first, second] = grants
    assert.equal((await ask(signer, 'complete', { grant: first })).error, undefined)
    // As after an answer that was lost.
    assert.equal((await ask(signer, 'complete', { grant: first })).error, undefined)
    assert.equal((await ask(signer, 'complete', { grant: second })).error?.code, 'already-exists')
    const object = await getObject(gateway, bucket, 'parts.txt')
    assert.equal(new TextDecoder().decode(object?.body), 'hello')
    assert.deepEqual(await listMultipartUploads(gateway, bucket), [])
  })

  it('is refused where the provider is not known to take it', () => {
    for (const each of [
      qencode({ ...options, region: 'us-west' }),
      ibmCos({ ...options, region: 'us-south' }),
    ]) {
      assert.throws(
        () => createSigner({ bucket: each, authorize: 'everybody', overwrite: false }),
        /"overwrite": .*known/,
      )
    }
    const minio = { ...options, endpoint: 'https://minio.example.com' }
    assert.throws(
      () => createSigner({ bucket: s3(minio), authorize: 'everybody', overwrite: false }),
      /say "conditionalPut: true"/,
    )
    createSigner({
      authorize: 'everybody',
      bucket: s3({ ...minio, conditionalPut: true }),
      overwrite: false,
    })
    createSigner({ bucket: storj(options), authorize: 'everybody', overwrite: false })
  })
})
