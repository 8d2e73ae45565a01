import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Keys } from '../../../src/server/api/bucket.ts'
import { s3 } from '../../../src/server/index.ts'
import { signForm } from '../../../src/server/sign/post-policy.ts'
import type { SignOptions } from '../../../src/server/sign/presign.ts'
import { signUrl } from '../../../src/server/sign/presign.ts'
import { CREDENTIALS, recompute } from '../../support/signer/recompute.ts'

const NOW = new Date('2026-11-24T10:00:00.900Z')
const BUCKET = s3({ bucket: 'photos', region: 'eu-west-1', ...CREDENTIALS })
const TOKEN = 'IQoJb3JpZ2luX2VjEJr//////////wEaCXVz+a/b=='
const GET: SignOptions = { method: 'GET', key: 'a b.txt', expiresIn: 900, now: NOW }
const FORM = { key: 'a.txt', size: 5, type: 'text/plain', expiresIn: 900, now: NOW }

/** Fails unless the URL is signed by these keys. */
async function assertSigned(keys: Keys, options = GET, bucket = BUCKET): Promise<void> {
  const { url } = signUrl(bucket, keys, options)
  const { accessKeyId, sessionToken = null } = keys
  const { searchParams } = new URL(url)
  assert.ok(searchParams.get('X-Amz-Credential')?.startsWith(`${accessKeyId}/`))
  assert.equal(searchParams.get('X-Amz-Security-Token'), sessionToken)
  const { actual, expected } = await recompute(url, { ...options, region: bucket.region, keys })
  assert.equal(actual, expected)
}

function keysNumbered(number: number): Keys {
  return { accessKeyId: `ASIA${number}`, secretAccessKey: `secret ${number}` }
}

describe('temporary keys', () => {
  it('sign URLs that have their token', async () => {
    await assertSigned({ ...CREDENTIALS, sessionToken: TOKEN })
    const put = { ...GET, method: 'PUT', headers: { 'Content-Length': '5' } } as const
    await assertSigned({ ...CREDENTIALS, sessionToken: TOKEN }, put)
  })

  it('sign forms whose policy binds their token', () => {
    const { fields } = signForm(BUCKET, { ...CREDENTIALS, sessionToken: TOKEN }, FORM)
    assert.equal(fields['x-amz-security-token'], TOKEN)
    const policy = JSON.parse(Buffer.from(fields.policy ?? '', 'base64').toString())
    const named = /x-amz-security-token/
    const bound = policy.conditions.filter((each: unknown) => named.test(JSON.stringify(each)))
    assert.deepEqual(bound, [['eq', '$x-amz-security-token', TOKEN]])
  })

  it('leave nothing in URLs and forms where there is no token', () => {
    assert.doesNotMatch(signUrl(BUCKET, CREDENTIALS, GET).url, /security-token/i)
    assert.doesNotMatch(JSON.stringify(signForm(BUCKET, CREDENTIALS, FORM)), /security-token/i)
  })

  it('cut lifetimes to what they have left, in whole seconds', () => {
    for (const [end, seconds] of [
      ['2026-11-24T10:05:00.999Z', 300],
      ['2026-11-24T10:00:01.000Z', 1],
      ['2026-11-24T10:15:00.000Z', 900],
      ['2026-11-24T11:00:00.000Z', 900],
    ] as const) {
      const keys = { ...CREDENTIALS, expiresAt: Date.parse(end) }
      const expiresAt = new Date(Date.parse('2026-11-24T10:00:00Z') + seconds * 1000).toISOString()
      const get = signUrl(BUCKET, keys, GET)
      assert.equal(new URL(get.url).searchParams.get('X-Amz-Expires'), String(seconds))
      assert.equal(get.expiresAt, expiresAt)
      const form = signForm(BUCKET, keys, FORM)
      const policy = JSON.parse(Buffer.from(form.fields.policy ?? '', 'base64').toString())
      assert.equal(form.expiresAt, expiresAt)
      assert.equal(policy.expiration, expiresAt)
    }
  })

  it('sign nothing once they have ended', () => {
    for (const end of ['2026-11-24T10:00:00.999Z', '2026-11-24T09:59:00.000Z']) {
      const keys = { ...CREDENTIALS, sessionToken: TOKEN, expiresAt: Date.parse(end) }
      const message = /The temporary keys of the bucket have ended/
      assert.throws(() => signUrl(BUCKET, keys, GET), { message })
      assert.throws(() => signForm(BUCKET, keys, FORM), { message })
    }
  })
})

describe('what is kept from one signature to the next', () => {
  it('is not used for other keys, whatever about them is another', async () => {
    const first = { ...CREDENTIALS, sessionToken: TOKEN }
    for (const keys of [
      first,
      { ...first, secretAccessKey: 'another secret' },
      { ...first, accessKeyId: 'ASIAOTHER' },
      { ...first, sessionToken: 'another token' },
      CREDENTIALS,
      first,
    ]) {
      await assertSigned(keys)
    }
  })

  it('is not used for keys that were changed in place', async () => {
    const keys = { ...keysNumbered(0) }
    await assertSigned(keys)
    keys.secretAccessKey = 'another secret'
    await assertSigned(keys)
  })

  it('is not used for a bucket that was changed in place', async () => {
    const bucket = { ...BUCKET }
    const before = signUrl(bucket, CREDENTIALS, GET).url
    for (const change of [
      { region: 'eu-west-2' },
      { endpoint: 'https://s3.eu-west-2.amazonaws.com' },
      { bucket: 'videos' },
      { addressing: 'virtual-hosted' as const },
    ]) {
      Object.assign(bucket, change)
      const { url } = signUrl(bucket, CREDENTIALS, GET)
      assert.equal(url, signUrl({ ...bucket }, CREDENTIALS, GET).url)
      assert.notEqual(url, before)
    }
    await assertSigned(CREDENTIALS, GET, bucket)
  })

  it('is not used for another second or another day, forwards or back', async () => {
    const start = Date.parse('2026-11-24T23:59:58Z')
    for (const seconds of [0, 1, 2, 3, 1, 0, 86_400, 2, 31_536_000, -86_400]) {
      const now = new Date(start + seconds * 1000)
      await assertSigned(CREDENTIALS, { ...GET, now })
      const moment = now.toISOString().replace(/[-:]|\.000/g, '')
      const form = signForm(BUCKET, CREDENTIALS, { ...FORM, now })
      assert.equal(form.fields['x-amz-date'], moment)
    }
  })

  it('holds for many pairs of keys in turn', async () => {
    for (const number of [1, 2, 3, 4, 5, 6, 1, 6, 2, 5, 3, 4]) {
      await assertSigned(keysNumbered(number))
      await assertSigned(keysNumbered(number), { ...GET, now: new Date('2026-11-25T10:00:00Z') })
    }
  })
})

describe('what cannot be signed', () => {
  const refused: [what: string, options: Partial<SignOptions>, message: RegExp][] = [
    [
      'a line break in a header',
      { headers: { a: 'b\r\nx-amz-acl: public-read' } },
      /"a" has a value/,
    ],
    [
      'a header beyond Latin-1',
      { headers: { 'x-amz-meta-a': '中' } },
      /"x-amz-meta-a" has a value/,
    ],
    ['a header without a name', { headers: { '': 'a' } }, /"" is no name/],
    ['a header with a colon in its name', { headers: { 'a:b': 'c' } }, /"a:b" is no name/],
    ['a header that is named twice', { headers: { 'X-A': '1', 'x-a': '1' } }, /"x-a" cannot/],
    ['another host', { headers: { Host: 'evil.example' } }, /"host" cannot be signed twice/],
    ['another date', { query: { 'X-Amz-Date': '20200101T000000Z' } }, /"X-Amz-Date" cannot/],
    ['another lifetime', { query: { 'X-Amz-Expires': '999999' } }, /"X-Amz-Expires" cannot/],
  ]
  for (const [what, options, message] of refused) {
    it(`is ${what}`, () => {
      const error = { name: 'TypeError', message }
      assert.throws(() => signUrl(BUCKET, CREDENTIALS, { ...GET, ...options }), error)
    })
  }
})
