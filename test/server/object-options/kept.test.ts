import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { GUARD_HEADERS } from '../../../src/s3/service-facts.ts'
import {
  createSigner,
  ibmCos,
  type ObjectOptions,
  qencode,
  type SignerConfig,
  s3,
  storj,
} from '../../../src/server/index.ts'
import { ask, created, FILE, fakeBucket } from '../../support/signer/multipart-client.ts'
import { CREDENTIALS } from '../../support/signer/recompute.ts'
import { startSigner } from '../../support/signer/signer-server.ts'

const options = { bucket: 'photos', ...CREDENTIALS }
const at = (endpoint: string) => s3({ ...options, endpoint })
const BUCKETS = {
  aws: s3(options),
  other: at('https://minio.example.com'),
  r2: at(`https://${'0'.repeat(32)}.r2.cloudflarestorage.com`),
  backblaze: at('https://s3.us-west-004.backblazeb2.com'),
  wasabi: at('https://s3.wasabisys.com'),
  storj: storj(options),
  qencode: qencode({ ...options, region: 'us-west' }),
  ibm: ibmCos({ ...options, region: 'us-south' }),
}
type Name = keyof typeof BUCKETS

const ALL = Object.keys(BUCKETS) as Name[]
const forDays = (mode: 'governance' | 'compliance') => ({ retention: { mode, for: '30d' } })

/** Where each is taken. Everywhere else it is refused. */
const TAKEN: [ObjectOptions, Name[]][] = [
  [{ contentEncoding: 'gzip', contentLanguage: 'de', metadata: { a: 'b' } }, ALL],
  [{ storageClass: 'STANDARD_IA' }, ['aws', 'other', 'r2', 'backblaze', 'wasabi']],
  [{ tags: { a: 'b' } }, ['aws', 'other', 'wasabi', 'storj', 'ibm']],
  [{ acl: 'public-read' }, ['aws', 'other', 'wasabi', 'ibm']],
  [{ encryption: 'sse-s3' }, ['aws', 'other', 'backblaze']],
  [{ encryption: 'sse-kms' }, ['aws', 'other']],
  [{ encryption: { kmsKeyId: 'alias/photos' } }, ['aws', 'other']],
  [forDays('governance'), ['aws', 'other', 'backblaze', 'wasabi', 'storj']],
  [forDays('compliance'), ['aws', 'other', 'backblaze', 'wasabi', 'storj', 'ibm']],
  [{ legalHold: true }, ['aws', 'other', 'backblaze', 'wasabi', 'storj', 'ibm']],
  [{ legalHold: false }, ALL],
  [{ expires: '7d' }, ['storj']],
]

describe('what a provider is not known to keep', () => {
  for (const [objectOptions, taken] of TAKEN) {
    it(`is refused when the signer is made: ${JSON.stringify(objectOptions)}`, () => {
      for (const [name, bucket] of Object.entries(BUCKETS)) {
        const checksum = bucket.checksums.length > 0 ? ('sha256' as const) : undefined
        const make = () => createSigner({ bucket, authorize: 'everybody', checksum, objectOptions })
        if (taken.includes(name as Name)) make()
        else assert.throws(make, /^Error: "\w+": .+ is not known to keep .+\. [A-Z].+\.$/, name)
      }
    })
  }

  it('is told with the name of the provider, and with what to do', () => {
    const refusal = (bucket: Name, objectOptions: ObjectOptions) => {
      const config = { bucket: BUCKETS[bucket], authorize: 'everybody' } as const
      try {
        createSigner({ ...config, routes: { film: { objectOptions } } })
      } catch (error) {
        return (error as Error).message
      }
      return undefined
    }
    assert.equal(
      refusal('r2', { tags: { a: 'b' } }),
      'Route "film": "tags": Cloudflare R2 is not known to keep that for each object. Write it into "metadata" instead.',
    )
    assert.equal(
      refusal('ibm', forDays('governance')),
      'Route "film": "retention": IBM Cloud Object Storage is not known to keep "governance" for each object. Use the mode "compliance" if it has that, or leave it out.',
    )
  })

  it('is a fault of the signer where a function says so', async (test) => {
    const errors: unknown[] = []
    const onError = (error: unknown) => errors.push(error)
    const objectOptions = () => ({ acl: 'public-read' as const })
    const signer = await startSigner(test, { bucket: BUCKETS.storj, objectOptions, onError })
    const { error } = await ask(signer, 'put', { file: FILE })
    assert.equal(error?.code, 'internal-error')
    assert.match(String(errors[0]), /"acl": Storj is not known to keep/)
  })
})

const NOW = new Date('2026-11-29T12:00:00.000Z')
const later = { now: () => NOW, bucket: BUCKETS.aws, checksum: 'sha256' as const }

/** What has to be sent with a PUT, and what the signer sends when an upload in parts begins. */
async function headersOf(
  test: TestContext,
  objectOptions: SignerConfig['objectOptions'],
  config: object = later,
) {
  const { fetch, seen } = fakeBucket(() => created('u'))
  const signer = await startSigner(test, { ...config, objectOptions, fetch })
  const sha256 = Buffer.alloc(32).toString('base64')
  const { headers = {}, error } = await ask(signer, 'put', { file: FILE, sha256 })
  assert.equal(error, undefined)
  const { error: problem } = await ask(signer, 'create', { file: FILE })
  assert.equal(problem, undefined)
  const { 'Content-Type': _, 'x-amz-checksum-sha256': __, ...rest } = headers
  const begun = seen.at(-1)?.headers
  for (const [name, value] of Object.entries(rest)) {
    if (!(name in GUARD_HEADERS)) assert.equal(begun?.get(name), value, name)
  }
  return rest
}

describe('headers of what is stored along', () => {
  const sse = 'x-amz-server-side-encryption'
  const mode = 'x-amz-object-lock-mode'
  const until = 'x-amz-object-lock-retain-until-date'
  const cases: [ObjectOptions, Record<string, string>][] = [
    [{ tags: { 'a b': 'x/y@z', é: '' } }, { 'x-amz-tagging': 'a%20b=x%2Fy%40z&%C3%A9=' }],
    [{ encryption: 'sse-s3' }, { [sse]: 'AES256' }],
    [{ encryption: 'sse-kms' }, { [sse]: 'aws:kms' }],
    [
      { encryption: { kmsKeyId: 'arn:aws:kms:eu:1:key/2' } },
      { [sse]: 'aws:kms', [`${sse}-aws-kms-key-id`]: 'arn:aws:kms:eu:1:key/2' },
    ],
    [
      { retention: { mode: 'governance', for: '30d' } },
      { [mode]: 'GOVERNANCE', [until]: '2026-12-29T12:00:00.000Z' },
    ],
    [
      { retention: { mode: 'compliance', until: '2027-01-01' }, legalHold: true },
      {
        ...{ [mode]: 'COMPLIANCE', [until]: '2027-01-01T00:00:00.000Z' },
        'x-amz-object-lock-legal-hold': 'ON',
      },
    ],
    [
      { retention: { mode: 'compliance', until: new Date('2027-01-01') } },
      { [mode]: 'COMPLIANCE', [until]: '2027-01-01T00:00:00.000Z' },
    ],
    [
      { contentEncoding: 'gzip', contentLanguage: 'de, fr-CH' },
      { 'Content-Encoding': 'gzip', 'Content-Language': 'de, fr-CH' },
    ],
  ]
  for (const [objectOptions, headers] of cases) {
    it(JSON.stringify(objectOptions), async (test) => {
      assert.deepEqual(await headersOf(test, objectOptions), headers)
    })
  }

  it('has the ACL that is said, and not that of the guards', async (test) => {
    const config = { bucket: BUCKETS.other }
    const headers = await headersOf(test, { acl: 'public-read' }, config)
    assert.equal(headers['x-amz-acl'], 'public-read')
    assert.equal((await headersOf(test, {}, config))['x-amz-acl'], 'private')
  })

  it('has an end at Storj, which no metadata changes', async (test) => {
    const config = { bucket: BUCKETS.storj, now: () => NOW }
    const objectOptions = { expires: '7d', metadata: { 'Object-Expires': 'none' } }
    const headers = await headersOf(test, objectOptions, config)
    assert.equal(headers['x-amz-meta-object-expires'], '2026-12-06T12:00:00.000Z')
  })
})

describe('"objectOptions" is refused', () => {
  const wrong: [object, RegExp, object?][] = [
    [{ tags: { '': 'x' } }, /name of a tag/],
    [{ tags: { 'a&b': 'x' } }, /name of a tag/],
    [{ tags: { a: '<' } }, /A tag's value/],
    [{ tags: { a: 7 } }, /A tag's value/],
    [{ tags: { a: 'x'.repeat(257) } }, /at most 256/],
    [{ tags: { ['a'.repeat(129)]: 'x' } }, /1 to 128/],
    [
      { tags: Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`a${index}`, 'x'])) },
      /at most 10 tags/,
    ],
    [{ acl: 'public-read-write' }, /"acl" must be one of: private, public-read/],
    [{ encryption: 'AES256' }, /"encryption" must be "sse-s3", "sse-kms" or \{ kmsKeyId \}/],
    [{ encryption: { kmsKeyId: 'a\r\nb' } }, /"encryption" must be/],
    [{ encryption: {} }, /"encryption" must be/],
    [{ encryption: null }, /"encryption" must be/],
    [{ encryption: 'sse-c' }, /SSE-C each page would need the key/],
    [{ retention: { mode: 'GOVERNANCE', for: '1d' } }, /"retention.mode" must be/],
    [{ retention: 'governance' }, /"retention.mode" must be/],
    [{ retention: { mode: 'compliance' } }, /needs either "for", as "30d", or "until"/],
    [{ retention: { mode: 'compliance', for: '1d', until: '2099-01-01' } }, /either "for"/],
    [{ retention: { mode: 'compliance', for: '30 days' } }, /"retention.for": .*not a lifetime/],
    [{ retention: { mode: 'compliance', until: '2020-01-01' } }, /still to come/],
    [{ retention: { mode: 'compliance', until: 'soon' } }, /still to come/],
    [{ retention: { mode: 'compliance', til: '2099-01-01' } }, /has no "til"/],
    [{ legalHold: 'ON' }, /"legalHold" must be true or false/],
    [{ contentEncoding: 'gzip\r\nX: 1' }, /"contentEncoding" must be a text such as "gzip"/],
    [{ contentEncoding: '' }, /"contentEncoding" must be/],
    [{ contentLanguage: 'de;q=1' }, /"contentLanguage" must be/],
    [{ expires: 'tomorrow' }, /"expires": .*not a lifetime/, { bucket: BUCKETS.storj }],
    [
      { expires: '1d', legalHold: true },
      /"expires" and Object Lock exclude/,
      { bucket: BUCKETS.storj },
    ],
    [{ legalHold: true }, /"legalHold" needs a digest .* set "checksum"/, { checksum: undefined }],
    [
      { retention: { mode: 'compliance', for: '1d' } },
      /"retention" needs a digest .* set "checksum"/,
      { checksum: undefined },
    ],
  ]
  for (const [objectOptions, message, config = {}] of wrong) {
    it(`${JSON.stringify(objectOptions).slice(0, 70)}`, () => {
      const isStorj = 'bucket' in config
      const base = isStorj ? {} : { bucket: BUCKETS.aws, checksum: 'sha256' }
      const all = { authorize: 'everybody', ...base, ...config, objectOptions }
      assert.throws(() => createSigner(all as SignerConfig), message)
    })
  }

  it('at the call of a page whose tags cannot be kept', async (test) => {
    const signer = await startSigner(test, {
      bucket: BUCKETS.aws,
      objectOptions: ({ meta }) => ({ tags: meta }),
    })
    const code = async (meta: object) =>
      (await ask(signer, 'put', { file: FILE, meta })).error?.code
    assert.equal(await code({ album: 'Größe 7' }), undefined)
    assert.equal(await code({ album: '<7>' }), 'bad-request')
  })
})

describe('a key of a KMS', () => {
  it('has no MD5 in the ETag, by which another try would know its object', async (test) => {
    const isThere = { etag: '', encryption: 'aws:kms' }
    const head = () => {
      const { etag, encryption } = isThere
      const headers = { ETag: `"${etag}"`, 'Content-Length': String(FILE.size) }
      if (etag === '') return new Response(null, { status: 404 })
      return new Response(null, {
        headers: { ...headers, 'x-amz-server-side-encryption': encryption },
      })
    }
    const { fetch } = fakeBucket(head)
    const config = { bucket: BUCKETS.aws, overwrite: false, fetch }
    const signer = await startSigner(test, { ...config, objectOptions: { encryption: 'sse-kms' } })
    const md5 = Buffer.alloc(16).toString('base64')
    const { grant } = await ask(signer, 'put', { file: FILE, md5 })
    isThere.etag = 'f'.repeat(32)
    assert.equal((await ask(signer, 'put', { file: FILE, md5, grant })).stored, true)
    isThere.encryption = 'AES256'
    const { error } = await ask(signer, 'put', { file: FILE, md5, grant })
    assert.equal(error?.code, 'already-exists')
  })
})
