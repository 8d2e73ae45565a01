import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import {
  createSigner,
  memoryCounter,
  type SignerConfig,
  SignerError,
  type UploadLimit,
} from '../../../src/server/index.ts'
import { networkOf } from '../../../src/server/rules/address.ts'
import { ask, created, failed, fakeBucket } from '../../support/signer/multipart-client.ts'
import {
  BUCKET,
  NOW,
  putRequest,
  type SignerServer,
  startSigner,
} from '../../support/signer/signer-server.ts'

const FILE = { name: 'a.txt', size: 40, type: 'text/plain' }
const NONCE = 'n'.repeat(16)
const MINUTE = 60_000

/** A signer that counts, at a bucket whose objects the test has in its hand. */
async function start(
  test: TestContext,
  limits: readonly UploadLimit[],
  config: Partial<SignerConfig> = {},
) {
  const stored = new Map<string, { size: number; type: string }>()
  let now = NOW.getTime()
  let uploads = 0
  const { fetch, seen } = fakeBucket(({ method, url, body }) => {
    const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'))
    if (method === 'HEAD') {
      const object = stored.get(key)
      if (!object) return new Response(null, { status: 404 })
      const { size, type } = object
      return new Response(null, { headers: { 'Content-Length': `${size}`, 'Content-Type': type } })
    }
    if (method === 'DELETE') return new Response(null, { status: 204 })
    if (method === 'POST' && url.searchParams.has('uploads')) {
      uploads += 1
      return created(`upload-${uploads}`)
    }
    if (method === 'POST' && body !== '') {
      stored.set(key, FILE)
      return new Response('<CompleteMultipartUploadResult/>')
    }
    return new Response(
      '<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>"e"</ETag><Size>40</Size></Part></ListPartsResult>',
    )
  })
  const errors: unknown[] = []
  const signer = await startSigner(test, {
    limits,
    fetch,
    now: () => new Date(now),
    authorize: (request) => ({
      user: request.headers.get('user') || undefined,
      address: request.headers.get('address') ?? '192.0.2.1',
    }),
    onError: (error) => void errors.push(error),
    ...config,
  })
  const pass = (ms: number) => {
    now += ms
  }
  return { signer, stored, seen, pass, errors }
}

/** The code of a refusal, also of that of a whole call; "" if there is none. */
async function codeOf(
  signer: SignerServer,
  op: string,
  fields: object = { file: FILE },
  user = 'ann',
): Promise<string> {
  try {
    return (await ask(signer, op, fields, user)).error?.code ?? ''
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('a limit', () => {
  it('in a time is answered with 429, a sentence and when to come again', async (test) => {
    const { signer, pass } = await start(test, [{ per: 'user', files: 2, every: '1m' }])
    const requests = [putRequest('1'), putRequest('2')]
    assert.ok((await signer.call(requests)).every(({ url }) => url))
    const response = await signer.send(JSON.stringify({ version: 1, requests }))
    assert.equal(response.status, 429)
    assert.equal(response.headers.get('Retry-After'), '60')
    assert.deepEqual(await response.json(), {
      error: {
        code: 'rate-limited',
        message: 'The limit is reached: 2 files a minute. Try again in 60 seconds.',
      },
    })
    pass(MINUTE)
    assert.equal(await codeOf(signer, 'put'), '')
  })

  it('refuses only the files of a call that are too much', async (test) => {
    const { signer } = await start(test, [{ bytes: 100, every: '1d' }])
    const files = [60, 60, 40].map((size, index) => putRequest(`${index}`, { size }))
    const answers = await signer.call(files)
    assert.deepEqual(
      answers.map(({ error }) => error?.code),
      [undefined, 'rate-limited', undefined],
    )
  })

  it('in all is a quota', async (test) => {
    const { signer } = await start(test, [{ per: 'user', bytes: '100' }])
    const [, , refused] = await signer.call([
      putRequest('1', { size: 50 }),
      putRequest('2', { size: 50 }),
      putRequest('3', { size: 1 }),
    ])
    assert.deepEqual(refused?.error, {
      code: 'quota-reached',
      message: 'The limit is reached: 100 bytes.',
    })
  })

  it('counts by user, address and route', async (test) => {
    const routes = { avatar: {}, film: {} }
    const { signer } = await start(
      test,
      [
        { per: 'user', route: 'avatar', files: 1, every: '1h' },
        { per: ['route', 'address'], files: 2, every: '1h' },
        { files: 5, every: 90 },
      ],
      { routes },
    )
    const avatar = (user: string) => codeOf(signer, 'put', { file: FILE, route: 'avatar' }, user)
    const film = (user: string) => codeOf(signer, 'put', { file: FILE, route: 'film' }, user)
    assert.equal(await avatar('ann'), '')
    assert.equal(await avatar('ann'), 'rate-limited')
    assert.equal(await avatar('bob'), '')
    assert.equal(await avatar('cleo'), 'rate-limited')
    assert.equal(await film('ann'), '')
    assert.equal(await film('ann'), '')
    assert.equal(await film('ann'), 'rate-limited')
    const call = (address: string) =>
      signer.call([{ id: '1', op: 'put', file: FILE, route: 'film' }], { headers: { address } })
    assert.ok((await call('192.0.2.2'))[0]?.url)
    await assert.rejects(call('192.0.2.3'), { message: /5 files in 90 seconds/ })
  })

  it('keeps a caller without a user apart from each user', async (test) => {
    const { signer } = await start(test, [{ per: 'user', files: 1, every: '1h' }])
    for (const user of ['', 'null', 'undefined', 'a&b', 'a%26b']) {
      assert.equal(await codeOf(signer, 'put', { file: FILE }, user), '', user)
      assert.equal(await codeOf(signer, 'put', { file: FILE }, user), 'rate-limited', user)
    }
  })

  it('by address needs one', async (test) => {
    const limits: UploadLimit[] = [{ per: 'address', files: 1, every: '1m' }]
    for (const address of [undefined, '', 'unknown', '192.0.2.1:80', '2130706433', 'a.b']) {
      const { signer, errors } = await start(test, limits, { authorize: () => ({ address }) })
      assert.equal(await codeOf(signer, 'put'), 'internal-error', address)
      assert.match(String(errors[0]), /address/)
    }
  })
})

describe('what an upload took', () => {
  const ONE: UploadLimit[] = [{ per: 'user', files: 1, every: '1d' }]

  it('is given back when it is aborted, once', async (test) => {
    const { signer } = await start(test, ONE)
    const { grant } = await ask(signer, 'create', { file: FILE })
    assert.equal(await codeOf(signer, 'create'), 'rate-limited')
    assert.equal(await codeOf(signer, 'abort', { grant }), '')
    assert.equal(await codeOf(signer, 'abort', { grant }), '')
    assert.equal(await codeOf(signer, 'create'), '')
    assert.equal(await codeOf(signer, 'create'), 'rate-limited')
  })

  it('is kept when it is complete, whatever is aborted then', async (test) => {
    const { signer } = await start(test, ONE)
    const { grant } = await ask(signer, 'create', { file: FILE })
    assert.equal(await codeOf(signer, 'complete', { grant }), '')
    assert.equal(await codeOf(signer, 'complete', { grant }), '')
    assert.equal(await codeOf(signer, 'abort', { grant }), '')
    assert.equal(await codeOf(signer, 'create'), 'rate-limited')
  })

  it('is not given back by the abort of what is stored, if the counter was not told', async (test) => {
    const counter = memoryCounter()
    const keep = async () => {
      throw new Error('connection refused')
    }
    const { signer } = await start(test, ONE, { counter: { ...counter, keep } })
    const { grant } = await ask(signer, 'create', { file: FILE })
    assert.equal(await codeOf(signer, 'complete', { grant }), '')
    assert.equal(await codeOf(signer, 'abort', { grant }), '')
    assert.equal(await codeOf(signer, 'create'), 'rate-limited')
  })

  it('stays taken where the bucket does not tell what it has', async (test) => {
    let now = NOW
    const { fetch } = fakeBucket(() => new Response(null, { status: 403 }))
    const { signer } = await start(test, ONE, { fetch, now: () => now })
    assert.equal(await codeOf(signer, 'put'), '')
    now = new Date(NOW.getTime() + 76 * MINUTE)
    assert.equal(await codeOf(signer, 'put'), 'rate-limited')
  })

  it('is given back when the bucket or a hook refuses', async (test) => {
    let isRefused = true
    const { fetch } = fakeBucket(() => (isRefused ? failed('AccessDenied', 403) : created('u')))
    const onSigned = () => {
      if (isRefused) throw new SignerError('no', 'No.')
    }
    for (const config of [{ fetch }, { onSigned }]) {
      isRefused = true
      const { signer } = await start(test, ONE, config)
      assert.notEqual(await codeOf(signer, 'create'), '')
      isRefused = false
      assert.equal(await codeOf(signer, 'create'), '')
      assert.equal(await codeOf(signer, 'create'), 'rate-limited')
    }
  })

  it('is taken once for all tries of one upload', async (test) => {
    const { signer } = await start(test, [{ files: 2, every: '1d' }])
    const first = await ask(signer, 'put', { file: FILE })
    for (let time = 0; time < 3; time += 1) {
      assert.equal(await codeOf(signer, 'put', { file: FILE, grant: first.grant }), '')
      assert.equal(await codeOf(signer, 'create', { file: FILE, nonce: NONCE, again: true }), '')
    }
    assert.equal(await codeOf(signer, 'put'), 'rate-limited')
  })

  it('is taken anew by an upload that goes on after all', async (test) => {
    const { signer } = await start(test, ONE)
    const ofNonce = { file: FILE, nonce: NONCE }
    const one = await ask(signer, 'create', ofNonce)
    const other = await ask(signer, 'create', ofNonce)
    await ask(signer, 'abort', { grant: one.grant })
    const { grant } = await ask(signer, 'put', { file: FILE })
    assert.ok(grant)
    // There is no place left for it.
    assert.equal(await codeOf(signer, 'complete', { grant: other.grant }), 'rate-limited')
  })

  it('is given back after its end where nothing was stored, and only there', async (test) => {
    const { signer, stored, pass, seen } = await start(test, [{ per: 'user', files: 2 }])
    const { key = '' } = await ask(signer, 'put', { file: FILE })
    await ask(signer, 'put', { file: FILE })
    assert.equal(await codeOf(signer, 'put'), 'quota-reached')
    assert.equal(seen.length, 0)
    stored.set(key, FILE)
    pass(76 * MINUTE)
    assert.equal(await codeOf(signer, 'put'), '')
    assert.deepEqual(
      seen.map(({ method }) => method),
      ['HEAD', 'HEAD'],
    )
    assert.equal(await codeOf(signer, 'put'), 'quota-reached')
    assert.equal(seen.length, 2)
  })

  it('of 100 abandoned uploads is all there again after their end', async (test) => {
    const { signer, pass } = await start(test, [{ files: 100, every: '1d' }])
    const puts = Array.from({ length: 100 }, (_, index) => putRequest(`${index}`))
    for (let time = 0; time < 3; time += 1) {
      assert.ok((await signer.call(puts)).every(({ url }) => url))
      assert.equal(await codeOf(signer, 'put'), 'rate-limited')
      pass(76 * MINUTE)
    }
  })

  it('is kept where its page asks for a link', async (test) => {
    const { signer, stored, pass } = await start(test, [{ files: 1 }])
    const { key = '', grant, downloadUrl } = await ask(signer, 'put', { file: FILE })
    assert.equal(downloadUrl, undefined)
    assert.equal(await codeOf(signer, 'link', { grant }), 'upload-incomplete')
    stored.set(key, FILE)
    assert.equal(await codeOf(signer, 'link', { grant }), '')
    stored.clear()
    pass(76 * MINUTE)
    assert.equal(await codeOf(signer, 'put'), 'quota-reached')
  })

  it('costs nothing without limits: no claim in a grant, and a link at once', async (test) => {
    const { signer, seen } = await start(test, [])
    const { grant = '', downloadUrl } = await ask(signer, 'put', { file: FILE })
    assert.ok(downloadUrl)
    assert.doesNotMatch(atob(grant.split('.')[0] ?? ''), /claim/)
    assert.equal(seen.length, 0)
  })
})

describe('a counter that fails', () => {
  it('lets nothing be signed, and says when to come again', async (test) => {
    const counter = {
      ...memoryCounter(),
      take: async () => {
        throw new Error('connection refused')
      },
    }
    const { signer, errors } = await start(test, [{ files: 9, every: '1d' }], { counter })
    for (const op of ['put', 'create']) {
      const asked = ask(signer, op, { file: FILE })
      await assert.rejects(asked, {
        code: 'rate-limited',
        message: 'Uploads cannot be counted at the moment. Try again in 5 seconds.',
      })
    }
    assert.equal(errors.length, 2)
  })

  it('is told again what comes to nothing, or it would count until its lease ends', async (test) => {
    let broken = 0
    const memory = memoryCounter()
    const give = async (id: string) => {
      broken -= 1
      if (broken >= 0) throw new Error('connection lost')
      await memory.give(id)
    }
    let isRefused = false
    const { fetch } = fakeBucket(({ method, url }) => {
      if (isRefused) return failed('AccessDenied', 403)
      const isCreate = method === 'POST' && url.searchParams.has('uploads')
      return isCreate ? created('u') : failed('NoSuchUpload', 404)
    })
    const config = { fetch, counter: { ...memory, give } }
    const { signer } = await start(test, [{ files: 1, every: '1d' }], config)
    // Somebody has aborted it at the bucket.
    const { grant } = await ask(signer, 'create', { file: FILE })
    broken = 1
    assert.equal(await codeOf(signer, 'complete', { grant }), 'rate-limited')
    assert.equal(await codeOf(signer, 'complete', { grant }), 'upload-gone')
    isRefused = true
    broken = 1
    const ofNonce = { file: FILE, nonce: NONCE }
    assert.equal(await codeOf(signer, 'create', ofNonce), 'rate-limited')
    assert.equal(await codeOf(signer, 'create', ofNonce), 'internal-error')
    isRefused = false
    assert.equal(await codeOf(signer, 'create'), '')
  })

  it('after the file is stored is no failure of the upload', async (test) => {
    const fail = async () => {
      throw new Error('connection refused')
    }
    const counter = { ...memoryCounter(), keep: fail, give: fail }
    const { signer, errors } = await start(test, [{ files: 9, every: '1d' }], { counter })
    const { grant } = await ask(signer, 'create', { file: FILE })
    assert.equal(await codeOf(signer, 'complete', { grant }), '')
    assert.equal(errors.length, 1)
  })
})

describe('limits that make no sense', () => {
  const config = { bucket: BUCKET, authorize: 'everybody', routes: { avatar: {} } } as const
  for (const [slip, message] of [
    [{ limits: {} }, /"limits" must be a list/],
    [{ limits: [{}] }, /Limit 1 of "limits" limits nothing/],
    [{ limits: [{ files: 1 }, null] }, /Limit 2 of "limits" is no object/],
    [{ limits: [{ file: 1 }] }, /Limit 1 of "limits" has no "file". Did you mean "files"/],
    [{ limits: [{ files: 1.5 }] }, /"files" must be a whole number/],
    [{ limits: [{ bytes: 'much' }] }, /Limit 1 of "limits": "much" is not a size/],
    [{ limits: [{ files: 1, every: 'day' }] }, /Limit 1 of "limits": "day" is not/],
    [{ limits: [{ files: 1, per: 'usr' }] }, /"per" must be "user", "route", "address"/],
    [{ limits: [{ files: 1, per: ['user', 'user'] }] }, /"per" must be/],
    [{ limits: [{ files: 1, route: 'film' }] }, /there is no route "film"/],
    [{ limits: [{ files: 1 }, { files: 2 }] }, /the same files twice/],
    [{ limits: [{ files: 1 }], counter: {} }, /"counter" must be made by/],
    [{ counter: memoryCounter() }, /"counter" has nothing to count/],
  ] as [object, RegExp][]) {
    it(`are refused: ${message}`, () => {
      assert.throws(() => createSigner({ ...config, ...slip } as SignerConfig), { message })
    })
  }
})

describe('an address', () => {
  it('counts as the network that one customer has', () => {
    for (const [address, network] of [
      ['192.0.2.1', '192.0.2.1'],
      ['::ffff:192.0.2.1', '192.0.2.1'],
      ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
      ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
      ['2001:db8::1', '2001:db8:0:0::/64'],
      ['::1', '0:0:0:0::/64'],
      ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ] as const) {
      assert.equal(networkOf(address), network)
    }
  })
})
