import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type AccessKeys,
  type BucketOptions,
  type Caller,
  createSigner,
  type SignerConfig,
  s3,
} from '../../src/server/index.ts'
import { ask, created, FILE, fakeBucket } from '../support/signer/multipart-client.ts'
import { CREDENTIALS, recompute } from '../support/signer/recompute.ts'
import { NOW, ONE_PUT, startSigner } from '../support/signer/signer-server.ts'

const SECRET = 'a secret of 16 characters or more'
const MINUTE = 60_000

/** Temporary keys, each another. */
function keysNumbered(number: number, expiresAt?: Date | string): AccessKeys {
  const sessionToken = `token ${number}`
  return {
    accessKeyId: `ASIA${number}`,
    secretAccessKey: `secret ${number}`,
    sessionToken,
    expiresAt,
  }
}

const bucketWith = (options: Partial<BucketOptions>) => s3({ bucket: 'photos', ...options })

/** Whose keys have signed a URL, and with which token. */
function signedBy(url = ''): [keys: string | undefined, token: string | null] {
  const { searchParams } = new URL(url)
  const [keys] = searchParams.get('X-Amz-Credential')?.split('/') ?? []
  return [keys, searchParams.get('X-Amz-Security-Token')]
}

describe('credentials', () => {
  it('are asked for at the first use, and again five minutes before they end', async (test) => {
    let [now, calls] = [NOW, 0]
    const credentials = () => keysNumbered(++calls, new Date(now.getTime() + 60 * MINUTE))
    const signer = await startSigner(test, {
      bucket: bucketWith({ credentials }),
      secret: SECRET,
      now: () => now,
    })
    assert.equal(calls, 0)
    for (const [minutes, expected] of [
      [0, 1],
      [54, 1],
      [56, 2],
      [110, 2],
      [200, 3],
    ] as const) {
      now = new Date(NOW.getTime() + minutes * MINUTE)
      const { url, downloadUrl } = await signer.put()
      assert.equal(calls, expected, `after ${minutes} minutes`)
      assert.deepEqual(signedBy(url), [`ASIA${expected}`, `token ${expected}`])
      assert.deepEqual(signedBy(downloadUrl), signedBy(url))
    }
  })

  it('without an end are asked for each minute', async (test) => {
    let [now, calls] = [NOW, 0]
    const credentials = async () => keysNumbered(++calls)
    const signer = await startSigner(test, {
      bucket: bucketWith({ credentials }),
      secret: SECRET,
      now: () => now,
    })
    for (const [seconds, expected] of [
      [0, 1],
      [59, 1],
      [60, 2],
      [200, 3],
    ] as const) {
      now = new Date(NOW.getTime() + seconds * 1000)
      assert.deepEqual(signedBy((await signer.put()).url), [`ASIA${expected}`, `token ${expected}`])
    }
  })

  it('cut what they sign to what they have left', async (test) => {
    const expiresAt = new Date(NOW.getTime() + 10 * MINUTE).toISOString()
    const credentials = () => keysNumbered(1, expiresAt)
    const config = { bucket: { ...bucketWith({ credentials }), postPolicy: true }, secret: SECRET }
    const signer = await startSigner(test, config)
    const put = await signer.put()
    assert.deepEqual([put.expiresAt, put.downloadExpiresAt], [expiresAt, expiresAt])
    const form = await signer.put({}, { form: true })
    assert.equal(form.fields?.['x-amz-security-token'], 'token 1')
    assert.equal(form.expiresAt, expiresAt)
    const { downloadExpiresAt } = await ask(signer, 'link', { grant: put.grant })
    assert.equal(downloadExpiresAt, expiresAt)
  })

  it('may change in the middle of an upload', async (test) => {
    let [now, calls] = [NOW, 0]
    const credentials = () => keysNumbered(++calls)
    const list = `<Part><PartNumber>1</PartNumber><ETag>"e"</ETag><Size>${FILE.size}</Size></Part>`
    const { fetch, seen } = fakeBucket(({ method, url }) => {
      if (method === 'HEAD')
        return new Response(null, { headers: { 'Content-Length': `${FILE.size}` } })
      if (method === 'GET') return new Response(`<ListPartsResult>${list}</ListPartsResult>`)
      if (url.searchParams.has('uploads')) return created('upload-1')
      return new Response('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>')
    })
    const config = { bucket: bucketWith({ credentials }), secret: SECRET, fetch }
    const signer = await startSigner(test, { ...config, now: () => now })
    const { grant } = await ask(signer, 'create', { file: FILE })
    now = new Date(NOW.getTime() + MINUTE)
    const { url = '' } = await ask(signer, 'part', { grant, partNumber: 1 })
    now = new Date(NOW.getTime() + 2 * MINUTE)
    const done = await ask(signer, 'complete', { grant })
    assert.equal(done.error, undefined)
    assert.ok((await ask(signer, 'link', { grant: done.grant })).downloadUrl)
    assert.equal(calls, 3)
    // Each request of the signer's own has the token of its keys, and so has each URL.
    for (const each of [url, ...seen.map((request) => request.url.href)]) {
      const [keys = '', token] = signedBy(each)
      assert.equal(token, `token ${keys.slice(4)}`)
    }
    const { expiresAt: _, ...keys } = keysNumbered(Number(signedBy(url)[0]?.slice(4)))
    const headers = { 'Content-Length': `${FILE.size}` }
    const { actual, expected } = await recompute(url, {
      method: 'PUT',
      region: 'us-east-1',
      headers,
      keys,
    })
    assert.equal(actual, expected)
  })

  it('that fail, or are none, are a fault of the site, and told without a secret', async (test) => {
    const over = new Date(NOW.getTime() - 1)
    const bad: [() => unknown, RegExp][] = [
      [() => Promise.reject(new Error('The metadata service is down.')), /metadata service/],
      [() => undefined, /"credentials" must give an object/],
      [() => ({ accessKeyId: 'a' }), /"secretAccessKey" is missing/],
      [() => ({ ...keysNumbered(1), SessionToken: 'x' }), /"credentials" has no "SessionToken"/],
      [() => keysNumbered(1, 'tomorrow'), /"expiresAt" of "credentials" must be a date/],
      [() => keysNumbered(1, over), /temporary keys of the bucket have ended/],
    ]
    for (const [credentials, message] of bad) {
      const errors: unknown[] = []
      const bucket = bucketWith({ credentials: credentials as never })
      const onError = (error: unknown) => errors.push(error)
      const signer = await startSigner(test, { bucket, secret: SECRET, onError })
      const text = await (await signer.send(ONE_PUT)).text()
      assert.match(text, /"code":"internal-error"/)
      assert.match(String(errors[0]), message)
      assert.doesNotMatch(text + errors, /secret 1|token 1/)
    }
  })

  it('need a secret of their own', () => {
    const bucket = bucketWith({ credentials: () => CREDENTIALS })
    const config = { bucket, authorize: 'everybody' } as const
    assert.throws(() => createSigner(config), /"secret" is missing/)
  })
})

describe('uploadKeys', () => {
  it('sign what stores bytes, and nothing else', async (test) => {
    const { fetch, seen } = fakeBucket(() => created('upload-1'))
    for (const uploadKeys of [keysNumbered(7), async () => keysNumbered(7)]) {
      const bucket = { ...bucketWith({ ...CREDENTIALS, uploadKeys }), postPolicy: true }
      const signer = await startSigner(test, { bucket, fetch })
      const put = await signer.put()
      const { grant } = await ask(signer, 'create', { file: FILE })
      const part = await ask(signer, 'part', { grant, partNumber: 1 })
      const form = await signer.put({}, { form: true })
      for (const { url } of [put, part]) assert.deepEqual(signedBy(url), ['ASIA7', 'token 7'])
      assert.match(form.fields?.['x-amz-credential'] ?? '', /^ASIA7\//)
      assert.equal(form.fields?.['x-amz-security-token'], 'token 7')
      const parts = await ask(signer, 'parts', { grant })
      for (const url of [put.downloadUrl, form.downloadUrl, parts.url, seen[0]?.url.href]) {
        assert.deepEqual(signedBy(url), [CREDENTIALS.accessKeyId, null])
      }
    }
  })
})

describe('a bucket for each caller', () => {
  const buckets: Record<string, ReturnType<typeof s3>> = {
    eu: s3({ bucket: 'photos-eu', region: 'eu-west-1', ...CREDENTIALS }),
    us: s3({ bucket: 'photos-us', region: 'us-west-2', ...CREDENTIALS }),
  }
  const config: Partial<SignerConfig> = {
    authorize: (request) => ({ user: request.headers.get('user') ?? 'eu', prefix: 'a' }),
    bucket: ({ user }: Caller) => buckets[String(user)] as ReturnType<typeof s3>,
    secret: SECRET,
  }

  it('is the one that the site says', async (test) => {
    const { fetch, seen } = fakeBucket(() => created('upload-1'))
    const signer = await startSigner(test, { ...config, fetch })
    for (const [user, host] of [
      ['eu', 's3.eu-west-1.amazonaws.com'],
      ['us', 's3.us-west-2.amazonaws.com'],
    ] as const) {
      const [put] = await signer.call([JSON.parse(ONE_PUT).requests[0]], { headers: { user } })
      for (const each of [put?.url, put?.downloadUrl]) {
        const { host: actual, pathname } = new URL(each ?? '')
        assert.deepEqual([actual, pathname], [host, `/photos-${user}/${put?.key}`])
      }
      await ask(signer, 'create', { file: FILE }, user)
      assert.equal(seen.at(-1)?.url.host, host)
    }
  })

  it('takes no grant of another', async (test) => {
    // The same user, whom the site has moved.
    let home = 'eu'
    const moved = {
      ...config,
      authorize: () => ({ user: '4' }),
      bucket: () => buckets[home] as never,
    }
    const signer = await startSigner(test, moved)
    const { grant } = await signer.put()
    assert.ok((await ask(signer, 'link', { grant })).downloadUrl)
    home = 'us'
    assert.equal((await ask(signer, 'link', { grant })).error?.code, 'invalid-grant')
  })

  it('that is none, or does not fit the settings, is a fault of the site', async (test) => {
    const bad: [unknown, Partial<SignerConfig>, RegExp][] = [
      [undefined, {}, /bucket/],
      [{ bucket: 'photos' }, {}, /"region" is missing/],
      [buckets.eu, { uploadExpires: '8d' }, /"uploadExpires" is 8d/],
    ]
    for (const [bucket, more, message] of bad) {
      const errors: unknown[] = []
      const onError = (error: unknown) => errors.push(error)
      const broken = { ...config, bucket: () => bucket as never, onError, ...more }
      const signer = await startSigner(test, broken)
      assert.equal((await signer.send(ONE_PUT)).status, 500)
      assert.match(String(errors[0]), message)
    }
  })

  it('needs a secret', () => {
    const { secret: _, ...rest } = config
    assert.throws(() => createSigner(rest as SignerConfig), /"secret" is missing/)
  })
})
