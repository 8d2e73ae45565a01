/** The example signers that know every operation, against a real bucket and those who mean no good. */
import assert from 'node:assert/strict'
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import {
  parseSignerResponse,
  type SignedResponse,
  type SignerRefusal,
} from '../../src/protocol/index.ts'
import { bucketUploadProcess } from '../support/command.ts'
import type { ExampleSigner } from '../support/examples/example-signer.ts'
import { OTHER_PROOF, PROOF, startWhole, WHOLE_SIGNERS } from '../support/examples/whole-signers.ts'
import type { Gateway } from '../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import {
  createBucket,
  deleteBucket,
  deleteObject,
  listMultipartUploads,
  listObjects,
} from '../support/servers/s3-admin.ts'

const MIB = 2 ** 20
const SIZE = 60_000_000
const SMALL = { name: 'film.mp4', size: 11 * MIB, type: 'video/mp4' }
const BY_GRANT = ['part', 'parts', 'complete', 'abort']
const INVALID = 'invalid-grant'

type Answer = SignedResponse & Partial<SignerRefusal>

for (const example of WHOLE_SIGNERS) {
  describe(`the example signer ${example}, which knows every operation`, () => {
    let gateway: Gateway
    let signer: ExampleSigner
    const bucket = bucketName('whole')

    before(async () => {
      gateway = await cephGateway()
      await createBucket(gateway, bucket)
      signer = await startWhole(example, { ...gateway, bucket }, 'https://app.example')
    })
    after(async () => {
      signer?.stop()
      await deleteBucket(gateway, bucket)
    })

    const send = (requests: object[], headers: Record<string, string> = PROOF) =>
      fetch(signer.url, {
        method: 'POST',
        body: JSON.stringify({ version: 1, requests }),
        headers: { 'Content-Type': 'application/json', ...headers },
      })

    const ask = async (op: string, fields: object, headers?: Record<string, string>) => {
      const answer = await send([{ id: '1', op, ...fields }], headers)
      const body = await answer.json()
      assert.deepEqual(parseSignerResponse(body), body)
      return body.responses[0] as Answer
    }

    const codeOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).error?.code

    const begin = async (file: object = SMALL, fields: object = {}) => {
      const { grant = '', partSize = 0, ...rest } = await ask('create', { file, ...fields })
      assert.equal(rest.error, undefined)
      return { ...rest, grant, partSize }
    }

    /** Stores a part; resolves with the status of the bucket, and its ETag. */
    const store = async (grant: string, partNumber: number, body: Buffer, fields: object = {}) => {
      const signed = await ask('part', { grant, partNumber, ...fields })
      assert.equal(signed.error, undefined)
      return put(signed, body)
    }

    /** All parts of a content, in their order; resolves with what the client knows of them. */
    const storeAll = async (grant: string, partSize: number, content: Buffer) => {
      const parts: { partNumber: number; etag: string }[] = []
      for (let at = 0; at < content.length; at += partSize) {
        const partNumber = parts.length + 1
        const piece = content.subarray(at, at + partSize)
        const { status, etag } = await store(grant, partNumber, piece, { size: piece.length })
        assert.equal(status, 200)
        parts.push({ partNumber, etag })
      }
      return parts
    }

    /** A grant with other content, sealed as its signer would: whoever has the secret can. */
    const sealed = (grant: string, change: object, user = '42') => {
      const [payload = ''] = grant.split('.')
      const content = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), ...change }
      const text = Buffer.from(JSON.stringify(content)).toString('base64url')
      const { host } = new URL(gateway.endpoint)
      const seal = ['bucket-upload', host, bucket, 'grant', user, text].reduce<Buffer | string>(
        (key, value) => createHmac('sha256', key).update(value).digest(),
        gateway.secretAccessKey,
      )
      return `${text}.${(seal as Buffer).toString('base64url')}`
    }

    it('keeps every rule of the protocol', async () => {
      const proof = ['--header-from', 'Authorization=WHO']
      const { stdout, code } = await bucketUploadProcess(
        ['conformance', signer.url, '--store', '--json', ...proof],
        { env: { WHO: PROOF.Authorization } },
      )
      const { results } = JSON.parse(stdout) as { results: { id: string; verdict: string }[] }
      // It goes on with no files after their upload, so there is no status of them.
      assert.deepEqual(
        results
          .filter(({ verdict }) => verdict !== 'ok')
          .map(({ id, verdict }) => `${verdict}: ${id}`),
        ['skipped: status'],
      )
      assert.ok(results.length > 40)
      assert.equal(code, 0)
      assert.deepEqual(await listMultipartUploads(gateway, bucket), [])
    })

    it('takes a file of 60 MB in parts, and gives the same answer again', async () => {
      const content = randomBytes(SIZE)
      const file = { name: 'Größe & Film.mp4', size: SIZE, type: 'video/mp4' }
      const { grant, partSize, key, ...rest } = await begin(file)
      assert.match(key ?? '', /^[0-9a-f]{32}\/\w[\w.-]+\.mp4$/)
      assert.equal(rest.comparesParts, true)
      assert.equal(partSize, 10_000_000)
      assert.equal(await codeOf('complete', { grant }), 'upload-incomplete')
      const parts = await storeAll(grant, partSize, content)
      assert.equal(parts.length, 6)
      const listed = await ask('parts', { grant, after: 2 })
      const xml = await (await fetch(listed.url ?? '')).text()
      assert.deepEqual(
        Array.from(xml.matchAll(/<PartNumber>(\d+)</g), ([, number]) => Number(number)),
        [3, 4, 5, 6],
      )
      const done = await ask('complete', { grant, parts })
      assert.equal(done.key, key)
      assert.match(done.etag ?? '', /^[0-9a-f]{32}-6$/)
      assert.equal(await hashAt(done.downloadUrl), hashOf(content))
      // As if the first answer had been lost.
      const again = await ask('complete', { grant, parts })
      assert.deepEqual([again.key, again.etag], [done.key, done.etag])
      // A part that comes late changes nothing, and an abort removes nothing.
      assert.equal((await store(grant, 1, content.subarray(0, partSize))).status, 404)
      assert.equal(await codeOf('abort', { grant }), undefined)
      const link = await ask('link', { grant: done.grant })
      assert.equal(await hashAt(link.downloadUrl), hashOf(content))
      // The grant of what is stored gives links, and nothing else.
      assert.equal(await codeOf('put', { grant: done.grant, file }), INVALID)
      for (const op of BY_GRANT) {
        assert.equal(await codeOf(op, { grant: done.grant, partNumber: 1 }), INVALID, op)
      }
      await deleteObject(gateway, bucket, key ?? '')
      assert.equal(await codeOf('complete', { grant, parts }), 'upload-gone')
    })

    it('signs for the caller of a grant alone, until it ends', async () => {
      const file = { name: 'a.txt', size: 3, type: 'text/plain' }
      const { grant: small = '' } = await ask('put', { file })
      const { grant: large } = await begin()
      const uses: [op: string, grant: string, fields: object][] = [
        ['put', small, { file }],
        ['link', small, {}],
        ...BY_GRANT.map((op): [string, string, object] => [op, large, { partNumber: 1 }]),
      ]
      const hour = Math.floor(Date.now() / 1000) + 3600
      for (const [op, grant, fields] of uses) {
        const use = (grant: unknown, headers?: Record<string, string>) =>
          codeOf(op, { ...fields, grant }, headers)
        assert.equal(await use(grant, OTHER_PROOF), INVALID, `${op}, of another user`)
        assert.equal(await use(sealed(grant, { expires: hour - 3601 })), INVALID, `${op}, ended`)
        assert.equal(await use(sealed(grant, { expires: hour }, '43')), INVALID, `${op}, foreign`)
        assert.equal(await use(grant.slice(0, -1)), INVALID, `${op}, cut`)
        assert.equal(await use(`${grant}A`), INVALID, `${op}, longer`)
        assert.equal(await use(`${grant}=`), INVALID, `${op}, padded`)
        assert.equal(await use(grant.replace('.', '..')), INVALID, `${op}, split`)
        assert.equal(
          await use(op === 'put' || op === 'link' ? large : small),
          INVALID,
          `${op}, kind`,
        )
        for (const nothing of [undefined, null, '', '.', 7, [], {}]) {
          // Without a grant a put is for a new file.
          if (op === 'put' && (nothing === undefined || nothing === null)) continue
          assert.match((await use(nothing)) ?? '', /^(invalid-grant|bad-request)$/, op)
        }
        // What they have in common with a good one is not why they are refused.
        if (op === 'complete') continue
        assert.equal(await use(sealed(grant, { expires: hour })), undefined, op)
      }
    })

    it('signs a grant for its file alone', async () => {
      const file = { name: 'a.txt', size: 3, type: 'text/plain' }
      const { grant, key } = await ask('put', { file })
      const again = await ask('put', { file, grant })
      assert.equal(again.key, key)
      assert.equal((await put(again, Buffer.from('abc'))).status, 200)
      assert.equal(await (await fetch(again.downloadUrl ?? '')).text(), 'abc')
      for (const other of [{ size: 4 }, { size: 2 }, { type: 'text/html' }]) {
        assert.equal(await codeOf('put', { grant, file: { ...file, ...other } }), INVALID)
      }
      assert.equal(await codeOf('link', { grant, key: 'other' }), INVALID)
      assert.equal(await codeOf('link', { key }), INVALID)
      const { downloadUrl = '' } = await ask('link', { grant, key, disposition: 'inline' })
      const shown = new URL(downloadUrl).searchParams.get('response-content-disposition')
      assert.match(shown ?? '', /^attachment/)
    })

    it('has the bucket refuse other bytes than those that were announced', async () => {
      const md5 = createHash('md5').update('abc').digest('base64')
      const file = { name: 'a.txt', size: 3, type: 'text/plain' }
      const signed = await ask('put', { file, md5 })
      assert.equal(signed.headers?.['Content-MD5'], md5)
      assert.equal((await put(signed, Buffer.from('abd'))).status, 400)
      assert.equal((await put(signed, Buffer.from('abcd'))).status, 403)
      assert.equal((await put(signed, Buffer.from('abc'))).status, 200)
      const { grant, partSize } = await begin()
      const part = randomBytes(partSize)
      const digest = createHash('md5').update(part).digest('base64')
      assert.equal((await store(grant, 1, randomBytes(partSize), { md5: digest })).status, 400)
      assert.equal((await store(grant, 1, part, { md5: digest })).status, 200)
      for (const wrong of [
        '',
        'a',
        `${md5}\nx-amz-acl:public-read`,
        `${md5}\n`,
        md5.slice(0, -1),
      ]) {
        assert.equal(await codeOf('put', { file, md5: wrong }), 'bad-request', wrong)
        assert.equal(await codeOf('part', { grant, partNumber: 1, md5: wrong }), 'bad-request')
      }
    })

    it('signs each part for its number and its size', async () => {
      const { grant, partSize } = await begin()
      assert.equal(partSize, 5 * MIB)
      for (const partNumber of [0, -1, 4, 10_001, 1.5, '1', null, undefined]) {
        assert.equal(await codeOf('part', { grant, partNumber }), 'bad-request', `${partNumber}`)
      }
      for (const size of [partSize - 1, partSize + 1, 0, '1', 2 ** 53]) {
        assert.equal(await codeOf('part', { grant, partNumber: 1, size }), 'bad-request', `${size}`)
      }
      assert.equal(await codeOf('part', { grant, partNumber: 3, size: MIB }), undefined)
      for (const length of [1, partSize - 1, partSize + 1]) {
        assert.equal((await store(grant, 1, randomBytes(length))).status, 403)
      }
      const signed = await ask('part', { grant, partNumber: 3, uploadId: 'x', key: 'x' })
      const url = signed.url?.replace('partNumber=3', 'partNumber=4') ?? ''
      assert.equal((await put({ ...signed, url }, randomBytes(MIB))).status, 403)
      assert.equal((await put(signed, randomBytes(MIB))).status, 200)
      // Nothing is copied into it, either.
      const copy = { 'x-amz-copy-source': `/${bucket}/secret` }
      const copied = { ...signed, headers: { ...signed.headers, ...copy } }
      assert.notEqual((await put(copied, randomBytes(MIB))).status, 200)
    })

    it('puts nothing together but what was granted and sent', async () => {
      const { grant, partSize, key } = await begin()
      const content = randomBytes(SMALL.size)
      const parts = await storeAll(grant, partSize, content)
      const [first, second, third] = parts
      const other = { ...first, etag: '0123456789abcdef0123456789abcdef' }
      for (const wrong of [[other, second, third], [other], [{ partNumber: 4, etag: 'a' }]]) {
        assert.equal(await codeOf('complete', { grant, parts: wrong }), 'parts-differ')
      }
      for (const wrong of [[{}], ['a'], {}, [{ partNumber: '1', etag: 'a' }], [{ etag: 7 }]]) {
        assert.equal(await codeOf('complete', { grant, parts: wrong }), 'bad-request')
      }
      // Another part than the size of the file has a place for.
      const wider = sealed(grant, { size: SMALL.size + 1 })
      const last = content.subarray(2 * partSize)
      assert.equal((await store(wider, 3, Buffer.concat([last, Buffer.from('x')]))).status, 200)
      assert.equal(await codeOf('complete', { grant }), 'upload-incomplete')
      assert.equal((await store(grant, 3, last)).status, 200)
      assert.deepEqual(await objectsAt(key), [])
      const done = await ask('complete', { grant, parts: parts.slice(1) })
      assert.equal(await hashAt(done.downloadUrl), hashOf(content))
    })

    const objectsAt = async (key?: string) =>
      (await listObjects(gateway, bucket)).filter((it) => it.key === key)

    it('removes the parts of an upload that is aborted, and no object', async () => {
      const { grant, key, partSize } = await begin()
      assert.equal((await store(grant, 1, randomBytes(partSize))).status, 200)
      const signed = await ask('part', { grant, partNumber: 1 })
      assert.deepEqual(await ask('abort', { grant }), { id: '1' })
      const uploads = await listMultipartUploads(gateway, bucket)
      assert.ok(!uploads.some((upload) => upload.key === key))
      // That it is gone already is as good.
      assert.deepEqual(await ask('abort', { grant }), { id: '1' })
      assert.equal((await put(signed, randomBytes(partSize))).status, 404)
      assert.equal(await codeOf('complete', { grant }), 'upload-gone')
    })

    it('begins one upload for all tries of one file', async () => {
      const nonce = randomBytes(20).toString('base64url')
      const first = await begin(SMALL, { nonce })
      const again = await begin(SMALL, { nonce, again: true })
      assert.deepEqual([again.key, again.uploadId], [first.key, first.uploadId])
      assert.ok(!first.key?.includes(nonce))
      const other = await begin({ ...SMALL, size: 6 * MIB }, { nonce, again: true })
      assert.notEqual(other.key, first.key)
      const foreign = await ask('create', { file: SMALL, nonce, again: true }, OTHER_PROOF)
      assert.notEqual(foreign.key, first.key)
      for (const wrong of ['short', 'x'.repeat(65), `${nonce}/../a`, 7]) {
        assert.equal(await codeOf('create', { file: SMALL, nonce: wrong }), 'bad-request')
      }
    })

    it('cuts a file as the client wishes, as far as buckets allow it', async () => {
      const size = 1200 * MIB
      const partSizeOf = async (partSize?: unknown) =>
        (await begin({ ...SMALL, size }, { partSize })).partSize
      assert.equal(await partSizeOf(), 50 * MIB)
      assert.equal(await partSizeOf(null), 50 * MIB)
      assert.equal(await partSizeOf(20 * MIB), 20 * MIB)
      assert.equal(await partSizeOf(1), 5 * MIB)
      assert.equal(await partSizeOf(2 ** 50), 50 * MIB)
    })

    for (const length of [3, 16 * MIB + 3]) {
      it(`takes a stream of ${length} bytes, and no more than it has`, async () => {
        const created = await ask('create', { file: { name: 'a.webm', type: 'video/webm' } })
        const { grant = '', partSize = 0, maxSize = 0 } = created
        assert.deepEqual([partSize, maxSize], [16 * MIB, 5_000_000_000])
        const last = Math.ceil(maxSize / partSize)
        const over = { partNumber: last, size: (maxSize % partSize) + 1 }
        const wrong = [
          {},
          { size: 0 },
          { size: partSize + 1 },
          over,
          { partNumber: last + 1, size: 1 },
        ]
        for (const fields of wrong) {
          assert.equal(await codeOf('part', { grant, partNumber: 1, ...fields }), 'bad-request')
        }
        const content = randomBytes(length)
        await storeAll(grant, partSize, content)
        for (const size of [undefined, 0, -1, maxSize + 1]) {
          assert.match(
            (await codeOf('complete', { grant, size })) ?? '',
            /^(bad-request|too-large)$/,
          )
        }
        assert.equal(await codeOf('complete', { grant, size: length + 1 }), 'upload-incomplete')
        const done = await ask('complete', { grant, size: length })
        assert.equal(await hashAt(done.downloadUrl), hashOf(content))
      })
    }

    it('refuses strangers, and calls of more than a thousand requests', async () => {
      const statusOf = async (...sent: Parameters<typeof send>) => {
        const answer = await send(...sent)
        await answer.text()
        return answer.status
      }
      assert.equal(await statusOf([{ id: '1', op: 'put', file: SMALL }], {}), 401)
      const many = Array.from({ length: 1001 }, (_, id) => ({ id: `${id}`, op: 'other' }))
      assert.equal(await statusOf(many), 400)
      assert.equal(await statusOf(many.slice(1)), 200)
    })

    it('says that the bucket fails, and neither how nor by which URL', async (test) => {
      const closed = { ...gateway, bucket, endpoint: 'http://127.0.0.1:1' }
      const other = await startWhole(example, closed, 'https://app.example')
      test.after(other.stop)
      const answer = await fetch(other.url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...PROOF },
        body: JSON.stringify({ version: 1, requests: [{ id: '1', op: 'create', file: SMALL }] }),
      })
      assert.equal(answer.status, 200)
      const said = await answer.text()
      assert.match(said, /"code":"internal-error"/)
      assert.doesNotMatch(said, /127\.0\.0\.1|X-Amz/)
    })
  })
}

/** Sends what was signed for; resolves with the status, and the ETag without quotes. */
async function put({ url = '', method = 'PUT', headers = {} }: Answer, body: Buffer) {
  const answer = await fetch(url, { method, headers, body: new Uint8Array(body) })
  await answer.arrayBuffer()
  return { status: answer.status, etag: (answer.headers.get('ETag') ?? '').replaceAll('"', '') }
}

function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

async function hashAt(url = ''): Promise<string> {
  return hashOf(new Uint8Array(await (await fetch(url)).arrayBuffer()))
}
