/** What the example signers in other languages do with callers who mean no good. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { presign, s3 } from '../../src/server/index.ts'
import { OTHER_LANGUAGES } from '../support/examples/example-commands.ts'
import { type ExampleSigner, settingsOf, startExample } from '../support/examples/example-signer.ts'
import type { Gateway } from '../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket } from '../support/servers/s3-admin.ts'
import { CREDENTIALS } from '../support/signer/recompute.ts'
import { putRequest } from '../support/signer/signer-server.ts'

const ORIGIN = 'https://app.example'

/** PHP reads a body before it calls a script, and has limits of its own for that. */
const OWN_SERVERS = Object.keys(OTHER_LANGUAGES).filter((example) => example !== 'php')

describe('an example signer that is its own server', () => {
  const signers = new Map<string, ExampleSigner>()

  before(async () => {
    for (const example of OWN_SERVERS) {
      const bucket = { bucket: 'photos', endpoint: 'https://s3.test', region: 'a', ...CREDENTIALS }
      const command = OTHER_LANGUAGES[example]?.() ?? []
      signers.set(example, await startExample(example, command, settingsOf(bucket, ORIGIN)))
    }
  })
  after(() => {
    for (const { stop } of signers.values()) stop()
  })

  /** Sends the head of a call, and nothing after it; resolves with what is heard until the end. */
  const announce = (example: string, length?: string) => {
    const { hostname, port } = new URL(signers.get(example)?.url ?? '')
    const head = ['POST / HTTP/1.1', `Host: ${hostname}`, 'Connection: close']
    head.push('Content-Type: application/json')
    if (length !== undefined) head.push(`Content-Length: ${length}`)
    return hear(Number(port), `${head.join('\r\n')}\r\n\r\n`)
  }

  for (const example of OWN_SERVERS) {
    for (const length of ['-1', 'abc', undefined, '1000001', '9'.repeat(30)]) {
      it(`in ${example}: waits for no body of the length ${length}`, async () => {
        assert.match(await announce(example, length), /^HTTP\/1\.[01] 4\d\d /)
      })
    }
  }

  it('leaves a client that says no more', async () => {
    await Promise.all(OWN_SERVERS.map((example) => announce(example, '100')))
  })
})

describe('the URL of an example signer, and headers that it did not sign', () => {
  const secret = 'a secret of somebody else'
  let gateway: Gateway
  const bucket = bucketName('guards')

  before(async () => {
    gateway = await cephGateway()
    await createBucket(gateway, bucket)
    const { url } = await presign(s3({ ...gateway, bucket }), {
      ...{ method: 'PUT', key: 'secret.txt', expiresIn: 60, now: new Date() },
    })
    assert.equal((await fetch(url, { method: 'PUT', body: secret })).status, 200)
  })
  after(() => deleteBucket(gateway, bucket))

  for (const [example, command] of Object.entries(OTHER_LANGUAGES)) {
    it(`in ${example}: copies nothing, and makes nothing public`, async (test) => {
      const { url, stop } = await startExample(
        example,
        command(),
        settingsOf({ ...gateway, bucket }, ORIGIN),
      )
      test.after(stop)
      const signed = await sign(url)
      const put = async (headers = {}) => {
        const init = { method: 'PUT', body: randomBytes(1000) }
        const all = { ...signed.headers, ...headers }
        return (await fetch(signed.url, { ...init, headers: all })).status
      }
      assert.notEqual(await put({ 'x-amz-copy-source': `/${bucket}/secret.txt` }), 200)
      assert.notEqual(await put({ 'x-amz-acl': 'public-read' }), 200)
      const everybody = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'
      assert.notEqual(await put({ 'x-amz-grant-read': everybody }), 200)
      assert.equal((await fetch(signed.downloadUrl)).status, 404)
      assert.equal(await put(), 200)
    })
  }
})

/** Sends a text over one connection; resolves with all that is heard until the server ends it. */
function hear(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let heard = ''
    socket.on('data', (chunk) => {
      heard += chunk
    })
    socket.on('close', () => resolve(heard))
    socket.on('error', reject)
  })
}

/** Asks for a file of 1,000 bytes to be signed. */
async function sign(url: string) {
  const request = putRequest('1', { name: 'a.bin', size: 1000, type: 'image/png' })
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ version: 1, requests: [request] }),
  })
  return (await answer.json()).responses[0]
}
