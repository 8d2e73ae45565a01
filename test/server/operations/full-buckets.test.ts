import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type SignerConfig, s3 } from '../../../src/server/index.ts'
import { ask, created, FILE, failed, fakeBucket } from '../../support/signer/multipart-client.ts'
import { CREDENTIALS } from '../../support/signer/recompute.ts'
import { putRequest, startSigner } from '../../support/signer/signer-server.ts'

const MD5 = 'XUFAKrxLKna5cZ2REBfFkg=='
const HEX = '5d41402abc4b2a76b9719d911017c592'

/** A bucket that lists objects below the prefix that it is asked for. */
function listing(count: (prefix: string) => number) {
  return fakeBucket(({ method, url }) => {
    if (method === 'POST') return created('upload-1')
    const { searchParams } = url
    const most = Number(searchParams.get('max-keys'))
    const found = Math.min(most, count(searchParams.get('prefix') ?? ''))
    return new Response(
      `<ListBucketResult>${'<Contents><Key>k</Key></Contents>'.repeat(found)}</ListBucketResult>`,
    )
  })
}

describe('maxFiles', () => {
  const start = async (test: TestContext, maxFiles: number, stored: number) => {
    const { fetch, seen } = listing(() => stored)
    const signer = await startSigner(test, {
      fetch,
      authorize: () => ({ prefix: 'ann', maxFiles }),
    })
    const codes = async (count: number) => {
      const requests = Array.from({ length: count }, (_, id) => putRequest(`${id}`))
      return (await signer.call(requests)).map(({ error }) => error?.code ?? 'signed')
    }
    return { signer, seen, codes }
  }

  it('leaves room for what is not in the bucket yet, and no more', async (test) => {
    const { codes, seen, signer } = await start(test, 3, 1)
    assert.deepEqual(await codes(4), ['signed', 'signed', 'quota-reached', 'quota-reached'])
    assert.equal(seen.length, 1)
    const { searchParams } = seen[0]?.url ?? new URL('about:blank')
    assert.equal(searchParams.get('list-type'), '2')
    assert.equal(searchParams.get('max-keys'), '3')
    assert.equal(searchParams.get('prefix'), 'ann/')
    // The next call counts for itself.
    assert.deepEqual(await codes(1), ['signed'])
    assert.equal(seen.length, 2)
    assert.equal((await ask(signer, 'create', { file: FILE })).error, undefined)
  })

  it('that is reached refuses uploads of either kind, and tells how many', async (test) => {
    for (const stored of [3, 4]) {
      const { codes, signer, seen } = await start(test, 3, stored)
      assert.deepEqual(await codes(2), ['quota-reached', 'quota-reached'])
      const { error } = await ask(signer, 'create', { file: FILE })
      assert.equal(error?.code, 'quota-reached')
      assert.equal(error.message, 'The limit is reached: 3 files.')
      assert.ok(seen.every(({ method }) => method === 'GET'))
    }
  })

  it('of 0 lets nothing in, and asks the bucket for nothing', async (test) => {
    const { codes, seen } = await start(test, 0, 0)
    assert.deepEqual(await codes(1), ['quota-reached'])
    assert.equal(seen.length, 0)
  })

  it('of 1,000 is the most', async (test) => {
    assert.deepEqual(await (await start(test, 1000, 999)).codes(2), ['signed', 'quota-reached'])
  })

  it('does not count what is uploaded again', async (test) => {
    const { signer, codes } = await start(test, 1, 0)
    const { grant } = await signer.put()
    assert.deepEqual(await codes(1), ['signed'])
    const [again, other] = await signer.call([putRequest('1', {}, { grant }), putRequest('2')])
    assert.deepEqual([again?.error, other?.error], [undefined, undefined])
  })
})

describe('overwrite: false', () => {
  const LIST = `<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>"e"</ETag><Size>${FILE.size}</Size></Part></ListPartsResult>`

  /** A bucket that has an object, or has not, and refuses to complete uploads if it is told to. */
  const start = async (test: TestContext, config: Partial<SignerConfig> = {}) => {
    const bucket = { etag: undefined as string | undefined, refuses: false }
    const { fetch, seen } = fakeBucket(({ method, url }) => {
      if (url.searchParams.has('uploads')) return created('upload-1')
      if (method === 'GET') return new Response(LIST)
      if (method === 'DELETE') return new Response(null, { status: 204 })
      if (method === 'POST') {
        if (bucket.refuses) return failed('PreconditionFailed', 412)
        bucket.etag = '"abc"'
        return new Response('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>')
      }
      if (bucket.etag === undefined) return new Response(null, { status: 404 })
      const headers = { ETag: bucket.etag, 'Content-Length': String(FILE.size) }
      return new Response(null, { headers })
    })
    const signer = await startSigner(test, { fetch, overwrite: false, key: '{name}', ...config })
    return { signer, bucket, seen }
  }

  it('signs the condition, and refuses what is there', async (test) => {
    const { signer, bucket } = await start(test)
    const { url = '', headers, error } = await signer.put()
    assert.equal(error, undefined)
    assert.equal(headers?.['If-None-Match'], '*')
    assert.match(new URL(url).searchParams.get('X-Amz-SignedHeaders') ?? '', /;if-none-match/)
    bucket.etag = `"${HEX}"`
    for (const answer of [
      await signer.put(),
      await signer.put({}, { md5: MD5 }),
      await ask(signer, 'create', { file: FILE }),
    ]) {
      assert.equal(answer.error?.code, 'already-exists')
    }
  })

  it('answers that it is stored where another try brings its grant and its MD5', async (test) => {
    const { signer, bucket } = await start(test)
    const { grant, key } = await signer.put({}, { md5: MD5 })
    const again = (fields: object) => signer.put({}, { grant, ...fields })
    assert.ok((await again({ md5: MD5 })).url)
    bucket.etag = `"${HEX}"`
    const stored = await again({ md5: MD5 })
    assert.deepEqual(stored, { id: '1', key, stored: true, etag: HEX, grant })
    assert.equal((await again({})).error?.code, 'already-exists')
    bucket.etag = `"${HEX.replace('5', '6')}"`
    assert.equal((await again({ md5: MD5 })).error?.code, 'already-exists')
    // A bucket that tells no ETag has something all the same.
    bucket.etag = ''
    assert.equal((await again({ md5: MD5 })).error?.code, 'already-exists')
  })

  it('gives the link with it where the key is of this file alone', async (test) => {
    const { signer, bucket } = await start(test, { key: '{id}/{name}' })
    const { grant } = await signer.put({}, { md5: MD5 })
    bucket.etag = `"${HEX}"`
    const { stored, downloadUrl } = await signer.put({}, { grant, md5: MD5 })
    assert.equal(stored, true)
    assert.ok(downloadUrl)
  })

  it('throws away the parts of an upload that came second', async (test) => {
    for (const refuses of [true, false]) {
      const { signer, bucket, seen } = await start(test)
      const { grant, uploadId, key } = await ask(signer, 'create', { file: FILE })
      bucket.refuses = refuses
      if (!refuses) bucket.etag = '"other"'
      seen.splice(0)
      assert.equal((await ask(signer, 'complete', { grant })).error?.code, 'already-exists')
      const last = seen.at(-1)
      assert.equal(last?.method, 'DELETE')
      assert.equal(last.url.searchParams.get('uploadId'), uploadId)
      assert.ok(last.url.pathname.endsWith(`/${key}`))
    }
  })

  it('sends the condition along where parts are put together', async (test) => {
    for (const overwrite of [false, true]) {
      const { signer, seen } = await start(test, { overwrite, key: '{id}' })
      const { grant } = await ask(signer, 'create', { file: FILE })
      assert.equal((await ask(signer, 'complete', { grant })).error, undefined)
      const complete = seen.filter(({ method }) => method === 'POST').at(-1)
      assert.equal(complete?.headers.get('If-None-Match'), overwrite ? null : '*')
    }
  })
})

describe('a bucket for each caller', () => {
  it('is looked at once, and its grants are for it alone', async (test) => {
    const made = new Map(['ann', 'bob'].map((user) => [user, s3({ bucket: user, ...CREDENTIALS })]))
    let asked = 0
    const config: Partial<SignerConfig> = {
      secret: 'a secret of 16 characters or more',
      authorize: (request) => ({ prefix: `${request.headers.get('user')}` }),
      bucket: async ({ prefix = '' }) => {
        asked += 1
        return made.get(prefix) ?? s3({ bucket: 'others', ...CREDENTIALS })
      },
      fetch: fakeBucket(() => created('u')).fetch,
    }
    const signer = await startSigner(test, config)
    const buckets = []
    for (const user of ['ann', 'bob', 'ann', 'eve']) {
      const { url = '', key } = await ask(signer, 'put', { file: FILE }, user)
      assert.ok(key?.startsWith(`${user}/`))
      buckets.push(new URL(url).pathname.split('/')[1])
    }
    assert.deepEqual(buckets, ['ann', 'bob', 'ann', 'others'])
    assert.equal(asked, 4)
    const shared = await startSigner(test, {
      ...config,
      authorize: 'everybody',
      bucket: s3({ bucket: 'ann', ...CREDENTIALS }),
    })
    const { grant } = await shared.put()
    const other = await startSigner(test, {
      ...config,
      authorize: 'everybody',
      bucket: async () => s3({ bucket: 'bob', ...CREDENTIALS }),
    })
    assert.equal((await other.put({}, { grant })).error?.code, 'invalid-grant')
    const same = await startSigner(test, {
      ...config,
      authorize: 'everybody',
      bucket: async () => s3({ bucket: 'ann', ...CREDENTIALS }),
    })
    assert.equal((await same.put({}, { grant })).error, undefined)
  })
})
