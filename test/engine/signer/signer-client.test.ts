import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { UploadError } from '../../../src/engine/api/errors.ts'
import type { SignerFunction, SignerOptions } from '../../../src/engine/api/options.ts'
import { isExpired, isStale } from '../../../src/engine/signer/signed.ts'
import { SignerClient, type SignerQuestion } from '../../../src/engine/signer/signer-client.ts'
import type { SignerRequest, SignerRequestBody } from '../../../src/protocol/index.ts'
import { settled, useFakeClock } from '../../support/fake-clock.ts'

const URL_OF_BUCKET = 'https://b.example/k?X-Amz-Signature=1'

function put(name = 'a'): SignerQuestion {
  return { op: 'put', file: { name, size: 1, type: '' } }
}

/** A client with a signer in the page that grants everything, and the requests of each of its calls. */
function start(test: TestContext, answer?: (request: SignerRequest) => object | undefined) {
  const clock = useFakeClock(test)
  const calls: SignerRequest[][] = []
  const signer: SignerFunction = (requests) => {
    calls.push(requests)
    return requests.flatMap((request) => {
      const answered = answer ? answer(request) : { url: URL_OF_BUCKET }
      return answered ? [{ id: request.id, ...answered }] : []
    })
  }
  return { clock, calls, client: new SignerClient(() => ({ signer })) }
}

/** A client whose signer answers each POST as given, and what was sent to it. */
function startRemote(
  test: TestContext,
  answer: (body: SignerRequestBody) => Response,
  options: SignerOptions = {},
) {
  const clock = useFakeClock(test)
  const sent: RequestInit[] = []
  test.mock.method(globalThis, 'fetch', async (_: string, init: RequestInit) => {
    sent.push(init)
    return answer(JSON.parse(String(init.body)))
  })
  return { clock, sent, client: new SignerClient(() => ({ signer: '/sign', ...options })) }
}

/** Asks, and leaves it to the test to look at a failure later. */
function ask(client: SignerClient, ...question: Parameters<SignerClient['ask']>) {
  const asked = client.ask(...question)
  asked.catch(() => {})
  return asked
}

function granted({ requests }: SignerRequestBody): Response {
  return Response.json({
    version: 1,
    responses: requests.map(({ id }) => ({ id, url: URL_OF_BUCKET })),
  })
}

function abort(client: SignerClient, grant: string) {
  return ask(client, { op: 'abort', grant }, 'a', { keepalive: true })
}

/** What became of each question: "ok", or the code of its error. */
async function outcomes(...asked: Promise<unknown>[]): Promise<string[]> {
  const all = await Promise.allSettled(asked)
  return all.map((it) => (it.status === 'fulfilled' ? 'ok' : (it.reason as UploadError).code))
}

test('questions that come within 5 ms are one call', async (context) => {
  const { clock, calls, client } = start(context)
  const asked = [ask(client, put(), 'a'), ask(client, put(), 'b')]
  await clock.tick(4)
  asked.push(ask(client, put(), 'c'))
  await clock.tick(4)
  assert.equal(calls.length, 0)
  await clock.tick(1)
  assert.deepEqual(
    calls.map((call) => call.length),
    [3],
  )
  assert.deepEqual(await outcomes(...asked), ['ok', 'ok', 'ok'])
})

test('no question waits for more than 100 ms for others', async (context) => {
  const { clock, calls, client } = start(context)
  for (let asked = 0; asked < 30; asked++) {
    void ask(client, put(), 'a')
    await clock.tick(4)
  }
  assert.equal(calls[0]?.length, 25)
})

test('a call has at most a hundred requests, each with an id of its own', async (context) => {
  const { clock, calls, client } = start(context)
  const asked = Array.from({ length: 250 }, () => ask(client, put(), 'a'))
  await clock.tick(5)
  assert.deepEqual(
    calls.map((call) => call.length),
    [100, 100, 50],
  )
  assert.equal(new Set(calls.flat().map(({ id }) => id)).size, 250)
  assert.equal((await outcomes(...asked)).filter((it) => it === 'ok').length, 250)
})

test('complete is asked at once and alone, since its answer takes long', async (context) => {
  const { clock, calls, client } = start(context)
  void ask(client, put(), 'a')
  void ask(client, { op: 'complete', grant: 'g' }, 'b')
  await settled()
  assert.deepEqual(
    calls.map((call) => call.map(({ op }) => op)),
    [['complete']],
  )
  await clock.tick(5)
  assert.equal(calls.length, 2)
})

test('what must outlive the page is one call, also for many files', async (context) => {
  const { clock, sent, client } = startRemote(context, granted)
  const asked = Array.from({ length: 100 }, () => abort(client, 'g'))
  await clock.tick(5)
  assert.deepEqual(
    sent.map(({ keepalive }) => keepalive),
    [true],
  )
  assert.ok((await outcomes(...asked)).every((it) => it === 'ok'))
})

test('what must outlive the page is asked before the task ends', async (context) => {
  const { sent, client } = startRemote(context, granted)
  void abort(client, 'g')
  // The microtasks of this task, and no timer.
  for (let turns = 0; turns < 5; turns++) await undefined
  assert.equal(sent.length, 1)
})

test('no more outlives the page at a time than browsers allow, and the rest is still sent', async (context) => {
  const { clock, sent, client } = startRemote(context, granted)
  const asked = Array.from({ length: 300 }, () => abort(client, 'g'.repeat(500)))
  await clock.tick(5)
  const lengths = sent.map(({ keepalive, body }) => (keepalive ? String(body).length : 0))
  assert.equal(lengths.length, 3)
  const kept = lengths.reduce((sum, length) => sum + length, 0)
  assert.ok(kept > 0 && kept < 64 * 1024, `${kept}`)
  assert.ok((await outcomes(...asked)).every((it) => it === 'ok'))
})

test('a malformed answer fails alone, without another call', async (context) => {
  const { clock, calls, client } = start(context, ({ id }) =>
    id === '2' ? { url: 7 } : { url: URL_OF_BUCKET },
  )
  const asked = ['a', 'b', 'c'].map((name) => ask(client, put(), name))
  await clock.tick(5)
  assert.deepEqual(await outcomes(...asked), ['ok', 'signer-answer-invalid', 'ok'])
  assert.equal(calls.length, 1)
})

test('a request that is refused fails alone', async (context) => {
  const { clock, client } = start(context, ({ id }) =>
    id === '2' ? { error: { code: 'too-large', message: 'No.' } } : { url: URL_OF_BUCKET },
  )
  const asked = ['a', 'b', 'c'].map((name) => ask(client, put(), name))
  await clock.tick(5)
  assert.deepEqual(await outcomes(...asked), ['ok', 'too-large', 'ok'])
  await assert.rejects(Promise.resolve(asked[1]), { message: /^b: / })
})

test('an answer that lacks the URL fails alone', async (context) => {
  const { clock, client } = start(context, ({ id }) => (id === '1' ? {} : { url: URL_OF_BUCKET }))
  const asked = [ask(client, put(), 'a'), ask(client, put(), 'b')]
  await clock.tick(5)
  assert.deepEqual(await outcomes(...asked), ['signer-answer-invalid', 'ok'])
})

test('what a signer leaves out is asked one by one, and so is all that follows', async (context) => {
  let answered = 0
  const { clock, calls, client } = start(context, () => {
    answered++
    // Only the first request of the first call.
    return answered === 2 || answered === 3 ? undefined : { url: URL_OF_BUCKET }
  })
  const asked = ['a', 'b', 'c'].map((name) => ask(client, put(), name))
  await clock.tick(5)
  assert.deepEqual(await outcomes(...asked), ['ok', 'ok', 'ok'])
  const later = [ask(client, put(), 'd'), ask(client, put(), 'e')]
  await clock.tick(5)
  assert.deepEqual(await outcomes(...later), ['ok', 'ok'])
  assert.deepEqual(
    calls.map((call) => call.map(({ id }) => id)),
    [['1', '2', '3'], ['2'], ['3'], ['4'], ['5']],
  )
})

test('all fail where the answer has none of the ids, and none is asked again', async (context) => {
  const { clock, calls, client } = start(context, () => undefined)
  const asked = [ask(client, put(), 'a'), ask(client, put(), 'b')]
  await clock.tick(5)
  assert.deepEqual(await outcomes(...asked), ['signer-answer-invalid', 'signer-answer-invalid'])
  assert.equal(calls.length, 1)
})

test('429 fails all of its call, with the seconds of Retry-After', async (context) => {
  const { clock, client } = startRemote(context, () =>
    Response.json({}, { status: 429, headers: { 'Retry-After': '7' } }),
  )
  const asked = new Map(['a', 'b'].map((name) => [name, ask(client, put(), name)]))
  await clock.tick(5)
  for (const [name, each] of asked) {
    const expected = { code: 'rate-limited', retryAfter: 7000, status: 429 }
    await assert.rejects(each, { ...expected, message: new RegExp(`^${name}: `) })
  }
})

for (const [status, body, code] of [
  [401, {}, 'unauthorized'],
  [403, {}, 'forbidden'],
  [403, { error: { code: 'origin-not-allowed' } }, 'origin-not-allowed'],
  [404, {}, 'signer-failed'],
  [500, {}, 'signer-failed'],
  [200, '<html>', 'signer-answer-invalid'],
  [200, { version: 2, responses: [] }, 'signer-answer-invalid'],
] as const) {
  test(`${status} with ${JSON.stringify(body)} is ${code}`, async (context) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const { clock, client } = startRemote(context, () => new Response(text, { status }))
    const asked = ask(client, put(), 'a')
    await clock.tick(5)
    assert.deepEqual(await outcomes(asked), [code])
  })
}

test('no answer is signer-unreachable', async (context) => {
  const { clock, client } = startRemote(context, () => {
    throw new TypeError('Failed to fetch')
  })
  const asked = ask(client, put(), 'a')
  await clock.tick(5)
  assert.deepEqual(await outcomes(asked), ['signer-unreachable'])
})

test('a text that is not JSON gets into no error', async (context) => {
  const { clock, client } = startRemote(context, () => new Response(`{"url": "${URL_OF_BUCKET}`))
  const asked = ask(client, put(), 'a')
  await clock.tick(5)
  await assert.rejects(asked, (error: UploadError) => !JSON.stringify(error).includes('b.example'))
})

test('a signer that takes too long is given up, and complete may take six times as long', async (context) => {
  const clock = useFakeClock(context)
  const timeouts: [number, AbortController][] = []
  context.mock.method(AbortSignal, 'timeout', (ms: number) => {
    const controller = new AbortController()
    timeouts.push([ms, controller])
    return controller.signal
  })
  const client = new SignerClient(() => ({ signer: () => new Promise(() => {}) }))
  const asked = [ask(client, put(), 'a'), ask(client, { op: 'complete', grant: 'g' }, 'b')]
  await clock.tick(5)
  assert.deepEqual(timeouts.map(([ms]) => ms).sort(), [180_000, 30_000])
  for (const [, controller] of timeouts) controller.abort(new DOMException('', 'TimeoutError'))
  assert.deepEqual(await outcomes(...asked), ['signer-timeout', 'signer-timeout'])
})

test('options are read at each call, and headers made for each', async (context) => {
  const options: SignerOptions = {}
  const { clock, sent, client } = startRemote(context, granted, options)
  const askOne = async () => {
    const asked = ask(client, put(), 'a')
    await clock.tick(5)
    await asked
    const { credentials, headers } = sent.at(-1) ?? {}
    return [credentials, new Headers(headers).get('Authorization')]
  }
  assert.deepEqual(await askOne(), ['same-origin', null])
  options.signerCredentials = 'include'
  options.signerHeaders = () => ({ Authorization: `token ${sent.length}` })
  assert.deepEqual(await askOne(), ['include', 'token 1'])
  assert.deepEqual(await askOne(), ['include', 'token 2'])
})

test('without a signer, it says so', async (context) => {
  const clock = useFakeClock(context)
  const asked = ask(new SignerClient(() => ({})), put(), 'a')
  await clock.tick(5)
  assert.deepEqual(await outcomes(asked), ['signer-missing'])
})

test('remembers which checksums a signer requires, and that it knows no parts', async (context) => {
  const { clock, client } = start(context, ({ op }) => {
    if (op === 'create') return { error: { code: 'unsupported-op', message: 'No.' } }
    return { error: { code: 'checksum-needed', message: 'No.', checksum: 'crc32c' } }
  })
  assert.deepEqual([client.knowsMultipart, client.checksums], [true, []])
  const file = { name: 'a', size: 1, type: '' }
  const asked = [ask(client, put(), 'a'), ask(client, { op: 'create', file }, 'b')]
  await clock.tick(5)
  assert.deepEqual(await outcomes(...asked), ['checksum-needed', 'signer-refused'])
  assert.deepEqual([client.knowsMultipart, client.checksums], [false, ['crc32c']])
})

for (const field of ['url', 'downloadUrl']) {
  test(`takes no script as ${field}`, async (context) => {
    const urls = { url: URL_OF_BUCKET, [field]: 'javascript:alert(1)' }
    const { clock, client } = start(context, () => urls)
    const asked = ask(client, put(), 'a')
    await clock.tick(5)
    assert.deepEqual(await outcomes(asked), ['signer-answer-invalid'])
  })
}

test('a URL lives by the clock of the signer, and no longer than its signature', async (context) => {
  const { clock, client } = startRemote(context, ({ requests }) =>
    Response.json({
      version: 1,
      date: '2030-01-01T00:00:00Z',
      responses: requests.map(({ id }, index) => ({
        id,
        url: `https://b.example/k${index === 0 ? '' : '?X-Amz-Expires=60'}`,
        expiresAt: '2030-01-01T00:10:00Z',
      })),
    }),
  )
  const asked = [ask(client, put(), 'a'), ask(client, put(), 'b')]
  await clock.tick(5)
  const [one, two] = await Promise.all(asked)
  assert.ok(one && two)
  assert.deepEqual([one.lifetime, two.lifetime], [600_000, 60_000])
  await clock.tick(53_000)
  assert.deepEqual([isStale(two), isExpired(two)], [false, false])
  await clock.tick(1000)
  assert.deepEqual([isStale(two), isExpired(two)], [true, false])
  await clock.tick(6000)
  assert.deepEqual([isStale(two), isExpired(two)], [true, true])
  assert.deepEqual([isStale(one), isExpired(one)], [false, false])
})

test('a URL has expired after a sleep in which only one clock went on', async (context) => {
  const { clock, client } = start(context, () => ({
    url: `${URL_OF_BUCKET}&X-Amz-Expires=60`,
  }))
  const asked = ask(client, put(), 'a')
  await clock.tick(5)
  const signed = await asked
  const later = Date.now() + 61_000
  context.mock.method(Date, 'now', () => later)
  assert.ok(isExpired(signed))
})
