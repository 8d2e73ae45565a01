import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { parseSignerResponse } from '../../../src/protocol/index.ts'
import type { SignerConfig } from '../../../src/server/index.ts'
import { ask, created, FILE, fakeBucket } from '../../support/signer/multipart-client.ts'
import { recompute } from '../../support/signer/recompute.ts'
import { NOW, putRequest, startSigner } from '../../support/signer/signer-server.ts'

const MD5 = 'XUFAKrxLKna5cZ2REBfFkg=='
const MIB = 2 ** 20
const MULTIPART_OPS = ['part', 'parts', 'complete', 'abort']

/** A signer whose bucket starts every upload and must not be asked for more. */
async function start(test: TestContext, config: Partial<SignerConfig> = {}) {
  const bucket = fakeBucket(({ method }) => {
    assert.equal(method, 'POST')
    return created('2~a+b/c==&amp;d&#32;&#xe9;')
  })
  const authorize = (request: Request) => ({ user: request.headers.get('user') ?? 'ann' })
  const signer = await startSigner(test, { fetch: bucket.fetch, authorize, ...config })
  return { signer, seen: bucket.seen }
}

describe('create', () => {
  it('starts the upload and answers all that the contract names', async (test) => {
    const { signer, seen } = await start(test)
    const requests = [{ id: '1', op: 'create', file: FILE }]
    const body = await (await signer.send(JSON.stringify({ version: 1, requests }))).json()
    assert.deepEqual(parseSignerResponse(body), body)
    const [{ key, grant, ...rest }] = body.responses
    assert.match(key, /^[0-9a-f]{32}\/cat\.jpg$/)
    assert.match(grant, /^[\w-]+\.[\w-]+$/)
    assert.deepEqual(rest, {
      id: '1',
      uploadId: '2~a+b/c==&d é',
      expiresAt: '2026-12-01T10:00:00.000Z',
      partSize: 5_242_880,
      comparesParts: true,
    })
    const [sent] = seen
    assert.equal(seen.length, 1)
    assert.equal(sent?.url.pathname, `/photos/${key}`)
    assert.match(sent?.url.search ?? '', /&uploads=&|&uploads=$/)
    assert.deepEqual([...(sent?.headers ?? [])], [['content-type', 'image/jpeg']])
    const headers = { 'Content-Type': 'image/jpeg' }
    const signed = { method: 'POST', region: 'us-east-1', headers }
    const { actual, expected } = await recompute(sent?.url.href ?? '', signed)
    assert.equal(actual, expected)
  })

  it('signs the first parts, as many as there are connections, and no others', async (test) => {
    const { signer } = await start(test)
    const file = { ...FILE, size: 50 * MIB }
    for (const [signParts, count] of [
      [2, 2],
      [6, 6],
      [10_000, 6],
    ]) {
      const { parts = [], grant } = await ask(signer, 'create', { file, signParts })
      assert.equal(parts.length, count)
      const [first] = parts
      const asked = await ask(signer, 'part', { grant, partNumber: 1 })
      assert.deepEqual(first, {
        partNumber: 1,
        url: asked.url,
        headers: asked.headers,
        expiresAt: asked.expiresAt,
      })
    }
  })

  it('signs no parts beforehand that need a checksum', async (test) => {
    const { signer } = await start(test, { checksum: 'sha256' })
    const { parts } = await ask(signer, 'create', { file: FILE, signParts: 6 })
    assert.equal(parts, undefined)
  })

  it('cuts a file as the client wishes, within the rules of the provider', async (test) => {
    const { signer } = await start(test, { maxSize: '2TB' })
    const partSizeOf = async (partSize: number | undefined, size: number) =>
      (await ask(signer, 'create', { file: { ...FILE, size }, partSize })).partSize ?? 0
    const size = 1200 * MIB
    assert.equal(await partSizeOf(undefined, size), 50 * MIB)
    const wished = await partSizeOf(20 * MIB, size)
    assert.ok(wished <= 20 * MIB && wished > 10 * MIB, `${wished}`)
    assert.equal(await partSizeOf(1, size), 5 * MIB)
    assert.equal(await partSizeOf(10 ** 12, size), 50 * MIB)
    // No file may have more than 10,000 parts.
    assert.ok((await partSizeOf(1, 10 ** 12)) >= 10 ** 8)
  })

  it('checks the file and its key before it asks the bucket', async (test) => {
    const config = { maxSize: '1MB', minSize: 10, accept: 'image/*' }
    const { signer, seen } = await start(test, { ...config, key: ({ name }) => `../${name}` })
    const code = async (file: object) =>
      (await ask(signer, 'create', { file: { ...FILE, ...file } })).error?.code
    assert.equal(await code({ size: 1e6 + 1 }), 'too-large')
    assert.equal(await code({ size: 9 }), 'too-small')
    assert.equal(await code({ type: 'text/html', name: 'a.html' }), 'type-not-allowed')
    assert.equal(await code({}), 'invalid-key')
    assert.deepEqual(seen, [])
  })
})

describe('part', () => {
  it('signs number, upload, size and MD5', async (test) => {
    const { signer } = await start(test)
    const file = { ...FILE, size: 5 * 2 ** 20 + 5 }
    const { grant, key } = await ask(signer, 'create', { file })
    const request = { grant, partNumber: 2, size: 5, md5: MD5 }
    const { url = '', ...rest } = await ask(signer, 'part', request)
    assert.deepEqual(rest, {
      id: '1',
      method: 'PUT',
      headers: { 'Content-MD5': MD5 },
      expiresAt: '2026-11-24T10:15:00.000Z',
    })
    const { pathname, searchParams } = new URL(url)
    assert.equal(pathname, `/photos/${key}`)
    assert.equal(searchParams.get('partNumber'), '2')
    assert.equal(searchParams.get('uploadId'), '2~a+b/c==&d é')
    assert.match(url, /&uploadId=2~a%2Bb%2Fc%3D%3D%26d%20%C3%A9&/)
    assert.equal(searchParams.get('X-Amz-SignedHeaders'), 'content-length;content-md5;host')
    const headers = { ...rest.headers, 'Content-Length': '5' }
    const { actual, expected } = await recompute(url, {
      method: 'PUT',
      region: 'us-east-1',
      headers,
    })
    assert.equal(actual, expected)
  })

  it('has the size that was granted for its number, and no other', async (test) => {
    const { signer } = await start(test, { maxSize: '1TB' })
    for (const size of [0, 1, 48_211, 5 * 2 ** 20, 12 * 2 ** 20 + 1, 1e12]) {
      const { grant, partSize = 0 } = await ask(signer, 'create', { file: { ...FILE, size } })
      const count = Math.max(1, Math.ceil(size / partSize))
      assert.ok(count <= 10_000)
      const rest = size - (count - 1) * partSize
      const part = (fields: object) => ask(signer, 'part', { grant, ...fields })
      for (const [partNumber, right] of [
        [1, count === 1 ? rest : partSize],
        [count, rest],
      ] as const) {
        const { url = '' } = await part({ partNumber })
        const headers = { 'Content-Length': String(right) }
        const { actual, expected } = await recompute(url, {
          method: 'PUT',
          region: 'us-east-1',
          headers,
        })
        assert.equal(actual, expected)
        assert.ok((await part({ partNumber, size: right })).url)
        for (const wrong of [right + 1, right - 1, 2 * right + 7]) {
          assert.equal((await part({ partNumber, size: wrong })).error?.code, 'bad-request')
        }
      }
      for (const partNumber of [count + 1, 10_000].filter((each) => each > count)) {
        assert.equal((await part({ partNumber })).error?.code, 'bad-request')
        assert.equal((await part({ partNumber, size: 1 })).error?.code, 'bad-request')
      }
      assert.equal((await part({ partNumber: 1, md5: 'x' })).error?.code, 'bad-request')
    }
  })
})

describe('parts', () => {
  it('signs a list of 1,000 parts, from the first or after one', async (test) => {
    const { signer } = await start(test)
    const { grant } = await ask(signer, 'create', { file: FILE })
    for (const [after, marker] of [
      [undefined, null],
      [0, null],
      [1000, '1000'],
    ]) {
      const { url = '', ...rest } = await ask(signer, 'parts', { grant, after })
      assert.deepEqual(rest, { id: '1', method: 'GET', expiresAt: '2026-11-24T10:15:00.000Z' })
      const { searchParams } = new URL(url)
      assert.equal(searchParams.get('max-parts'), '1000')
      assert.equal(searchParams.get('part-number-marker'), marker)
      const { actual, expected } = await recompute(url, { method: 'GET', region: 'us-east-1' })
      assert.equal(actual, expected)
    }
  })
})

describe('the grant of a multipart upload', () => {
  const code = async (signer: Parameters<typeof ask>[0], op: string, grant = '', user = 'ann') => {
    const fields = { grant, partNumber: 1, file: FILE }
    return (await ask(signer, op, fields, user)).error?.code
  }

  it('cannot be one of a file, nor the other way round', async (test) => {
    const { signer, seen } = await start(test)
    const file = await signer.put()
    const { grant } = await ask(signer, 'create', { file: FILE })
    for (const op of MULTIPART_OPS)
      assert.equal(await code(signer, op, file.grant), 'invalid-grant')
    assert.equal(await code(signer, 'put', grant), 'invalid-grant')
    assert.equal(await code(signer, 'part', grant), undefined)
    assert.equal(await code(signer, 'link', grant), 'invalid-grant')
    assert.equal(await code(signer, 'link', file.grant), undefined)
    assert.equal(seen.length, 1)
  })

  it('is refused from another user, when it is forged, and when a week is over', async (test) => {
    let now = NOW
    const { signer, seen } = await start(test, { now: () => now })
    const { grant = '' } = await ask(signer, 'create', { file: FILE })
    const [payload = '', mac] = grant.split('.')
    const content = JSON.parse(Buffer.from(payload, 'base64url').toString())
    assert.equal(content.uploadId, '2~a+b/c==&d é')
    const forge = (changed: object) =>
      `${Buffer.from(JSON.stringify({ ...content, ...changed })).toString('base64url')}.${mac}`
    const forged = [
      { key: 'x' },
      { uploadId: 'x' },
      { size: 9e9 },
      { partSize: 9e9 },
      { purpose: 'file' },
    ].map(forge)
    for (const op of MULTIPART_OPS) {
      assert.equal(await code(signer, op, grant, 'bob'), 'invalid-grant')
      for (const token of [...forged, '']) {
        assert.equal(await code(signer, op, token), 'invalid-grant')
      }
    }
    now = new Date(NOW.getTime() + 604_799_000)
    assert.equal(await code(signer, 'part', grant), undefined)
    now = new Date(NOW.getTime() + 604_800_000)
    for (const op of MULTIPART_OPS) assert.equal(await code(signer, op, grant), 'invalid-grant')
    assert.equal(seen.length, 1)
  })

  it('answers many requests of one call, each for itself', async (test) => {
    const { signer } = await start(test)
    const { grant } = await ask(signer, 'create', { file: FILE })
    const responses = await signer.call([
      { id: 'a', op: 'part', grant, partNumber: 1 },
      { id: 'b', op: 'part', grant, partNumber: 2 },
      putRequest('c'),
      { id: 'd', op: 'parts', grant: 'x' },
    ])
    assert.deepEqual(
      responses.map(({ id, error }) => [id, error?.code]),
      [
        ['a', undefined],
        ['b', 'bad-request'],
        ['c', undefined],
        ['d', 'invalid-grant'],
      ],
    )
  })
})
