import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import { CHECKSUM_ALGORITHMS, parseSignerResponse } from '../../../src/protocol/index.ts'
import type { SignerConfig } from '../../../src/server/index.ts'
import { ask, created, FILE, failed, fakeBucket } from '../../support/signer/multipart-client.ts'
import { recompute } from '../../support/signer/recompute.ts'
import { putRequest, startSigner } from '../../support/signer/signer-server.ts'

const MD5 = 'XUFAKrxLKna5cZ2REBfFkg=='
/** One of the right length for each algorithm. */
const VALUES: Record<string, string> = {
  crc32: 'NhCmhg==',
  crc32c: 'mnG7TA==',
  crc64nvme: 'M3eFcAZSQlc=',
  sha1: 'qvTGHdzF6KLavt4PO0gs2a6pQ00=',
  sha256: 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=',
}
const SHA256 = VALUES.sha256 ?? ''

/** A signer with a bucket that lists what the test wants, and completes. */
async function start(
  test: TestContext,
  config: Partial<SignerConfig>,
  listed?: string,
  size = FILE.size,
) {
  const bucket = fakeBucket(({ method, url }) => {
    const headers = { 'Content-Length': String(size) }
    if (method === 'HEAD') return new Response(null, { headers })
    if (method === 'GET' && listed === undefined) return failed('NotImplemented', 501)
    if (method === 'GET') return new Response(`<ListPartsResult>${listed}</ListPartsResult>`)
    if (!url.searchParams.has('uploadId')) return created('upload-1')
    return new Response('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>')
  })
  const signer = await startSigner(test, { fetch: bucket.fetch, ...config })
  return { signer, seen: bucket.seen }
}

async function assertSigned(url: string, method: string, headers: Record<string, string>) {
  const { actual, expected } = await recompute(url, { method, region: 'us-east-1', headers })
  assert.equal(actual, expected)
}

function listedPart(number: number, size: number, checksum: string): string {
  return (
    `<Part><PartNumber>${number}</PartNumber><ETag>"etag-${number}"</ETag><Size>${size}</Size>` +
    `${checksum}</Part>`
  )
}

describe('a signer that needs a checksum', () => {
  for (const checksum of CHECKSUM_ALGORITHMS) {
    it(`signs the header of ${checksum} beside the MD5`, async (test) => {
      const { signer } = await start(test, { checksum })
      const value = VALUES[checksum] ?? ''
      const others = { ...VALUES, md5: MD5 }
      const { url = '', headers = {} } = await signer.put({}, others)
      assert.deepEqual(headers, {
        'Content-Type': 'image/jpeg',
        'Content-MD5': MD5,
        [`x-amz-checksum-${checksum}`]: value,
      })
      assert.match(url, new RegExp(`content-type%3Bhost%3Bx-amz-checksum-${checksum}&`))
      await assertSigned(url, 'PUT', { ...headers, 'Content-Length': '48211' })
      const without = await signer.put({}, { [checksum]: value })
      assert.equal(without.headers?.['Content-MD5'], undefined)
      assert.equal(without.headers?.[`x-amz-checksum-${checksum}`], value)
    })
  }

  it('binds a form to it as well', async (test) => {
    const { signer } = await start(test, { checksum: 'sha256' })
    const digests = { md5: MD5, sha256: SHA256 }
    const { method, fields = {}, headers } = await signer.put({}, { ...digests, form: true })
    assert.deepEqual([method, headers], ['POST', undefined])
    assert.equal(fields['x-amz-checksum-sha256'], SHA256)
    const policy = JSON.parse(Buffer.from(fields.policy ?? '', 'base64').toString())
    assert.deepEqual(
      policy.conditions.find((it: string[]) => it[1] === '$x-amz-checksum-sha256'),
      ['eq', '$x-amz-checksum-sha256', SHA256],
    )
    const { error } = await signer.put({}, { md5: MD5, form: true })
    assert.equal(error?.code, 'checksum-needed')
  })

  it('says which one where it is missing, and asks for no key before it is there', async (test) => {
    let keys = 0
    const key = () => `key-${++keys}`
    const { signer } = await start(test, { checksum: 'sha256', maxSize: '1MB', key })
    const requests = [putRequest('1', {}, { md5: MD5, crc32: VALUES.crc32 })]
    const body = await (await signer.send(JSON.stringify({ version: 1, requests }))).json()
    assert.deepEqual(parseSignerResponse(body), body)
    const message = 'The bytes need a checksum: send "sha256".'
    const error = { code: 'checksum-needed', message, checksum: 'sha256' }
    assert.deepEqual(body.responses, [{ id: '1', error }])
    assert.equal(keys, 0)
    // Nobody should compute a checksum to hear then that the file is too large.
    assert.equal((await signer.put({ size: 2e6 })).error?.code, 'too-large')
  })

  it('refuses what cannot be one', async (test) => {
    const { signer } = await start(test, { checksum: 'sha256' })
    const hexadecimal = createHash('sha256').update('hello').digest('hex')
    const bad = ['', 'x', hexadecimal, MD5, SHA256.slice(0, -1), `${SHA256}\n`, ` ${SHA256}`]
    for (const sha256 of [...bad, SHA256.replace('Q=', 'R='), SHA256.replace('L', '-'), 'ü']) {
      assert.equal((await signer.put({}, { sha256 })).error?.code, 'bad-request', sha256)
    }
  })

  it('tells the bucket when an upload begins, and the client with it', async (test) => {
    const { signer, seen } = await start(test, { checksum: 'crc64nvme' })
    const created = await ask(signer, 'create', { file: FILE })
    assert.equal(created.checksum, 'crc64nvme')
    const headers = { 'Content-Type': 'image/jpeg', 'x-amz-checksum-algorithm': 'CRC64NVME' }
    assert.equal(seen[0]?.headers.get('x-amz-checksum-algorithm'), 'CRC64NVME')
    await assertSigned(seen[0]?.url.href ?? '', 'POST', headers)
    assert.equal((await ask(signer, 'parts', { grant: created.grant })).checksum, 'crc64nvme')
  })

  it('needs it for each part, as the upload was begun', async (test) => {
    const { signer } = await start(test, { checksum: 'sha256' })
    const { grant } = await ask(signer, 'create', { file: FILE })
    // As after a change of the settings, while a page is at an upload.
    const changed = await start(test, { checksum: 'crc32' })
    const none = await start(test, {})
    for (const each of [signer, changed.signer, none.signer]) {
      const part = { grant, partNumber: 1, size: FILE.size }
      const refused = await ask(each, 'part', { ...part, md5: MD5, crc32: VALUES.crc32 })
      assert.deepEqual(
        [refused.error?.code, refused.error?.checksum],
        ['checksum-needed', 'sha256'],
      )
      const { url = '', headers = {} } = await ask(each, 'part', { ...part, sha256: SHA256 })
      assert.deepEqual(headers, { 'x-amz-checksum-sha256': SHA256 })
      await assertSigned(url, 'PUT', { ...headers, 'Content-Length': String(FILE.size) })
    }
    const before = await ask(none.signer, 'create', { file: FILE })
    const part = { grant: before.grant, partNumber: 1, size: FILE.size, sha256: SHA256 }
    assert.deepEqual((await ask(signer, 'part', part)).headers, {})
  })

  it('names the checksums that the bucket lists when it puts the parts together', async (test) => {
    const [one, two] = ['one', 'two'].map((text) =>
      createHash('sha256').update(text).digest('base64'),
    )
    const listed =
      listedPart(1, 5 * 2 ** 20, `<ChecksumSHA256>${one}</ChecksumSHA256>`) +
      listedPart(2, 211, `<ChecksumSHA256>${two}</ChecksumSHA256>`)
    const file = { ...FILE, size: 5 * 2 ** 20 + 211 }
    const { signer, seen } = await start(test, { checksum: 'sha256' }, listed, file.size)
    const { grant } = await ask(signer, 'create', { file })
    assert.equal((await ask(signer, 'complete', { grant })).error, undefined)
    const etag = (number: number) => `<ETag>&#34;etag-${number}&#34;</ETag>`
    const expected =
      `<Part><PartNumber>1</PartNumber>${etag(1)}<ChecksumSHA256>${one}</ChecksumSHA256></Part>` +
      `<Part><PartNumber>2</PartNumber>${etag(2)}<ChecksumSHA256>${two}</ChecksumSHA256></Part>`
    assert.ok(seen.find(({ body }) => body !== '')?.body.includes(`>${expected}</Complete`))
  })

  it('names none to a bucket that lists none', async (test) => {
    const { signer, seen } = await start(test, { checksum: 'sha256' }, listedPart(1, 48_211, ''))
    const { grant } = await ask(signer, 'create', { file: FILE })
    const digests = [{ sha256: SHA256 }]
    assert.equal((await ask(signer, 'complete', { grant, digests })).error, undefined)
    assert.doesNotMatch(seen.find(({ body }) => body !== '')?.body ?? '', /Checksum/)
  })

  it('takes those of parts that are named, if they can be ones', async (test) => {
    const { signer, seen } = await start(test, { checksum: 'sha256' })
    const { grant } = await ask(signer, 'create', { file: FILE })
    const complete = (sha256: string) =>
      ask(signer, 'complete', { grant, parts: [{ partNumber: 1, etag: 'a', sha256 }] })
    assert.equal((await complete('<b/>')).error?.code, 'bad-request')
    assert.equal((await complete(SHA256)).error, undefined)
    const body = seen.find(({ body }) => body !== '')?.body ?? ''
    assert.ok(body.includes(`</ETag><ChecksumSHA256>${SHA256}</ChecksumSHA256></Part>`))
  })
})

describe('a signer that needs none', () => {
  it('sends none to the bucket, whatever the client knows', async (test) => {
    const { signer, seen } = await start(test, {})
    const { headers } = await signer.put({}, { ...VALUES, md5: MD5 })
    assert.deepEqual(headers, { 'Content-Type': 'image/jpeg', 'Content-MD5': MD5 })
    const created = await ask(signer, 'create', { file: FILE })
    assert.equal(created.checksum, undefined)
    assert.equal(seen[0]?.headers.get('x-amz-checksum-algorithm'), null)
    assert.equal((await ask(signer, 'parts', { grant: created.grant })).checksum, undefined)
  })
})
