import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type Receipt, readReceipt, type SignerConfig, s3 } from '../../../src/server/index.ts'
import { headObject } from '../../support/servers/s3-admin.ts'
import { testBucket } from '../../support/servers/test-bucket.ts'
import { ask, fakeBucket, sendPart } from '../../support/signer/multipart-client.ts'
import { NOW, startSigner } from '../../support/signer/signer-server.ts'

const SECRET = 'a secret of 16 characters or more'
const OTHER = 'another secret of 16 characters'
const HELLO = new TextEncoder().encode('hello')
const FILE = { name: 'hello é.txt', size: 5, type: 'text/plain' }
const ETAG = '5d41402abc4b2a76b9719d911017c592'

const { bucket, gateway } = testBucket('receipts')

const start = (test: TestContext, config: Partial<SignerConfig> = {}) =>
  startSigner(test, {
    ...{ secret: SECRET, receiptExpires: '1h', now: () => new Date() },
    bucket: s3({ ...gateway, bucket }),
    authorize: (request) => ({ user: request.headers.get('user') ?? undefined }),
    ...config,
  })

/** A receipt of a file that a bucket has which only exists in the test. */
async function made(test: TestContext, config: Partial<SignerConfig> = {}, head = {}) {
  const headers = {
    'Content-Length': '5',
    'Content-Type': 'text/plain',
    ETag: `"${ETAG}"`,
    ...head,
  }
  const { fetch, seen } = fakeBucket(() => new Response(null, { headers }))
  const signer = await startSigner(test, {
    ...{ secret: SECRET, receiptExpires: '1h', fetch },
    authorize: (request) => ({ user: request.headers.get('user') ?? undefined }),
    ...config,
  })
  const { grant } = await ask(signer, 'put', { file: FILE })
  const answer = await ask(signer, 'link', { grant })
  return { answer, seen, receipt: answer.receipt ?? '' }
}

const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)

describe('a receipt', () => {
  it('states what the bucket has of a file in one piece, once it is there', async (test) => {
    const signer = await start(test)
    const put = await ask(signer, 'put', { file: FILE })
    const { url = '', headers = {}, grant, key = '' } = put
    assert.deepEqual([put.downloadUrl, put.receipt], [undefined, undefined])
    const early = await ask(signer, 'link', { grant })
    assert.deepEqual([early.error?.code, early.receipt], ['upload-incomplete', undefined])
    assert.equal((await fetch(url, { method: 'PUT', headers, body: HELLO })).status, 200)
    const { receipt, downloadUrl = '' } = await ask(signer, 'link', { grant })
    assert.equal(await (await fetch(downloadUrl)).text(), 'hello')
    const { expiresAt, ...statement } = readReceipt(SECRET, receipt, { user: 'ann', bucket })
    assert.deepEqual(statement, { bucket, key, ...FILE, etag: ETAG, user: 'ann' })
    assert.ok(Math.abs(expiresAt.getTime() - Date.now() - 3_600_000) < 60_000)
  })

  it('states what the bucket has of an upload in parts, and by which route it came', async (test) => {
    const signer = await start(test, {
      receiptExpires: undefined,
      routes: { note: { receiptExpires: 60 }, other: {} },
    })
    const create = { file: FILE, route: 'note' }
    const { grant, key = '' } = await ask(signer, 'create', create)
    assert.equal((await sendPart(signer, grant, 1, HELLO)).status, 200)
    const done = await ask(signer, 'complete', { grant })
    const { etag, size, route } = readReceipt(SECRET, done.receipt, { route: 'note' })
    const head = await headObject(gateway, bucket, key)
    assert.deepEqual([`"${etag}"`, size, route], [head?.get('ETag'), 5, 'note'])
    assert.match(etag, /^[0-9a-f]{32}-1$/)
    // Also by the grant of what is done, and not by a key, nor by a route without receipts.
    const again = await ask(signer, 'link', { grant: done.grant })
    assert.equal(readReceipt(SECRET, again.receipt).etag, etag)
    const other = await ask(signer, 'put', { file: FILE, route: 'other' })
    assert.ok(other.downloadUrl)
    assert.equal((await ask(signer, 'link', { grant: other.grant })).receipt, undefined)
  })

  it('says what the bucket says, and never what the client says', async (test) => {
    const type = 'text/plain; charset=x'
    const other = await made(test, {}, { 'Content-Length': '6' })
    assert.equal(other.answer.error?.code, 'upload-incomplete')
    const wrong = await made(test, {}, { 'Content-Type': type })
    assert.equal(wrong.answer.error?.code, 'upload-incomplete')
    const etag = 'b'.repeat(32)
    const { receipt } = await made(test, {}, { ETag: `"${etag}"`, 'Content-Type': 'TEXT/plain' })
    const read = readReceipt(SECRET, receipt, { now: NOW })
    assert.deepEqual([read.etag, read.type, read.size], [etag, 'TEXT/plain', 5])
  })

  it('is not made where onUploaded refuses, nor without the option', async (test) => {
    const onUploaded = () => {
      throw new Error('No.')
    }
    const refused = await made(test, { onUploaded, onError() {} })
    assert.deepEqual([refused.answer.error?.code, refused.receipt], ['internal-error', ''])
    const { answer, seen } = await made(test, { receiptExpires: undefined })
    assert.ok(answer.downloadUrl)
    assert.equal('receipt' in answer, false)
    assert.equal(seen.length, 0)
  })

  it('is read until it ends', async (test) => {
    const { receipt } = await made(test)
    assert.equal(readReceipt(SECRET, receipt, { now: later(3599) }).size, 5)
    for (const seconds of [3600, 1e6]) {
      const read = () => readReceipt(SECRET, receipt, { now: later(seconds) })
      assert.throws(read, { name: 'ReceiptError', code: 'receipt-expired' })
    }
  })

  it('is read under the secret of its signer only, also while that is replaced', async (test) => {
    const { receipt } = await made(test, { secret: [OTHER, SECRET] })
    const now = NOW
    assert.ok(readReceipt(OTHER, receipt, { now }))
    assert.ok(readReceipt([SECRET, OTHER], receipt, { now }))
    for (const wrong of [SECRET, [SECRET, `${OTHER}x`], OTHER.toUpperCase()]) {
      const read = () => readReceipt(wrong, receipt, { now })
      assert.throws(read, { code: 'receipt-invalid' })
    }
    for (const none of ['', 'short', [], undefined, [SECRET, '']]) {
      assert.throws(() => readReceipt(none, receipt, { now }), /"secret" must have/)
    }
  })

  it('is for one user, and nothing else matches it', async (test) => {
    const routes = { note: {} }
    const { receipt } = await made(test, { routes, defaultRoute: 'note' })
    const now = NOW
    const good: Receipt = readReceipt(SECRET, receipt, { user: 'ann', route: 'note', now })
    assert.deepEqual([good.user, good.route, good.bucket], ['ann', 'note', 'photos'])
    for (const foreign of [
      { user: 'bob' },
      { user: 'Ann' },
      { user: '' },
      { user: undefined },
      { user: null },
      { route: 'other' },
      { route: undefined },
      { bucket: 'other' },
      { user: 'ann', route: 'note', bucket: undefined },
    ]) {
      const read = () => readReceipt(SECRET, receipt, { ...foreign, now })
      assert.throws(read, { code: 'receipt-foreign' }, JSON.stringify(foreign))
    }
    const nobody = await made(test, { authorize: () => ({}) })
    assert.equal(readReceipt(SECRET, nobody.receipt, { user: undefined, now }).user, undefined)
    assert.throws(() => readReceipt(SECRET, nobody.receipt, { user: 'ann', now }))
    const numbered = await made(test, { authorize: () => ({ user: 42 }) })
    assert.equal(readReceipt(SECRET, numbered.receipt, { user: 42, now }).user, '42')
  })

  it('is refused when anything of it is other than it was written', async (test) => {
    const { receipt } = await made(test)
    const now = NOW
    assert.ok(readReceipt(SECRET, receipt, { now }))
    const [version, payload = '', mac = ''] = receipt.split('.')
    const claim = Buffer.from(JSON.stringify({ key: 'x', size: 1, expires: 1e11 }))
    const grant = (await made(test)).answer.grant
    const texts: unknown[] = [
      ...Array.from({ length: receipt.length }, (_, at) => receipt.slice(0, at)),
      ...Array.from({ length: receipt.length }, (_, at) => {
        const other = receipt[at] === 'A' ? 'B' : 'A'
        return receipt.slice(0, at) + other + receipt.slice(at + 1)
      }),
      ...[` ${receipt}`, `${receipt}\n`, `${receipt}=`, `${receipt}.${mac}`, `${payload}.${mac}`],
      ...[`v2.${payload}.${mac}`, `${version}..${mac}`, `v1.${claim.toString('base64url')}.${mac}`],
      ...[grant, 'v1.', '.', '', 'users/ann/cat.jpg', null, undefined, 7, {}, [receipt]],
      ...['é'.repeat(60), `v1.${'A'.repeat(1e6)}.${'A'.repeat(43)}`],
    ]
    for (const text of texts) {
      const read = () => readReceipt(SECRET, text, { now })
      assert.throws(
        read,
        { name: 'ReceiptError', code: 'receipt-invalid' },
        String(text).slice(0, 80),
      )
    }
  })
})
