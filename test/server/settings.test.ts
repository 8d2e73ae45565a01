import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createOwnSigner } from '../../src/server/create-signer.ts'
import {
  type CallSize,
  createSigner,
  type LogEntry,
  publicUrl,
  type SignerConfig,
  s3,
} from '../../src/server/index.ts'
import { ask, created, FILE, fakeBucket } from '../support/signer/multipart-client.ts'
import { CREDENTIALS } from '../support/signer/recompute.ts'
import { BUCKET, ONE_PUT, putRequest, startSigner } from '../support/signer/signer-server.ts'
import { withoutCall } from '../support/signer/without-call.ts'

const UPLOAD_KEYS = { accessKeyId: 'AKIAUPLOAD', secretAccessKey: 'the secret that writes' }
const LIST = `<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>"e"</ETag><Size>${FILE.size}</Size></Part></ListPartsResult>`

describe('settings that make no sense', () => {
  const config = { bucket: BUCKET, authorize: 'everybody' } as const
  for (const [slip, message] of [
    [{ key: '{id}', keepPaths: true }, /"key" and "keepPaths" exclude each other/],
    [{ bucket: async () => BUCKET }, /"secret" is missing/],
    [{ bucket: s3({ bucket: 'photos', credentials: () => CREDENTIALS }) }, /"secret" is missing/],
    [{ secret: [] }, /"secret" must have at least 16/],
    [{ secret: ['long enough for a secret', 'short'] }, /"secret" must have at least 16/],
    [{ secret: [Array(16).fill('x')] }, /"secret" must have at least 16/],
    [{ minSize: 6, maxSize: 5 }, /"minSize" must not be larger/],
    [{ links: {} }, /"links" must be presigned/],
    [{ links: 'public' }, /"links" must be presigned/],
    [
      { objectOptions: { contentDisposition: 'open' } },
      /"objectOptions.contentDisposition" must be/,
    ],
  ] as [Partial<SignerConfig>, RegExp][]) {
    it(`are refused: ${JSON.stringify(slip)} ${message}`, () => {
      assert.throws(() => createSigner({ ...config, ...slip } as SignerConfig), { message })
    })
  }

  it('are refused where there are none', () => {
    assert.throws(() => createSigner(undefined as never), /"bucket"/)
    assert.throws(() => createSigner({ authorize: 'everybody' } as never), /"bucket"/)
  })

  it('are told from those at their limits', () => {
    createSigner({ ...config, minSize: 5, maxSize: 5 })
    createSigner({ ...config, secret: 'x'.repeat(16) })
    createSigner({ ...config, secret: ['x'.repeat(16), 'y'.repeat(16)] })
  })

  it('of a function for the bucket are a fault', async (test) => {
    const secret = 'a secret of 16 characters'
    for (const none of [undefined, null, {}]) {
      const bucket = () => none as never
      const signer = await startSigner(test, { bucket, secret, onError() {} })
      await assert.rejects(signer.put(), { code: 'internal-error' })
    }
  })
})

describe('a scope', () => {
  it('keeps grants apart, and none is one of its own', async (test) => {
    const grantOf = async (config: Partial<SignerConfig>) =>
      (await (await startSigner(test, config)).put()).grant
    for (const [issued, read, code] of [
      [{ scope: 'a' }, { scope: 'a' }, undefined],
      [{ scope: 'a' }, { scope: 'b' }, 'invalid-grant'],
      [{ scope: 'a' }, {}, 'invalid-grant'],
      [{}, { scope: 'a' }, 'invalid-grant'],
      [{}, { scope: 'undefined' }, 'invalid-grant'],
      [{}, { scope: undefined }, undefined],
    ] as const) {
      const grant = await grantOf(issued)
      const signer = await startSigner(test, read)
      assert.equal((await signer.put({}, { grant })).error?.code, code)
    }
  })
})

describe('the log by default', () => {
  it('has neither URLs nor any of the secrets', async (test) => {
    const log = test.mock.method(console, 'error', () => {})
    const secrets = ['the first secret of all', 'the second secret of all']
    const bucket = s3({ bucket: 'photos', ...CREDENTIALS, uploadKeys: UPLOAD_KEYS })
    const all = [...Object.values(CREDENTIALS), ...Object.values(UPLOAD_KEYS), ...secrets]
    const authorize = () => {
      throw new Error(`${all.join(' ')} http://a.example/?b ${all[0]} https://c.example/d end`)
    }
    const config = { authorize, secret: secrets }
    await assert.rejects((await startSigner(test, { ...config, bucket })).put())
    const said = () => log.mock.calls.at(-1)?.arguments
    const six = '[secret] [secret] [secret] [secret] [secret] [secret]'
    assert.deepEqual(said(), [`bucket-upload signer: ${six} [url] [secret] [url] end`])
    // Where a function chooses the bucket, only the secrets of the grants are known.
    const other = { authorize: () => Promise.reject('text, no error'), secret: secrets }
    await assert.rejects((await startSigner(test, { ...other, bucket: () => bucket })).put())
    assert.deepEqual(said(), ['bucket-upload signer: text, no error'])
  })
})

describe('a rate limit', () => {
  it('is told of new files of either kind, and slows by seconds only', async (test) => {
    const sizes: object[] = []
    let answer: number | null | undefined
    const rateLimit = (size: CallSize) => {
      sizes.push(withoutCall(size))
      return answer
    }
    const fetch = fakeBucket(() => created('u')).fetch
    const signer = await startSigner(test, { rateLimit, fetch, onError() {} })
    const { grant } = await signer.put()
    const create = { id: '2', op: 'create', file: { ...FILE, size: 7 } }
    await signer.call([putRequest('1', { size: 5 }), create, putRequest('3', {}, { grant })])
    assert.deepEqual(sizes[1], { user: undefined, requests: 3, files: 2, bytes: 12 })
    for (answer of [null, undefined, 0]) assert.ok((await signer.put()).url)
    for (const [seconds, retryAfter] of [
      [0.2, '1'],
      [1, '1'],
      [59.5, '60'],
    ] as const) {
      answer = seconds
      const response = await signer.send(ONE_PUT)
      assert.deepEqual([response.status, response.headers.get('Retry-After')], [429, retryAfter])
    }
    for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY, '5', true, {}]) {
      answer = wrong as number
      await assert.rejects(signer.put(), { code: 'internal-error' })
    }
  })
})

describe('the log of calls', () => {
  it('has what was asked for and what came of it', async (test) => {
    const entries: LogEntry[] = []
    const { fetch } = fakeBucket(() => created('u'))
    const signer = await startSigner(test, {
      log: (entry) => entries.push(entry),
      fetch,
      maxSize: '1MB',
    })
    const { grant, key } = await ask(signer, 'create', { file: FILE })
    const part = { id: '1', op: 'part', grant, partNumber: 1, size: FILE.size }
    await signer.call([part, putRequest('2', { size: 2e6 }), { id: '3', op: 'abort' }])
    const [first, second] = entries
    assert.deepEqual(first?.requests, [{ op: 'create', size: FILE.size, key }])
    assert.deepEqual(second?.requests, [
      { op: 'part', size: FILE.size },
      { op: 'put', size: 2e6, code: 'too-large' },
      { op: 'malformed', code: 'bad-request' },
    ])
    for (const entry of entries) {
      const { duration, ...rest } = entry
      assert.ok(duration >= 0)
      assert.deepEqual(Object.keys(rest).sort(), ['requests', 'status', 'time'])
    }
    await assert.rejects(signer.call(Array.from({ length: 1001 }, (_, id) => putRequest(`${id}`))))
    assert.deepEqual([entries[2]?.code, entries[2]?.requests], ['bad-request', []])
  })
})

describe('complete, asked twice in one call', () => {
  it('is done once', async (test) => {
    const { fetch, seen } = fakeBucket(({ method, url }) => {
      const headers = { 'Content-Length': `${FILE.size}` }
      if (method === 'HEAD') return new Response(null, { headers })
      if (method === 'GET') return new Response(LIST)
      if (url.searchParams.has('uploads')) return created('u')
      return new Response('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>')
    })
    const signer = await startSigner(test, { fetch })
    const { grant } = await ask(signer, 'create', { file: FILE })
    seen.splice(0)
    const answers = await signer.call(['1', '2'].map((id) => ({ id, op: 'complete', grant })))
    assert.deepEqual(
      answers.map(({ id, downloadUrl }) => [id, typeof downloadUrl]),
      [
        ['1', 'string'],
        ['2', 'string'],
      ],
    )
    assert.equal(seen.filter(({ method }) => method === 'POST').length, 1)
  })
})

describe("a site's own signer", () => {
  it('stores pages as what they are, which one for strangers does not', async () => {
    const config = { bucket: BUCKET, authorize: 'everybody', links: publicUrl() } as const
    const put = putRequest('1', { name: 'index.html', type: 'text/html' })
    for (const [signer, disposition] of [
      [createOwnSigner(config), undefined],
      [createSigner(config), 'attachment'],
    ] as const) {
      const headers = { 'Content-Type': 'application/json' }
      const body = JSON.stringify({ version: 1, requests: [put] })
      const answer = await signer(
        new Request('https://signer.example/', { method: 'POST', headers, body }),
      )
      const [response] = (await answer.json()).responses
      assert.equal(response.headers['Content-Disposition']?.split(';')[0], disposition)
    }
  })
})
