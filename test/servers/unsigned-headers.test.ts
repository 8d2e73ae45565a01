/** What a caller can add to a presigned URL. On Ceph: test/server/sign/unsigned-headers.test.ts. moto checks nothing. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { SignedResponse } from '../../src/protocol/index.ts'
import { createSigner, s3 } from '../../src/server/index.ts'
import type { RunningGateway } from '../support/servers/ceph.ts'
import { bucketName } from '../support/servers/gateways.ts'
import { SERVERS } from '../support/servers/other-servers.ts'
import { createBucket, deleteBucket, getObject, objectUrl } from '../support/servers/s3-admin.ts'

const SIZE = 1000
const EVERYBODY = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'

const start = SERVERS.versitygw

if (start !== undefined) {
  describe('headers that are added to a URL, with versitygw', () => {
    const bucket = bucketName('added')
    const secret = randomBytes(SIZE)
    let gateway: RunningGateway
    let source: Record<string, string>

    before(async () => {
      gateway = await start()
      await createBucket(gateway, bucket)
      const { key, url, headers } = await ask('put')
      assert.equal(await put(url, headers, secret), 200)
      source = { 'x-amz-copy-source': `/${bucket}/${key}` }
    })
    after(async () => {
      await deleteBucket(gateway, bucket)
      await gateway.stop()
    })

    async function ask(op: string, fields: object = {}): Promise<Required<SignedResponse>> {
      const { endpoint, region, accessKeyId, secretAccessKey } = gateway
      const keys = { accessKeyId, secretAccessKey }
      const signer = createSigner({
        // Without guards: it refuses what is not signed by itself.
        bucket: s3({ bucket, endpoint, region, ...keys, guardHeaders: {} }),
        authorize: 'everybody',
      })
      const file = { name: 'a.txt', size: SIZE, type: 'text/plain' }
      const init = { method: 'POST', headers: { 'Content-Type': 'application/json' } }
      const body = JSON.stringify({ version: 1, requests: [{ id: '1', op, file, ...fields }] })
      const response = await signer(new Request('http://signer.test/', { ...init, body }))
      return (await response.json()).responses[0]
    }

    async function put(url: string, headers: object, body = randomBytes(SIZE)): Promise<number> {
      const response = await fetch(url, { method: 'PUT', body, headers: { ...headers } })
      await response.arrayBuffer()
      return response.status
    }

    it('copy no other object', async () => {
      const { key, url, headers } = await ask('put')
      for (const body of [randomBytes(SIZE), Buffer.alloc(0)]) {
        assert.notEqual(await put(url, { ...headers, ...source }, body), 200)
      }
      assert.equal(await getObject(gateway, bucket, key), undefined)
      assert.equal(await put(url, headers), 200)
    })

    it('copy no other object into a part', async () => {
      const { key, grant } = await ask('create')
      const { url, headers } = await ask('part', { grant, partNumber: 1, size: SIZE })
      for (const range of [{}, { 'x-amz-copy-source-range': `bytes=0-${SIZE - 1}` }]) {
        for (const body of [randomBytes(SIZE), Buffer.alloc(0)]) {
          assert.notEqual(await put(url, { ...headers, ...source, ...range }, body), 200)
        }
      }
      const own = randomBytes(SIZE)
      assert.equal(await put(url, headers, own), 200)
      await ask('complete', { grant })
      const stored = await getObject(gateway, bucket, key)
      assert.deepEqual(Buffer.from(stored?.body ?? []), own)
    })

    it('let nobody else read it', async () => {
      const { key, url, headers } = await ask('put')
      const added = [{ 'x-amz-acl': 'public-read' }, { 'x-amz-grant-read': EVERYBODY }]
      for (const one of added) assert.notEqual(await put(url, { ...headers, ...one }), 200)
      assert.equal(await put(url, headers), 200)
      assert.equal((await fetch(objectUrl(gateway, bucket, key))).status, 403)
    })
  })
}
