/** A signer with temporary keys that a real Security Token Service has issued. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { SignedResponse } from '../../../src/protocol/index.ts'
import { type AccessKeys, createSigner, type S3Options, s3 } from '../../../src/server/index.ts'
import type { Gateway } from '../../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../../support/servers/gateways.ts'
import { createBucket, deleteBucket } from '../../support/servers/s3-admin.ts'
import { assumeRole, createRole } from '../../support/servers/sts.ts'

const SIZE = 5 * 2 ** 20 + 1

describe('a signer with temporary keys', () => {
  const bucket = bucketName('sts')
  let gateway: Gateway
  let sessions: Required<AccessKeys>[]
  let writer: Required<AccessKeys>

  before(async () => {
    gateway = await cephGateway()
    await createBucket(gateway, bucket)
    await createRole(gateway, `${bucket}-all`, ['s3:*'])
    await createRole(gateway, `${bucket}-writer`, ['s3:PutObject'])
    const three = [1, 2, 3].map(() => assumeRole(gateway, `${bucket}-all`))
    sessions = await Promise.all(three)
    writer = await assumeRole(gateway, `${bucket}-writer`)
  })
  after(() => deleteBucket(gateway, bucket))

  /** Asks a signer of this bucket. */
  function signerWith(options: Partial<S3Options>) {
    const { endpoint, region } = gateway
    const signer = createSigner({
      bucket: s3({ bucket, endpoint, region, partRules: { idealSize: 5 * 2 ** 20 }, ...options }),
      authorize: 'everybody',
      secret: 'a secret for the grants',
    })
    return async (request: object): Promise<Required<SignedResponse>> => {
      const response = await signer(
        new Request('http://signer.test/', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ version: 1, requests: [{ id: '1', ...request }] }),
        }),
      )
      const { responses } = await response.json()
      assert.equal(responses[0].error, undefined)
      return responses[0]
    }
  }

  const fileOf = (body: Uint8Array) => ({ name: 'a.bin', size: body.length, type: 'image/png' })
  /** A signer for each call, with the keys of another session: they change while an upload runs. */
  const asking = (options: Partial<S3Options> = {}) => {
    return (request: object) => {
      const keys = sessions.shift() as Required<AccessKeys>
      sessions.push(keys)
      return signerWith({ credentials: async () => keys, ...options })(request)
    }
  }
  const contentOf = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer())

  it('stores a file by a PUT, and links to it', async () => {
    const body = randomBytes(1000)
    const ask = signerWith({ credentials: async () => sessions[0] as AccessKeys })
    const signed = await ask({ op: 'put', file: fileOf(body) })
    const put = await fetch(signed.url, { method: 'PUT', body, headers: signed.headers })
    assert.equal(put.status, 200)
    assert.deepEqual(await contentOf(signed.downloadUrl), body)
  })

  it('stores a file by a form', async () => {
    const body = randomBytes(1000)
    const ask = asking({ postPolicy: true })
    const signed = await ask({ op: 'put', file: fileOf(body), form: true })
    assert.equal(signed.method, 'POST')
    const form = new FormData()
    for (const [name, value] of Object.entries(signed.fields)) form.append(name, value)
    form.append('file', new Blob([body]))
    assert.ok((await fetch(signed.url, { method: 'POST', body: form })).ok)
    assert.deepEqual(await contentOf(signed.downloadUrl), body)
  })

  it('stores a file in parts, though its keys change from call to call', async () => {
    const body = randomBytes(SIZE)
    const ask = asking()
    const { grant, partSize } = await ask({ op: 'create', file: fileOf(body) })
    for (let partNumber = 1; (partNumber - 1) * partSize < SIZE; partNumber++) {
      const part = body.subarray((partNumber - 1) * partSize, partNumber * partSize)
      const { url, headers } = await ask({ op: 'part', grant, partNumber, size: part.length })
      assert.equal((await fetch(url, { method: 'PUT', body: part, headers })).status, 200)
    }
    const listed = await ask({ op: 'parts', grant })
    assert.equal((await (await fetch(listed.url)).text()).match(/<PartNumber>/g)?.length, 2)
    const { downloadUrl } = await ask({ op: 'complete', grant })
    assert.deepEqual(await contentOf(downloadUrl), body)
  })

  it('throws an upload away', async () => {
    const ask = asking()
    const { grant } = await ask({ op: 'create', file: fileOf(randomBytes(SIZE)) })
    await ask({ op: 'abort', grant })
    const listed = await ask({ op: 'parts', grant })
    assert.equal((await fetch(listed.url)).status, 404)
  })

  it('needs their token', async () => {
    const { accessKeyId, secretAccessKey } = sessions[0] as AccessKeys
    const ask = signerWith({ accessKeyId, secretAccessKey })
    const body = randomBytes(10)
    const { url, headers } = await ask({ op: 'put', file: fileOf(body) })
    assert.equal((await fetch(url, { method: 'PUT', body, headers })).status, 403)
  })

  it('signs PUTs and parts with keys that can only write, and then they copy nothing', async () => {
    const body = randomBytes(1000)
    // Without guards, which would refuse it too.
    const ask = asking({ uploadKeys: async () => writer, guardHeaders: {} })
    const secret = await ask({ op: 'put', file: fileOf(body) })
    const stored = await fetch(secret.url, { method: 'PUT', body, headers: secret.headers })
    assert.equal(stored.status, 200)
    assert.deepEqual(await contentOf(secret.downloadUrl), body)

    const source = { 'x-amz-copy-source': `/${bucket}/${secret.key}` }
    const { url, headers } = await ask({ op: 'put', file: fileOf(body) })
    const copy = { method: 'PUT', body, headers: { ...headers, ...source } }
    assert.equal((await fetch(url, copy)).status, 403)

    const { grant } = await ask({ op: 'create', file: fileOf(randomBytes(1000)) })
    const part = await ask({ op: 'part', grant, partNumber: 1, size: 1000 })
    const partCopy = { method: 'PUT', body, headers: { ...part.headers, ...source } }
    assert.equal((await fetch(part.url, partCopy)).status, 403)
    const honest = await fetch(part.url, { method: 'PUT', body, headers: part.headers })
    assert.equal(honest.status, 200)
  })
})
