import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import {
  type CallSize,
  createSigner,
  type LogEntry,
  type SignerConfig,
  SignerError,
  type StoredFile,
  s3,
  type UploadedObject,
} from '../../../src/server/index.ts'
import type { Gateway } from '../../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../../support/servers/gateways.ts'
import { createBucket, deleteBucket, listMultipartUploads } from '../../support/servers/s3-admin.ts'
import {
  ask,
  created,
  failed,
  fakeBucket,
  sendPart,
} from '../../support/signer/multipart-client.ts'
import { CREDENTIALS } from '../../support/signer/recompute.ts'
import { BUCKET, ONE_PUT, putRequest, startSigner } from '../../support/signer/signer-server.ts'
import { withoutCall } from '../../support/signer/without-call.ts'

const HELLO = new TextEncoder().encode('hello')
const FILE = { name: 'hello é.txt', size: 5, type: 'text/plain; charset=utf-8' }
const byHeader: SignerConfig['authorize'] = (request) => ({
  user: request.headers.get('user') ?? undefined,
})

let gateway: Gateway
const bucket = bucketName('hooks')

before(async () => {
  gateway = await cephGateway()
  await createBucket(gateway, bucket)
})
after(async () => {
  const left = await listMultipartUploads(gateway, bucket)
  await deleteBucket(gateway, bucket)
  assert.deepEqual(left, [])
})

const start = (test: TestContext, config: Partial<SignerConfig> = {}) =>
  startSigner(test, { now: () => new Date(), bucket: s3({ ...gateway, bucket }), ...config })

describe('onSigned', () => {
  it('hears of each new file, and of no further try by grant', async (test) => {
    const seen: object[] = []
    const { fetch } = fakeBucket(() => created('upload-1'))
    const onSigned = (file: StoredFile) => void seen.push(withoutCall(file))
    const signer = await startSigner(test, { onSigned, fetch, authorize: byHeader })
    const meta = { album: '7' }
    const { grant, key } = await ask(signer, 'put', { file: FILE, meta })
    assert.deepEqual(seen, [{ key, file: FILE, user: 'ann', meta }])
    assert.ok((await ask(signer, 'put', { file: FILE, meta, grant })).url)
    assert.ok((await ask(signer, 'link', { grant })).downloadUrl)
    assert.equal(seen.length, 1)
    const multipart = await ask(signer, 'create', { file: FILE })
    assert.deepEqual(seen[1], { key: multipart.key, file: FILE, user: 'ann', meta: {} })
    assert.ok((await ask(signer, 'part', { grant: multipart.grant, partNumber: 1 })).url)
    assert.equal(seen.length, 2)
  })

  it('may refuse, before the bucket is asked for anything', async (test) => {
    const { fetch, seen } = fakeBucket(() => created('upload-1'))
    const onSigned = () => {
      throw new SignerError('quota', 'Your plan has no space left.')
    }
    const signer = await startSigner(test, { onSigned, fetch })
    for (const op of ['put', 'create']) {
      const response = await ask(signer, op, { file: FILE })
      assert.deepEqual(response, {
        id: '1',
        error: { code: 'quota', message: 'Your plan has no space left.' },
      })
    }
    assert.equal(seen.length, 0)
  })

  it('is not told of what is refused', async (test) => {
    let calls = 0
    const signer = await startSigner(test, { maxSize: 4, onSigned: () => void calls++ })
    for (const op of ['put', 'create']) assert.ok((await ask(signer, op, { file: FILE })).error)
    assert.equal(calls, 0)
  })
})

describe('onUploaded', () => {
  function spy() {
    const seen: Partial<UploadedObject>[] = []
    return { seen, onUploaded: (object: UploadedObject) => void seen.push(withoutCall(object)) }
  }
  const ETAG = '5d41402abc4b2a76b9719d911017c592'

  it('hears of a file in one piece when the page asks for its link', async (test) => {
    const { seen, onUploaded } = spy()
    const signer = await start(test, { onUploaded, authorize: byHeader })
    const signed = await ask(signer, 'put', { file: FILE })
    const { url = '', headers = {}, grant, key } = signed
    assert.equal(signed.downloadUrl, undefined)
    assert.equal((await ask(signer, 'link', { grant })).error?.code, 'upload-incomplete')
    assert.equal(seen.length, 0)
    assert.equal((await fetch(url, { method: 'PUT', headers, body: HELLO })).status, 200)
    const { downloadUrl = '' } = await ask(signer, 'link', { grant })
    assert.equal(await (await fetch(downloadUrl)).text(), 'hello')
    assert.deepEqual(seen, [{ key, file: FILE, etag: ETAG, user: 'ann' }])
  })

  it('hears of an upload in parts when it is put together', async (test) => {
    const { seen, onUploaded } = spy()
    const signer = await start(test, { onUploaded })
    const { grant, key } = await ask(signer, 'create', { file: FILE })
    assert.equal((await sendPart(signer, grant, 1, HELLO)).status, 200)
    assert.equal(seen.length, 0)
    const done = await ask(signer, 'complete', { grant })
    assert.equal(done.error, undefined)
    const [object] = seen
    assert.deepEqual({ ...object, etag: '' }, { key, file: FILE, etag: '', user: undefined })
    assert.equal(object?.etag, done.etag)
    assert.match(object?.etag ?? '', /^[0-9a-f]{32}-1$/)
    assert.ok((await ask(signer, 'link', { grant: done.grant })).downloadUrl)
    assert.deepEqual(seen[1], object)
  })

  it('may refuse, and then there is no link', async (test) => {
    const onUploaded = async () => {
      throw new SignerError('infected', 'The file has a virus.')
    }
    const signer = await start(test, { onUploaded })
    const { url = '', headers = {}, grant } = await signer.put(FILE)
    await fetch(url, { method: 'PUT', headers, body: HELLO })
    assert.equal((await ask(signer, 'link', { grant })).error?.code, 'infected')
    const { grant: parts } = await ask(signer, 'create', { file: FILE })
    await sendPart(signer, parts, 1, HELLO)
    const done = await ask(signer, 'complete', { grant: parts })
    assert.deepEqual([done.error?.code, done.downloadUrl], ['infected', undefined])
  })

  it('is not told of another size or type, or of what the bucket does not tell', async (test) => {
    const answers: [Response, string][] = [
      [head({ 'Content-Length': '6', 'Content-Type': FILE.type }), 'upload-incomplete'],
      [head({ 'Content-Length': '5', 'Content-Type': 'text/html' }), 'upload-incomplete'],
      [head({ 'Content-Type': FILE.type }), 'upload-incomplete'],
      [new Response(null, { status: 404 }), 'upload-incomplete'],
      [failed('AccessDenied', 403), 'internal-error'],
    ]
    for (const [answer, code] of answers) {
      const { seen, onUploaded } = spy()
      const { fetch } = fakeBucket(() => answer)
      const signer = await startSigner(test, { onUploaded, fetch, onError() {} })
      const { grant } = await signer.put(FILE)
      assert.equal((await ask(signer, 'link', { grant }, '')).error?.code, code)
      assert.equal(seen.length, 0)
    }
    const { seen, onUploaded } = spy()
    const right = { 'Content-Length': '5', 'Content-Type': 'Text/Plain;charset=UTF-8' }
    const { fetch } = fakeBucket(() => head(right))
    const signer = await startSigner(test, { onUploaded, fetch })
    const { grant } = await signer.put(FILE)
    assert.ok((await ask(signer, 'link', { grant }, '')).downloadUrl)
    assert.equal(seen.length, 1)
  })

  function head(headers: Record<string, string>): Response {
    return new Response(null, { headers })
  }
})

describe('rateLimit', () => {
  it('hears how much a call wants, and slows it', async (test) => {
    const seen: object[] = []
    let wait: number | undefined
    const rateLimit = (size: CallSize) => {
      assert.equal(size.request.headers.get('user'), 'ann')
      seen.push(withoutCall(size))
      return wait
    }
    const signer = await startSigner(test, { rateLimit, authorize: byHeader })
    const init = { headers: { user: 'ann' } }
    const [first] = await signer.call([putRequest('1', { size: 7 }), putRequest('2')], init)
    assert.deepEqual(seen, [{ user: 'ann', requests: 2, files: 2, bytes: 48_218 }])
    const again = [putRequest('1', { size: 7 }, { grant: first?.grant }), { id: '2', op: 'x' }]
    await signer.call(again, init)
    assert.deepEqual(seen[1], { user: 'ann', requests: 2, files: 0, bytes: 0 })
    wait = 1.2
    const answer = await signer.send(ONE_PUT, init)
    assert.equal(answer.status, 429)
    assert.equal(answer.headers.get('Retry-After'), '2')
    assert.equal((await answer.json()).error.code, 'rate-limited')
    wait = 0
    assert.equal((await signer.send(ONE_PUT, init)).status, 200)
  })

  it('is a fault of the signer where its answer makes no sense', async (test) => {
    for (const answer of [-1, Number.NaN, Number.POSITIVE_INFINITY, '5', true, {}]) {
      const errors: unknown[] = []
      const onError = (error: unknown) => errors.push(error)
      const signer = await startSigner(test, { rateLimit: () => answer as never, onError })
      await assert.rejects(signer.put(), { code: 'internal-error' })
      assert.match(String(errors[0]), /"rateLimit" must return seconds/)
    }
  })
})

describe('log', () => {
  it('hears of each call, and has nothing in it that lets anybody in', async (test) => {
    const entries: LogEntry[] = []
    const signer = await startSigner(test, {
      log: (entry) => entries.push(entry),
      authorize: byHeader,
      origins: ['https://app.example'],
      maxSize: 50_000,
    })
    const headers = { user: 'ann', Origin: 'https://app.example', Cookie: 'session=hunter2' }
    const requests = [putRequest('1'), putRequest('2', { size: 50_001 }), { id: '3', op: 'x' }]
    const [first] = await signer.call(requests, { headers })
    const [{ duration, ...entry } = { duration: -1 }] = entries
    assert.ok(duration >= 0 && duration < 10_000)
    assert.deepEqual(entry, {
      time: '2026-11-24T10:00:00.000Z',
      status: 200,
      user: 'ann',
      origin: 'https://app.example',
      requests: [
        { op: 'put', key: first?.key, size: 48_211 },
        { op: 'put', size: 50_001, code: 'too-large' },
        { op: 'unknown', code: 'unsupported-op' },
      ],
    })
    await signer.call([{ id: '1', op: 'link', grant: first?.grant }], { headers })
    assert.deepEqual(entries[1]?.requests, [{ op: 'link', key: first?.key }])
    const text = JSON.stringify(entries)
    const { accessKeyId, secretAccessKey } = CREDENTIALS
    for (const secret of [
      'X-Amz',
      'http:',
      '?',
      'hunter2',
      first?.grant,
      accessKeyId,
      secretAccessKey,
    ]) {
      assert.ok(secret && !text.includes(secret), secret)
    }
  })

  it('hears why a call was refused', async (test) => {
    const entries: LogEntry[] = []
    const log = (entry: LogEntry) => entries.push(entry)
    const nobody = await startSigner(test, { log, authorize: () => null })
    const faulty = await startSigner(test, { log, key: () => Promise.reject('no'), onError() {} })
    await nobody.send(ONE_PUT)
    await faulty.send(ONE_PUT)
    await faulty.send('{')
    await faulty.send(ONE_PUT, { headers: { Origin: 'https://evil.test' } })
    await faulty.send(ONE_PUT, { method: 'PUT' })
    const told = entries.map(({ status, code, requests }) => [status, code, requests.length])
    assert.equal(entries[1]?.requests[0]?.code, 'internal-error')
    assert.deepEqual(told, [
      [401, 'unauthorized', 0],
      [200, undefined, 1],
      [400, 'bad-request', 0],
      [403, 'origin-not-allowed', 0],
      [405, 'bad-request', 0],
    ])
  })

  it('that fails spoils no answer', async (test) => {
    const errors: unknown[] = []
    const onError = (error: unknown) => errors.push(error)
    const log = () => {
      throw new Error('The disk is full.')
    }
    const signer = await startSigner(test, { log, onError })
    assert.ok((await signer.put()).url)
    assert.match(String(errors[0]), /disk is full/)
  })
})

it('a hook that is no function is refused when the signer is made', () => {
  for (const name of ['onSigned', 'onUploaded', 'rateLimit', 'log']) {
    for (const hook of ['x', 1, {}, null]) {
      const config = { bucket: BUCKET, authorize: 'everybody' as const, [name]: hook }
      assert.throws(() => createSigner(config as SignerConfig), {
        message: `"${name}" must be a function.`,
      })
    }
  }
})
