import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseSignerResponse } from '../../../src/protocol/index.ts'
import { SignerError } from '../../../src/server/index.ts'
import { recompute } from '../../support/signer/recompute.ts'
import { ONE_PUT, putRequest, startSigner } from '../../support/signer/signer-server.ts'
import { withoutCall } from '../../support/signer/without-call.ts'

describe('put', () => {
  it('answers all that the contract names', async (test) => {
    const signer = await startSigner(test)
    const response = await signer.send(ONE_PUT)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('Content-Type'), 'application/json')
    assert.equal(response.headers.get('Cache-Control'), 'no-store')
    const body = await response.json()
    assert.deepEqual(parseSignerResponse(body), body)
    assert.equal(body.date, '2026-11-24T10:00:00.000Z')
    const [{ id, key, url, method, headers, expiresAt, downloadUrl, downloadExpiresAt, grant }] =
      body.responses
    assert.equal(id, '1')
    assert.match(key, /^[0-9a-f]{32}\/cat\.jpg$/)
    assert.ok(url.startsWith(`https://s3.us-east-1.amazonaws.com/photos/${key}?`))
    assert.ok(downloadUrl.startsWith(`https://s3.us-east-1.amazonaws.com/photos/${key}?`))
    assert.equal(method, 'PUT')
    assert.deepEqual(headers, { 'Content-Type': 'image/jpeg' })
    assert.equal(expiresAt, '2026-11-24T10:15:00.000Z')
    assert.equal(downloadExpiresAt, '2026-11-24T11:00:00.000Z')
    assert.match(grant, /^[\w-]+\.[\w-]+$/)
  })

  it('signs the size and the type, so that the bucket refuses others', async (test) => {
    const signer = await startSigner(test)
    const { url = '' } = await signer.put({ size: 5, type: 'text/plain' })
    const check = async (type: string, size: string) => {
      const headers = { 'Content-Type': type, 'Content-Length': size }
      const { actual, expected } = await recompute(url, {
        method: 'PUT',
        region: 'us-east-1',
        headers,
      })
      return actual === expected
    }
    assert.equal(await check('text/plain', '5'), true)
    assert.equal(await check('text/plain', '6'), false)
    assert.equal(await check('text/html', '5'), false)
  })

  it('signs an empty file', async (test) => {
    const { url = '' } = await (await startSigner(test)).put({ size: 0 })
    const headers = { 'Content-Type': 'image/jpeg', 'Content-Length': '0' }
    const { actual, expected } = await recompute(url, {
      method: 'PUT',
      region: 'us-east-1',
      headers,
    })
    assert.equal(actual, expected)
  })

  it('answers many requests in their order, each with a key of its own', async (test) => {
    const signer = await startSigner(test)
    const ids = Array.from({ length: 200 }, (_, index) => `file-${index}`)
    const responses = await signer.call(ids.map((id) => putRequest(id)))
    assert.deepEqual(
      responses.map((response) => response.id),
      ids,
    )
    assert.equal(new Set(responses.map((response) => response.key)).size, 200)
  })

  it('refuses one file and signs the others', async (test) => {
    const signer = await startSigner(test, { maxSize: '1MB' })
    const [first, second] = await signer.call([putRequest('1', { size: 2e6 }), putRequest('2')])
    assert.equal(first?.error.code, 'too-large')
    assert.equal(first?.url, undefined)
    assert.ok(second?.url)
  })

  it('ignores what the client says about expiry, key and method', async (test) => {
    const signer = await startSigner(test, { uploadExpires: '5m', downloadExpires: 600 })
    const wishes = { expiresIn: 604_800, expiresAt: '2099-01-01', key: 'mine', method: 'DELETE' }
    const response = await signer.put({}, wishes)
    assert.equal(response.expiresAt, '2026-11-24T10:05:00.000Z')
    assert.equal(response.downloadExpiresAt, '2026-11-24T10:10:00.000Z')
    assert.match(response.key ?? '', /^[0-9a-f]{32}\/cat\.jpg$/)
    assert.equal(new URL(response.url ?? '').searchParams.get('X-Amz-Expires'), '300')
  })

  it('names the limit when it refuses a size', async (test) => {
    const signer = await startSigner(test, { minSize: 10, maxSize: '25MB' })
    assert.deepEqual((await signer.put({ size: 25_000_001 })).error, {
      code: 'too-large',
      message: 'The file is too large: at most 25 MB.',
    })
    assert.deepEqual((await signer.put({ size: 9 })).error, {
      code: 'too-small',
      message: 'The file is too small: at least 10 bytes.',
    })
    assert.ok((await signer.put({ size: 25_000_000 })).url)
    assert.ok((await signer.put({ size: 10 })).url)
  })

  it('takes at most 5 GB unless told otherwise', async (test) => {
    const signer = await startSigner(test)
    assert.ok((await signer.put({ size: 5e9 })).url)
    assert.equal((await signer.put({ size: 5e9 + 1 })).error.code, 'too-large')
  })

  it('accepts by type and by extension, and names what it accepts', async (test) => {
    for (const accept of [['image/*', '.pdf'], 'image/*, .pdf']) {
      const signer = await startSigner(test, { accept })
      assert.ok((await signer.put()).url)
      assert.ok((await signer.put({ name: 'PAPER.PDF', type: '' })).url)
      assert.deepEqual(
        (await signer.put({ name: 'a.exe', type: 'application/x-msdownload' })).error,
        {
          code: 'type-not-allowed',
          message: 'Files of this type are not accepted, only: image/*, .pdf.',
        },
      )
    }
  })

  it('stores a type that is none as bytes of which nothing is known', async (test) => {
    const signer = await startSigner(test)
    const bad = [
      '',
      'image',
      'image/png\r\nX-Evil: 1',
      'text/html, text/plain',
      'bild/ö',
      `a/${'b'.repeat(300)}`,
      `text/plain; a=${'b'.repeat(300)}`,
      'unknown/unknown',
      'application/unknown',
      'Application/Unknown; x=y',
      'multipart/x-mixed-replace; boundary=x',
      '*/*',
    ]
    for (const type of bad) {
      const { headers } = await signer.put({ type })
      assert.equal(headers?.['Content-Type'], 'application/octet-stream', type)
      assert.match(headers?.['Content-Disposition'] ?? '', /^attachment;/, type)
    }
    for (const type of ['text/plain; charset=utf-8', 'application/vnd.api+json', 'image/svg+xml']) {
      assert.equal((await signer.put({ type })).headers?.['Content-Type'], type)
    }
  })

  it('compares what is accepted with the type that is stored, not the one that was claimed', async (test) => {
    const signer = await startSigner(test, { accept: 'image/*' })
    assert.equal((await signer.put({ type: 'image/png,text/html' })).error.code, 'type-not-allowed')
  })
})

describe('the key', () => {
  it('begins with the prefix of the user, with a slash between', async (test) => {
    for (const prefix of ['users/42', 'users/42/']) {
      const signer = await startSigner(test, { authorize: () => ({ user: '42', prefix }) })
      assert.match((await signer.put()).key ?? '', /^users\/42\/[0-9a-f]{32}\/cat\.jpg$/)
    }
  })

  it('can be chosen from all that is known about the file', async (test) => {
    const seen: unknown[] = []
    const signer = await startSigner(test, {
      authorize: async () => ({ user: '42', prefix: 'u/' }),
      key: async (input) => {
        seen.push(withoutCall(input))
        return `${input.prefix}${input.path}`
      },
    })
    const file = { name: 'my cat.jpg', path: '../pets/./my cat.jpg' }
    const { key } = await signer.put(file, { meta: { album: '7' } })
    assert.equal(key, 'u/pets/my-cat.jpg')
    const [{ id, batch, ...input }] = seen as [{ id: string; batch: string }]
    assert.match(id, /^[0-9a-f]{32}$/)
    assert.match(batch, /^[0-9a-f]{32}$/)
    assert.deepEqual(input, {
      name: 'my-cat.jpg',
      path: 'pets/my-cat.jpg',
      file: { ...file, size: 48_211, type: 'image/jpeg' },
      user: '42',
      prefix: 'u/',
      date: '2026-11-24',
      meta: { album: '7' },
    })
  })

  it('is refused outside the prefix, or when a URL would name another', async (test) => {
    for (const key of [
      'x/cat.jpg',
      'u',
      '',
      'u/../x',
      'u/./x',
      'u//x',
      '/u/x',
      'u/a\nb',
      `u/${'é'.repeat(512)}`,
    ]) {
      const signer = await startSigner(test, {
        authorize: () => ({ prefix: 'u/' }),
        key: () => key,
      })
      assert.equal((await signer.put()).error?.code, 'invalid-key', key)
    }
  })

  it('can be refused by the site in its own words, for one file', async (test) => {
    const signer = await startSigner(test, {
      key: ({ name }) => {
        if (name === 'a') throw new SignerError('quota-exceeded', 'Your plan is full.')
        return name
      },
    })
    const [first, second] = await signer.call([
      putRequest('1', { name: 'a' }),
      putRequest('2', { name: 'b' }),
    ])
    assert.deepEqual(first?.error, { code: 'quota-exceeded', message: 'Your plan is full.' })
    assert.equal(second?.key, 'b')
  })
})

describe('the download URL of put', () => {
  const query = (url = '') => new URL(url).searchParams

  it('saves under the original name', async (test) => {
    const signer = await startSigner(test)
    const { downloadUrl = '' } = await signer.put({
      name: 'Été 100% "à" 😀.txt',
      type: 'text/plain',
    })
    assert.equal(
      query(downloadUrl).get('response-content-disposition'),
      'attachment; filename="_t_ 100_ ___ _.txt"' +
        "; filename*=UTF-8''%C3%89t%C3%A9%20100%25%20%22%C3%A0%22%20%F0%9F%98%80.txt",
    )
    assert.equal(query(downloadUrl).get('response-content-type'), null)
    const { actual, expected } = await recompute(downloadUrl, {
      method: 'GET',
      region: 'us-east-1',
    })
    assert.equal(actual, expected)
  })

  it('shows the file with its type where the site wants that', async (test) => {
    const signer = await startSigner(test, { disposition: 'inline' })
    const { downloadUrl } = await signer.put()
    assert.match(
      query(downloadUrl).get('response-content-disposition') ?? '',
      /^inline; filename="cat.jpg"/,
    )
    assert.equal(query(downloadUrl).get('response-content-type'), 'image/jpeg')
  })

  it('never shows a document that could run scripts', async (test) => {
    const signer = await startSigner(test, { disposition: 'inline' })
    for (const type of [
      'text/html',
      'TEXT/HTML; charset=utf-8',
      'image/svg+xml',
      'application/xhtml+xml',
      'text/xml',
      'text/css',
      'application/unknown',
      'unknown/unknown',
      'multipart/x-mixed-replace; boundary=x',
      'text/rdf',
      '',
    ]) {
      const { downloadUrl } = await signer.put({ type })
      assert.match(
        query(downloadUrl).get('response-content-disposition') ?? '',
        /^attachment;/,
        type,
      )
    }
  })
})
