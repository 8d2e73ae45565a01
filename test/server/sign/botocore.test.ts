import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { findPython } from '../../../scripts/lib/python.ts'
import type { Bucket, Keys } from '../../../src/server/api/bucket.ts'
import { s3 } from '../../../src/server/index.ts'
import type { SignOptions } from '../../../src/server/sign/presign.ts'
import { signUrl } from '../../../src/server/sign/presign.ts'
import { pickOne, type Random, seededRandom } from '../../support/random.ts'

const BOTOCORE = fileURLToPath(new URL('../../support/signer/botocore-urls.py', import.meta.url))

const SEED = 20_261_128
const REQUESTS = 10_000

/** Letters that mean something in a URL, a header or a regular expression, and some of each script. */
const LETTERS = [
  ...'abcXYZ019-._~ +%/\\?#&=;:@,!$\'()*"<>[]{}|^`',
  '%2F',
  '%2e',
  'é',
  'ß',
  '中',
  '😀',
]
const NAME_LETTERS = [...'abcdefghijklmnopqrstuvwxyzABCXYZ0123456789-']
/** What a header may have, but for the white space that Python takes for some and HTTP does not. */
const VALUE_LETTERS = [...'abcXYZ019 \t-._~+%/;,="\'()', ...'¡¿éÿ']

const BUCKETS = [
  ['https://s3.eu-west-1.amazonaws.com', 'eu-west-1'],
  ['https://gateway.storjshare.io', 'us-east-1'],
  ['https://storage.example:8443', 'auto'],
  ['http://localhost:9000', 'us-east-1'],
].flatMap(([endpoint = '', region = '']) =>
  (['path', 'virtual-hosted'] as const).map((addressing) => ({
    ...s3({ bucket: 'photos', region: 'eu-west-1', accessKeyId: 'A', secretAccessKey: 'B' }),
    ...{ endpoint, region, addressing },
  })),
)

interface Asked {
  bucket: Bucket
  keys: Keys
  options: SignOptions
}

function chance(random: Random, most: number): number {
  return Math.floor(random() * (most + 1))
}

function text(random: Random, letters: string[], most: number): string {
  const length = 1 + chance(random, most - 1)
  return Array.from({ length }, () => pickOne(random, letters)).join('')
}

/** Any code points from the first on, but for halves of pairs. Controls are left out on request. */
function anyText(random: Random, most: number, first = 0): string {
  const points = Array.from({ length: chance(random, most) }, () => {
    const last = random() < 0.5 ? 0x2ff : 0x10ffff
    return String.fromCodePoint(first + chance(random, last - first))
  })
  const plain = points.join('').replace(/\p{Cs}/gu, '-')
  return (first === 0 ? plain : plain.replace(/\p{Cc}/gu, '-')) + text(random, LETTERS, most)
}

function someKey(random: Random): string {
  const segments = anyText(random, 40, 0x20).split('/')
  return segments.map((segment) => segment.replace(/^\.{0,2}$/, 'x')).join('/')
}

function someKeys(random: Random): Keys {
  const keys = {
    accessKeyId: text(random, [...'ABCDEFGHIJKLMNOP0123456789'], 20),
    secretAccessKey: anyText(random, 30, 0x21),
  }
  return random() < 0.5 ? keys : { ...keys, sessionToken: anyText(random, 200, 0x21) }
}

function someHeaders(random: Random): Record<string, string> {
  const headers: Record<string, string> = {}
  if (random() < 0.5) headers['Content-Length'] = String(chance(random, 5 * 2 ** 30))
  if (random() < 0.5) headers['Content-Type'] = text(random, VALUE_LETTERS, 40)
  for (let more = chance(random, 3); more > 0; more -= 1) {
    const name = `x-amz-meta-${text(random, NAME_LETTERS, 12)}`
    const isNew = Object.keys(headers).every((each) => each.toLowerCase() !== name.toLowerCase())
    if (isNew) headers[name] = text(random, VALUE_LETTERS, 60)
  }
  return headers
}

function someQuery(random: Random): Record<string, string> {
  const query: Record<string, string> = {}
  if (random() < 0.3) query.uploadId = anyText(random, 40, 0x20)
  if (random() < 0.3) query['response-content-disposition'] = anyText(random, 40)
  if (random() < 0.3) query.uploads = ''
  if (random() < 0.3) query[anyText(random, 8)] = anyText(random, 8)
  if (random() < 0.2) query[`X-Amz-${text(random, NAME_LETTERS, 8)}`] = text(random, LETTERS, 8)
  return query
}

function ask(random: Random, keys: Keys, now: Date): Asked {
  const options = {
    method: pickOne(random, ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'] as const),
    key: someKey(random),
    headers: someHeaders(random),
    query: someQuery(random),
    expiresIn: 1 + chance(random, 604_799),
    now,
  }
  return { bucket: pickOne(random, BUCKETS), keys, options }
}

/** Some with the same keys in the same second, others with another of them. */
function askAll(random: Random): Asked[] {
  const pairs = Array.from({ length: 6 }, () => someKeys(random))
  const moments = Array.from({ length: 40 }, () => new Date(chance(random, 4e12)))
  return Array.from({ length: REQUESTS }, () => {
    const keys = random() < 0.9 ? pickOne(random, pairs) : someKeys(random)
    return ask(random, keys, pickOne(random, moments))
  })
}

function byBotocore(all: Asked[]): string[] {
  const lines = all.map(({ bucket, keys, options: { now, ...options } }) => {
    const { endpoint, region, addressing } = bucket
    const place = { endpoint, region, addressing, bucket: bucket.bucket }
    return JSON.stringify({
      ...place,
      ...keys,
      ...options,
      start: Math.floor(now.getTime() / 1000),
    })
  })
  const input = lines.join('\n')
  const { stdout, stderr, status } = spawnSync(findPython(), ['-W', 'ignore', BOTOCORE], {
    input,
    encoding: 'utf8',
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
    maxBuffer: 2 ** 28,
  })
  assert.equal(status, 0, stderr)
  return stdout.trimEnd().split('\n')
}

/** botocore puts parameters into another order, of which the signature knows nothing. */
function inOrder(url: string): string {
  const [path = '', query = ''] = url.split('?')
  const [signed = '', signature = ''] = query.split('&X-Amz-Signature=')
  const pairs = signed.split('&').map((pair) => pair.split('='))
  pairs.sort(([one = ''], [other = '']) => (one < other ? -1 : 1))
  return `${path}?${pairs.map((pair) => pair.join('=')).join('&')}&X-Amz-Signature=${signature}`
}

describe('URLs, compared with those of botocore', () => {
  it(`are the same for ${REQUESTS} random requests`, () => {
    const all = askAll(seededRandom(SEED))
    const expected = byBotocore(all)
    assert.equal(expected.length, REQUESTS)
    for (const [index, { bucket, keys, options }] of all.entries()) {
      const { url } = signUrl(bucket, keys, options)
      const place = `request ${index} of seed ${SEED}: ${JSON.stringify(options)}`
      assert.equal(url, inOrder(expected[index] ?? ''), place)
    }
  })
})
