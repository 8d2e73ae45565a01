/** What is stored along with an object is read back from S3 servers: after a PUT, a form and parts. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { SERVICES } from '../../src/s3/providers.ts'
import type { ObjectOption } from '../../src/s3/service-facts.ts'
import { type ObjectOptions, s3 } from '../../src/server/index.ts'
import type { RunningGateway } from '../support/servers/ceph.ts'
import { bucketName } from '../support/servers/gateways.ts'
import { createLockedBucket, deleteLockedBucket } from '../support/servers/locked-buckets.ts'
import { SERVERS } from '../support/servers/other-servers.ts'
import {
  createBucket,
  deleteBucket,
  headObject,
  objectUrl,
  request,
} from '../support/servers/s3-admin.ts'
import { ask } from '../support/signer/multipart-client.ts'
import { type SignerServer, startSigner } from '../support/signer/signer-server.ts'

const HELLO = new TextEncoder().encode('hello')
const DIGESTS = {
  md5: createHash('md5').update(HELLO).digest('base64'),
  sha256: createHash('sha256').update(HELLO).digest('base64'),
}
const FILE = { name: 'hello.txt', size: 5, type: 'text/plain' }
const UNTIL = '2099-01-01T00:00:00.000Z'
const RETAINED = /GOVERNANCE.*2099-01-01T00:00:00/s
const HELD = /<Status>ON<|-legal-hold":"ON"/

/** All that some provider has. */
const KEEPS = [...SERVICES.aws.keeps, ...SERVICES.storj.keeps]
const FORMS = [...SERVICES.aws.keepsOfForm, ...SERVICES.storj.keepsOfForm]

type Answer = Awaited<ReturnType<typeof ask>>
type Way = 'PUT' | 'form' | 'parts'

/** What is said, and what the head of the object then has, or what else there is to see of it. */
const SAID: Record<string, [objectOptions: ObjectOptions, seen: Seen]> = {
  contentEncoding: [{ contentEncoding: 'gzip' }, head('Content-Encoding', /^gzip$/)],
  contentLanguage: [{ contentLanguage: 'de, fr-CH' }, head('Content-Language', /^de, fr-CH$/)],
  cacheControl: [{ cacheControl: 'no-cache' }, head('Cache-Control', /^no-cache$/)],
  contentDisposition: [
    { contentDisposition: 'inline' },
    head('Content-Disposition', /^inline; .*hello\.txt/),
  ],
  metadata: [{ metadata: { album: 'Größe' } }, head('x-amz-meta-album', /^=\?UTF-8\?B\?/)],
  storageClass: [{ storageClass: 'STANDARD' }, isThere],
  tags: [{ tags: { keep: 'no', größe: 'a+b = c@d' } }, seeTags],
  acl: [{ acl: 'public-read' }, seePublic],
  'sse-s3': [{ encryption: 'sse-s3' }, head('x-amz-server-side-encryption', /^AES256$/)],
  'sse-kms': [{ encryption: 'sse-kms' }, head('x-amz-server-side-encryption', /^aws:kms$/)],
  kmsKeyId: [
    { encryption: { kmsKeyId: 'alias/photos' } },
    head('x-amz-server-side-encryption-aws-kms-key-id', /alias\/photos$/),
  ],
  governance: [{ retention: { mode: 'governance', until: UNTIL } }, seeLock('retention', RETAINED)],
  legalHold: [{ legalHold: true }, seeLock('legal-hold', HELD)],
  expires: [{ expires: '1d' }, head('x-amz-meta-object-expires', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)],
}

const NEVER: Way[] = ['PUT', 'form', 'parts']
const NO_SSE = { 'sse-s3': NEVER, 'sse-kms': NEVER, kmsKeyId: NEVER }
const FIELD: Way[] = ['form']

/** What each server drops. docs/providers/compatibility.md tells people. */
const LACKS: Record<keyof typeof SERVERS, Partial<Record<string, Way[]>>> = {
  ceph: {
    ...{
      contentEncoding: FIELD,
      contentLanguage: FIELD,
      cacheControl: FIELD,
      contentDisposition: FIELD,
    },
    ...{ tags: ['parts'], governance: ['parts'], legalHold: ['parts'] },
    ...NO_SSE,
  },
  moto: { tags: FIELD, governance: ['parts'], legalHold: ['parts'] },
  versitygw: { acl: NEVER, ...NO_SSE },
}

interface Place {
  gateway: RunningGateway
  bucket: string
  key: string
}
type Seen = (place: Place) => Promise<void>

function head(name: string, value: RegExp): Seen {
  return async ({ gateway, bucket, key }) => {
    assert.match((await headObject(gateway, bucket, key))?.get(name) ?? '', value)
  }
}

async function isThere({ gateway, bucket, key }: Place) {
  assert.ok(await headObject(gateway, bucket, key))
}

async function seeTags({ gateway, bucket, key }: Place) {
  const answer = await request(gateway, `${objectUrl(gateway, bucket, key)}?tagging`)
  const xml = await answer.text()
  const tags = [...xml.matchAll(/<Key>(.*?)<\/Key>\s*<Value>(.*?)<\/Value>/g)].map(
    ([, ...tag]) => tag,
  )
  assert.deepEqual(tags.sort(), [
    ['größe', 'a+b = c@d'],
    ['keep', 'no'],
  ])
}

async function seePublic({ gateway, bucket, key }: Place) {
  const answer = await fetch(objectUrl(gateway, bucket, key))
  assert.equal(await answer.text(), 'hello')
}

/** In the head, or by a request for it: each server has one of them at least. */
function seeLock(query: string, value: RegExp): Seen {
  return async ({ gateway, bucket, key }) => {
    const head = await headObject(gateway, bucket, key)
    const answer = await request(gateway, `${objectUrl(gateway, bucket, key)}?${query}`)
    assert.match(`${JSON.stringify(Object.fromEntries(head ?? []))} ${await answer.text()}`, value)
  }
}

/** What no form is known to keep goes by PUT: test/server/operations/object-options.test.ts. */
function waysOf(options: ObjectOptions): Way[] {
  const isInForm = Object.keys(options).every((option) => FORMS.includes(option as ObjectOption))
  return isInForm ? ['PUT', 'form', 'parts'] : ['PUT', 'parts']
}

async function store(signer: SignerServer, way: Way): Promise<string> {
  if (way === 'parts') {
    const { grant, error } = await ask(signer, 'create', { file: FILE })
    assert.equal(error, undefined)
    const part = await ask(signer, 'part', { grant, partNumber: 1, ...DIGESTS })
    await send(part, HELLO)
    const done = await ask(signer, 'complete', { grant })
    assert.equal(done.error, undefined)
    return done.key ?? ''
  }
  const signed = await ask(signer, 'put', { file: FILE, form: way === 'form', ...DIGESTS })
  assert.equal(signed.method, way === 'form' ? 'POST' : 'PUT')
  await send(signed, signed.fields ? formOf(signed.fields) : HELLO)
  return signed.key ?? ''
}

async function send({ url = '', method = '', headers, error }: Answer, body: BodyInit) {
  assert.equal(error, undefined)
  const sent = await fetch(url, { method, ...(headers && { headers }), body })
  assert.ok(sent.ok, `${sent.status} ${await sent.text()}`)
}

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new Blob([HELLO]))
  return form
}

for (const [name, start] of Object.entries(SERVERS)) {
  if (start === undefined) continue
  describe(`what is stored along, with ${name}`, () => {
    let gateway: RunningGateway
    const [plain, locked] = [bucketName('along'), bucketName('locked')]

    before(async () => {
      gateway = await start()
      await createBucket(gateway, plain)
      await createLockedBucket(gateway, locked)
    })
    after(async () => {
      await deleteBucket(gateway, plain)
      if (name === 'ceph') await deleteLockedBucket(gateway, locked)
      await gateway.stop()
    })

    for (const [said, [options, see]] of Object.entries(SAID)) {
      for (const way of waysOf(options)) {
        if (LACKS[name as keyof typeof SERVERS][said]?.includes(way)) continue
        it(`${said} by ${way}`, async (test) => {
          const isLocked = 'retention' in options || 'legalHold' in options
          const bucket = isLocked ? locked : plain
          const { stop: _, ...keys } = gateway
          const signer = await startSigner(test, {
            now: () => new Date(),
            bucket: {
              ...s3({ ...keys, bucket, postPolicy: true }),
              ...{ keeps: KEEPS, keepsOfForm: FORMS },
            },
            ...(isLocked ? { checksum: 'sha256' } : {}),
            objectOptions: options,
          })
          await see({ gateway, bucket, key: await store(signer, way) })
        })
      }
    }
  })
}
