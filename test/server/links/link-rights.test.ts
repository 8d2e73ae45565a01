import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ask, created, FILE, fakeBucket } from '../../support/signer/multipart-client.ts'
import { startSigner } from '../../support/signer/signer-server.ts'
import { withoutCall } from '../../support/signer/without-call.ts'

const HEAD = { 'Content-Length': `${FILE.size}`, 'Content-Type': FILE.type, ETag: '"e1"' }

const encode = (payload: object) => Buffer.from(JSON.stringify(payload)).toString('base64url')
const decode = (grant: string) =>
  JSON.parse(Buffer.from(grant.split('.')[0] ?? '', 'base64url').toString())

describe('a grant', () => {
  it('is refused with another payload before the one that was signed', async (test) => {
    const signer = await startSigner(test)
    const { grant = '' } = await signer.put()
    const forged = encode({ ...decode(grant), key: 'secret.txt' })
    const [payload, mac] = grant.split('.')
    for (const each of [
      `${forged}.${grant}`,
      `${forged}.${payload}.${mac}`,
      `${forged}..${mac}`,
      `${forged}.${mac}`,
      `.${grant}`,
      ` ${grant}`,
      `${forged}!${grant}`,
      `${grant}.${mac}`,
      `${grant}\n`,
      `${payload}.`,
      `.${mac}`,
      '.',
      '',
    ]) {
      const { error, downloadUrl } = await ask(signer, 'link', { grant: each })
      assert.deepEqual([error?.code, downloadUrl], ['invalid-grant', undefined], each)
    }
  })

  it('is for its metadata, in whatever order that is sent', async (test) => {
    const signer = await startSigner(test)
    const put = async (meta: object | undefined, grant?: string) =>
      await signer.put({}, { ...(meta && { meta }), ...(grant && { grant }) })
    const { grant } = await put({ b: '1', a: '2', c: '3' })
    assert.equal((await put({ c: '3', a: '2', b: '1' }, grant)).error, undefined)
    for (const other of [undefined, {}, { a: '2', b: '1' }, { a: '1', b: '2', c: '3' }]) {
      assert.equal((await put(other, grant)).error?.code, 'invalid-grant')
    }
    const { grant: bare } = await put(undefined)
    assert.equal((await put({}, bare)).error, undefined)
    assert.equal((await put({ a: '' }, bare)).error?.code, 'invalid-grant')
  })

  it('of complete gives links to what is there as granted, and signs no writes', async (test) => {
    const list = `<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>"e"</ETag><Size>${FILE.size}</Size></Part></ListPartsResult>`
    let headers = HEAD
    const { fetch } = fakeBucket(({ method, url }) => {
      if (method === 'HEAD') return new Response(null, { headers })
      if (method === 'GET') return new Response(list)
      if (url.searchParams.has('uploads')) return created('u')
      return new Response('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>')
    })
    const signer = await startSigner(test, { fetch, onUploaded() {}, key: () => 'shared' })
    const { grant } = await ask(signer, 'create', { file: FILE })
    const done = await ask(signer, 'complete', { grant })
    assert.equal(done.etag, 'e1')
    const link = async () => (await ask(signer, 'link', { grant: done.grant })).error?.code
    assert.equal(await link(), undefined)
    headers = { ...HEAD, 'Content-Type': 'text/html' }
    assert.equal(await link(), 'upload-incomplete')
    const again = await signer.put({}, { grant: done.grant })
    assert.equal(again.error?.code, 'invalid-grant')
  })
})

describe('a link by key', () => {
  const authorize = () => ({ user: 'ann', prefix: 'users/4' })

  it('leads nowhere else, and the bucket is not asked about anything else', async (test) => {
    const { fetch, seen } = fakeBucket(() => new Response(null, { headers: HEAD }))
    const signer = await startSigner(test, { authorize, fetch })
    for (const disposition of ['inline', 'attachment']) {
      for (const [key, code] of [
        ['users/4/../5/a.jpg', 'invalid-key'],
        ['users/4/./a.jpg', 'invalid-key'],
        ['users/4//a.jpg', 'invalid-key'],
        ['users/4/a\u0000.jpg', 'invalid-key'],
        ['users/4/', 'invalid-key'],
        ['users/42/a.jpg', 'forbidden'],
        ['users/4', 'forbidden'],
        ['/users/4/a.jpg', 'forbidden'],
        ['', 'forbidden'],
      ] as const) {
        const { error } = await ask(signer, 'link', { key, disposition })
        assert.equal(error?.code, code, key)
      }
    }
    assert.deepEqual(seen, [])
  })

  it('saves under the last name of the key', async (test) => {
    const signer = await startSigner(test, { authorize })
    for (const key of ['users/4/cat.jpg', 'users/4/pets/cat.jpg']) {
      const { downloadUrl = '' } = await ask(signer, 'link', { key })
      const how = new URL(downloadUrl).searchParams.get('response-content-disposition')
      assert.equal(how, `attachment; filename="cat.jpg"; filename*=UTF-8''cat.jpg`)
    }
  })

  it('tells a link function who asks, and hands out only web addresses', async (test) => {
    const seen: unknown[] = []
    let link: unknown
    const links = (object: { user: string | undefined }) => {
      seen.push(object.user)
      return link as string
    }
    const signer = await startSigner(test, { authorize, links, onError() {} })
    const key = 'users/4/cat.jpg'
    for (const each of [
      'https://files.example/a',
      'http://files.example/a',
      { url: 'https://x.example/' },
    ]) {
      link = each
      const { downloadUrl, downloadExpiresAt } = await ask(signer, 'link', { key })
      assert.equal(downloadUrl, typeof each === 'string' ? each : each.url)
      assert.equal(downloadExpiresAt, undefined)
    }
    assert.deepEqual(new Set(seen), new Set(['ann']))
    for (const each of [
      '/cat.jpg',
      '',
      'javascript:alert(1)//https://x.example',
      ' https://files.example/a',
      'https://',
      'https://a b.example/',
      'ftp://files.example/a',
      // The schema of the protocol knows lower case only.
      'HTTPS://files.example/a',
      7,
      null,
      undefined,
      {},
      { url: 7 },
    ]) {
      link = each
      const { error, downloadUrl } = await ask(signer, 'link', { key })
      assert.deepEqual([error?.code, downloadUrl], ['internal-error', undefined], String(each))
    }
    const all = await startSigner(test, { links, onError() {} })
    link = 'https://files.example/a'
    await all.put()
    assert.equal(seen.at(-1), undefined)
  })
})

describe('onUploaded, with a bucket made to order', () => {
  it('hears what the bucket has, once that is what was signed', async (test) => {
    const heard: unknown[] = []
    let answer = { status: 200, headers: HEAD as Record<string, string> }
    const { fetch } = fakeBucket(() => new Response(null, answer))
    const signer = await startSigner(test, {
      fetch,
      authorize: (request) => {
        const user = request.headers.get('user')
        return user ? { user } : {}
      },
      onUploaded: (object) => void heard.push(withoutCall(object)),
    })
    const put = { id: '1', op: 'put', file: { ...FILE, type: 'text/plain; charset=utf-8' } }
    const { grant, key, downloadUrl } = await ask(signer, 'put', put)
    assert.equal(downloadUrl, undefined)
    const link = () => ask(signer, 'link', { grant })
    const right = { ...HEAD, 'Content-Type': 'Text/Plain;  charset=UTF-8' }
    for (const other of [
      { status: 404, headers: right },
      { status: 200, headers: { ...right, 'Content-Length': '1' } },
      { status: 200, headers: { ...right, 'Content-Type': 'text/html' } },
      { status: 200, headers: { ETag: '"e1"', 'Content-Length': `${FILE.size}` } },
      { status: 200, headers: { ETag: '"e1"', 'Content-Type': 'text/plain; charset=utf-8' } },
    ]) {
      answer = other
      assert.equal((await link()).error?.code, 'upload-incomplete', JSON.stringify(other))
    }
    assert.deepEqual(heard, [])
    answer = { status: 200, headers: right }
    assert.ok((await link()).downloadUrl)
    assert.deepEqual(heard.splice(0), [{ key, file: put.file, etag: 'e1', user: 'ann' }])
    const [anonymous] = await signer.call([put])
    await signer.call([{ id: '1', op: 'link', grant: anonymous?.grant }])
    assert.deepEqual(heard, [{ key: anonymous?.key, file: put.file, etag: 'e1', user: undefined }])
  })
})
