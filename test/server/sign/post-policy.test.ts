import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { s3, storj } from '../../../src/server/index.ts'
import { signingOf } from '../../../src/server/sign/signing.ts'
import { toBase64, toHex, utf8 } from '../../../src/util/bytes.ts'
import { CREDENTIALS } from '../../support/signer/recompute.ts'
import { startSigner } from '../../support/signer/signer-server.ts'

/** As AWS documents it, with the crypto of Node.js. */
function signatureOf(policy: string, day: string, region: string): string {
  const steps = [day, region, 's3', 'aws4_request', policy]
  let key: string | Buffer = `AWS4${CREDENTIALS.secretAccessKey}`
  for (const step of steps) key = createHmac('sha256', key).update(step).digest()
  return (key as Buffer).toString('hex')
}

/** Of the form in AWS's documents, with their line breaks. */
const AWS_POLICY = `{ "expiration": "2015-12-30T12:00:00.000Z",
  "conditions": [
    {"bucket": "sigv4examplebucket"},
    ["starts-with", "$key", "user/user1/"],
    {"acl": "public-read"},
    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},
    ["starts-with", "$Content-Type", "image/"],
    {"x-amz-meta-uuid": "14365123651274"},
    {"x-amz-server-side-encryption": "AES256"},
    ["starts-with", "$x-amz-meta-tag", ""],

    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},
    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
    {"x-amz-date": "20151229T000000Z" }
  ]
}`.replaceAll('\n', '\r\n')

// "Example: Browser-Based Upload using HTTP POST (Using AWS Signature Version 4)",
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html
it("has the signature of the form in AWS's documents", () => {
  const bucket = s3({ bucket: 'sigv4examplebucket', ...CREDENTIALS })
  const { mac, credential, moment } = signingOf(bucket, CREDENTIALS, new Date('2015-12-29'))
  assert.ok(AWS_POLICY.includes(`"${credential}"`))
  assert.ok(AWS_POLICY.includes(`"${moment}"`))
  assert.equal(
    toHex(mac(toBase64(utf8(AWS_POLICY)))),
    '8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e',
  )
})

describe('put as a form', () => {
  it('signs a policy for this file and no other', async (test) => {
    const signer = await startSigner(test)
    const answer = await signer.put(
      { name: 'Grüße.txt', size: 5, type: 'text/plain' },
      { form: true },
    )
    const { url, method, fields = {}, key, expiresAt, headers, grant, downloadUrl } = answer

    assert.equal(url, 'https://s3.us-east-1.amazonaws.com/photos/')
    assert.equal(method, 'POST')
    assert.equal(headers, undefined)
    assert.equal(expiresAt, '2026-11-24T10:15:00.000Z')
    assert.ok(grant)
    assert.ok(downloadUrl)
    const policy = JSON.parse(Buffer.from(fields.policy ?? '', 'base64').toString('utf8'))
    const credential = `${CREDENTIALS.accessKeyId}/20261124/us-east-1/s3/aws4_request`
    assert.deepEqual(policy, {
      expiration: '2026-11-24T10:15:00.000Z',
      conditions: [
        { bucket: 'photos' },
        ['eq', '$key', key],
        ['eq', '$Content-Type', 'text/plain'],
        ['eq', '$success_action_status', '201'],
        ['eq', '$x-amz-algorithm', 'AWS4-HMAC-SHA256'],
        ['eq', '$x-amz-credential', credential],
        ['eq', '$x-amz-date', '20261124T100000Z'],
        ['content-length-range', 5, 5],
      ],
    })
    assert.equal(
      fields['x-amz-signature'],
      signatureOf(fields.policy ?? '', '20261124', 'us-east-1'),
    )
    const named = Object.keys(fields).filter((name) => !/^(policy|x-amz-signature)$/.test(name))
    const conditions = JSON.stringify(policy.conditions)
    for (const name of named) assert.ok(conditions.includes(`"$${name}"`), `${name} is bound`)
  })

  it('reaches the bucket by its host name where that is how it is addressed', async (test) => {
    const bucket = s3({ bucket: 'photos', addressing: 'virtual-hosted', ...CREDENTIALS })
    const { url } = await (await startSigner(test, { bucket })).put({}, { form: true })
    assert.equal(url, 'https://photos.s3.us-east-1.amazonaws.com/')
  })

  it('gives the same key again for a grant, by a PUT as well', async (test) => {
    const signer = await startSigner(test)
    const first = await signer.put({ size: 5 }, { form: true })
    const again = await signer.put({ size: 5 }, { form: true, grant: first.grant })
    const put = await signer.put({ size: 5 }, { grant: first.grant })
    assert.equal(again.key, first.key)
    assert.equal(put.key, first.key)
    assert.equal(put.method, 'PUT')
    assert.equal(put.fields, undefined)
  })

  it('is a PUT unless the client asks for a form', async (test) => {
    const { method, fields } = await (await startSigner(test)).put()
    assert.equal(method, 'PUT')
    assert.equal(fields, undefined)
  })

  for (const [name, bucket, expected] of [
    ['Amazon S3', s3({ bucket: 'photos', ...CREDENTIALS }), 'POST'],
    ['Storj', storj({ bucket: 'photos', ...CREDENTIALS }), 'POST'],
    [
      'another server',
      s3({ bucket: 'photos', endpoint: 'https://r2.example', ...CREDENTIALS }),
      'PUT',
    ],
    [
      'another server that is said to take them',
      s3({ bucket: 'photos', endpoint: 'https://minio.example', postPolicy: true, ...CREDENTIALS }),
      'POST',
    ],
  ] as const) {
    it(`is a ${expected} with ${name}`, async (test) => {
      const { method } = await (await startSigner(test, { bucket })).put({}, { form: true })
      assert.equal(method, expected)
    })
  }

  it('is refused as a PUT would be', async (test) => {
    const signer = await startSigner(test, { maxSize: 4, accept: 'image/*' })
    assert.equal((await signer.put({ size: 5 }, { form: true })).error?.code, 'too-large')
    const other = { size: 1, type: 'text/plain', name: 'a.txt' }
    assert.equal((await signer.put(other, { form: true })).error?.code, 'type-not-allowed')
  })
})
