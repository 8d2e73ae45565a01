import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { publicUrl, type SignerConfig, type StoredFile, s3 } from '../../../src/server/index.ts'
import { ask, created, FILE, fakeBucket } from '../../support/signer/multipart-client.ts'
import { CREDENTIALS } from '../../support/signer/recompute.ts'
import { startSigner } from '../../support/signer/signer-server.ts'
import { withoutCall } from '../../support/signer/without-call.ts'

const BUCKET = s3({ bucket: 'photos', region: 'eu-west-1', ...CREDENTIALS })
const OTHER = s3({
  ...{ bucket: 'photos', endpoint: 'https://minio.example.com', ...CREDENTIALS },
  postPolicy: true,
})

/** What a PUT has to be sent with because of `objectOptions`. */
async function stored(
  test: TestContext,
  objectOptions: SignerConfig['objectOptions'],
  request: object = {},
) {
  const signer = await startSigner(test, { bucket: BUCKET, objectOptions, onError() {} })
  const { headers = {}, error } = await ask(signer, 'put', { file: FILE, ...request })
  assert.equal(error, undefined)
  const { 'Content-Type': _, ...rest } = headers
  return rest
}

/** Words of RFC 2047 as text. */
function decode(value = ''): string {
  const words = value.split(' ').map((word) => /^=\?UTF-8\?B\?([\w+/=]+)\?=$/.exec(word)?.[1] ?? '')
  return words.map((word) => Buffer.from(word, 'base64').toString()).join('')
}

describe('what is stored along with a file', () => {
  it('is signed with it, for one piece and for parts', async (test) => {
    const objectOptions = {
      cacheControl: 'public, max-age=3600',
      contentDisposition: 'inline' as const,
      metadata: { Album: 'Cats 7' },
      storageClass: 'STANDARD_IA',
    }
    const headers = {
      'Cache-Control': 'public, max-age=3600',
      'Content-Disposition': `inline; filename="cat.jpg"; filename*=UTF-8''cat.jpg`,
      'x-amz-storage-class': 'STANDARD_IA',
      'x-amz-meta-album': 'Cats 7',
    }
    assert.deepEqual(await stored(test, objectOptions), headers)
    const { fetch, seen } = fakeBucket(() => created('u'))
    const signer = await startSigner(test, { bucket: BUCKET, objectOptions, fetch })
    await ask(signer, 'create', { file: FILE })
    for (const [name, value] of Object.entries(headers)) {
      assert.equal(seen[0]?.headers.get(name), value)
    }
    const one = { cacheControl: 'no-store' }
    assert.deepEqual(await stored(test, one), { 'Cache-Control': 'no-store' })
    assert.deepEqual(await stored(test, { cacheControl: 'x' }), { 'Cache-Control': 'x' })
    assert.deepEqual(await stored(test, {}), {})
  })

  it('can hang on the file and on who stores it', async (test) => {
    const heard: object[] = []
    const objectOptions = (file: StoredFile) => {
      heard.push(withoutCall(file))
      return heard.length === 1 ? { metadata: { who: `${file.user}` } } : null
    }
    const authorize = (request: Request) => {
      const user = request.headers.get('user')
      return user ? { user } : {}
    }
    const signer = await startSigner(test, { bucket: BUCKET, objectOptions, authorize })
    const put = { id: '1', op: 'put', file: FILE, meta: { album: '7' } }
    const { headers, key } = await ask(signer, 'put', put)
    assert.equal(headers?.['x-amz-meta-who'], 'ann')
    assert.deepEqual(heard, [{ key, file: FILE, user: 'ann', meta: { album: '7' } }])
    const [{ meta: _, ...bare }] = [put]
    const [anonymous] = await signer.call([bare])
    assert.deepEqual(anonymous?.headers, { 'Content-Type': FILE.type })
    assert.deepEqual(heard[1], { key: anonymous?.key, file: FILE, user: undefined, meta: {} })
  })

  it('keeps metadata that is no ASCII in words that every server takes', async (test) => {
    for (const value of [
      'Größe',
      '日本語'.repeat(20),
      'a\u00E9'.repeat(40),
      '🦄'.repeat(30),
      `${'x'.repeat(44)}é`,
      `${'x'.repeat(43)}é`,
      ' leading',
      'trailing ',
      'two  spaces',
      'line\nbreak',
      '=?UTF-8?B?aGk=?=',
    ]) {
      const note = (await stored(test, { metadata: { note: value } }))['x-amz-meta-note'] ?? ''
      assert.equal(decode(note), value)
      assert.ok(
        note.split(' ').every((word) => word.length <= 75),
        'RFC 2047 allows 75 characters for a word',
      )
    }
    for (const value of ['', 'plain', 'one space', 'a b c', '!~']) {
      assert.equal((await stored(test, { metadata: { note: value } }))['x-amz-meta-note'], value)
    }
  })

  it('has room for 2,048 bytes of metadata', async (test) => {
    const objectOptions = ({ meta }: StoredFile) => ({ metadata: meta })
    const signer = await startSigner(test, { bucket: BUCKET, objectOptions })
    const code = async (meta: object) => (await ask(signer, 'put', { file: FILE, meta })).error
    assert.equal(await code({ note: 'x'.repeat(2044) }), undefined)
    assert.equal(await code({ a: 'x'.repeat(1000), b: 'x'.repeat(1046) }), undefined)
    const message = 'The metadata is longer than 2048 bytes.'
    for (const meta of [{ note: 'x'.repeat(2045) }, { a: 'x'.repeat(1000), b: 'x'.repeat(1047) }]) {
      assert.deepEqual(await code(meta), { code: 'bad-request', message })
    }
    for (const name of ['', '-a', 'a_b', 'a b', 'ä', `${'a'.repeat(128)}:`]) {
      assert.equal((await code({ [name]: 'x' }))?.code, 'bad-request', name)
    }
    assert.equal(await code({ ['a'.repeat(128)]: 'x', 'A-9': 'x' }), undefined)
  })

  it('is a fault of the signer where it makes no sense', async (test) => {
    for (const wrong of [
      'no-store',
      7,
      { cacheControl: '' },
      { cacheControl: ' x' },
      { cacheControl: 'x\r\nX-Evil: 1' },
      { cacheControl: 'x'.repeat(257) },
      { contentDisposition: 'open' },
      { storageClass: '' },
      { storageClass: 7 },
      { storageClass: 'A B' },
      { metadata: { a: 7 } },
      { cachecontrol: 'x' },
    ]) {
      const signer = await startSigner(test, {
        bucket: BUCKET,
        objectOptions: () => wrong as never,
        onError() {},
      })
      const { error } = await ask(signer, 'put', { file: FILE })
      assert.match(error?.code ?? '', /^(internal-error|bad-request)$/, JSON.stringify(wrong))
      await assert.rejects(startSigner(test, { bucket: BUCKET, objectOptions: wrong as never }))
    }
    const long = { cacheControl: 'x'.repeat(256) }
    assert.deepEqual(await stored(test, long), { 'Cache-Control': 'x'.repeat(256) })
  })
})

describe('a form', () => {
  const isForm = async (test: TestContext, config: Partial<SignerConfig>, type = 'text/html') => {
    const signer = await startSigner(test, { bucket: BUCKET, ...config })
    return (await ask(signer, 'put', { file: { ...FILE, type }, form: true })).method === 'POST'
  }

  it('is signed where all that is stored fits into one', async (test) => {
    for (const bucket of [BUCKET, OTHER]) {
      assert.equal(await isForm(test, { bucket }), true)
      assert.equal(await isForm(test, { bucket, objectOptions: { cacheControl: undefined } }), true)
      assert.equal(await isForm(test, { bucket, links: publicUrl() }, 'image/png'), true)
      assert.equal(await isForm(test, { bucket, objectOptions: { contentLanguage: 'de' } }), false)
      assert.equal(await isForm(test, { bucket, objectOptions: { encryption: 'sse-s3' } }), false)
    }
    const objectOptions = { cacheControl: 'no-store', metadata: {} }
    assert.equal(await isForm(test, { objectOptions }), true)
    assert.equal(await isForm(test, { bucket: OTHER, objectOptions }), false)
    // Links that say nothing of a disposition need it to be stored, unless the type is harmless.
    for (const links of [publicUrl(), () => 'https://files.example/a']) {
      assert.equal(await isForm(test, { links }), true)
      assert.equal(await isForm(test, { bucket: OTHER, links }), false)
    }
  })

  it('has what is stored as fields, in the words of forms', async (test) => {
    const objectOptions = {
      ...{
        cacheControl: 'no-store',
        contentDisposition: 'inline' as const,
        contentEncoding: 'gzip',
      },
      ...{ metadata: { album: '7' }, storageClass: 'STANDARD_IA', acl: 'public-read' as const },
      tags: { keep: 'no', 'größe ': '' },
    }
    const signer = await startSigner(test, { bucket: BUCKET, objectOptions })
    const { fields = {} } = await ask(signer, 'put', { file: FILE, form: true })
    const said = {
      'Cache-Control': 'no-store',
      'Content-Encoding': 'gzip',
      'Content-Disposition': `inline; filename="cat.jpg"; filename*=UTF-8''cat.jpg`,
      'x-amz-meta-album': '7',
      'x-amz-storage-class': 'STANDARD_IA',
      acl: 'public-read',
      tagging:
        '<Tagging><TagSet><Tag><Key>keep</Key><Value>no</Value></Tag><Tag><Key>größe </Key><Value></Value></Tag></TagSet></Tagging>',
    }
    assert.deepEqual({ ...fields, ...said }, fields)
    const policy = Buffer.from(fields.policy ?? '', 'base64').toString()
    for (const [name, value] of Object.entries(said)) {
      assert.ok(policy.includes(JSON.stringify(['eq', `$${name}`, value])), name)
    }
    assert.ok(!('x-amz-acl' in fields || 'x-amz-tagging' in fields))
  })
})
