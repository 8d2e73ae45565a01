/** Files that a page has compressed: with a signer that takes them, and with others. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createSigner, type SignerConfig, s3 } from '../../../src/server/index.ts'
import { headObject } from '../../support/servers/s3-admin.ts'
import { testBucket } from '../../support/servers/test-bucket.ts'
import { ask, sendPart } from '../../support/signer/multipart-client.ts'
import { CREDENTIALS } from '../../support/signer/recompute.ts'
import { BUCKET, startSigner } from '../../support/signer/signer-server.ts'

const TEXT = 'a line of text\n'.repeat(1000)
const PACKED = new Uint8Array(gzipSync(TEXT))
const FILE = { name: 'notes.txt', size: PACKED.length, type: 'text/plain' }
const GZIP = { ...FILE, encoding: 'gzip' }

const { bucket, gateway } = testBucket('encoding')

const start = (test: TestContext, config: Partial<SignerConfig> = {}) => {
  const now = () => new Date()
  const to = s3({ ...gateway, bucket, postPolicy: true })
  return startSigner(test, { now, bucket: to, acceptEncoding: 'gzip', ...config })
}

async function assertStored({
  key = '',
  downloadUrl = '',
}: {
  key?: string
  downloadUrl?: string
}) {
  const headers = await headObject(gateway, bucket, key)
  assert.equal(headers?.get('Content-Encoding'), 'gzip')
  assert.equal(headers?.get('Content-Length'), String(PACKED.length))
  assert.equal(await (await fetch(downloadUrl)).text(), TEXT)
}

describe('a file that is compressed', () => {
  it('is stored so by a PUT, and a link gives the text', async (test) => {
    const signer = await start(test)
    const signed = await ask(signer, 'put', { file: GZIP, form: true })
    const { url = '', method = '', headers = {} } = signed
    assert.deepEqual([method, signed.encoding], ['PUT', 'gzip'])
    const plain = { ...headers, 'Content-Encoding': 'identity' }
    assert.equal((await fetch(url, { method, headers: plain, body: PACKED })).status, 403)
    assert.equal((await fetch(url, { method, headers, body: PACKED })).status, 200)
    await assertStored(signed)
  })

  it('is stored so in parts', async (test) => {
    const signer = await start(test)
    const { grant, encoding } = await ask(signer, 'create', { file: GZIP })
    assert.equal(encoding, 'gzip')
    assert.equal((await sendPart(signer, grant, 1, PACKED)).status, 200)
    await assertStored(await ask(signer, 'complete', { grant }))
  })

  it('goes as a form where the bucket is known to keep it', async (test) => {
    const aws = {
      bucket: s3({ bucket: 'photos', ...CREDENTIALS }),
      acceptEncoding: 'gzip' as const,
    }
    const signer = await startSigner(test, aws)
    const { fields, encoding } = await ask(signer, 'put', { file: GZIP, form: true })
    assert.deepEqual([fields?.['Content-Encoding'], encoding], ['gzip', 'gzip'])
  })

  it('keeps its encoding when it is asked for again', async (test) => {
    const signer = await start(test)
    const { grant, key } = await ask(signer, 'put', { file: GZIP })
    const second = await ask(signer, 'put', { file: GZIP, grant })
    assert.deepEqual([second.key, second.encoding], [key, 'gzip'])
    assert.equal(second.headers?.['Content-Encoding'], 'gzip')
    for (const [file, of] of [
      [FILE, grant],
      [GZIP, (await ask(signer, 'put', { file: FILE })).grant],
    ] as const) {
      assert.equal((await ask(signer, 'put', { file, grant: of })).error?.code, 'invalid-grant')
    }
  })

  it('is another upload in parts than the same bytes as they are', async (test) => {
    const signer = await start(test)
    const nonce = 'n'.repeat(22)
    const one = await ask(signer, 'create', { file: GZIP, nonce })
    const other = await ask(signer, 'create', { file: FILE, nonce, again: true })
    assert.notEqual(one.key, other.key)
    assert.equal(other.encoding, undefined)
  })

  it('is refused by a signer, or a route, that does not take it', async (test) => {
    const routes = { notes: { acceptEncoding: 'gzip' as const }, film: {} }
    const plain = await start(test, { acceptEncoding: undefined })
    const routed = await start(test, { acceptEncoding: undefined, routes })
    for (const op of ['put', 'create']) {
      const { error } = await ask(plain, op, { file: GZIP })
      assert.deepEqual(error, {
        code: 'bad-request',
        message: 'This signer takes no compressed files: set "acceptEncoding".',
      })
      const { error: refused } = await ask(routed, op, { file: GZIP, route: 'film' })
      assert.equal(refused?.code, 'bad-request')
      assert.equal((await ask(routed, op, { file: GZIP, route: 'notes' })).encoding, 'gzip')
      assert.equal((await ask(plain, op, { file: FILE })).encoding, undefined)
    }
  })

  it('can be nothing but gzip', async (test) => {
    const signer = await start(test)
    for (const encoding of ['br', '', 7, ['gzip']]) {
      const { error } = await ask(signer, 'put', { file: { ...FILE, encoding } })
      assert.equal(error?.code, 'bad-request')
    }
    const wrong = { bucket: BUCKET, authorize: 'everybody', acceptEncoding: 'br' }
    assert.throws(() => createSigner(wrong as unknown as SignerConfig), /"acceptEncoding" must be/)
  })
})
