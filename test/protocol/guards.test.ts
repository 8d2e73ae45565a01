import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  acceptsFile,
  ProtocolError,
  parseSignerRequest,
  parseSignerResponse,
} from '../../src/protocol/index.ts'

const FILE = { name: 'cat.jpg', size: 5, type: 'image/jpeg' }
const GRANT = 'eyJ.abc'

const parseOne = (request: object) =>
  parseSignerRequest({ version: 1, requests: [{ id: '1', ...request }] }).requests[0]

/** Why a request is refused, or "" where it is not. */
function complaint(request: object): string {
  const parsed = parseOne(request)
  return parsed?.op === 'malformed' ? parsed.message : ''
}

describe('a request that is malformed', () => {
  const complete = (fields: object) => ({ op: 'complete', grant: GRANT, ...fields })
  const put = (file: object) => ({ op: 'put', file: { ...FILE, ...file } })
  const part = (fields: object) => ({ op: 'part', grant: GRANT, partNumber: 1, ...fields })
  const link = (fields: object) => ({ op: 'link', grant: GRANT, ...fields })
  for (const [request, message] of [
    [{ op: 'put' }, 'file must be an object.'],
    [put({ name: 7 }), 'file.name must be a string.'],
    [put({ size: -1 }), 'file.size must be a whole number, 0 or more.'],
    [put({ size: 1.5 }), 'file.size must be a whole number, 0 or more.'],
    [put({ path: 'x'.repeat(4097) }), 'file.path is longer than 4096 characters.'],
    [{ ...put({}), batch: 7 }, 'batch must be a string.'],
    [{ ...put({}), md5: 'x'.repeat(129) }, 'md5 is longer than 128 characters.'],
    [{ ...put({}), meta: [] }, 'meta must be an object.'],
    [{ ...put({}), meta: { a: 1 } }, 'A value of meta must be a string.'],
    [
      { ...put({}), meta: { ['a'.repeat(129)]: '' } },
      'A name of meta is longer than 128 characters.',
    ],
    [{ op: 'create', file: FILE, nonce: 7 }, 'nonce must be a string.'],
    [{ op: 'abort' }, 'grant must be a string.'],
    [part({ partNumber: 0 }), 'partNumber must be from 1 to 10000.'],
    [part({ partNumber: 10_001 }), 'partNumber must be from 1 to 10000.'],
    [part({ partNumber: '1' }), 'partNumber must be a whole number, 0 or more.'],
    [part({ size: '5' }), 'size must be a whole number, 0 or more.'],
    [{ op: 'parts', grant: GRANT, after: -1 }, 'after must be a whole number, 0 or more.'],
    [complete({ parts: {} }), 'parts must be a list.'],
    [complete({ parts: [7] }), 'parts[0]: It must be an object.'],
    [
      complete({ parts: [{ partNumber: 1, etag: '' }, { partNumber: 2 }] }),
      'parts[1]: etag must be a string.',
    ],
    [complete({ digests: [{ md5: 7 }] }), 'digests[0]: md5 must be a string.'],
    [complete({ digests: Array(10_001).fill({}) }), 'digests must have at most 10000 items.'],
    [link({ key: 7 }), 'key must be a string.'],
    [link({ expiresIn: 'soon' }), 'expiresIn must be a whole number, 0 or more.'],
    [link({ disposition: 'open' }), 'disposition must be "inline" or "attachment".'],
  ] as const) {
    it(`is told: ${message} (${JSON.stringify(request).slice(0, 60)})`, () => {
      assert.equal(complaint(request), message)
    })
  }

  it('is not one at its limits', () => {
    const meta = Object.fromEntries(Array.from({ length: 4 }, (_, n) => [`${n}`, 'x'.repeat(2047)]))
    for (const request of [
      complete({ parts: Array(10_000).fill({ partNumber: 10_000, etag: 'x'.repeat(512) }) }),
      { ...put({ name: 'x'.repeat(1024), path: '🦄'.repeat(4096) }), meta },
      { ...put({}), meta: Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`${n}`, ''])) },
    ]) {
      assert.equal(complaint(request), '')
    }
    assert.match(complaint({ ...put({}), meta: { ...meta, a: '' } }), /longer than 8192 characters/)
    const names = Array.from({ length: 65 }, (_, n) => [`${n}`, ''])
    assert.match(complaint({ ...put({}), meta: Object.fromEntries(names) }), /more than 64 names/)
  })

  it('makes the call one where it has no id or no op of its own', () => {
    for (const [request, message] of [
      [null, /^requests\[1\] must be an object\.$/],
      ['put', /^requests\[1\] must be an object\.$/],
      [[], /^A request must be an object\.$/],
      [{ op: 'abort' }, /^requests\[1\]: id must be a string\.$/],
      [{ id: '2', op: 7 }, /^requests\[1\]: op must be a string\.$/],
      [{ id: 'x'.repeat(129), op: 'abort' }, /^requests\[1\]: id is longer than 128 characters\.$/],
      [{ id: '1', op: 'abort' }, /^Each request needs a different "id"\.$/],
    ] as const) {
      const body = { version: 1, requests: [{ id: '1', op: 'abort' }, request] }
      assert.throws(() => parseSignerRequest(body), { name: 'ProtocolError', message })
    }
    assert.equal(parseOne({ id: '🦄'.repeat(128), op: 'unheard of' })?.op, 'unknown')
  })
})

describe('a request', () => {
  it('says true by true only', () => {
    for (const value of ['true', 1, {}, [true], false]) {
      assert.deepEqual(parseOne({ op: 'put', file: FILE, form: value }), {
        id: '1',
        op: 'put',
        file: FILE,
        form: false,
      })
      const create = parseOne({ op: 'create', file: FILE, again: value })
      assert.deepEqual(create, { id: '1', op: 'create', file: FILE, again: false })
    }
  })

  it('has nothing where it says null', () => {
    const nothing = { meta: null, batch: null, md5: null, grant: null, form: null }
    assert.deepEqual(parseOne({ op: 'put', file: { ...FILE, path: null }, ...nothing }), {
      id: '1',
      op: 'put',
      file: FILE,
    })
  })

  it('has no media type where it names none, or one that is too long', () => {
    for (const type of [undefined, null, 7, ['image/png'], {}, 'x'.repeat(256)]) {
      const parsed = parseOne({ op: 'put', file: { ...FILE, type } })
      assert.deepEqual(parsed, { id: '1', op: 'put', file: { ...FILE, type: '' } })
    }
    const type = 'x'.repeat(255)
    const file = { ...FILE, type }
    assert.deepEqual(parseOne({ op: 'put', file }), { id: '1', op: 'put', file })
  })
})

describe('an answer that is malformed', () => {
  const answer = (fields: object) => ({
    version: 1,
    responses: [{ id: '1' }, { id: '2', ...fields }],
  })
  for (const [body, message] of [
    [null, 'The answer must be an object.'],
    [{ version: 1 }, '"responses" must be a list.'],
    [{ version: 1, date: 7, responses: [] }, 'date must be a string.'],
    [answer({ url: 7 }), 'responses[1]: url must be a string.'],
    [answer({ headers: { a: 7 } }), 'responses[1]: headers.a must be a string.'],
    [answer({ fields: [] }), 'responses[1]: fields must be an object.'],
    [answer({ partSize: 0 }), 'responses[1]: partSize must be above 0.'],
    [answer({ partSize: 'x' }), 'responses[1]: partSize must be a whole number, 0 or more.'],
    [answer({ error: 'no' }), 'responses[1]: error must be an object.'],
    [answer({ error: {} }), 'responses[1]: error.code must be a string.'],
    [{ version: 1, responses: [7] }, 'responses[0]: It must be an object.'],
    [{ version: 1, responses: [{}] }, 'responses[0]: id must be a string.'],
    [answer({ lanes: [] }), 'responses[1]: lanes must be an object.'],
    [answer({ lanes: { urls: [7] } }), 'responses[1]: A URL of lanes must be a string.'],
    [
      answer({ lanes: { urls: Array(9).fill('https://b.example') } }),
      'responses[1]: lanes.urls must be a list of at most 8 URLs.',
    ],
  ] as const) {
    it(`is told: ${message}`, () => {
      assert.throws(() => parseSignerResponse(body), { name: 'ProtocolError', message })
    })
  }

  it('is not one where an error has no sentence, or a flag is no flag', () => {
    const read = (fields: object) => parseSignerResponse(answer(fields)).responses[1]
    const error = { code: 'too-large', message: 7, checksum: 7 }
    assert.deepEqual(read({ error }), { id: '2', error: { code: 'too-large', message: '' } })
    assert.deepEqual(read({ error: null, stored: 'yes' }), { id: '2', stored: false })
  })

  it('is of another version, or of none', () => {
    const version = (it?: number) => () => parseSignerResponse({ version: it, responses: [] })
    const isOther = (unsupportedVersion: boolean) => (error: unknown) =>
      error instanceof ProtocolError && error.unsupportedVersion === unsupportedVersion
    assert.throws(version(2), isOther(true))
    assert.throws(version(), isOther(false))
    assert.throws(() => parseSignerResponse({ version: 1 }), isOther(false))
  })
})

describe('what is accepted', () => {
  const accepts = (accept: string | string[] | undefined, type: string, name = 'cat.JPG') =>
    acceptsFile({ name, type }, accept)

  it('is anything where nothing is named', () => {
    for (const accept of [undefined, '', [], ' , ', '*', '*/*', 'image/png, *', '*/*,.pdf']) {
      assert.equal(accepts(accept, 'text/html'), true, JSON.stringify(accept))
      assert.equal(accepts(accept, '', ''), true, JSON.stringify(accept))
    }
  })

  it('is told by the type, by its first half, or by the end of the name', () => {
    for (const [accept, type, isAccepted] of [
      ['image/jpeg', 'image/jpeg', true],
      ['image/jpeg', 'image/jpg', false],
      [' IMAGE/jpeg ', 'image/JPEG; q=1', true],
      ['image/jpeg', ' image/jpeg ;q=1', true],
      ['image/*', 'image/jpeg', true],
      ['image/*', 'imagery/jpeg', false],
      ['image/*', 'image', false],
      ['image/*', '', false],
      ['image', 'image/jpeg', false],
      ['.jpg', 'text/plain', true],
      ['.jp', 'text/plain', false],
      [' .JPG', 'text/plain', true],
      ['jpg', 'text/plain', false],
    ] as const) {
      const said = `${accept} ${type}`
      assert.equal(accepts(accept, type), isAccepted, said)
      assert.equal(accepts(`text/csv,${accept}`, type), isAccepted, said)
      assert.equal(accepts([accept, 'text/csv'], type), isAccepted, said)
    }
  })
})
