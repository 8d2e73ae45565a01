import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Bucket,
  createSigner,
  IBM_COS_REGIONS,
  ibmCos,
  parseDuration,
  presign,
  qencode,
  type SignerConfig,
  s3,
  storj,
} from '../../src/server/index.ts'
import { formatDuration } from '../../src/util/duration.ts'
import { formatSize } from '../../src/util/format-size.ts'
import { CREDENTIALS } from '../support/signer/recompute.ts'

const options = { bucket: 'photos', ...CREDENTIALS }

describe('a lifetime', () => {
  const good: [number | string, number][] = [
    [1, 1],
    [900, 900],
    ['900', 900],
    ['30s', 30],
    ['15m', 900],
    ['24h', 86_400],
    ['7d', 604_800],
    [' 7 d ', 604_800],
  ]
  for (const [value, seconds] of good) {
    it(`${JSON.stringify(value)} is ${seconds} seconds`, () => {
      assert.equal(parseDuration(value), seconds)
    })
  }

  const bad = [
    0,
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e21,
    '15x',
    '0m',
    '-1h',
    '',
    'm',
    '1.5h',
    '1h30m',
    '36501d',
  ]
  for (const value of bad) {
    it(`${JSON.stringify(value)} (${typeof value}) is refused`, () => {
      assert.throws(() => parseDuration(value), {
        name: 'RangeError',
        message: /is not a lifetime/,
      })
    })
  }

  it('is written for people in the largest unit that divides it', () => {
    assert.deepEqual([604_800, 5400, 60, 61].map(formatDuration), ['7d', '90m', '1m', '61s'])
  })
})

describe('a size', () => {
  it('is written for people, and never rounded up', () => {
    const sizes = [0, 999, 1000, 25e6, 5e9, 1_999_999].map(formatSize)
    assert.deepEqual(sizes, ['0 bytes', '999 bytes', '1 kB', '25 MB', '5 GB', '1.99 MB'])
  })
})

describe('a bucket', () => {
  const bad: [option: string, make: () => Bucket, message: RegExp][] = [
    ['bucket', () => s3({ ...CREDENTIALS } as never), /"bucket" is missing/],
    ['bucket', () => s3({ ...options, bucket: '' }), /"bucket" is missing/],
    ['bucket', () => s3({ ...options, bucket: 'My_Photos' }), /"bucket" is "My_Photos"/],
    ['bucket', () => s3({ ...options, bucket: 'ab' }), /not a bucket name/],
    ['bucket', () => s3({ ...options, bucket: 'a/../b' }), /not a bucket name/],
    ['bucket', () => s3({ ...options, bucket: 'a..b' }), /not a bucket name/],
    ['accessKeyId', () => storj({ ...options, accessKeyId: '' }), /"accessKeyId" is missing/],
    [
      'accessKeyId',
      () => storj({ ...options, accessKeyId: 'A\n' }),
      /"accessKeyId" begins or ends/,
    ],
    [
      'secretAccessKey',
      () => ibmCos({ ...options, region: 'us', secretAccessKey: undefined as never }),
      /"secretAccessKey" is missing/,
    ],
    [
      'endpoint',
      () => s3({ ...options, endpoint: 's3.example.com' }),
      /"endpoint" is "s3.example.com"/,
    ],
    [
      'endpoint',
      () => s3({ ...options, endpoint: 'https://s3.example.com/photos' }),
      /without the bucket or a path/,
    ],
    [
      'endpoint',
      () => s3({ ...options, endpoint: 'https://key:secret@s3.example.com' }),
      /not the origin/,
    ],
    ['endpoint', () => s3({ ...options, endpoint: 'ftp://s3.example.com' }), /not the origin/],
    [
      'endpoint',
      () => qencode({ ...options, region: 'us-west', endpoint: 'http://us-west.s3.qencode.com' }),
      /plain HTTP/,
    ],
    ['region', () => s3({ ...options, region: '' }), /"region" is missing/],
    [
      'region',
      () => qencode({ ...options, region: 'us-east' }),
      /"us-east".*Use one of: us-west, eu-central\./,
    ],
    [
      'region',
      () => ibmCos({ ...options, region: 'tor01' }),
      /"tor01".*Use one of: us-south, us-east, .*, sng01\./,
    ],
    ['addressing', () => s3({ ...options, addressing: 'dns' as never }), /"addressing" must be/],
  ]
  for (const [option, make, message] of bad) {
    it(`names its option "${option}" when that is wrong: ${message}`, () => {
      assert.throws(make, { name: 'Error', message })
    })
  }

  const MIB = 2 ** 20
  const usual = { minSize: 5 * MIB, idealSize: 64 * MIB, multipleOf: 1, maxCount: 10_000 }

  it('knows how its provider wants large files to be cut', () => {
    assert.deepEqual(storj(options).partRules, usual)
    assert.deepEqual(qencode({ ...options, region: 'us-west' }).partRules, usual)
    assert.deepEqual(s3(options).partRules, usual)
    assert.deepEqual(ibmCos({ ...options, region: 'us-south' }).partRules, {
      minSize: 20_971_520,
      idealSize: 100_663_296,
      multipleOf: 4_194_304,
      maxCount: 10_000,
    })
  })

  it('can be told how to cut large files', () => {
    const partRules = { idealSize: 8 * MIB }
    assert.deepEqual(s3({ ...options, partRules }).partRules, { ...usual, ...partRules })
    const bad: [object, RegExp][] = [
      [{ minSize: 0 }, /"partRules.minSize" must be a whole/],
      [{ multipleOf: 1.5 }, /"partRules.multipleOf" must be a whole/],
      [{ idealSize: '8MB' }, /"partRules.idealSize" must be a whole/],
      [{ idealSize: 4 * MIB }, /"partRules.idealSize" must be from/],
      [{ idealSize: 5 * 2 ** 30 + 1 }, /"partRules.idealSize" must be from/],
      [{ maxCount: 10_001 }, /"partRules.maxCount" must be at most/],
    ]
    for (const [rules, message] of bad) {
      assert.throws(() => s3({ ...options, partRules: rules }), { message })
    }
  })

  it('never puts the secret key into a message', () => {
    const secret = ' leaked '
    assert.throws(
      () => s3({ ...options, secretAccessKey: secret }),
      (error: Error) => !error.message.includes('leaked'),
    )
  })

  it('can be in every public location of IBM', () => {
    for (const region of IBM_COS_REGIONS) {
      const { endpoint } = ibmCos({ ...options, region })
      assert.equal(endpoint, `https://s3.${region}.cloud-object-storage.appdomain.cloud`)
    }
    assert.equal(new Set(IBM_COS_REGIONS).size, 30)
  })
})

describe('the configuration of a signer', () => {
  const bucket = storj(options)
  const bad: [config: Partial<SignerConfig>, message: RegExp][] = [
    [{ bucket: undefined as never }, /"bucket" is missing/],
    [{ bucket: { ...bucket, endpoint: 'gateway' } }, /"endpoint" is "gateway"/],
    [{ bucket: { ...bucket, maxExpires: 0 } }, /"maxExpires"/],
    [{ bucket: { ...bucket, partRules: undefined as never } }, /"partRules.minSize"/],
    [{ bucket: { ...bucket, checksums: undefined as never } }, /"checksums" must be a list/],
    [{ checksum: 'md5' as never }, /"checksum" must be one of: crc32, crc32c, .*sha256\./],
    [{ checksum: 'sha256' }, /"sha256", which storj is not known to check; leave it out\./],
    [{ secret: '' }, /"secret" must have at least 16/],
    [{ secret: 'fifteen letters' }, /"secret" must have at least 16/],
    [{ maxSize: '5 gigs' }, /"maxSize": "5 gigs" is not a size/],
    [{ minSize: -1 }, /"minSize": "-1" is not a size/],
    [{ minSize: '2MB', maxSize: '1MB' }, /"minSize" must not be larger/],
    [{ uploadExpires: '15x' }, /"uploadExpires": "15x" is not a lifetime/],
    [{ downloadExpires: 0 }, /"downloadExpires": "0" is not a lifetime/],
    [{ disposition: 'download' as never }, /"disposition" must be/],
    [{ origins: ['app.example'] }, /"origins" has "app.example"/],
    [{ origins: ['https://app.example/page'] }, /"origins" has/],
    [{ origins: ['null'] }, /"origins" has "null"/],
    [{ origins: ['file:///'] }, /"origins" has "file:/],
    [{ origins: ['https://app.example', 'data:text/html,x'] }, /"origins" has "data:/],
  ]
  for (const [config, message] of bad) {
    it(`is refused when it is made: ${message}`, () => {
      assert.throws(() => createSigner({ bucket, authorize: 'everybody', ...config }), { message })
    })
  }

  it('is refused when a URL would outlive what the provider accepts', () => {
    const message =
      '"uploadExpires" is 8d (691200 seconds), but storj accepts at most 7d (604800 seconds).'
    assert.throws(() => createSigner({ bucket, authorize: 'everybody', uploadExpires: '8d' }), {
      name: 'RangeError',
      message,
    })
    assert.throws(
      () => createSigner({ bucket, authorize: 'everybody', downloadExpires: 604_801 }),
      /"downloadExpires".*storj/,
    )
    const other = qencode({ ...options, region: 'us-west' })
    assert.throws(
      () => createSigner({ bucket: other, authorize: 'everybody', downloadExpires: '8d' }),
      /qencode accepts/,
    )
    createSigner({ bucket, authorize: 'everybody', uploadExpires: '7d', downloadExpires: '7d' })
  })

  it('may ask for a checksum that the provider checks', () => {
    const ibm = ibmCos({ ...options, region: 'us-south' })
    for (const checksum of ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const) {
      for (const each of [s3(options), ibm])
        createSigner({ bucket: each, authorize: 'everybody', checksum })
      const other = qencode({ ...options, region: 'us-west' })
      assert.throws(
        () => createSigner({ bucket: other, authorize: 'everybody', checksum }),
        /qencode is not known/,
      )
    }
    const few = { ...s3(options), checksums: ['crc32', 'sha1'] as const }
    assert.throws(
      () => createSigner({ bucket: few, authorize: 'everybody', checksum: 'sha256' }),
      /use one of: crc32, sha1\. The MD5/,
    )
  })

  it('may sign for longer where the provider sets no limit', async () => {
    const ibm = ibmCos({ ...options, region: 'us-south' })
    createSigner({ bucket: ibm, authorize: 'everybody', downloadExpires: '90d' })
    const now = new Date('2026-11-24T10:00:00Z')
    const { url, expiresAt } = await presign(ibm, {
      method: 'GET',
      key: 'a',
      expiresIn: 7_776_000,
      now,
    })
    assert.match(url, /X-Amz-Expires=7776000&/)
    assert.equal(expiresAt, '2027-02-22T10:00:00.000Z')
  })

  it('takes what an unset environment variable gives for "not said"', () => {
    createSigner({
      bucket,
      authorize: 'everybody',
      secret: undefined,
      origins: undefined,
      checksum: undefined,
    })
  })
})

describe('presign', () => {
  const bucket = storj(options)
  const get = { method: 'GET', key: 'a', expiresIn: 60, now: new Date() } as const

  it('refuses a key that a URL parser would change', async () => {
    for (const key of ['../a', 'a/../../other-bucket/b', '']) {
      await assert.rejects(presign(bucket, { ...get, key }), { code: 'invalid-key' })
    }
  })

  it('signs a GET for 15 minutes from now, unless told otherwise', async () => {
    const before = Date.now()
    const { url, expiresAt } = await presign(bucket, { key: 'a' })
    assert.match(url, /X-Amz-Expires=900&/)
    // A signature has no fractions of a second.
    const lifetime = Date.parse(expiresAt) - before
    assert.ok(lifetime > 898_000 && lifetime < 910_000, `${lifetime}`)
    const { now } = get
    const said = { key: 'a', method: undefined, expiresIn: undefined, now }
    const full = { key: 'a', method: 'GET', expiresIn: 900, now } as const
    assert.deepEqual(await presign(bucket, said), await presign(bucket, full))
  })

  it('takes a lifetime as text', async () => {
    for (const [text, expiresIn] of [
      ['90s', 90],
      ['1h', 3600],
      ['7d', 604_800],
    ] as const) {
      assert.deepEqual(
        await presign(bucket, { ...get, expiresIn: text }),
        await presign(bucket, { ...get, expiresIn }),
      )
    }
  })

  it('refuses a lifetime that cannot be', async () => {
    for (const expiresIn of [0, -1, 1.5, Number.NaN, 604_801, '8d', 'soon', '']) {
      await assert.rejects(presign(bucket, { ...get, expiresIn }), { name: 'RangeError' })
    }
  })
})
