import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Bucket, ibmCos, presign, qencode, s3, storj } from '../../../src/server/index.ts'
import { encodeKey } from '../../../src/server/keys/key.ts'
import { beginSigning, deriveMac, signQuery } from '../../../src/server/sign/sigv4.ts'
import { sha256Hex } from '../../../src/util/bytes.ts'
import { CREDENTIALS } from '../../support/signer/recompute.ts'
import { SUITE, SUITE_CASES } from './aws-suite.ts'

const NOW = new Date('2026-11-24T10:00:00Z')
const KEY = 'users/42/été 1.jpg'
const PATH = 'users/42/%C3%A9t%C3%A9%201.jpg'
const options = { bucket: 'photos', ...CREDENTIALS }
const hosted = { ...options, addressing: 'virtual-hosted' } as const

interface Vector {
  name: string
  bucket: Bucket
  /** Scheme, host and the bucket's part of the path. */
  base: string
  region: string
}

const VECTORS: Vector[] = [
  {
    name: 'Storj, path style',
    bucket: storj(options),
    base: 'https://gateway.storjshare.io/photos',
    region: 'us-east-1',
  },
  {
    name: 'Storj, virtual-hosted, older regional gateway and another region',
    bucket: storj({ ...hosted, endpoint: 'https://gateway.eu1.storjshare.io', region: 'eu1' }),
    base: 'https://photos.gateway.eu1.storjshare.io',
    region: 'eu1',
  },
  {
    name: 'Qencode, us-west',
    bucket: qencode({ ...options, region: 'us-west' }),
    base: 'https://us-west.s3.qencode.com/photos',
    region: 'us-west',
  },
  {
    name: 'Qencode, eu-central, virtual-hosted',
    bucket: qencode({ ...hosted, region: 'eu-central' }),
    base: 'https://photos.eu-central.s3.qencode.com',
    region: 'eu-central',
  },
  {
    name: 'IBM, regional',
    bucket: ibmCos({ ...options, region: 'us-south' }),
    base: 'https://s3.us-south.cloud-object-storage.appdomain.cloud/photos',
    region: 'us-south',
  },
  {
    name: 'IBM, tethered, virtual-hosted',
    bucket: ibmCos({ ...hosted, region: 'fra.eu' }),
    base: 'https://photos.s3.fra.eu.cloud-object-storage.appdomain.cloud',
    region: 'fra.eu',
  },
  {
    name: 'Amazon S3',
    bucket: s3({ ...options, region: 'eu-west-1' }),
    base: 'https://s3.eu-west-1.amazonaws.com/photos',
    region: 'eu-west-1',
  },
  {
    name: 'another server on a port',
    bucket: s3({ ...options, endpoint: 'http://127.0.0.1:9000/' }),
    base: 'http://127.0.0.1:9000/photos',
    region: 'us-east-1',
  },
]

describe('presigned URLs, letter by letter', () => {
  for (const { name, bucket, base, region } of VECTORS) {
    it(`has the host, path, region and query of ${name}`, async () => {
      const headers = { 'Content-Type': 'image/jpeg', 'Content-Length': '48211' }
      const put = { method: 'PUT', key: KEY, headers, expiresIn: 900, now: NOW } as const
      const { url, expiresAt } = await presign(bucket, put)
      const [before, signature] = url.split('&X-Amz-Signature=')
      assert.equal(
        before,
        `${base}/${PATH}?X-Amz-Algorithm=AWS4-HMAC-SHA256` +
          `&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20261124%2F${region}%2Fs3%2Faws4_request` +
          '&X-Amz-Date=20261124T100000Z&X-Amz-Expires=900' +
          '&X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost',
      )
      assert.match(signature ?? '', /^[0-9a-f]{64}$/)
      assert.equal(expiresAt, '2026-11-24T10:15:00.000Z')
    })
  }

  // "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)",
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
  it('has the signature of the example in the AWS documentation', async () => {
    const bucket = s3({
      bucket: 'examplebucket',
      endpoint: 'https://s3.amazonaws.com',
      addressing: 'virtual-hosted',
      ...CREDENTIALS,
    })
    const now = new Date('2013-05-24T00:00:00Z')
    const get = { method: 'GET', key: 'test.txt', expiresIn: 86_400, now } as const
    const { url, expiresAt } = await presign(bucket, get)
    assert.equal(
      url,
      'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256' +
        '&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
        '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
        '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    )
    assert.equal(expiresAt, '2013-05-25T00:00:00.000Z')
  })
})

describe("AWS's test suite for Signature Version 4", () => {
  const { region, service, host, expiresIn, now, ...keys } = SUITE
  const dayMac = (day: string) => deriveMac(keys.secretAccessKey, day, region, service)
  for (const { name, path, sessionToken, body = '', signature, ...request } of SUITE_CASES) {
    it(`has the signature of ${name}`, () => {
      const scope: [string, string] = [region, service]
      const signing = beginSigning({ ...keys, sessionToken }, scope, now.getTime(), dayMac)
      const asked = { ...request, path: encodeKey(path), host, expiresIn }
      const query = signQuery(signing, asked, sha256Hex(body))
      assert.equal(query.split('&X-Amz-Signature=')[1], signature)
    })
  }
})
