import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSigner, type SignerConfig, SignerError } from '../../../src/server/index.ts'
import {
  BUCKET,
  ONE_PUT,
  putRequest,
  type SignerServer,
  startSigner,
} from '../../support/signer/signer-server.ts'

async function assertRefused(
  signer: SignerServer,
  [body, init]: [body: string, init?: RequestInit],
  [status, code, message]: [status: number, code: string, message: RegExp],
): Promise<Response> {
  const response = await signer.send(body, init)
  assert.equal(response.status, status)
  assert.equal(response.headers.get('Cache-Control'), 'no-store')
  const answer = await response.json()
  assert.deepEqual(Object.keys(answer), ['error'])
  assert.deepEqual(Object.keys(answer.error), ['code', 'message'])
  assert.equal(answer.error.code, code)
  assert.match(answer.error.message, message)
  return response
}

describe('a call', () => {
  it('must be a POST', async (test) => {
    const signer = await startSigner(test)
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH']) {
      const response = await fetch(signer.url, { method })
      assert.equal(response.status, 405)
      assert.equal(response.headers.get('Allow'), 'POST, OPTIONS')
      if (method !== 'HEAD') assert.equal((await response.json()).error.code, 'bad-request')
    }
  })

  it('must be JSON by its type, which no form of another site can send', async (test) => {
    const signer = await startSigner(test)
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/jsonp',
    ]
    for (const type of types) {
      const init = { headers: { 'Content-Type': type } }
      await assertRefused(signer, [ONE_PUT, init], [415, 'bad-request', /application\/json/])
    }
    const { status } = await signer.send(ONE_PUT, {
      headers: { 'Content-Type': 'Application/JSON; charset=utf-8' },
    })
    assert.equal(status, 200)
  })

  it('must have a body of version 1 that follows the contract', async (test) => {
    const signer = await startSigner(test)
    const bad = (body: string, message: RegExp, code = 'bad-request') =>
      assertRefused(signer, [body], [400, code, message])
    await bad('', /not JSON/)
    await bad('{"version":1', /not JSON/)
    await bad('null', /body must be an object/)
    await bad('{"version":2,"requests":[]}', /"version" must be 1/, 'unsupported-version')
    await bad('{"requests":[]}', /"version" must be 1/)
    await bad('{"version":1}', /"requests" must be a list/)
    await bad('{"version":1,"requests":[7]}', /requests\[0\] must be an object/)
    await bad('{"version":1,"requests":[{"op":"put"}]}', /requests\[0\]: id must be a string/)
    await bad('{"version":1,"requests":[{"id":"1"}]}', /requests\[0\]: op must be a string/)
    const twice = [putRequest('1'), putRequest('1')]
    await bad(JSON.stringify({ version: 1, requests: twice }), /different "id"/)
  })

  it('carries at most 1000 requests', async (test) => {
    const signer = await startSigner(test)
    const requests = Array.from({ length: 1001 }, (_, id) => ({
      id: `${id}`,
      op: 'link',
      key: 'a',
    }))
    const body = JSON.stringify({ version: 1, requests })
    await assertRefused(signer, [body], [400, 'bad-request', /at most 1000/])
    assert.equal((await signer.call(requests.slice(1))).length, 1000)
  })

  it('carries at most 1 MB, with its length announced or not', async (test) => {
    const signer = await startSigner(test)
    const long = JSON.stringify({ version: 1, requests: [], filler: 'x'.repeat(3_000_000) })
    await assertRefused(signer, [long], [413, 'bad-request', /longer than 1000000 bytes/])
    const init = { body: new Blob([long]).stream(), duplex: 'half' } as RequestInit
    await assertRefused(signer, ['', init], [413, 'bad-request', /longer than 1000000 bytes/])
    const room = 1_000_000 - JSON.stringify({ version: 1, requests: [], filler: '' }).length
    const just = JSON.stringify({ version: 1, requests: [], filler: 'x'.repeat(room) })
    assert.equal((await signer.send(just)).status, 200)
    await assertRefused(signer, [`${just} `], [413, 'bad-request', /longer than 1000000 bytes/])
  })

  it('is read whole, however its bytes arrive', async () => {
    const signer = createSigner({ bucket: BUCKET, authorize: 'everybody', key: ({ name }) => name })
    const bytes = new TextEncoder().encode(
      JSON.stringify({ version: 1, requests: [putRequest('1', { name: 'Größe-日本.jpg' })] }),
    )
    const body = new ReadableStream({
      start(stream) {
        for (const byte of bytes) stream.enqueue(new Uint8Array([byte]))
        stream.close()
      },
    })
    const headers = { 'Content-Type': 'application/json ; charset=utf-8' }
    const init = { method: 'POST', headers, body, duplex: 'half' }
    const answer = await signer(new Request('https://signer.example/', init as RequestInit))
    assert.equal((await answer.json()).responses[0].key, 'Größe-日本.jpg')
  })

  it('is refused where there is none, no type of it, or only its beginning', async () => {
    const signer = createSigner({ bucket: BUCKET, authorize: 'everybody' })
    const send = async (init: object) => {
      const all = { method: 'POST', headers: { 'Content-Type': 'application/json' }, ...init }
      const answer = await signer(new Request('https://signer.example/', all))
      return [answer.status, (await answer.json()).error.message]
    }
    assert.deepEqual(await send({}), [400, 'The body is not JSON.'])
    const untyped = { headers: {}, body: new TextEncoder().encode(ONE_PUT) }
    assert.deepEqual(await send(untyped), [415, 'Send the request as application/json.'])
    const body = new ReadableStream({
      pull(stream) {
        stream.error(new Error('The line is dead.'))
      },
    })
    assert.deepEqual(await send({ body, duplex: 'half' }), [400, 'The body broke off.'])
  })

  it('is answered per request for one that is malformed', async (test) => {
    const signer = await startSigner(test)
    const malformed: [object, RegExp][] = [
      [{ op: 'put' }, /^file must be an object/],
      [{ op: 'put', file: { name: 'a', size: 1.5 } }, /^file\.size must be a whole number/],
      [{ op: 'part', grant: 'x', partNumber: 0 }, /^partNumber must be from 1 to 10000/],
      [{ op: 'complete', grant: 'x', parts: [{}] }, /^parts\[0\]: partNumber must be/],
    ]
    for (const [request, message] of malformed) {
      const [put, bad] = await signer.call([putRequest('1'), { ...request, id: '2' }])
      assert.ok(put?.url)
      assert.equal(bad?.error.code, 'bad-request')
      assert.match(bad?.error.message ?? '', message)
    }
  })

  it('is answered per request for an operation that is not known', async (test) => {
    const signer = await startSigner(test)
    const [create, remove, put] = await signer.call([
      { id: '1', op: 'delete' },
      { id: '2', op: 'delete', key: 'a' },
      putRequest('3'),
    ])
    assert.equal(create?.error.code, 'unsupported-op')
    assert.equal(remove?.error.code, 'unsupported-op')
    assert.ok(put?.url)
  })
})

describe('authorize', () => {
  it('refuses with 401 by returning nothing, before the body counts', async (test) => {
    for (const nobody of [null, undefined, false] as const) {
      const signer = await startSigner(test, { authorize: async () => nobody })
      await assertRefused(signer, ['not JSON'], [401, 'unauthorized', /Sign in/])
    }
  })

  it('sees the headers of the request', async (test) => {
    const signer = await startSigner(test, {
      authorize: (request) => request.headers.get('Authorization') === 'Bearer 7' && { user: '7' },
    })
    assert.equal((await signer.send(ONE_PUT)).status, 401)
    const headers = { Authorization: 'Bearer 7' }
    assert.equal((await signer.send(ONE_PUT, { headers })).status, 200)
  })

  it('may look at a clone of the body', async (test) => {
    const signer = await startSigner(test, {
      authorize: async (request) => ({ user: (await request.clone().json()).requests[0].id }),
    })
    assert.equal((await signer.send(ONE_PUT)).status, 200)
  })

  it('can refuse with a code, a status and a time to wait', async (test) => {
    const cases: [SignerError, number][] = [
      [new SignerError('forbidden', 'No.'), 403],
      [new SignerError('rate-limited', 'No.', { retryAfter: 11.2 }), 429],
      [new SignerError('quota-exceeded', 'No.'), 400],
      [new SignerError('quota-exceeded', 'No.', { status: 402 }), 402],
    ]
    for (const [error, status] of cases) {
      const signer = await startSigner(test, {
        authorize: () => {
          throw error
        },
      })
      const response = await assertRefused(signer, [ONE_PUT], [status, error.code, /^No\.$/])
      assert.equal(response.headers.get('Retry-After'), status === 429 ? '12' : null)
    }
  })

  it('is at fault when its prefix cannot begin a key', async (test) => {
    for (const prefix of ['/', '../', 'a//', '/a']) {
      const errors: unknown[] = []
      const signer = await startSigner(test, {
        authorize: () => ({ prefix }),
        onError: (error) => errors.push(error),
      })
      await assertRefused(signer, [ONE_PUT], [500, 'internal-error', /failed/])
      assert.match(String(errors[0]), /prefix/)
    }
  })
})

describe('an unexpected error', () => {
  const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
  const FAILED: [number, string, RegExp] = [
    500,
    'internal-error',
    /^The signer failed\. Try again later\.$/,
  ]
  const broken = () => {
    throw new Error(`db ${SECRET} at https://db.internal/?password=1 is down`)
  }

  it('is told to the site and not to the client', async (test) => {
    const hooks = [{ authorize: broken }, { origins: broken }, { now: broken }]
    for (const hook of hooks) {
      const errors: unknown[] = []
      const signer = await startSigner(test, { ...hook, onError: (error) => errors.push(error) })
      // Of the signer's own host, so that only the broken hook stands in the way.
      const headers = { Origin: new URL(signer.url).origin }
      await assertRefused(signer, [ONE_PUT, { headers }], FAILED)
      assert.match(String(errors), /^Error: db/)
    }
  })

  it('of one file refuses that file, and no other', async (test) => {
    const errors: unknown[] = []
    const key: SignerConfig['key'] = ({ name, id }) => (name === 'b' ? broken() : id)
    const signer = await startSigner(test, { key, onError: (error) => errors.push(error) })
    const names = ['a', 'b', 'c']
    const answers = await signer.call(names.map((name) => putRequest(name, { name })))
    const code = answers.map(({ url, error }) => (url ? 'signed' : error.code))
    assert.deepEqual(code, ['signed', 'internal-error', 'signed'])
    assert.match(answers[1]?.error.message ?? '', FAILED[2])
    assert.match(String(errors), /^Error: db/)
  })

  it('is logged without URLs and secrets', async (test) => {
    const log = test.mock.method(console, 'error', () => {})
    const signer = await startSigner(test, { authorize: broken })
    await assertRefused(signer, [ONE_PUT], FAILED)
    assert.deepEqual(
      log.mock.calls.map((call) => call.arguments),
      [['bucket-upload signer: db [secret] at [url] is down']],
    )
  })

  it('is answered even when the hook for errors is broken', async (test) => {
    const signer = await startSigner(test, { authorize: broken, onError: broken })
    await assertRefused(signer, [ONE_PUT], FAILED)
  })
})
