import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Bucket,
  createSigner,
  ibmCos,
  presign,
  QENCODE_REGIONS,
  qencode,
  STORJ_ENDPOINTS,
  s3,
  storj,
} from '../../../src/server/index.ts'
import { CREDENTIALS, recompute } from '../../support/signer/recompute.ts'
import { startSigner } from '../../support/signer/signer-server.ts'

const options = { bucket: 'photos', ...CREDENTIALS }
const ACCOUNT = '0123456789abcdef0123456789abcdef'

describe('a region that does not exist', () => {
  const bad: [make: () => Bucket, message: RegExp][] = [
    [
      () => ibmCos({ ...options, region: 'us-sout' }),
      /"us-sout".*Did you mean us-south\?.*Use one/,
    ],
    [() => ibmCos({ ...options, region: 'US-South' }), /Did you mean us-south\?/],
    [() => ibmCos({ ...options, region: 'us_south' }), /Did you mean us-south\?/],
    [() => ibmCos({ ...options, region: 'us-suoth' }), /Did you mean us-south\?/],
    [() => ibmCos({ ...options, region: 'ams3' }), /Did you mean ams03\?/],
    [() => ibmCos({ ...options, region: 'us-south-smart' }), /Did you mean us-south\?$/],
    [() => ibmCos({ ...options, region: 'eu-geo' }), /Did you mean eu\?$/],
    [() => qencode({ ...options, region: 'eu-centrall' }), /Did you mean eu-central\?/],
    [() => qencode({ ...options, region: 'uswest' }), /Did you mean us-west\?/],
    [() => s3({ ...options, region: 'us-esat-1' }), /Did you mean us-east-1\?/],
    [() => s3({ ...options, region: 'eu-west1' }), /Did you mean eu-west-1\?/],
    [() => s3({ ...options, region: 'us_east_1' }), /Did you mean us-east-1\?/],
  ]
  for (const [make, message] of bad) {
    it(`is answered with the nearest name: ${message}`, () => {
      assert.throws(make, { name: 'Error', message })
    })
  }

  it('is answered without a guess where nothing is near', () => {
    for (const region of ['global-1', 'ü', 'x'.repeat(1024), '☃', 42 as never, '__proto__']) {
      for (const make of [
        () => ibmCos({ ...options, region }),
        () => qencode({ ...options, region }),
      ]) {
        assert.throws(make, (error: Error) => {
          assert.match(error.message, /not a region of theirs\. Use one of: /)
          return true
        })
      }
    }
  })

  it('is asked for where it is missing', () => {
    const region = undefined as never
    assert.throws(() => ibmCos({ ...options, region }), /"region" is missing: ibm-cos needs/)
    assert.throws(() => qencode({ ...options, region }), /"region" is missing: qencode needs/)
  })

  it('is said to be shut down, where IBM has done that', () => {
    for (const region of ['mel01', 'mex01', 'tor01', 'osl01', 'hkg02', 'seo01', 'mil01']) {
      const message = new RegExp(`"${region}", which IBM has shut down.*Use one of: us-south`)
      assert.throws(() => ibmCos({ ...options, region }), { message })
    }
  })

  it('is taken on Amazon S3 where it only is new', () => {
    for (const region of ['us-east-9', 'ap-southeast-6', 'us-gov-west-1', 'eu-central-1']) {
      assert.equal(s3({ ...options, region }).endpoint, `https://s3.${region}.amazonaws.com`)
    }
    const china = s3({ ...options, region: 'cn-north-1' })
    assert.equal(china.endpoint, 'https://s3.cn-north-1.amazonaws.com.cn')
  })
})

describe('an endpoint', () => {
  const regions: [endpoint: string, region: string][] = [
    ['https://s3.eu-west-3.amazonaws.com', 'eu-west-3'],
    ['https://s3-us-west-2.amazonaws.com', 'us-west-2'],
    ['https://s3.dualstack.ap-south-1.amazonaws.com', 'ap-south-1'],
    ['https://s3-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    ['https://s3.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['https://s3.amazonaws.com', 'us-east-1'],
    [`https://${ACCOUNT}.r2.cloudflarestorage.com`, 'auto'],
    [`https://${ACCOUNT}.eu.r2.cloudflarestorage.com`, 'auto'],
    ['https://s3.us-west-004.backblazeb2.com', 'us-west-004'],
    ['https://s3.wasabisys.com', 'us-east-1'],
    ['https://s3.eu-central-2.wasabisys.com', 'eu-central-2'],
    ['https://s3.us-south.cloud-object-storage.appdomain.cloud', 'us-south'],
    ['https://s3.ams.eu.cloud-object-storage.appdomain.cloud', 'ams.eu'],
    ['https://us-west.s3.qencode.com', 'us-west'],
    ['https://gateway.eu1.storjshare.io', 'us-east-1'],
    ['https://minio.example.com:9000', 'us-east-1'],
  ]
  for (const [endpoint, region] of regions) {
    it(`tells the region: ${endpoint} is in ${region}`, async () => {
      const bucket = s3({ ...options, endpoint })
      assert.deepEqual([bucket.endpoint, bucket.region], [endpoint, region])
      const now = new Date('2026-11-24T10:00:00Z')
      const { url } = await presign(bucket, { method: 'GET', key: 'a b', expiresIn: 60, now })
      const { actual, expected } = await recompute(url, { method: 'GET', region })
      assert.equal(actual, expected)
    })
  }

  it('in another region than the signature is refused where that cannot work', () => {
    const endpoint = 'https://s3.eu-west-3.amazonaws.com'
    assert.throws(
      () => s3({ ...options, endpoint, region: 'us-east-1' }),
      /"region" is "us-east-1", but the endpoint is in "eu-west-3"/,
    )
    assert.equal(s3({ ...options, endpoint, region: 'eu-west-3' }).region, 'eu-west-3')
    const minio = { ...options, endpoint: 'https://minio.example.com', region: 'here' }
    assert.equal(s3(minio).region, 'here')
  })

  it('must not have the bucket in it, and is told as it should be', () => {
    const bad: [bucket: () => Bucket, right: string][] = [
      [
        () => s3({ ...options, endpoint: 'https://photos.s3.eu-west-3.amazonaws.com' }),
        'https://s3.eu-west-3.amazonaws.com',
      ],
      [
        () => s3({ ...options, endpoint: `https://photos.${ACCOUNT}.r2.cloudflarestorage.com` }),
        `https://${ACCOUNT}.r2.cloudflarestorage.com`,
      ],
      [
        () => s3({ ...options, endpoint: 'https://my.photos.s3.us-west-004.backblazeb2.com' }),
        'https://s3.us-west-004.backblazeb2.com',
      ],
      [
        () =>
          qencode({
            ...options,
            region: 'us-west',
            endpoint: 'https://photos.us-west.s3.qencode.com',
          }),
        'https://us-west.s3.qencode.com',
      ],
      [
        () => storj({ ...options, endpoint: 'https://photos.gateway.storjshare.io' }),
        'https://gateway.storjshare.io',
      ],
    ]
    for (const [make, right] of bad) {
      assert.throws(make, (error: Error) => {
        assert.match(error.message, /has the name of a bucket in it/)
        assert.ok(error.message.includes(`Write it as "${right}"`), error.message)
        return true
      })
    }
    // A bucket may be called as a host begins.
    storj({ ...options, bucket: 'gateway' })
    s3({ ...options, bucket: 'minio', endpoint: 'https://minio.example.com' })
  })

  it('by plain HTTP is for this computer, unless it is wanted', () => {
    for (const host of ['127.0.0.1:9000', 'localhost:9000', '[::1]:9000', 'minio.localhost']) {
      s3({ ...options, endpoint: `http://${host}` })
    }
    for (const host of ['minio:9000', '10.0.0.1', '127.0.0.1.evil.test', 'localhost.evil.test']) {
      const endpoint = `http://${host}`
      for (const make of [s3, storj]) {
        assert.throws(() => make({ ...options, endpoint }), /by plain HTTP.*"allowHttp: true"/)
        assert.equal(make({ ...options, endpoint, allowHttp: true }).endpoint, endpoint)
      }
    }
    const wanted = s3({ ...options, endpoint: 'http://minio:9000', allowHttp: true })
    createSigner({ bucket: wanted, authorize: 'everybody' })
    assert.throws(
      () => createSigner({ authorize: 'everybody', bucket: { ...wanted, allowHttp: undefined } }),
      /by plain HTTP/,
    )
  })

  it('is no place for a password', () => {
    const endpoint = 'https://key:hunter2@s3.example.com'
    assert.throws(
      () => s3({ ...options, endpoint }),
      (error: Error) => /not the origin/.test(error.message) && !error.message.includes('hunter2'),
    )
  })

  it('may be any gateway of Storj, or one of your own, and nothing else of Storj', () => {
    for (const endpoint of STORJ_ENDPOINTS) {
      assert.equal(storj({ ...options, endpoint }).endpoint, endpoint)
    }
    storj({ ...options, endpoint: 'https://gateway.example.com' })
    const bad: [string, string][] = [
      ['https://link.storjshare.io', 'https://gateway.storjshare.io'],
      ['https://gateway.us2.storjshare.io', 'https://gateway.us1.storjshare.io'],
      ['https://gatway.eu1.storjshare.io', 'https://gateway.eu1.storjshare.io'],
    ]
    for (const [endpoint, right] of bad) {
      assert.throws(
        () => storj({ ...options, endpoint }),
        (error: Error) => error.message.includes(`Did you mean ${right}?`),
        endpoint,
      )
    }
  })

  it('that only IBM itself can reach is refused', () => {
    for (const kind of ['private', 'direct']) {
      const endpoint = `https://s3.${kind}.us-south.cloud-object-storage.appdomain.cloud`
      const right = 'https://s3.us-south.cloud-object-storage.appdomain.cloud'
      assert.throws(
        () => ibmCos({ ...options, region: 'us-south', endpoint }),
        (error: Error) => error.message.includes(`Did you mean ${right}?`),
      )
    }
  })

  for (const endpoint of [42, null, {}, [], 'https://', 'https://a b', 'javascript:alert(1)']) {
    it(`${JSON.stringify(endpoint)} is refused`, () => {
      assert.throws(() => s3({ ...options, endpoint: endpoint as never }), /not the origin/)
    })
  }
})

describe('virtual-hosted addressing', () => {
  it('puts the bucket before the host, for each provider', async (test) => {
    const buckets: [Bucket, string][] = [
      [storj({ ...options, addressing: 'virtual-hosted' }), 'photos.gateway.storjshare.io'],
      [
        qencode({ ...options, region: 'eu-central', addressing: 'virtual-hosted' }),
        'photos.eu-central.s3.qencode.com',
      ],
      [
        ibmCos({ ...options, region: 'eu-de', addressing: 'virtual-hosted' }),
        'photos.s3.eu-de.cloud-object-storage.appdomain.cloud',
      ],
      [s3({ ...options, addressing: 'virtual-hosted' }), 'photos.s3.us-east-1.amazonaws.com'],
    ]
    for (const [bucket, host] of buckets) {
      const signer = await startSigner(test, { bucket })
      const { url = '', key, headers = {} } = await signer.put()
      assert.equal(new URL(url).host, host)
      assert.equal(new URL(url).pathname, `/${key}`)
      const { actual, expected } = await recompute(url, {
        method: 'PUT',
        region: bucket.region,
        headers: { ...headers, 'Content-Length': '48211' },
      })
      assert.equal(actual, expected)
    }
  })

  it('is refused where the host could not be found, or not be trusted', () => {
    const addressing = 'virtual-hosted'
    for (const endpoint of ['https://10.0.0.1', 'http://127.0.0.1:9000', 'http://[::1]:9000']) {
      assert.throws(() => s3({ ...options, addressing, endpoint }), /can stand before .*Use "path"/)
    }
    assert.throws(() => s3({ ...options, addressing, bucket: 'my.photos' }), /with a dot.*"path"/)
    s3({ ...options, addressing, bucket: 'my.photos', endpoint: 'http://localhost:9000' })
  })
})

describe('what is known of a provider', () => {
  const storjBucket = storj(options)
  const ibm = ibmCos({ ...options, region: 'us-south' })
  const r2 = s3({ ...options, endpoint: `https://${ACCOUNT}.r2.cloudflarestorage.com` })
  const minio = s3({ ...options, endpoint: 'https://minio.example.com' })
  const known: [Bucket, Partial<Bucket>, control: string][] = [
    [storjBucket, { maxExpires: 604_800, postPolicy: true, conditionalPut: true }, 'fixed'],
    [ibm, { maxExpires: null, postPolicy: false, conditionalPut: false }, 's3-api'],
    [s3(options), { postPolicy: true, conditionalPut: true }, 's3-api'],
    [r2, { postPolicy: false, conditionalPut: true, links: ['presigned'] }, 's3-api'],
    [minio, { postPolicy: false, conditionalPut: false }, 's3-api'],
    ...QENCODE_REGIONS.map((region): [Bucket, Partial<Bucket>, string] => [
      qencode({ ...options, region }),
      { postPolicy: false, conditionalPut: false, links: ['presigned', 'qencode-cdn'] },
      'elsewhere',
    ]),
  ]
  for (const [bucket, facts, control] of known) {
    it(`${bucket.provider} at ${bucket.endpoint}`, () => {
      assert.deepEqual({ ...bucket, ...facts }, bucket)
      assert.equal(bucket.cors.control, control)
      assert.match(bucket.cors.how, /\.$/)
      assert.equal(new URL(bucket.cors.docs).protocol, 'https:')
    })
  }

  it('can be told otherwise for other servers', () => {
    const told = s3({
      ...options,
      endpoint: 'https://minio.example.com',
      postPolicy: true,
      conditionalPut: true,
    })
    assert.deepEqual([told.postPolicy, told.conditionalPut], [true, true])
  })
})
