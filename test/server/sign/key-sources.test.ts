import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type AccessKeys, s3 } from '../../../src/server/index.ts'
import { keysOf, readKeys, uploadKeysOf } from '../../../src/server/sign/access-keys.ts'
import { ask, created, FILE, fakeBucket } from '../../support/signer/multipart-client.ts'
import { CREDENTIALS, recompute } from '../../support/signer/recompute.ts'
import { NOW, startSigner } from '../../support/signer/signer-server.ts'

const MINUTES = 60_000
const after = (milliseconds: number) => new Date(NOW.getTime() + milliseconds)

const numbered = (number: number): AccessKeys => ({
  accessKeyId: `ASIA${number}`,
  secretAccessKey: `secret ${number}`,
  sessionToken: `token ${number}`,
})

/** A source that counts how often it is asked. */
function source(next: (asked: number) => AccessKeys) {
  let asked = 0
  const credentials = async () => {
    asked += 1
    return next(asked)
  }
  return { credentials, asked: () => asked }
}

/** Who signed a URL. */
function signerOf(url = ''): string | undefined {
  return new URL(url).searchParams.get('X-Amz-Credential')?.split('/')[0]
}

describe('a source of keys', () => {
  it('is asked again five minutes before its keys end, and not sooner', async () => {
    const expiresAt = after(60 * MINUTES)
    const { credentials, asked } = source((number) => ({ ...numbered(number), expiresAt }))
    const at = async (milliseconds: number) =>
      (await keysOf({ credentials }, after(milliseconds))).accessKeyId
    assert.equal(await at(0), 'ASIA1')
    assert.equal(await at(55 * MINUTES - 1), 'ASIA1')
    assert.equal(asked(), 1)
    assert.equal(await at(55 * MINUTES), 'ASIA2')
    assert.equal(asked(), 2)
  })

  it('is asked again after a minute where its keys have no end', async () => {
    const { credentials, asked } = source(numbered)
    const at = async (milliseconds: number) =>
      (await keysOf({ credentials }, after(milliseconds))).accessKeyId
    assert.equal(await at(0), 'ASIA1')
    assert.equal(await at(59_999), 'ASIA1')
    assert.equal(asked(), 1)
    assert.equal(await at(60_000), 'ASIA2')
    assert.equal(asked(), 2)
  })

  it('is asked each time where its keys end within five minutes', async () => {
    const expiresAt = after(5 * MINUTES).toISOString()
    const { credentials, asked } = source((number) => ({ ...numbered(number), expiresAt }))
    for (const number of [1, 2]) {
      const keys = { ...numbered(number), expiresAt: Date.parse(expiresAt) }
      assert.deepEqual(await keysOf({ credentials }, NOW), keys)
    }
    assert.equal(asked(), 2)
  })

  it('may return at once, and is told apart from another', async () => {
    const credentials = () => numbered(1)
    const uploadKeys = () => numbered(2)
    assert.equal((await keysOf({ credentials, uploadKeys }, NOW)).accessKeyId, 'ASIA1')
    assert.equal((await uploadKeysOf({ credentials, uploadKeys }, NOW)).accessKeyId, 'ASIA2')
    assert.equal((await uploadKeysOf({ credentials }, NOW)).accessKeyId, 'ASIA1')
  })

  it('that gives no keys is named, and what it gave is not quoted', async () => {
    const wrong: [unknown, RegExp][] = [
      [undefined, /must give an object with "accessKeyId"/],
      [null, /must give an object/],
      ['hunter2', /must give an object/],
      [{}, /"accessKeyId" is missing/],
      [{ ...CREDENTIALS, secretAccessKey: '' }, /"secretAccessKey" is missing/],
      [{ ...CREDENTIALS, secretAccessKey: 'hunter2\n' }, /"secretAccessKey" .* white space/],
      [{ ...CREDENTIALS, sessionToken: '' }, /"sessionToken" is missing/],
      [{ ...CREDENTIALS, sessionToken: 7 }, /"sessionToken" is missing/],
      [{ ...CREDENTIALS, expiresAt: 'soon' }, /"expiresAt" of "credentials" must be a date/],
      [{ ...CREDENTIALS, token: 'hunter2' }, /"credentials" has no "token"/],
    ]
    for (const [keys, message] of wrong) {
      const credentials = () => keys as AccessKeys
      await assert.rejects(
        async () => keysOf({ credentials }, NOW),
        (error: Error) => {
          assert.match(error.message, message)
          assert.doesNotMatch(error.message, /hunter2/)
          return true
        },
      )
      const uploadKeys = credentials
      const run = async () => uploadKeysOf({ credentials: numbered, uploadKeys } as never, NOW)
      await assert.rejects(run, ({ message: said }: Error) => !said.includes('"credentials"'))
    }
    assert.deepEqual(readKeys('credentials', CREDENTIALS), {
      ...CREDENTIALS,
      sessionToken: undefined,
      expiresAt: undefined,
    })
  })
})

describe('a signer with two pairs of keys', () => {
  const start = (test: TestContext) => {
    const uploadKeys = () => ({ ...numbered(2), expiresAt: after(10 * MINUTES) })
    const bucket = s3({ bucket: 'photos', credentials: () => numbered(1), uploadKeys })
    const { fetch, seen } = fakeBucket(() => created('upload-1'))
    const secret = 'a secret of 16 characters or more'
    return startSigner(test, { bucket, fetch, secret }).then((signer) => ({ signer, seen }))
  }

  it('stores with the one, and does all else with the other', async (test) => {
    const { signer, seen } = await start(test)
    const put = await ask(signer, 'put', { file: FILE })
    assert.equal(signerOf(put.url), 'ASIA2')
    assert.equal(signerOf(put.downloadUrl), 'ASIA1')
    const { grant } = await ask(signer, 'create', { file: FILE })
    assert.equal(signerOf(seen[0]?.url.href), 'ASIA1')
    assert.equal(signerOf((await ask(signer, 'part', { grant, partNumber: 1 })).url), 'ASIA2')
    assert.equal(signerOf((await ask(signer, 'parts', { grant })).url), 'ASIA1')
  })

  it('signs no URL that outlives its keys', async (test) => {
    const { signer } = await start(test)
    const { url = '', expiresAt, headers } = await ask(signer, 'put', { file: FILE })
    assert.equal(expiresAt, after(10 * MINUTES).toISOString())
    const sent = { ...headers, 'Content-Length': '48211' }
    const keys = readKeys('uploadKeys', numbered(2))
    const options = { method: 'PUT', region: 'us-east-1', headers: sent, keys }
    const { actual, expected } = await recompute(url, options)
    assert.equal(actual, expected)
  })
})
