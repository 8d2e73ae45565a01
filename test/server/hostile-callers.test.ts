import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import {
  createSigner,
  presign,
  type SignerConfig,
  SignerError,
  s3,
  storj,
} from '../../src/server/index.ts'
import type { Gateway } from '../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket, getObject } from '../support/servers/s3-admin.ts'
import {
  ask,
  created,
  FILE,
  failed,
  fakeBucket,
  type SeenRequest,
  sendPart,
} from '../support/signer/multipart-client.ts'
import { CREDENTIALS } from '../support/signer/recompute.ts'
import { putRequest, startSigner } from '../support/signer/signer-server.ts'

const HELLO = { name: 'a.txt', type: 'text/plain', size: 5 }
const MD5_OF_HELLO = 'XUFAKrxLKna5cZ2REBfFkg=='

/** A bucket that has objects of these types under any key, and nothing else. */
const typed = (type: string) =>
  fakeBucket(() => new Response(null, { headers: { 'Content-Type': type, ETag: '"x"' } }))

describe('a link by key', () => {
  const linkTo = async (test: TestContext, type: string, request: object, config = {}) => {
    const { fetch, seen } = typed(type)
    const authorize = () => ({ prefix: 'users/4/' })
    const signer = await startSigner(test, { fetch, authorize, ...config })
    const { downloadUrl = '' } = await ask(signer, 'link', { key: 'users/4/a', ...request })
    const { searchParams } = new URL(downloadUrl)
    return { seen, how: searchParams.get('response-content-disposition') ?? '', searchParams }
  }

  it('shows only what the bucket says is harmless, and as that', async (test) => {
    for (const type of ['image/png', 'video/mp4', 'application/pdf', 'text/plain; charset=utf-8']) {
      const { how, searchParams } = await linkTo(test, type, { disposition: 'inline' })
      assert.match(how, /^inline;/, type)
      assert.equal(searchParams.get('response-content-type'), type)
    }
  })

  it('saves what can run as a page, and whatever else is not known', async (test) => {
    for (const type of [
      'text/html',
      'TEXT/HTML;charset=utf-8',
      'image/svg+xml',
      'application/xhtml+xml',
      'text/xml',
      'application/unknown',
      'unknown/unknown',
      'text/rdf',
      'multipart/x-mixed-replace; boundary=x',
      'text/javascript',
      '',
    ]) {
      for (const config of [{}, { disposition: 'inline' as const }]) {
        const { how } = await linkTo(test, type, { disposition: 'inline' }, config)
        assert.match(how, /^attachment;/, type)
      }
    }
  })

  it('asks the bucket only where the type matters, and saves where it does not tell', async (test) => {
    assert.deepEqual((await linkTo(test, 'image/png', {})).seen, [])
    const { fetch } = fakeBucket(() => failed('AccessDenied', 403))
    const request = { disposition: 'inline' }
    const { how } = await linkTo(test, '', request, { fetch })
    assert.match(how, /^attachment;/)
  })
})

describe('onUploaded that refuses', () => {
  const head = (size = FILE.size, type = FILE.type) =>
    new Response(null, { headers: { 'Content-Length': `${size}`, 'Content-Type': type } })
  const refuse = () => {
    throw new SignerError('infected', 'There is a virus in it.')
  }

  it('keeps a file in one piece without a link, whichever way it is asked for', async (test) => {
    const { fetch } = fakeBucket(() => head())
    const signer = await startSigner(test, { fetch, onUploaded: refuse })
    const { grant, downloadUrl } = await signer.put()
    assert.equal(downloadUrl, undefined)
    for (const fields of [{ grant }, { grant, disposition: 'inline' }, { grant, expiresIn: 1 }]) {
      assert.equal((await ask(signer, 'link', fields)).error?.code, 'infected')
    }
    assert.equal((await signer.put({}, { grant })).downloadUrl, undefined)
  })

  it('keeps a file in parts without a link, by any grant', async (test) => {
    const list = '<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>"e"</ETag>'
    const { fetch } = fakeBucket(({ method, url }) => {
      if (method === 'HEAD') return head()
      if (method === 'GET')
        return new Response(`${list}<Size>${FILE.size}</Size></Part></ListPartsResult>`)
      if (url.searchParams.has('uploads')) return created('upload-1')
      return new Response('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>')
    })
    const signer = await startSigner(test, { fetch, onUploaded: refuse })
    const { grant } = await ask(signer, 'create', { file: FILE })
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const done = await ask(signer, 'complete', { grant })
      assert.deepEqual(
        [done.error?.code, done.downloadUrl, done.grant],
        ['infected', undefined, undefined],
      )
    }
    assert.equal((await ask(signer, 'link', { grant })).error?.code, 'invalid-grant')
  })
})

describe('a grant', () => {
  it('binds the metadata that came with the file', async (test) => {
    const objectOptions: SignerConfig['objectOptions'] = ({ meta }) => ({ metadata: meta })
    const signer = await startSigner(test, { objectOptions })
    const meta = { album: 'mine', b: '2' }
    const { grant } = await signer.put({}, { meta })
    const again = async (other: object) => (await signer.put({}, { grant, ...other })).error?.code
    assert.equal(await again({ meta: { b: '2', album: 'mine' } }), undefined)
    for (const other of [{ album: 'theirs', b: '2' }, { album: 'mine' }, { ...meta, c: '' }, {}]) {
      assert.equal(await again({ meta: other }), 'invalid-grant')
    }
    assert.equal(await again({}), 'invalid-grant')
    const plain = (await signer.put()).grant
    assert.equal((await signer.put({}, { grant: plain, meta: {} })).error, undefined)
    assert.equal((await signer.put({}, { grant: plain, meta })).error?.code, 'invalid-grant')
  })

  it('signs no write once the file is stored', async (test) => {
    const list = `<Part><PartNumber>1</PartNumber><ETag>"e"</ETag><Size>${FILE.size}</Size></Part>`
    const { fetch } = fakeBucket(({ method, url }) => {
      const headers = { 'Content-Length': `${FILE.size}`, 'Content-Type': FILE.type }
      if (method === 'HEAD') return new Response(null, { headers })
      if (method === 'GET') return new Response(`<ListPartsResult>${list}</ListPartsResult>`)
      if (url.searchParams.has('uploads')) return created('upload-1')
      return new Response('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>')
    })
    const signer = await startSigner(test, { fetch })
    const { grant } = await ask(signer, 'create', { file: FILE })
    const done = await ask(signer, 'complete', { grant })
    assert.ok((await ask(signer, 'link', { grant: done.grant })).downloadUrl)
    for (const more of [{}, { form: true }, { md5: MD5_OF_HELLO }]) {
      assert.equal(
        (await signer.put({}, { grant: done.grant, ...more })).error?.code,
        'invalid-grant',
      )
    }
    for (const op of ['part', 'parts', 'complete', 'abort']) {
      const { error } = await ask(signer, op, { grant: done.grant, partNumber: 1 })
      assert.equal(error?.code, 'invalid-grant')
    }
  })

  it('does not show who the user is', async (test) => {
    const user = 'ann@example.com'
    const signer = await startSigner(test, {
      authorize: () => ({ user }),
      fetch: fakeBucket(() => created('upload-1')).fetch,
    })
    for (const { grant = '' } of [
      await signer.put(),
      await ask(signer, 'create', { file: FILE }),
    ]) {
      const payload = Buffer.from(grant.split('.')[0] ?? '', 'base64url').toString()
      assert.match(payload, /"size":48211/)
      assert.doesNotMatch(payload, /ann|example/)
    }
  })

  it('counts for signers of its scope only', async (test) => {
    const one = await startSigner(test, { scope: 'avatars' })
    const { grant } = await one.put()
    assert.equal((await one.put({}, { grant })).error, undefined)
    for (const config of [{}, { scope: 'documents' }]) {
      const other = await startSigner(test, config)
      assert.equal((await other.put({}, { grant })).error?.code, 'invalid-grant')
    }
  })
})

describe('a nonce', () => {
  const nonce = 'n'.repeat(16)

  it('with another size or type is another upload', async (test) => {
    const signer = await startSigner(test, { fetch: fakeBucket(() => created('u')).fetch })
    const keyOf = async (file: object, user?: string) =>
      (await ask(signer, 'create', { file: { ...FILE, ...file }, nonce }, user)).key
    const first = await keyOf({})
    assert.equal(await keyOf({}), first)
    assert.notEqual(await keyOf({ size: 1 }), first)
    assert.notEqual(await keyOf({ type: 'image/png' }), first)
  })

  it('is needed to find the upload of an earlier try', async (test) => {
    const uploads = (key: string) =>
      `<ListMultipartUploadsResult><Upload><Key>${key}</Key><UploadId>theirs</UploadId></Upload></ListMultipartUploadsResult>`
    const start = async (config: Partial<SignerConfig>) => {
      const { fetch, seen } = fakeBucket(({ method, url }) =>
        method === 'GET'
          ? new Response(uploads(url.searchParams.get('prefix') ?? ''))
          : created('new'),
      )
      return { signer: await startSigner(test, { fetch, ...config }), seen }
    }
    const own = await start({})
    const found = await ask(own.signer, 'create', { file: FILE, nonce, again: true })
    assert.equal(found.uploadId, 'theirs')
    const without = await ask(own.signer, 'create', { file: FILE, again: true })
    assert.equal(without.uploadId, 'new')
    // At a key that others get too, the upload under way may be anyone's.
    const shared = await start({ key: () => 'incoming/a' })
    const other = await ask(shared.signer, 'create', { file: FILE, nonce, again: true })
    assert.equal(other.uploadId, 'new')
    // And at one of a folder, that of another file of the same path.
    const folder = await start({ keepPaths: true })
    const inFolder = { file: { ...FILE, path: 'pets/cat.jpg' }, batch: 'b'.repeat(16) }
    const third = await ask(folder.signer, 'create', { ...inFolder, nonce, again: true })
    assert.equal(third.uploadId, 'new')
  })
})

describe('a key that is not of one file alone', () => {
  const key = ({ name }: { name: string }) => `incoming/${name}`

  it('gives no link before the file is there, and then one to that file', async (test) => {
    let stored = { size: 7, type: 'image/jpeg' }
    const { fetch } = fakeBucket(() => {
      const headers = { 'Content-Length': `${stored.size}`, 'Content-Type': stored.type }
      return new Response(null, { headers })
    })
    const signer = await startSigner(test, { key, fetch })
    const { grant, downloadUrl } = await signer.put()
    assert.equal(downloadUrl, undefined)
    const code = async () => (await ask(signer, 'link', { grant })).error?.code
    assert.equal(await code(), 'upload-incomplete')
    stored = { size: FILE.size, type: 'text/html' }
    assert.equal(await code(), 'upload-incomplete')
    stored = { size: FILE.size, type: FILE.type }
    assert.equal(await code(), undefined)
  })
})

describe('a call with many requests', () => {
  it('asks the bucket for at most 16 things at a time', async (test) => {
    let [now, most] = [0, 0]
    const { fetch } = fakeBucket(async () => {
      now += 1
      most = Math.max(most, now)
      await new Promise((resolve) => setImmediate(resolve))
      now -= 1
      return created('upload-1')
    })
    const signer = await startSigner(test, { fetch })
    const requests = Array.from({ length: 200 }, (_, id) => ({
      id: `${id}`,
      op: 'create',
      file: FILE,
    }))
    const answers = await signer.call(requests)
    assert.deepEqual(
      answers.map(({ id }) => id),
      requests.map(({ id }) => id),
    )
    assert.ok(answers.every(({ grant }) => grant))
    assert.equal(most, 16)
  })

  it('does once what is asked many times', async (test) => {
    let hooks = 0
    const count = () => {
      hooks += 1
    }
    const { fetch, seen } = fakeBucket(({ method }: SeenRequest) => {
      const headers = { 'Content-Length': `${FILE.size}`, 'Content-Type': FILE.type }
      return method === 'POST' ? created('upload-1') : new Response(null, { headers, status: 200 })
    })
    const signer = await startSigner(test, { fetch, onUploaded: count })
    const { grant } = await signer.put()
    const upload = await ask(signer, 'create', { file: FILE })
    seen.splice(0)
    const many = (fields: object) =>
      signer.call(Array.from({ length: 100 }, (_, id) => ({ id: `${id}`, ...fields })))
    const links = await many({ op: 'link', grant })
    assert.deepEqual([seen.splice(0).length, hooks], [1, 1])
    assert.ok(
      links.every(({ downloadUrl }, index) => downloadUrl && links[index]?.id === `${index}`),
    )
    await many({ op: 'abort', grant: upload.grant })
    assert.equal(seen.splice(0).length, 1)
    await many({ op: 'create', file: FILE, nonce: 'n'.repeat(16) })
    assert.equal(seen.splice(0).length, 1)
    // Two files may be alike, and are two.
    const files = await many({ op: 'put', file: FILE })
    assert.equal(new Set(files.map(({ key }) => key)).size, 100)
  })
})

describe('one PUT', () => {
  it('is never signed for more than 5 GiB, whatever the limit of the site', async (test) => {
    const signer = await startSigner(test, { maxSize: '50TB' })
    const { error } = await signer.put({ size: 5 * 2 ** 30 + 1 })
    assert.equal(error?.code, 'too-large')
    assert.match(error?.message ?? '', /one PUT: at most 5\.36 GB/)
    assert.ok((await signer.put({ size: 5 * 2 ** 30 })).url)
  })
})

describe('limits that have become narrower', () => {
  it('count for the parts of uploads that are under way', async (test) => {
    let maxSize = '1MB'
    const signer = await startSigner(test, {
      authorize: () => ({ maxSize }),
      fetch: fakeBucket(() => created('upload-1')).fetch,
    })
    const { grant } = await ask(signer, 'create', { file: FILE })
    assert.ok((await ask(signer, 'part', { grant, partNumber: 1 })).url)
    maxSize = '1kB'
    assert.equal((await ask(signer, 'part', { grant, partNumber: 1 })).error?.code, 'too-large')
    assert.equal((await ask(signer, 'complete', { grant })).error?.code, 'too-large')
  })
})

describe('a PUT whose answer is lost, with overwrite: false', () => {
  it('is known by the key of its own, also where the client knows no MD5', async (test) => {
    let size = FILE.size
    const { fetch } = fakeBucket(() => {
      const headers = { ETag: '"anything"', 'Content-Length': `${size}` }
      return new Response(null, { headers })
    })
    const start = (config: Partial<SignerConfig>) => startSigner(test, { fetch, ...config })
    let found = false
    const empty = () => Promise.resolve(new Response(null, { status: 404 }))
    const first: SignerConfig['fetch'] = (url, init) => (found ? fetch(url, init) : empty())
    for (const [config, expected] of [
      [{}, true],
      [{ key: () => 'incoming/a' }, undefined],
    ] as const) {
      found = false
      const signer = await start({ overwrite: false, ...config, fetch: first })
      const { grant } = await signer.put()
      found = true
      const again = await signer.put({}, { grant })
      assert.deepEqual([again.stored, again.url], [expected, undefined])
      assert.equal(again.error?.code, expected ? undefined : 'already-exists')
      const { error } = await signer.put({}, { grant, md5: MD5_OF_HELLO })
      assert.equal(error?.code, 'already-exists')
      size += 1
      assert.equal((await signer.put({}, { grant })).error?.code, 'already-exists')
      size -= 1
    }
  })
})

describe('an answer of the bucket that is lost', () => {
  const lost = () => Promise.reject(new TypeError('fetch failed'))

  it('leaves no second upload behind where it was about beginning one', async (test) => {
    let begun = ''
    const { fetch, seen } = fakeBucket(({ method, url }) => {
      if (method === 'POST') {
        begun = decodeURIComponent(url.pathname.replace('/photos/', ''))
        return lost()
      }
      const upload = `<Upload><Key>${begun}</Key><UploadId>first</UploadId></Upload>`
      return new Response(`<ListMultipartUploadsResult>${upload}</ListMultipartUploadsResult>`)
    })
    const signer = await startSigner(test, { fetch })
    assert.equal((await ask(signer, 'create', { file: FILE })).uploadId, 'first')
    assert.deepEqual(
      seen.map(({ method }) => method),
      ['POST', 'GET'],
    )
  })

  it('is no file of another where it was about completing one', async (test) => {
    const list = `<Part><PartNumber>1</PartNumber><ETag>"e"</ETag><Size>${FILE.size}</Size></Part>`
    for (const after of [
      () => failed('PreconditionFailed', 412),
      () => failed('NoSuchUpload', 404),
    ]) {
      let completed = false
      const { fetch } = fakeBucket(({ method, url }) => {
        const headers = { 'Content-Length': `${FILE.size}` }
        if (method === 'HEAD') return new Response(null, completed ? { headers } : { status: 404 })
        if (method === 'GET' && completed) return failed('NoSuchUpload', 404)
        if (method === 'GET') return new Response(`<ListPartsResult>${list}</ListPartsResult>`)
        if (url.searchParams.has('uploads')) return created('upload-1')
        if (completed) return after()
        completed = true
        return lost()
      })
      const signer = await startSigner(test, { fetch, overwrite: false })
      const { grant } = await ask(signer, 'create', { file: FILE })
      const done = await ask(signer, 'complete', { grant })
      assert.equal(done.error, undefined)
      assert.ok(done.downloadUrl)
    }
  })

  it('is asked for again where another request was in the way', async (test) => {
    const list = `<Part><PartNumber>1</PartNumber><ETag>"e"</ETag><Size>${FILE.size}</Size></Part>`
    let conflicts = 2
    const { fetch } = fakeBucket(({ method, url }) => {
      const headers = { 'Content-Length': `${FILE.size}` }
      if (method === 'HEAD')
        return new Response(null, conflicts < 0 ? { headers } : { status: 404 })
      if (method === 'GET') return new Response(`<ListPartsResult>${list}</ListPartsResult>`)
      if (url.searchParams.has('uploads')) return created('upload-1')
      conflicts -= 1
      if (conflicts >= 0) return failed('ConditionalRequestConflict', 409)
      return new Response('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>')
    })
    const signer = await startSigner(test, { fetch, overwrite: false })
    const { grant } = await ask(signer, 'create', { file: FILE })
    assert.equal((await ask(signer, 'complete', { grant })).error, undefined)
  })
})

describe('an error of a hook', () => {
  it('is a refusal where it is a SignerError, also one of another copy of this package', async (test) => {
    const copy = (fields: object) => Object.assign(new Error('Not today.'), fields)
    const isTold = async (error: unknown) => {
      const authorize = () => {
        throw error
      }
      const signer = await startSigner(test, { authorize, onError() {} })
      const { code } = (await signer.put().catch((refused) => refused)) as { code: string }
      return code === 'closed'
    }
    for (const error of [
      new SignerError('closed', 'Not today.'),
      new SignerError('closed', 'Not today.', { status: 599 }),
      copy({ name: 'SignerError', code: 'closed', status: 400 }),
      copy({ name: 'SignerError', code: 'closed', status: 599 }),
    ]) {
      assert.equal(await isTold(error), true)
    }
    for (const error of [
      copy({ code: 'closed', status: 400 }),
      copy({ name: 'SignerError', code: 'closed' }),
      copy({ name: 'SignerError', code: 'closed', status: 200 }),
      copy({ name: 'SignerError', code: 'closed', status: 600 }),
      copy({ name: 'SignerError', code: ['closed'], status: 400 }),
      { name: 'SignerError', code: 'closed', status: 400, message: 'Not today.' },
      'closed',
      null,
    ]) {
      assert.equal(await isTold(error), false, String(error))
    }
  })
})

describe('a SignerError', () => {
  it('has a status with which a call can be refused', () => {
    for (const status of [0, 200, 204, 399, 600, 700, 404.5, Number.NaN]) {
      assert.throws(() => new SignerError('x', 'No.', { status }), {
        name: 'RangeError',
        message: /400 to 599/,
      })
    }
  })

  it('counts also where it comes from another copy of the package', async (test) => {
    class SignerErrorOfTheOther extends Error {
      override name = 'SignerError'
      code = 'quota-exceeded'
      status = 402
    }
    const refuse = () => {
      throw new SignerErrorOfTheOther('Your plan is full.')
    }
    const caller = await startSigner(test, { authorize: refuse })
    const response = await caller.send(JSON.stringify({ version: 1, requests: [putRequest('1')] }))
    assert.equal(response.status, 402)
    assert.equal((await response.json()).error.code, 'quota-exceeded')
    const one = await startSigner(test, { key: refuse })
    assert.deepEqual((await one.put()).error, {
      code: 'quota-exceeded',
      message: 'Your plan is full.',
    })
  })
})

describe('s3 at a known host', () => {
  it('is the same as the preset of that host', () => {
    const options = { bucket: 'photos', ...CREDENTIALS }
    const bucket = s3({ ...options, endpoint: 'https://gateway.storjshare.io' })
    assert.deepEqual(bucket, storj(options))
    const config = { bucket, authorize: 'everybody', checksum: 'crc32c' } as const
    assert.throws(() => createSigner(config), /not known to check/)
  })

  it('at the one for Transfer Acceleration needs the region, and names the bucket in the host', async () => {
    const options = {
      bucket: 'photos',
      ...CREDENTIALS,
      endpoint: 'https://s3-accelerate.amazonaws.com',
    }
    assert.throws(() => s3(options), /"region" is missing/)
    assert.throws(
      () => s3({ ...options, region: 'eu-west-1', addressing: 'path' }),
      /virtual-hosted/,
    )
    const bucket = s3({ ...options, region: 'eu-west-1' })
    const get = { method: 'GET', key: 'a.txt', expiresIn: 60, now: new Date() } as const
    const { url } = await presign(bucket, get)
    assert.equal(new URL(url).host, 'photos.s3-accelerate.amazonaws.com')
    assert.match(url, /%2Feu-west-1%2Fs3%2F/)
  })
})

describe('overwrite: false, on Ceph', () => {
  let gateway: Gateway
  const bucket = bucketName('kept')

  before(async () => {
    gateway = await cephGateway()
    await createBucket(gateway, bucket)
  })
  after(() => deleteBucket(gateway, bucket))

  it('replaces nothing by a form, by a repetition, or by parts', async (test) => {
    const signer = await startSigner(test, {
      now: () => new Date(),
      bucket: s3({ ...gateway, bucket, postPolicy: true, conditionalPut: true }),
      overwrite: false,
      key: '{name}',
    })
    const file = { ...HELLO, name: 'kept.txt' }
    const first = await signer.put(file, { form: true, md5: MD5_OF_HELLO })
    const early = await signer.put(file, { md5: MD5_OF_HELLO, grant: first.grant, form: true })
    const parts = await ask(signer, 'create', { file })
    assert.deepEqual([first.fields, early.fields], [undefined, undefined])
    const send = ({ url = '', headers = {} }: typeof first, body = 'hello') =>
      fetch(url, { method: 'PUT', headers, body })
    assert.equal((await send(first)).status, 200)
    assert.equal((await send(first, 'HELLO')).ok, false)
    assert.equal((await send(early, 'HELLO')).ok, false)
    for (const more of [{ md5: MD5_OF_HELLO }, {}, { form: true, md5: MD5_OF_HELLO }]) {
      const again = await signer.put(file, { grant: first.grant, ...more })
      assert.deepEqual([again.url, again.fields], [undefined, undefined])
    }
    const evil = new TextEncoder().encode('EVIL!')
    await sendPart(signer, parts.grant, 1, evil)
    const { error } = await ask(signer, 'complete', { grant: parts.grant })
    assert.equal(error?.code, 'already-exists')
    const object = await getObject(gateway, bucket, 'kept.txt')
    assert.equal(new TextDecoder().decode(object?.body), 'hello')
  })
})
