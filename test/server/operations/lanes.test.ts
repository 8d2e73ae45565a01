/** Other connections for the parts of a large file. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type Bucket, s3 } from '../../../src/server/index.ts'
import { ask, created, FILE, fakeBucket } from '../../support/signer/multipart-client.ts'
import { CREDENTIALS, recompute } from '../../support/signer/recompute.ts'
import { startSigner } from '../../support/signer/signer-server.ts'

const MIB = 2 ** 20
const MD5 = 'XUFAKrxLKna5cZ2REBfFkg=='
const LARGE = { ...FILE, size: 600 * MIB }
const PLACE = { ...CREDENTIALS, bucket: 'photos', endpoint: 'https://s3.example' }
const WRITING = { accessKeyId: 'WRITER', secretAccessKey: 'writes-and-does-not-read' }

function start(test: TestContext, bucket: Bucket) {
  const { fetch } = fakeBucket(() => created('u'))
  return startSigner(test, { fetch, bucket })
}

describe('a bucket with lanes', () => {
  for (const [addressing, host, path, otherHost, otherPath] of [
    ['path', 's3.example', '/photos/', 'photos.s3.example', '/'],
    ['virtual-hosted', 'photos.s3.example', '/', 's3.example', '/photos/'],
  ] as const) {
    it(`signs each part for its other name too, where the first is ${addressing}`, async (test) => {
      const lanes = ['addressing', 'credentials'] as const
      const bucket = s3({ ...PLACE, addressing, lanes, uploadKeys: WRITING })
      const signer = await start(test, bucket)
      const { grant, key } = await ask(signer, 'create', { file: LARGE })
      const part = await ask(signer, 'part', { grant, partNumber: 2, md5: MD5 })
      assert.equal(part.lanes?.credentials, true)
      assert.equal(part.lanes?.urls?.length, 1)
      const [first, other] = [part.url, part.lanes?.urls?.[0]].map((url) => new URL(url ?? ''))
      assert.deepEqual([first?.host, first?.pathname], [host, `${path}${key}`])
      assert.deepEqual([other?.host, other?.pathname], [otherHost, `${otherPath}${key}`])
      // Nothing else differs: the same upload and part, lifetime, signed headers and keys.
      const [query, otherQuery] = [first, other].map((url) => {
        const { 'X-Amz-Signature': _, ...query } = Object.fromEntries(url?.searchParams ?? [])
        return query
      })
      assert.deepEqual(otherQuery, query)
      assert.match(
        query?.['X-Amz-SignedHeaders'] ?? '',
        /content-length;content-md5;host;x-amz-copy/,
      )
      assert.match(query?.['X-Amz-Credential'] ?? '', /^WRITER\//)
      const headers = { ...part.headers, 'Content-Length': String(50 * MIB) }
      for (const { href } of [first, other] as URL[]) {
        const request = { method: 'PUT', region: 'us-east-1', headers, keys: WRITING }
        const { actual, expected } = await recompute(href, request)
        assert.equal(actual, expected)
      }
    })
  }

  it('gives them with the parts that are signed at once, as for each part', async (test) => {
    const signer = await start(test, s3({ ...PLACE, lanes: ['addressing'] }))
    const { grant, parts } = await ask(signer, 'create', { file: LARGE, signParts: 2 })
    const asked = await ask(signer, 'part', { grant, partNumber: 2 })
    assert.equal(parts?.length, 2)
    assert.deepEqual(parts?.[1]?.lanes, asked.lanes)
    assert.equal(asked.lanes?.credentials, undefined)
  })

  it('may have credentials alone, and then signs nothing else', async (test) => {
    const signer = await start(test, s3({ ...PLACE, lanes: ['credentials'] }))
    const { grant } = await ask(signer, 'create', { file: LARGE })
    const { lanes } = await ask(signer, 'part', { grant, partNumber: 1 })
    assert.deepEqual(lanes, { credentials: true })
  })

  it('cuts a file so that all lanes have as much to do', async (test) => {
    const file = { ...FILE, size: 120 * MIB }
    for (const [lanes, partSize] of [
      [undefined, 20 * MIB],
      [[], 20 * MIB],
      [['credentials'], 10 * MIB],
    ] as const) {
      const signer = await start(test, s3({ ...PLACE, lanes }))
      assert.equal((await ask(signer, 'create', { file })).partSize, partSize)
    }
  })

  it('has none by default, and none for a part that is refused', async (test) => {
    const plain = await start(test, s3(PLACE))
    const { grant } = await ask(plain, 'create', { file: LARGE })
    assert.equal((await ask(plain, 'part', { grant, partNumber: 1 })).lanes, undefined)
    const signer = await start(test, s3({ ...PLACE, lanes: ['addressing', 'credentials'] }))
    const refused = await ask(signer, 'part', { grant: `${grant}x`, partNumber: 1 })
    assert.equal(refused.error?.code, 'invalid-grant')
    assert.equal(refused.lanes, undefined)
  })

  for (const [options, message] of [
    [{ lanes: ['names'] }, /"lanes" must be a list of "addressing" and "credentials"/],
    [{ lanes: true }, /"lanes" must be a list/],
    [
      { endpoint: 'https://203.0.113.7', lanes: ['addressing'] },
      /"lanes" has .* before 203\.0\.113/,
    ],
    [{ bucket: 'my.photos', lanes: ['addressing'] }, /"lanes" has .* with a dot.*Leave it out/],
    [
      {
        endpoint: 'https://s3-accelerate.amazonaws.com',
        region: 'eu-west-1',
        lanes: ['addressing'],
      },
      /"lanes" has "addressing", but Amazon S3 Transfer Acceleration has one name/,
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      assert.throws(() => s3({ ...PLACE, ...(options as object) }), message)
    })
  }
})
