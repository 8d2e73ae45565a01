import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { memoryCounter, s3 } from '../../../src/server/index.ts'
import type { Gateway } from '../../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../../support/servers/gateways.ts'
import { createBucket, deleteBucket, listMultipartUploads } from '../../support/servers/s3-admin.ts'
import { ask, sendPart } from '../../support/signer/multipart-client.ts'
import { type SignerServer, startSigner } from '../../support/signer/signer-server.ts'

const HELLO = new TextEncoder().encode('hello')
const FILE = { name: 'hello.txt', size: 5, type: 'text/plain' }

let gateway: Gateway
const bucket = bucketName('limits')

before(async () => {
  gateway = await cephGateway()
  await createBucket(gateway, bucket)
})
after(async () => {
  const left = await listMultipartUploads(gateway, bucket)
  await deleteBucket(gateway, bucket)
  assert.deepEqual(left, [])
})

/** One file a user, and a counter whose clock can be put on; that of the signer is the bucket's. */
async function start(test: TestContext) {
  let ahead = 0
  const signer = await startSigner(test, {
    bucket: s3({ ...gateway, bucket }),
    now: () => new Date(),
    authorize: () => ({ user: 'ann' }),
    limits: [{ per: 'user', files: 1, every: '1d' }],
    counter: memoryCounter(() => Date.now() + ahead),
  })
  const pass = (ms: number) => {
    ahead += ms
  }
  return { signer, pass }
}

const isFull = async (signer: SignerServer) => {
  const asked = ask(signer, 'put', { file: FILE })
  const code = await asked.catch((error) => error.code)
  return code === 'rate-limited'
}

describe('in a real bucket, the place of a file', () => {
  it('is free again after an abort, and not if that comes too late', async (test) => {
    const { signer } = await start(test)
    const one = await ask(signer, 'create', { file: FILE })
    assert.equal((await sendPart(signer, one.grant, 1, HELLO)).status, 200)
    assert.equal(await isFull(signer), true)
    assert.equal((await ask(signer, 'abort', { grant: one.grant })).error, undefined)
    const other = await ask(signer, 'create', { file: FILE })
    assert.equal((await sendPart(signer, other.grant, 1, HELLO)).status, 200)
    assert.equal((await ask(signer, 'complete', { grant: other.grant })).error, undefined)
    await ask(signer, 'abort', { grant: other.grant })
    assert.equal(await isFull(signer), true)
  })

  it('is free again when nothing came, and not when something did', async (test) => {
    const { signer, pass } = await start(test)
    await ask(signer, 'put', { file: FILE })
    assert.equal(await isFull(signer), true)
    pass(76 * 60_000)
    const { url = '', headers = {} } = await ask(signer, 'put', { file: FILE })
    assert.equal((await fetch(url, { method: 'PUT', headers, body: HELLO })).status, 200)
    pass(76 * 60_000)
    assert.equal(await isFull(signer), true)
  })
})
