import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { AwsClient } from 'aws4fetch'
import {
  type Bucket,
  createSigner,
  ibmCos,
  type LinkKind,
  type LinkRequest,
  linkshare,
  presigned,
  publicUrl,
  qencode,
  qencodeCdn,
  type SignerConfig,
  SignerError,
  s3,
  storj,
} from '../../../src/server/index.ts'
import type { Gateway } from '../../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../../support/servers/gateways.ts'
import { createBucket, deleteBucket } from '../../support/servers/s3-admin.ts'
import { ask } from '../../support/signer/multipart-client.ts'
import { CREDENTIALS } from '../../support/signer/recompute.ts'
import { NOW, startSigner } from '../../support/signer/signer-server.ts'
import { withoutCall } from '../../support/signer/without-call.ts'

const options = { bucket: 'photos', ...CREDENTIALS }
const PUBLIC_KEY = 'jwexample2345672345672345672'
const STORJ = storj(options)
const QENCODE = qencode({ ...options, region: 'eu-central' })
const IBM = ibmCos({ ...options, region: 'us-south' })
const ID = '0'.repeat(32)
const key = () => `été/${ID}/my #1 100% +.jpg`
const PATH = `%C3%A9t%C3%A9/${ID}/my%20%231%20100%25%20%2B.jpg`

async function linkOf(test: TestContext, config: Partial<SignerConfig>, file: object = {}) {
  // A key in which its own id is, so that the link comes with it.
  test.mock.method(crypto, 'randomUUID', () => '00000000-0000-0000-0000-000000000000')
  const signer = await startSigner(test, { key, ...config })
  const put = await signer.put(file)
  assert.equal(put.error, undefined)
  const again = await ask(signer, 'link', { grant: put.grant })
  assert.equal(again.downloadUrl, put.downloadUrl)
  assert.equal(again.downloadExpiresAt, put.downloadExpiresAt)
  return { signer, grant: put.grant, url: put.downloadUrl, expiresAt: put.downloadExpiresAt }
}

describe('a Linkshare link', () => {
  const base = `https://link.storjshare.io/raw/${PUBLIC_KEY}/photos`

  it('leads to the file, and saves or shows it', async (test) => {
    const links = linkshare({ accessKeyId: PUBLIC_KEY })
    const { signer, grant, url, expiresAt } = await linkOf(test, { bucket: STORJ, links })
    assert.equal(url, `${base}/${PATH}?download`)
    assert.equal(expiresAt, undefined)
    const shown = await ask(signer, 'link', { grant, disposition: 'inline', expiresIn: 60 })
    assert.equal(shown.downloadUrl, `${base}/${PATH}`)
    assert.equal(shown.downloadExpiresAt, undefined)
  })

  it('leads to a page about it, and tells when the access ends', async (test) => {
    const links = linkshare({ accessKeyId: PUBLIC_KEY, page: true, expiresAt: '2027-01-01' })
    const { url, expiresAt } = await linkOf(test, { bucket: STORJ, links })
    assert.equal(url, `https://link.storjshare.io/s/${PUBLIC_KEY}/photos/${PATH}`)
    assert.equal(expiresAt, '2027-01-01T00:00:00.000Z')
  })

  it('needs an access key of its own', () => {
    for (const accessKeyId of ['', 'AKIAEXAMPLE', PUBLIC_KEY.slice(1), `${PUBLIC_KEY}/`]) {
      assert.throws(() => linkshare({ accessKeyId }), /"accessKeyId" of linkshare must be/)
    }
    assert.throws(() => linkshare(undefined as never), /"accessKeyId" of linkshare/)
    const expiresAt = 'tomorrow'
    assert.throws(() => linkshare({ accessKeyId: PUBLIC_KEY, expiresAt }), /must be a date/)
    const bucket = storj({ ...options, accessKeyId: PUBLIC_KEY })
    const links = linkshare({ accessKeyId: PUBLIC_KEY })
    assert.throws(
      () => createSigner({ bucket, authorize: 'everybody', links }),
      /is the one of the bucket/,
    )
  })
})

describe('a public link', () => {
  it('is the plain address of the object, for ever', async (test) => {
    const { url, expiresAt } = await linkOf(test, { bucket: IBM, links: publicUrl() })
    assert.equal(url, `https://s3.us-south.cloud-object-storage.appdomain.cloud/photos/${PATH}`)
    assert.equal(expiresAt, undefined)
  })

  it('follows the addressing of the bucket', async (test) => {
    const bucket = s3({ ...options, addressing: 'virtual-hosted' })
    const { url } = await linkOf(test, { bucket, links: publicUrl() })
    assert.equal(url, `https://photos.s3.us-east-1.amazonaws.com/${PATH}`)
  })

  it('can have an address of its own', async (test) => {
    for (const base of ['https://files.example.com/a', 'https://files.example.com/a/']) {
      const { url } = await linkOf(test, { bucket: STORJ, links: publicUrl({ base }) })
      assert.equal(url, `https://files.example.com/a/${PATH}`)
    }
    for (const base of ['files.example.com', 'https://a/?x', 'https://a/#x', 'https://u:p@a', '']) {
      assert.throws(() => publicUrl({ base }), /"base" of publicUrl must be/)
    }
  })

  it('at the CDN of Qencode has the bucket and the region in its host', async (test) => {
    const { url, expiresAt } = await linkOf(test, { bucket: QENCODE, links: qencodeCdn() })
    assert.equal(url, `https://photos.media-storage.eu-central.qencode.com/${PATH}`)
    assert.equal(expiresAt, undefined)
    const dotted = qencode({ ...options, bucket: 'my.photos', region: 'us-west' })
    assert.throws(
      () => createSigner({ bucket: dotted, authorize: 'everybody', links: qencodeCdn() }),
      /with a dot/,
    )
  })
})

describe('a kind of link that a provider does not have', () => {
  const r2 = s3({
    ...options,
    endpoint: 'https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com',
  })
  const share = linkshare({ accessKeyId: PUBLIC_KEY })
  const bad: [Bucket, LinkKind, RegExp][] = [
    [STORJ, publicUrl(), /storj has no publicUrl\(\).*Use presigned\(\) or linkshare.*\{ base \}/],
    [STORJ, qencodeCdn(), /storj has no qencodeCdn\(\).*Use presigned\(\) or linkshare/],
    [QENCODE, publicUrl(), /qencode has no publicUrl\(\).*Use presigned\(\) or qencodeCdn\(\)/],
    [QENCODE, share, /qencode has no linkshare/],
    [IBM, share, /ibm-cos has no linkshare.*Use presigned\(\) or publicUrl\(\)/],
    [r2, publicUrl(), /s3 has no publicUrl\(\) at .*r2.*Use presigned\(\), or publicUrl/],
  ]
  for (const [bucket, links, message] of bad) {
    it(`is refused when the signer is made: ${message}`, () => {
      assert.throws(() => createSigner({ bucket, authorize: 'everybody', links }), { message })
    })
  }

  it('so is what is no kind of link', () => {
    for (const links of ['presigned', {}, 42, []]) {
      assert.throws(
        () => createSigner({ bucket: STORJ, authorize: 'everybody', links: links as never }),
        /"links" must be presigned/,
      )
    }
  })
})

describe('a link function', () => {
  it('gets what there is to know, and its links are handed out', async (test) => {
    const seen: LinkRequest[] = []
    const links = (object: LinkRequest) => {
      seen.push(object)
      return { url: `https://site.example/${object.user}/a`, expiresAt: NOW }
    }
    const authorize = () => ({ user: '42' })
    const { url, expiresAt, signer, grant } = await linkOf(test, { links, authorize })
    assert.equal(url, 'https://site.example/42/a')
    assert.equal(expiresAt, NOW.toISOString())
    assert.deepEqual(withoutCall(seen[0] ?? {}), {
      key: key(),
      file: { name: 'cat.jpg', type: 'image/jpeg' },
      user: '42',
      disposition: 'attachment',
      expiresIn: 3600,
      now: NOW,
    })
    await ask(signer, 'link', { grant, disposition: 'inline', expiresIn: 60 })
    assert.deepEqual([seen[2]?.disposition, seen[2]?.expiresIn], ['inline', 60])
  })

  it('is never asked to show what can run scripts', async (test) => {
    const links = ({ disposition }: LinkRequest) => `https://site.example/${disposition}`
    const file = { name: 'a.svg', type: 'image/svg+xml' }
    const { signer, grant } = await linkOf(test, { links, disposition: 'inline' }, file)
    const { downloadUrl } = await ask(signer, 'link', { grant, disposition: 'inline' })
    assert.equal(downloadUrl, 'https://site.example/attachment')
  })

  it('may refuse', async (test) => {
    const links = () => {
      throw new SignerError('too-old', 'The file is in the archive.')
    }
    const { error } = await (await startSigner(test, { links })).put()
    assert.deepEqual(error, { code: 'too-old', message: 'The file is in the archive.' })
  })

  it('that returns no absolute URL is a fault, of which the client hears nothing', async (test) => {
    for (const link of ['/a', 'javascript:alert(1)', '', {}, undefined, { url: 42 }]) {
      const errors: unknown[] = []
      const config = { links: () => link as never, onError: (error: unknown) => errors.push(error) }
      const signer = await startSigner(test, config)
      assert.equal((await signer.put()).error?.code, 'internal-error')
      assert.match(String(errors[0]), /not an absolute URL/)
    }
  })
})

describe('links to a bucket on Ceph', () => {
  let gateway: Gateway
  const bucket = bucketName('links')

  before(async () => {
    gateway = await cephGateway()
    await createBucket(gateway, bucket)
    const client = new AwsClient({ ...gateway, service: 's3', retries: 0 })
    const Statement = [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${bucket}/public/*`,
      },
    ]
    const body = JSON.stringify({ Version: '2012-10-17', Statement })
    const answer = await client.fetch(`${gateway.endpoint}/${bucket}?policy`, {
      method: 'PUT',
      body,
    })
    assert.ok(answer.ok, await answer.text())
  })
  after(() => deleteBucket(gateway, bucket))

  /** Uploads "hello", and follows the link that came with the upload. */
  async function follow(test: TestContext, config: Partial<SignerConfig>, name: string) {
    const signer = await startSigner(test, {
      now: () => new Date(),
      bucket: s3({ ...gateway, bucket }),
      ...config,
    })
    const {
      url = '',
      headers = {},
      downloadUrl = '',
    } = await signer.put({
      name,
      size: 5,
      type: 'text/plain',
    })
    assert.equal((await fetch(url, { method: 'PUT', headers, body: 'hello' })).status, 200)
    return fetch(downloadUrl)
  }

  for (const prefix of ['public/', 'private/']) {
    it(`are plain for public objects, here in ${prefix}`, async (test) => {
      const authorize = () => ({ prefix })
      const answer = await follow(test, { links: publicUrl(), authorize }, 'été #1 100%.txt')
      assert.equal(answer.status, prefix === 'public/' ? 200 : 403)
      if (answer.ok) assert.equal(await answer.text(), 'hello')
    })
  }

  for (const name of ['Übersicht 2026.txt', '日本語.txt', 'résumé "final" %41.txt', 'عربي.txt']) {
    for (const disposition of ['inline', 'attachment'] as const) {
      it(`presigned, ${disposition}, name the file as it is: ${name}`, async (test) => {
        const answer = await follow(test, { links: presigned(), disposition }, name)
        assert.equal(await answer.text(), 'hello')
        assert.match(answer.headers.get('Content-Type') ?? '', /^text\/plain/)
        const said = answer.headers.get('Content-Disposition') ?? ''
        assert.ok(said.startsWith(`${disposition}; `))
        assert.equal(decodeURIComponent(said.split("UTF-8''")[1] ?? ''), name)
      })
    }
  }
})
