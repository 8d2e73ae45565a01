import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { UploadError, type UploadErrorCode } from '../../../../src/engine/api/errors.ts'
import type { FileInfo } from '../../../../src/engine/api/file.ts'
import { currentMoment, type Signed } from '../../../../src/engine/signer/signed.ts'
import { TransferError, type TransferOptions } from '../../../../src/engine/transport/transport.ts'
import type { TransferUnit } from '../../../../src/engine/transport/unit.ts'
import {
  Sender,
  type SenderContext,
  type SenderSettings,
  type SendOptions,
  type SentUnit,
} from '../../../../src/engine/uploader/sender/sender.ts'
import type { Digests } from '../../../../src/protocol/index.ts'
import { settled, useFakeClock } from '../../../support/fake-clock.ts'

const MIB = 2 ** 20
const BUCKET = 'https://b.example/k?X-Amz-Signature=1'
const reason = new Error('stopped')

/** What happens to a PUT: a status, of which 0 is no answer, or whatever it waits for. */
type Fate = number | Promise<unknown>

interface Settings extends Partial<SenderContext> {
  /** What happens to each PUT in turn; then all are stored. */
  fates?: Fate[]
}

const SETTINGS = { limit: 2, stallTimeout: 30_000, retryFor: 10_000 }
const ONE = { ...SETTINGS, limit: 1 }

/** A sender with a bucket and a clock of ours. Every pause is as long as it can be. */
function start(test: TestContext, { fates = [], ...context }: Settings = {}) {
  const clock = useFakeClock(test)
  test.mock.method(Math, 'random', () => 1)
  const puts: { unit: string; url: string; headers: Record<string, string> | undefined }[] = []
  const transport = {
    async put(unit: TransferUnit, { presign, progress, signal }: TransferOptions) {
      const { url, headers } = await presign()
      puts.push({ unit: unit.id, url, headers })
      const fate = fates.shift() ?? 200
      if (typeof fate !== 'number') {
        const stopped = new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
        })
        await Promise.race([fate, stopped])
      } else if (fate !== 200) throw new TransferError(fate)
      progress(unit.body.size)
    },
  }
  const sender = new Sender({
    transport,
    settings: SETTINGS,
    hash: async () => ({}),
    signIn: async () => false,
    ...context,
  })
  return { clock, puts, sender }
}

function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

function part(number: number, size = 1): TransferUnit {
  return { id: `f.${number}`, fileId: 'f', body: new Blob(['x'.repeat(size)]), partNumber: number }
}

function signed(more: Partial<Signed> = {}): Signed {
  return { id: '1', url: BUCKET, received: currentMoment(), ...more }
}

const info: FileInfo = {
  ...{ id: 'f', name: 'a', size: 1, type: '', path: 'a', meta: {} },
  file: new File(['x'], 'a'),
}

/** Sends a unit, and notes what is told about it. A failure waits for the test to look at it. */
function send(sender: Sender, unit: TransferUnit, options: Partial<SendOptions> = {}) {
  const told: (string | number)[] = []
  const controller = new AbortController()
  const sent: Promise<SentUnit> = sender.send(unit, {
    file: info,
    checksums: () => [],
    sign: async () => signed(),
    started: () => told.push('started'),
    progress: (loaded) => told.push(loaded),
    stored: () => told.push('stored'),
    waiting: ({ code }) => told.push(code),
    signal: controller.signal,
    ...options,
  })
  sent.catch(() => {})
  return { sent, told, controller }
}

function error(code: UploadErrorCode, facts = {}): UploadError {
  return new UploadError(code, 'a', facts)
}

/** Has the sender store a unit, so that both signer and bucket count as set up rightly. */
async function storeOne(sender: Sender): Promise<void> {
  await send(sender, part(100)).sent
}

test('hashes, signs and sends a unit, and tells of it', async (context) => {
  const { puts, sender } = start(context, { hash: async () => ({ md5: 'm' }) })
  const asked: Digests[] = []
  const { sent, told } = send(sender, part(1, 7), {
    sign: async (digests) => {
      asked.push({ ...digests })
      return signed({ headers: { 'Content-MD5': 'm' } })
    },
  })
  const { digests } = await sent
  assert.deepEqual(digests, { md5: 'm' })
  assert.deepEqual(asked, [{ md5: 'm' }])
  assert.deepEqual(puts, [{ unit: 'f.1', url: BUCKET, headers: { 'Content-MD5': 'm' } }])
  assert.deepEqual(told, ['started', 7, 7, 'stored'])
})

test('sends no more units at a time than the limit, in their order', async (context) => {
  const { promise, resolve } = deferred<void>()
  const { puts, sender } = start(context, { fates: [promise, promise] })
  const all = [1, 2, 3, 4].map((number) => send(sender, part(number)))
  await settled()
  assert.deepEqual(
    puts.map(({ unit }) => unit),
    ['f.1', 'f.2'],
  )
  assert.deepEqual(all[2]?.told, [])
  resolve()
  await Promise.all(all.map(({ sent }) => sent))
  assert.deepEqual(
    puts.map(({ unit }) => unit),
    ['f.1', 'f.2', 'f.3', 'f.4'],
  )
})

test('a limit that changes applies as soon as a request ends', async (context) => {
  const gates = Array.from({ length: 6 }, () => deferred<void>())
  const settings = { ...ONE }
  const fates = gates.map(({ promise }) => promise)
  const { puts, sender } = start(context, { settings, fates })
  const all = [1, 2, 3, 4, 5, 6].map((number) => send(sender, part(number)).sent)
  await settled()
  assert.equal(puts.length, 1)
  settings.limit = 3
  gates[0]?.resolve()
  await settled()
  assert.equal(puts.length, 4)
  settings.limit = 1
  for (const index of [1, 2]) gates[index]?.resolve()
  await settled()
  assert.equal(puts.length, 4)
  gates[3]?.resolve()
  await settled()
  assert.equal(puts.length, 5)
  for (const { resolve } of gates) resolve()
  await Promise.all(all)
})

test('`maxSpeed` holds each request back until those before it are paid for', async (context) => {
  const settings: SenderSettings = { ...SETTINGS, maxSpeed: 1000 }
  const { clock, puts, sender } = start(context, { settings })
  const all = [1, 2, 3].map((number) => send(sender, part(number, 2000)).sent)
  await settled()
  assert.equal(puts.length, 1)
  await clock.tick(1900)
  assert.equal(puts.length, 1)
  await clock.tick(200)
  assert.equal(puts.length, 2)
  Object.assign(settings, { maxSpeed: undefined })
  await clock.tick(300)
  assert.equal(puts.length, 3)
  await Promise.all(all)
})

test('with `maxSpeed` a unit that is stopped while it waits is not sent', async (context) => {
  const { clock, puts, sender } = start(context, { settings: { ...SETTINGS, maxSpeed: 1000 } })
  const first = send(sender, part(1, 2000))
  const { sent, controller } = send(sender, part(2, 2000))
  await settled()
  controller.abort(reason)
  await assert.rejects(sent, reason)
  await first.sent
  await clock.tick(5000)
  assert.equal(puts.length, 1)
})

test('with `maxSpeed` parts are wished for that take a second', (context) => {
  const { sender } = start(context, { settings: { ...SETTINGS, maxSpeed: 300_000 } })
  assert.equal(sender.partSizeWish, 300_000)
})

test('tries what has never worked two times more, with pauses that double', async (context) => {
  const { clock, puts, sender } = start(context, { fates: [503, 503, 503] })
  const { sent, told } = send(sender, part(1))
  await settled()
  for (const [pause, tries] of [
    [499, 1],
    [1, 2],
    [999, 2],
    [1, 3],
  ] as const) {
    await clock.tick(pause)
    assert.equal(puts.length, tries)
  }
  await assert.rejects(sent, { code: 'bucket-failed' })
  assert.deepEqual(told, ['started', 'bucket-failed', 'started', 'bucket-failed', 'started'])
})

test('tries what has worked before for as long as `retryFor` says', async (context) => {
  const { clock, puts, sender } = start(context, { fates: [200, ...Array(99).fill(503)] })
  await storeOne(sender)
  const { sent } = send(sender, part(1))
  await settled()
  // Tries come 500, 1500, 3500 and 7500 ms after the first failure. The next one is the last.
  for (const pause of [500, 1000, 2000, 4000]) await clock.tick(pause)
  assert.equal(puts.length, 6)
  await clock.tick(7999)
  assert.equal(puts.length, 6)
  await clock.tick(1)
  assert.equal(puts.length, 7)
  await assert.rejects(sent, { code: 'bucket-failed' })
})

test('a unit that fails hopelessly is not tried again', async (context) => {
  const { puts, sender } = start(context, { fates: [200, 403] })
  await storeOne(sender)
  const { sent, told } = send(sender, part(1))
  await assert.rejects(sent, { code: 'access-denied' })
  assert.equal(puts.length, 2)
  assert.deepEqual(told, ['started'])
})

test('waits as long as the signer asks in Retry-After', async (context) => {
  const { clock, puts, sender } = start(context)
  await storeOne(sender)
  const answers = [Promise.reject(error('rate-limited', { retryAfter: 9000 }))]
  const { sent, told } = send(sender, part(1), { sign: () => answers.shift() ?? later() })
  const later = async () => signed()
  await settled()
  await clock.tick(8999)
  assert.equal(puts.length, 1)
  await clock.tick(1)
  await sent
  assert.deepEqual(told, ['rate-limited', 'started', 1, 1, 'stored'])
})

test('fails at once where the signer asks for more time than there is', async (context) => {
  const { sender } = start(context)
  await storeOne(sender)
  const { sent, told } = send(sender, part(1), {
    sign: () => Promise.reject(error('rate-limited', { retryAfter: 10_001 })),
  })
  await assert.rejects(sent, { code: 'rate-limited' })
  assert.deepEqual(told, [])
})

test('tries a signer that has answered for as long as `retryFor` says', async (context) => {
  const { clock, sender } = start(context)
  await storeOne(sender)
  let asked = 0
  const { sent } = send(sender, part(1), {
    sign: async () => {
      if (++asked <= 4) throw error('signer-unreachable')
      return signed()
    },
  })
  await settled()
  for (const pause of [500, 1000, 2000, 4000]) await clock.tick(pause)
  await sent
  assert.equal(asked, 5)
})

test('stops at once while the signer has not answered', async (context) => {
  const { puts, sender } = start(context)
  const { sent, controller } = send(sender, part(1), { sign: () => new Promise(() => {}) })
  await settled()
  controller.abort(reason)
  await assert.rejects(sent, reason)
  assert.equal(puts.length, 0)
})

test('stops while it waits for the next try', async (context) => {
  const { clock, puts, sender } = start(context, { fates: [503] })
  const { sent, controller } = send(sender, part(1))
  await settled()
  controller.abort(reason)
  await assert.rejects(sent, reason)
  await clock.tick(60_000)
  assert.equal(puts.length, 1)
})

test('a unit that is stopped while it waits for a connection leaves it to the next', async (context) => {
  const { promise, resolve } = deferred<void>()
  const { puts, sender } = start(context, { settings: ONE, fates: [promise] })
  const [first, stopped, next] = [1, 2, 3].map((number) => send(sender, part(number)))
  await settled()
  stopped?.controller.abort(reason)
  await assert.rejects(stopped?.sent ?? Promise.resolve(), reason)
  resolve()
  await Promise.all([first?.sent, next?.sent])
  assert.deepEqual(
    puts.map(({ unit }) => unit),
    ['f.1', 'f.3'],
  )
})

test('a unit that is stopped on its way gives back its connection', async (context) => {
  const { puts, sender } = start(context, { settings: ONE, fates: [new Promise(() => {})] })
  const { sent, controller } = send(sender, part(1))
  await settled()
  controller.abort(reason)
  await assert.rejects(sent, reason)
  await send(sender, part(2)).sent
  assert.deepEqual(
    puts.map(({ unit }) => unit),
    ['f.1', 'f.2'],
  )
})

test('signs again what got old while it waited for a connection', async (context) => {
  const { promise, resolve } = deferred<void>()
  const { clock, puts, sender } = start(context, { settings: ONE, fates: [promise] })
  const first = send(sender, part(1))
  let asked = 0
  const second = send(sender, part(2), {
    sign: async () => signed({ url: `https://b.example/${++asked}`, lifetime: 60_000 }),
  })
  await settled()
  await clock.tick(54_000)
  resolve()
  await Promise.all([first.sent, second.sent])
  assert.equal(puts[1]?.url, 'https://b.example/2')
})

test('units that are through make room for others, however they end', async (context) => {
  const { sender } = start(context)
  const refused = async () => {
    throw error('forbidden')
  }
  for (let number = 1; number <= 120; number++) {
    const options = number % 2 ? { sign: refused } : {}
    await send(sender, part(number), options).sent.catch(() => {})
  }
  assert.equal(sender.readAhead.isOpen, true)
})

test('hashes a unit once, however often it is tried', async (context) => {
  let hashed = 0
  const hash = async () => ({ md5: `${++hashed}` })
  const { clock, sender } = start(context, { fates: [503, 503], hash })
  const { sent } = send(sender, part(1))
  await settled()
  await clock.tick(500)
  await clock.tick(1000)
  assert.deepEqual((await sent).digests, { md5: '1' })
})

test('uses the digests that are being computed already', async (context) => {
  const hash = context.mock.fn(async () => ({}))
  const { sender } = start(context, { hash })
  const { sent } = send(sender, part(1), { digests: Promise.resolve({ md5: 'ahead' }) })
  assert.deepEqual((await sent).digests, { md5: 'ahead' })
  assert.equal(hash.mock.callCount(), 0)
})

test('adds the checksum that the signer turns out to require', async (context) => {
  const results: Digests[] = [{ md5: 'm' }, { md5: 'm', crc32c: 'c' }]
  const { puts, sender } = start(context, { hash: async () => results.shift() ?? {} })
  const { sent } = send(sender, part(1), {
    sign: async ({ crc32c }) => {
      if (!crc32c) throw error('checksum-needed')
      return signed()
    },
  })
  assert.deepEqual((await sent).digests, { md5: 'm', crc32c: 'c' })
  assert.equal(puts.length, 1)
})

test('goes on at once after a sign-in, and does not count it as a try', async (context) => {
  const signIn = context.mock.fn(async () => true)
  const { sender } = start(context, { signIn })
  let asked = 0
  const { sent, told } = send(sender, part(1), {
    sign: async () => {
      if (++asked <= 5) throw error('unauthorized')
      return signed()
    },
  })
  await sent
  assert.equal(signIn.mock.callCount(), 5)
  assert.deepEqual(told, [...Array(5).fill('unauthorized'), 'started', 1, 1, 'stored'])
})

test('has all its patience after a sign-in', async (context) => {
  const { promise, resolve } = deferred<boolean>()
  const { clock, sender } = start(context, { signIn: () => promise })
  await storeOne(sender)
  const failures = [error('unauthorized'), error('signer-unreachable')]
  const { sent } = send(sender, part(1), {
    sign: async () => {
      const failure = failures.shift()
      if (failure) throw failure
      return signed()
    },
  })
  await settled()
  await clock.tick(600_000)
  resolve(true)
  await settled()
  await clock.tick(1000)
  await sent
})

test('fails where there is no sign-in', async (context) => {
  const { sender } = start(context)
  const { sent } = send(sender, part(1), { sign: () => Promise.reject(error('unauthorized')) })
  await assert.rejects(sent, { code: 'unauthorized' })
})

test('waits for the browser to be online, and has all its patience then', async (context) => {
  const page = new EventTarget()
  let onLine = true
  Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => onLine })
  context.after(() => Reflect.deleteProperty(navigator, 'onLine'))
  for (const name of ['addEventListener', 'removeEventListener'] as const) {
    const listen = page[name].bind(page)
    Object.defineProperty(globalThis, name, { configurable: true, value: listen })
    context.after(() => Reflect.deleteProperty(globalThis, name))
  }
  const { clock, puts, sender } = start(context, { fates: [200, 503, 503] })
  await storeOne(sender)
  const { sent } = send(sender, part(1))
  await settled()
  onLine = false
  await clock.tick(600_000)
  assert.equal(puts.length, 2)
  onLine = true
  page.dispatchEvent(new Event('online'))
  await settled()
  assert.equal(puts.length, 3)
  await clock.tick(1000)
  await sent
  assert.equal(puts.length, 4)
})

/** A bucket that answers GETs without CORS, and nothing else. */
function mockHost(test: TestContext): void {
  test.mock.method(globalThis, 'fetch', async (_: URL, { mode }: RequestInit) => {
    if (mode === 'no-cors') return new Response()
    throw new TypeError('Failed to fetch')
  })
}

test('no answer is a CORS rule where nothing has worked, and a lost connection later', async (context) => {
  mockHost(context)
  const { clock, sender } = start(context, { fates: [0, 200, 0] })
  const first = send(sender, part(1))
  await settled()
  assert.deepEqual(first.told, ['started', 'cors-blocked'])
  await clock.tick(500)
  await first.sent
  const second = send(sender, part(2))
  await settled()
  assert.deepEqual(second.told, ['started', 'connection-lost'])
  await clock.tick(500)
  await second.sent
})

/** A bucket that answers each form with a status, and how often it was asked. */
function mockForms(test: TestContext, ...statuses: number[]) {
  return test.mock.method(globalThis, 'fetch', async () => {
    const status = statuses.shift() ?? 201
    return new Response(status === 201 ? '' : null, { status })
  }).mock
}

/** Signs a form where one is asked for; notes whether it was. */
function formSigner(asked: boolean[]) {
  return async (_: Digests, form: boolean) => {
    asked.push(form)
    return signed(form ? { fields: { key: 'k' } } : {})
  }
}

function whole(name: string, size = 1): TransferUnit {
  return { id: `${name}.0`, fileId: name, body: new Blob([new Uint8Array(size)]) }
}

test('a small file goes as a form', async (context) => {
  const forms = mockForms(context)
  const { puts, sender } = start(context)
  const asked: boolean[] = []
  const { sent, told } = send(sender, whole('a'), { sign: formSigner(asked) })
  await sent
  assert.deepEqual([asked, forms.callCount(), puts.length], [[true], 1, 0])
  assert.deepEqual(told, ['started', 1, 'stored'])
})

test('parts, and files of more than 256 KiB, go by PUT', async (context) => {
  const { puts, sender } = start(context)
  const asked: boolean[] = []
  const sign = formSigner(asked)
  await send(sender, part(1), { sign }).sent
  await send(sender, whole('a', MIB / 4 + 1), { sign }).sent
  assert.deepEqual([asked, puts.length], [[false, false], 2])
})

test('a form that is refused goes by PUT, and no further form is tried', async (context) => {
  const forms = mockForms(context, 403)
  const { puts, sender } = start(context)
  const asked: boolean[] = []
  const sign = formSigner(asked)
  await send(sender, whole('a'), { sign }).sent
  await send(sender, whole('b'), { sign }).sent
  assert.deepEqual([asked, forms.callCount(), puts.length], [[true, false, false], 1, 2])
})

test('forms that have worked are tried again after one was refused', async (context) => {
  const forms = mockForms(context, 201, 403)
  const { sender } = start(context)
  const sign = formSigner([])
  for (const name of ['a', 'b', 'c']) await send(sender, whole(name), { sign }).sent
  assert.equal(forms.callCount(), 3)
})

test('a bucket in trouble is waited for, and the next try is a PUT', async (context) => {
  mockForms(context, 201, 503)
  const { clock, puts, sender } = start(context)
  await send(sender, whole('first'), { sign: formSigner([]) }).sent
  const asked: boolean[] = []
  const { sent, told } = send(sender, whole('a'), { sign: formSigner(asked) })
  await settled()
  assert.deepEqual(told, ['started', 'bucket-failed'])
  assert.equal(puts.length, 0)
  await clock.tick(500)
  await sent
  assert.deepEqual(asked, [true, false])
})

test('forms and PUTs share the connections', async (context) => {
  const { promise, resolve } = deferred<Response>()
  context.mock.method(globalThis, 'fetch', () => promise)
  const { puts, sender } = start(context, { settings: ONE })
  const form = send(sender, whole('a'), { sign: formSigner([]) })
  await settled()
  const put = send(sender, part(1))
  await settled()
  assert.equal(puts.length, 0)
  resolve(new Response('', { status: 201 }))
  await Promise.all([form.sent, put.sent])
  assert.equal(puts.length, 1)
})

test('a question to the signer is tried again as a unit is', async (context) => {
  const { clock, sender } = start(context)
  const failures = [error('signer-unreachable'), error('signer-failed', { status: 500 })]
  const told: string[] = []
  const answer = sender.ask(
    {
      file: info,
      signal: new AbortController().signal,
      waiting: ({ code }) => told.push(code),
    },
    async () => {
      const failure = failures.shift()
      if (failure) throw failure
      return 'answer'
    },
  )
  await settled()
  await clock.tick(500)
  await clock.tick(1000)
  assert.equal(await answer, 'answer')
  assert.deepEqual(told, ['signer-unreachable', 'signer-failed'])
})
