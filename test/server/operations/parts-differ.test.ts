import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { Digests } from '../../../src/protocol/index.ts'
import { type SignerConfig, s3 } from '../../../src/server/index.ts'
import type { Gateway } from '../../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../../support/servers/gateways.ts'
import {
  createBucket,
  deleteBucket,
  getObject,
  headObject,
} from '../../support/servers/s3-admin.ts'
import { ask, created, fakeBucket, sendPart } from '../../support/signer/multipart-client.ts'
import { BUCKET, startSigner } from '../../support/signer/signer-server.ts'

const PART = 5 * 2 ** 20
const TYPE = 'video/mp4'

function digest(algorithm: string, bytes: Uint8Array | string): string {
  return createHash(algorithm).update(bytes).digest('base64')
}

function digestsOf(bytes: Uint8Array | string) {
  return { md5: digest('md5', bytes), sha256: digest('sha256', bytes) }
}

/** A bucket that is real where its answers matter, and one that answers as no real one here does. */
describe('parts that are others than were sent, in Ceph', () => {
  let gateway: Gateway
  const bucket = bucketName('differ')

  before(async () => {
    gateway = await cephGateway()
    await createBucket(gateway, bucket)
  })
  after(() => deleteBucket(gateway, bucket))

  it('are not put together, until they are replaced', async (test) => {
    const now = () => new Date()
    const signer = await startSigner(test, { now, bucket: s3({ ...gateway, bucket }) })
    const bodies = [1, 2, 3].map((seed) => new Uint8Array(PART).fill(seed))
    const file = { name: 'film.mp4', size: 3 * PART, type: TYPE }
    const { grant, key = '' } = await ask(signer, 'create', { file })
    for (const [index, body] of bodies.entries()) await sendPart(signer, grant, index + 1, body)
    const digests = bodies.map(digestsOf)
    // As another client with the same grant might do.
    await sendPart(signer, grant, 2, new Uint8Array(PART).fill(7))
    for (const sent of [digests, digests.slice(0, 2), [{}, ...digests.slice(1)]]) {
      const { error } = await ask(signer, 'complete', { grant, digests: sent })
      assert.equal(error?.code, 'parts-differ')
    }
    assert.equal(await headObject(gateway, bucket, key), undefined)
    await sendPart(signer, grant, 2, bodies[1] as Uint8Array<ArrayBuffer>)
    assert.equal((await ask(signer, 'complete', { grant, digests })).error, undefined)
    const stored = await getObject(gateway, bucket, key)
    assert.ok(Buffer.from(stored?.body ?? []).equals(Buffer.concat(bodies)))
    // As after an answer that was lost.
    assert.equal((await ask(signer, 'complete', { grant, digests })).error, undefined)
  })
})

describe('what a bucket lists', () => {
  const bodies = ['one', 'two', 'three']
  const hex = bodies.map((body) => createHash('md5').update(body).digest('hex'))
  const digests: Digests[] = bodies.map(digestsOf)
  const sums = digests.map(({ sha256 = '' }) => sha256)
  const other = digestsOf('other')

  /** Completes an upload whose parts have these ETags, and tells how that ended. */
  async function complete(
    test: TestContext,
    etags: string[],
    fields: object,
    { checksums = [], ...config }: { checksums?: string[] } & Partial<SignerConfig> = {},
  ): Promise<string> {
    const parts = etags.map(
      (etag, index) =>
        `<Part><PartNumber>${index + 1}</PartNumber><ETag>&quot;${etag}&quot;</ETag><Size>1</Size>` +
        `${checksums[index] ? `<ChecksumSHA256>${checksums[index]}</ChecksumSHA256>` : ''}</Part>`,
    )
    const { fetch, seen } = fakeBucket(({ method, url }) => {
      const length = { 'Content-Length': String(etags.length) }
      if (method === 'HEAD') return new Response(null, { headers: length })
      if (method === 'GET') {
        return new Response(`<ListPartsResult>${parts.join('')}</ListPartsResult>`)
      }
      if (!url.searchParams.has('uploadId')) return created('upload-1')
      return new Response('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>')
    })
    const partRules = { ...BUCKET.partRules, minSize: 1, idealSize: 1 }
    const signer = await startSigner(test, { fetch, bucket: { ...BUCKET, partRules }, ...config })
    const file = { name: 'a', size: etags.length, type: TYPE }
    const { grant } = await ask(signer, 'create', { file })
    const { error } = await ask(signer, 'complete', { grant, ...fields })
    const asked = seen.slice(1).map(({ method }) => method)
    assert.deepEqual(asked, error ? ['GET'] : ['GET', 'POST', 'HEAD'])
    return error?.code ?? 'done'
  }

  const replaced = [hex[0] ?? '', 'f'.repeat(32), hex[2] ?? '']
  const encrypted = ['a', 'b', 'c'].map((letter) => letter.repeat(32))
  const sha256 = { checksum: 'sha256' } as const

  it('is what was sent', async (test) => {
    assert.equal(await complete(test, hex, { digests }), 'done')
    assert.equal(
      await complete(
        test,
        hex.map((etag) => etag.toUpperCase()),
        { digests },
      ),
      'done',
    )
  })

  it('is not what was sent, by an ETag', async (test) => {
    assert.equal(await complete(test, replaced, { digests }), 'parts-differ')
  })

  it('is compared as far as the client knows what it sent', async (test) => {
    const [one = {}, two = {}, three = {}] = digests
    assert.equal(await complete(test, replaced, {}), 'done')
    assert.equal(await complete(test, replaced, { digests: [] }), 'done')
    assert.equal(await complete(test, replaced, { digests: [one] }), 'done')
    assert.equal(await complete(test, replaced, { digests: [one, {}, three] }), 'done')
    assert.equal(await complete(test, replaced, { digests: [{}, two, three] }), 'parts-differ')
    const odd = { md5: 'no base64', sha256: '' }
    assert.equal(await complete(test, hex, { digests: [odd] }), 'done')
  })

  it('tells nothing where no ETag is an MD5', async (test) => {
    assert.equal(await complete(test, encrypted, { digests }), 'done')
  })

  it('is told apart by checksums where the upload has them', async (test) => {
    const config = { ...sha256, checksums: sums }
    assert.equal(await complete(test, encrypted, { digests }, config), 'done')
    const changed = [digests[0], other, digests[2]]
    assert.equal(await complete(test, encrypted, { digests: changed }, config), 'parts-differ')
    // One that is ignored, or that an upload does not have, is not there to compare.
    assert.equal(await complete(test, encrypted, { digests: changed }, sha256), 'done')
    assert.equal(await complete(test, encrypted, { digests: changed }, { checksums: sums }), 'done')
  })

  it('is compared with the parts that the client names, too', async (test) => {
    const named = (etags: string[]) => etags.map((etag, index) => ({ partNumber: index + 1, etag }))
    assert.equal(await complete(test, hex, { parts: named(hex), digests }), 'done')
    assert.equal(await complete(test, hex, { parts: named(replaced), digests }), 'parts-differ')
    assert.equal(await complete(test, hex, { parts: named(hex).slice(1), digests }), 'done')
  })
})
