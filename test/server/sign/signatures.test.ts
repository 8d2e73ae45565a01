import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Addressing,
  type Bucket,
  ibmCos,
  presign,
  qencode,
  s3,
  storj,
} from '../../../src/server/index.ts'
import type { SignOptions } from '../../../src/server/sign/presign.ts'
import { CREDENTIALS, recompute } from '../../support/signer/recompute.ts'

const NOW = new Date('2026-11-24T10:00:00.123Z')

const PRESETS: Record<string, (addressing: Addressing) => Bucket> = {
  storj: (addressing) => storj({ bucket: 'my-bucket', ...CREDENTIALS, addressing }),
  qencode: (addressing) =>
    qencode({ bucket: 'my-bucket', region: 'eu-central', ...CREDENTIALS, addressing }),
  'ibm-cos': (addressing) =>
    ibmCos({ bucket: 'my-bucket', region: 'us-south', ...CREDENTIALS, addressing }),
  s3: (addressing) => s3({ bucket: 'my-bucket', region: 'eu-west-1', ...CREDENTIALS, addressing }),
  's3 on a port': (addressing) =>
    s3({ bucket: 'my-bucket', endpoint: 'http://localhost:9000', ...CREDENTIALS, addressing }),
}

/** An upload's id with all that ids are known to have, and more. */
const UPLOAD = '2~a+b/c==.d&e f%20_é'

const KEYS = [
  'plain.txt',
  'a+b c%20d.txt',
  '%2e%2e/x',
  'what?#~tilde',
  "it's(a)*star!.txt",
  'dir/é 中 😀 &=;,@:$.bin',
  'a"b<c>[d]{e}|f^g`h\\i',
]

for (const [name, preset] of Object.entries(PRESETS)) {
  for (const addressing of ['path', 'virtual-hosted'] as const) {
    describe(`URLs for ${name}, ${addressing}`, () => {
      const bucket = preset(addressing)
      for (const key of KEYS) {
        it(`signs a PUT of ${key} as the AWS SDK does`, () => assertPut(bucket, key))
        it(`signs a GET of ${key} as the AWS SDK does`, () => assertGet(bucket, key))
      }
    })
  }
}

async function assertPut(bucket: Bucket, key: string): Promise<void> {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': '48211' }
  const options = { method: 'PUT', key, headers, expiresIn: 900, now: NOW } as const
  const { url } = await presign(bucket, options)
  const { searchParams } = new URL(url)
  assert.equal(searchParams.get('X-Amz-SignedHeaders'), 'content-length;content-type;host')
  assertNames(bucket, url, key)
  const { actual, expected } = await recompute(url, { ...options, region: bucket.region })
  assert.match(String(expected), /^[0-9a-f]{64}$/)
  assert.equal(actual, expected)
}

async function assertGet(bucket: Bucket, key: string): Promise<void> {
  const query = {
    'response-content-disposition': `attachment; filename="a b+c.txt"; filename*=UTF-8''%C3%A9`,
    'response-content-type': 'text/plain; charset=utf-8',
  }
  const { url } = await presign(bucket, { method: 'GET', key, query, expiresIn: 3600, now: NOW })
  const { searchParams } = new URL(url)
  assert.equal(searchParams.get('X-Amz-SignedHeaders'), 'host')
  for (const [name, value] of Object.entries(query)) assert.equal(searchParams.get(name), value)
  assertNames(bucket, url, key)
  const { actual, expected } = await recompute(url, { method: 'GET', region: bucket.region })
  assert.equal(actual, expected)
}

/** The requests of a multipart upload, by their names in the S3 API. */
const MULTIPART: Record<string, Pick<SignOptions, 'method' | 'headers' | 'query'>> = {
  CreateMultipartUpload: {
    method: 'POST',
    query: { uploads: '' },
    headers: { 'Content-Type': 'image/jpeg' },
  },
  UploadPart: {
    method: 'PUT',
    query: { partNumber: '10000', uploadId: UPLOAD },
    headers: { 'Content-Length': '67108864', 'Content-MD5': 'XUFAKrxLKna5cZ2REBfFkg==' },
  },
  ListParts: {
    method: 'GET',
    query: { 'max-parts': '1000', 'part-number-marker': '1000', uploadId: UPLOAD },
  },
  CompleteMultipartUpload: { method: 'POST', query: { uploadId: UPLOAD } },
  AbortMultipartUpload: { method: 'DELETE', query: { uploadId: UPLOAD } },
  HeadObject: { method: 'HEAD' },
}

for (const [name, preset] of Object.entries(PRESETS)) {
  describe(`URLs of a multipart upload for ${name}`, () => {
    for (const [operation, request] of Object.entries(MULTIPART)) {
      it(`signs ${operation} as the AWS SDK does`, async () => {
        const bucket = preset('path')
        const options = { ...request, key: 'a b/é.jpg', expiresIn: 900, now: NOW }
        const { url } = await presign(bucket, options)
        assertNames(bucket, url, options.key)
        for (const [name, value] of Object.entries(request.query ?? {})) {
          assert.equal(new URL(url).searchParams.get(name), value)
        }
        const { actual, expected } = await recompute(url, { ...options, region: bucket.region })
        assert.match(String(expected), /^[0-9a-f]{64}$/)
        assert.equal(actual, expected)
      })
    }
  })
}

it('keeps the "=" of a parameter without a value, which Storj asks for', async () => {
  const options = {
    method: 'POST',
    key: 'a',
    query: { uploads: '' },
    expiresIn: 9,
    now: NOW,
  } as const
  assert.match(
    (await presign(storj({ bucket: 'my-bucket', ...CREDENTIALS }), options)).url,
    /&uploads=&/,
  )
})

/** The URL has only characters that every parser leaves alone, and names the very key. */
function assertNames(bucket: Bucket, url: string, key: string): void {
  assert.match(url, /^https?:\/\/[\w.:-]+\/[\w.~%/-]+\?[\w.~%=&-]+$/)
  assert.equal(new URL(url).href, url)
  const path = decodeURIComponent(new URL(url).pathname)
  assert.equal(path, bucket.addressing === 'path' ? `/my-bucket/${key}` : `/${key}`)
}

describe('the second opinion', () => {
  it('notices when a signed header has another value', async () => {
    const bucket = s3({ bucket: 'my-bucket', ...CREDENTIALS })
    const headers = { 'Content-Length': '1' }
    const { url } = await presign(bucket, {
      method: 'PUT',
      key: 'a',
      headers,
      expiresIn: 9,
      now: NOW,
    })
    const other = { method: 'PUT', region: bucket.region, headers: { 'Content-Length': '2' } }
    const { actual, expected } = await recompute(url, other)
    assert.notEqual(actual, expected)
  })
})
