import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { SignerConfig } from '../../../src/server/index.ts'
import {
  ask,
  created,
  FILE,
  failed,
  fakeBucket,
  type SeenRequest,
} from '../../support/signer/multipart-client.ts'
import { recompute } from '../../support/signer/recompute.ts'
import { BUCKET, startSigner } from '../../support/signer/signer-server.ts'

type Answer = (request: SeenRequest) => Response | Promise<Response>

/** How a bucket answers what the signer asks of it; what is not named succeeds. */
interface Answers {
  complete?: Answer
  list?: Answer
  head?: Answer
  remove?: Answer
  abort?: Answer
}

const COMPLETED = '<CompleteMultipartUploadResult><ETag>"x"</ETag></CompleteMultipartUploadResult>'
const PARTS = [{ partNumber: 1, etag: '"e1"' }]
/** A bucket that cannot list parts, so that the client names them. */
const UNLISTED = { list: () => failed('NotImplemented', 501) }

function head(size: number | undefined, etag = '"abc-1"'): Response {
  const length = size === undefined ? {} : { 'Content-Length': String(size) }
  return new Response(null, { headers: { ETag: etag, ...length } })
}

/** The first parts of a list of 1-byte parts. */
function listed(after: number, total: number): Response {
  const count = Math.min(1000, total - after)
  const parts = Array.from({ length: count }, (_, index) => after + index + 1).map(
    (number) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>&quot;e${number}&quot;</ETag><Size>1</Size></Part>`,
  )
  const last = after + count
  return new Response(
    `<?xml version="1.0"?><ListPartsResult xmlns="x"><IsTruncated>${last < total}</IsTruncated>` +
      `<NextPartNumberMarker>${last}</NextPartNumberMarker>${parts.join('')}</ListPartsResult>`,
  )
}

/** A signer with an upload that was started, and a bucket that answers as told from then on. */
async function start(test: TestContext, answers: Answers, size = 1) {
  const errors: unknown[] = []
  const bucket = fakeBucket((request) => {
    const { method, url } = request
    const upload = url.searchParams.has('uploadId')
    if (method === 'HEAD') return (answers.head ?? (() => head(size)))(request)
    if (method === 'DELETE') {
      const answer = upload ? answers.abort : answers.remove
      return (answer ?? (() => new Response(null, { status: 204 })))(request)
    }
    if (method === 'GET') return (answers.list ?? (() => listed(0, size)))(request)
    if (upload) return (answers.complete ?? (() => new Response(COMPLETED)))(request)
    return created('upload-1')
  })
  const config: Partial<SignerConfig> = { fetch: bucket.fetch, onError: (it) => errors.push(it) }
  const partRules = { minSize: 1, idealSize: 1 }
  const signer = await startSigner(test, {
    ...config,
    bucket: { ...BUCKET, partRules: { ...BUCKET.partRules, ...partRules } },
  })
  const { grant } = await ask(signer, 'create', { file: { ...FILE, size } })
  bucket.seen.splice(0)
  const complete = (fields: object = { parts: PARTS }) =>
    ask(signer, 'complete', { grant, ...fields })
  return { signer, grant, complete, errors, seen: bucket.seen }
}

const methods = (seen: SeenRequest[]) => seen.map(({ method }) => method).join(' ')

describe('complete', () => {
  it('sends what S3 asks for, signed, and looks at the object', async (test) => {
    const { complete, seen } = await start(test, UNLISTED, 2)
    const parts = [
      { partNumber: 1, etag: '"a&b"' },
      { partNumber: 2, etag: 'bare' },
    ]
    const { etag, error } = await complete({ parts })
    assert.equal(error, undefined)
    assert.equal(etag, 'abc-1')
    assert.equal(methods(seen), 'GET POST HEAD')
    assert.equal(
      seen[1]?.body,
      '<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
        '<Part><PartNumber>1</PartNumber><ETag>&#34;a&#38;b&#34;</ETag></Part>' +
        '<Part><PartNumber>2</PartNumber><ETag>&#34;bare&#34;</ETag></Part></CompleteMultipartUpload>',
    )
    for (const { method, url } of seen) {
      const { actual, expected } = await recompute(url.href, { method, region: 'us-east-1' })
      assert.equal(actual, expected)
    }
  })

  it('reads a list of parts to its end', async (test) => {
    const list: Answer = ({ url }) =>
      listed(Number(url.searchParams.get('part-number-marker') ?? 0), 2001)
    const { complete, seen } = await start(test, { list }, 2001)
    assert.equal((await complete({})).error, undefined)
    assert.equal(methods(seen), 'GET GET GET POST HEAD')
    const body = seen[3]?.body ?? ''
    assert.equal(body.match(/<Part>/g)?.length, 2001)
    assert.match(body, /<PartNumber>2001<\/PartNumber><ETag>&#34;e2001&#34;<\/ETag><\/Part><\/Comp/)
  })

  it('does not read for ever from a bucket that lists the same again', async (test) => {
    const list = () => listed(0, 3000)
    const { complete, seen } = await start(test, { list }, 3000)
    assert.equal((await complete({})).error?.code, 'upload-incomplete')
    assert.equal(methods(seen), 'GET GET')
  })

  it('compares the parts with what was granted before it puts them together', async (test) => {
    const sized = (...sizes: number[]) => {
      const parts = sizes.map(
        (size, index) =>
          `<Part><PartNumber>${index + 1}</PartNumber><ETag>"e"</ETag><Size>${size}</Size></Part>`,
      )
      return new Response(`<ListPartsResult>${parts.join('')}</ListPartsResult>`)
    }
    const lists = [
      () => listed(0, 4),
      () => listed(0, 6),
      () => sized(1, 1, 1, 1, 2),
      () => sized(1, 1, 0, 2, 1),
      () => sized(5),
      () => sized(),
      () => listed(1, 5),
    ]
    for (const list of lists) {
      for (const named of [{}, { parts: PARTS }]) {
        const { complete, seen } = await start(test, { list }, 5)
        assert.equal((await complete(named)).error?.code, 'upload-incomplete')
        assert.equal(methods(seen), 'GET')
      }
    }
  })

  it('takes only all parts, also where the client names them', async (test) => {
    const numbers = [[], [1], [1, 2], [2, 1, 3], [1, 2, 2], [1, 2, 3, 4], [0, 1, 2], [2, 3, 4]]
    const { complete, seen } = await start(test, UNLISTED, 3)
    for (const each of numbers) {
      const parts = each.map((partNumber) => ({ partNumber, etag: 'e' }))
      const { error } = await complete({ parts })
      assert.match(error?.code ?? '', /^(upload-incomplete|bad-request)$/)
    }
    assert.match(methods(seen), /^GET( GET)*$/)
  })

  it('reads the list of a server that calls it something else', async (test) => {
    const list = async () => {
      const xml = await listed(0, 1).text()
      return new Response(xml.replaceAll('ListPartsResult', 'ListPartsResponse'))
    }
    const { complete } = await start(test, { list })
    assert.equal((await complete({})).error, undefined)
  })

  it('refuses where the list has other parts than the client names', async (test) => {
    const { complete, seen } = await start(test, {})
    const { error } = await complete({ parts: [{ partNumber: 1, etag: 'other' }] })
    assert.equal(error?.code, 'parts-differ')
    assert.equal(methods(seen), 'GET')
  })

  it('asks for the parts where the bucket cannot list them', async (test) => {
    const answers = [
      () => failed('MethodNotAllowed', 405),
      () => failed('NotImplemented', 501),
      () => failed('NotImplemented', 400),
      () => new Response('', { status: 405 }),
    ]
    for (const list of answers) {
      const { complete, seen, errors } = await start(test, { list })
      assert.equal((await complete({})).error?.code, 'parts-needed')
      assert.equal(methods(seen), 'GET')
      assert.deepEqual(errors, [])
    }
  })

  it('refuses ETags that are none', async (test) => {
    const { complete, seen } = await start(test, UNLISTED)
    for (const etag of ['', '""', 'a\u0000', 'a b', 'é', 'x'.repeat(300), 'x'.repeat(3000)]) {
      const { error } = await complete({ parts: [{ partNumber: 1, etag }] })
      assert.equal(error?.code, 'bad-request')
    }
    assert.match(methods(seen), /^GET( GET)*$/)
  })

  it('does not take a status of 200 for success', async (test) => {
    const late = async () => {
      const answer = await failed('EntityTooSmall', 200).text()
      return new Response(`    \n  ${answer}`)
    }
    const { complete, seen, errors } = await start(test, { complete: late })
    const message = 'The bucket answered EntityTooSmall.'
    assert.deepEqual((await complete()).error, { code: 'internal-error', message })
    assert.equal(methods(seen), 'GET POST')
    assert.deepEqual(errors.map(String), [
      `Error: CompleteMultipartUpload, HTTP status 200: ${message}`,
    ])
    const page = await start(test, { complete: () => new Response('<html></html>') })
    assert.match((await page.complete()).error?.message, /makes no sense/)
    const wrong = await start(test, { complete: () => failed('InvalidPart', 200) })
    assert.equal((await wrong.complete()).error?.code, 'parts-differ')
  })

  it('asks again a few times when the bucket is out of order', async (test) => {
    const troubles: Answer[] = [
      () => failed('InternalError', 200),
      () => failed('SlowDown', 503),
      () => Promise.reject(new TypeError('fetch failed')),
      () => new Response(COMPLETED),
    ]
    const rest = [...troubles]
    const trouble: Answer = (request) => (rest.shift() ?? troubles[3])?.(request) as Response
    const { complete, seen } = await start(test, { complete: trouble })
    assert.equal((await complete()).error, undefined)
    assert.equal(methods(seen), 'GET POST POST POST POST HEAD')
    const empty = await start(test, { complete: () => new Response('  \n') })
    assert.match((await empty.complete()).error?.message, /makes no sense/)
    assert.equal(methods(empty.seen), 'GET POST POST POST POST')
    const never = await start(test, { complete: () => failed('InternalError', 500) })
    assert.equal((await never.complete()).error?.message, 'The bucket answered InternalError.')
    assert.equal(methods(never.seen), 'GET POST POST POST POST GET')
  })

  it('is done when an earlier call has done it', async (test) => {
    for (const gone of ['NoSuchUpload', 'NoSuchKey']) {
      const answers = { complete: () => failed(gone, 404), list: () => failed(gone, 404) }
      for (const parts of [PARTS, undefined]) {
        const { complete, seen } = await start(test, answers)
        const { etag, error } = await complete({ parts })
        assert.equal(error, undefined)
        assert.equal(etag, 'abc-1')
        assert.equal(methods(seen), 'GET HEAD')
      }
    }
  })

  it('is gone when nobody has done it, and removes nothing then', async (test) => {
    const complete = () => failed('NoSuchUpload', 404)
    for (const answer of [() => new Response(null, { status: 404 }), () => head(2)]) {
      const gone = await start(test, { complete, head: answer })
      assert.equal((await gone.complete()).error?.code, 'upload-gone')
      assert.equal(methods(gone.seen), 'GET POST HEAD')
    }
    const blind = await start(test, { complete, head: () => new Response(null, { status: 403 }) })
    assert.equal((await blind.complete()).error?.message, 'The bucket answered with status 403.')
  })

  it('gives no link to an object of another size, and removes none', async (test) => {
    const wrong = await start(test, { head: () => head(2) })
    const { error, downloadUrl, grant } = await wrong.complete()
    assert.deepEqual([error?.code, downloadUrl, grant], ['upload-incomplete', undefined, undefined])
    assert.equal(methods(wrong.seen), 'GET POST HEAD')
    const unknown = await start(test, { head: () => head(undefined) })
    assert.equal((await unknown.complete()).error?.code, 'internal-error')
    assert.equal(methods(unknown.seen), 'GET POST HEAD')
  })

  it('may take minutes', async (test) => {
    const limits: number[] = []
    const { complete } = await start(test, {})
    test.mock.method(AbortSignal, 'timeout', (milliseconds: number) => {
      limits.push(milliseconds)
      return new AbortController().signal
    })
    assert.equal((await complete()).error, undefined)
    assert.deepEqual(limits, [170_000])
  })
})

describe('a bucket that fails', () => {
  const SECRET_URL = /X-Amz|https?:/

  it('refuses the one request in a plain sentence, and never tells a URL', async (test) => {
    const unreachable: Answer = ({ url }) => {
      const cause = { code: 'ECONNREFUSED' }
      throw new TypeError(`error sending request for url (${url.href})`, { cause })
    }
    const { signer, grant, errors } = await start(test, { abort: unreachable })
    const [aborted, part] = await signer.call([
      { id: '1', op: 'abort', grant },
      { id: '2', op: 'part', grant, partNumber: 1 },
    ])
    const message = 'The bucket cannot be reached (ECONNREFUSED).'
    assert.deepEqual(aborted?.error, { code: 'internal-error', message })
    assert.ok(part?.url)
    assert.equal(errors.length, 1)
    assert.doesNotMatch(JSON.stringify(errors) + errors, SECRET_URL)
  })

  it('is not followed elsewhere', async (test) => {
    const abort = () => failed('PermanentRedirect', 301)
    const { signer, grant, seen } = await start(test, { abort })
    const { error } = await ask(signer, 'abort', { grant })
    assert.equal(error?.message, 'The bucket answered PermanentRedirect.')
    assert.equal(methods(seen), 'DELETE')
  })

  it('is refused when it names no upload', async (test) => {
    for (const answer of [() => created(''), () => new Response('<html></html>')]) {
      const onError = () => {}
      const { fetch } = fakeBucket(answer)
      const signer = await startSigner(test, { fetch, onError })
      const { error, grant } = await ask(signer, 'create', { file: FILE })
      assert.match(error?.message, /makes no sense/)
      assert.equal(grant, undefined)
    }
  })

  it('is not waited for longer than a browser waits for the signer', async (test) => {
    test.mock.method(AbortSignal, 'timeout', (milliseconds: number) => {
      assert.equal(milliseconds, 20_000)
      return AbortSignal.abort(new DOMException('', 'TimeoutError'))
    })
    const onError = () => {}
    const signer = await startSigner(test, {
      onError,
      fetch: async (_, { signal }) => {
        signal?.throwIfAborted()
        return created('a')
      },
    })
    const { error } = await ask(signer, 'create', { file: FILE })
    assert.equal(error?.message, 'The bucket did not answer within 20 seconds.')
  })
})
