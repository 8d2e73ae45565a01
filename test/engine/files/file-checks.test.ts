/** What becomes of files while a page checks them, and of the data along with them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CandidateFile } from '../../../src/engine/api/file.ts'
import type { SignerFunction, UploadEngineOptions } from '../../../src/engine/api/options.ts'
import { UploadEngine } from '../../../src/engine/upload-engine.ts'
import type { SignerRequest } from '../../../src/protocol/index.ts'

type Wait = (check: PromiseLike<unknown>, file?: CandidateFile) => void

/** An engine, what its signer was asked, and its events by name. */
function start(options: UploadEngineOptions = {}) {
  const asked: SignerRequest[] = []
  const signer: SignerFunction = (requests) => {
    asked.push(...requests)
    return requests.map(({ id }) => ({ id, key: id, url: `https://b.example/${id}` }))
  }
  const engine = new UploadEngine(
    { signer, integrity: 'off', resume: false, ...options },
    { createTransport: () => ({ put: async (_, { presign }) => void (await presign()) }) },
  )
  const events: string[] = []
  engine.addEventListener('file-uploaded', ({ detail }) => events.push(`${detail.name} uploaded`))
  engine.addEventListener('file-rejected', ({ detail: { file, code, error } }) =>
    events.push(`${file.name} ${code}: ${error.reason}`),
  )
  engine.addEventListener('upload-complete', () => events.push('complete'))
  return { engine, asked, events }
}

function whenAdded(engine: UploadEngine, check: (files: CandidateFile[], wait: Wait) => void) {
  engine.addEventListener('files-added', ({ detail: { files, waitUntil } }) =>
    check(files, waitUntil),
  )
}

const files = (...names: string[]) => names.map((name) => new File(['x'], name))

async function until(condition: () => unknown): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    assert.ok(tries < 3000, `${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

const statuses = ({ files }: UploadEngine) =>
  files.map((it) => (it.status === 'queued' && it.isChecking ? 'checking' : it.status))

test('a file is held until its check is over, and the others go on', async () => {
  const { engine, asked, events } = start()
  const { promise, resolve } = Promise.withResolvers<void>()
  whenAdded(engine, ([first], wait) => wait(promise, first))
  engine.add(files('held', 'free'))
  assert.deepEqual(statuses(engine), ['checking', 'queued'])
  await until(() => events.includes('free uploaded'))
  assert.deepEqual(statuses(engine), ['checking', 'uploaded'])
  assert.deepEqual(asked.length, 1)
  resolve()
  await until(() => events.includes('complete'))
  assert.deepEqual(events, ['free uploaded', 'held uploaded', 'complete'])
})

test('a check that rejects rejects its file, with the words of its error', async () => {
  const { engine, asked, events } = start()
  whenAdded(engine, ([first, second, third], wait) => {
    wait(Promise.reject(new Error('Too dark.')), first)
    wait(Promise.reject('Too bright.'), second)
    wait(Promise.reject(), third)
  })
  engine.add(files('a', 'b', 'c'))
  await until(() => events.includes('complete'))
  assert.deepEqual(events, [
    'a not-accepted: Too dark.',
    'b not-accepted: Too bright.',
    'c not-accepted: This file was not accepted. Choose another one.',
    'complete',
  ])
  assert.deepEqual([engine.files, asked], [[], []])
  assert.equal(engine.rejections.length, 3)
})

test('a file waits for all of its checks, those of the whole event too', async () => {
  const { engine, events } = start()
  const [one, all] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  whenAdded(engine, ([first], wait) => {
    wait(one.promise, first)
    wait(all.promise)
  })
  engine.add(files('a', 'b'))
  one.resolve()
  await new Promise((resolve) => setTimeout(resolve, 5))
  assert.deepEqual(statuses(engine), ['checking', 'checking'])
  all.resolve()
  await until(() => events.includes('complete'))
  assert.deepEqual(statuses(engine), ['uploaded', 'uploaded'])
})

test('a check that never ends holds up nothing else, and its file can be removed', async () => {
  const { engine, events } = start()
  const { promise, resolve } = Promise.withResolvers<void>()
  whenAdded(engine, ([file], wait) => file?.name === 'stuck' && wait(promise, file))
  const [stuck = ''] = engine.add(files('stuck'))
  engine.add(files('other'))
  await until(() => events.includes('other uploaded'))
  engine.cancel(stuck)
  assert.deepEqual(events, ['other uploaded', 'complete'])
  // Tried again, it is still held.
  engine.retry(stuck)
  assert.equal(statuses(engine)[0], 'checking')
  engine.remove(stuck)
  assert.deepEqual(events, ['other uploaded', 'complete', 'complete'])
  resolve()
  await new Promise((done) => setTimeout(done, 5))
  assert.deepEqual(
    engine.files.map(({ name }) => name),
    ['other'],
  )
})

test('a paused file stays paused after its check, and one of `manual` waits for the start', async () => {
  for (const manual of [false, true]) {
    const { engine, events } = start({ manual })
    const { promise, resolve } = Promise.withResolvers<void>()
    whenAdded(engine, (_, wait) => wait(promise))
    engine.add(files('a'))
    if (!manual) engine.pause()
    resolve()
    await new Promise((done) => setTimeout(done, 5))
    assert.deepEqual(statuses(engine), [manual ? 'queued' : 'paused'])
    if (manual) engine.start()
    else engine.resume()
    await until(() => events.includes('a uploaded'))
  }
})

test('a started file of `manual` goes on by itself once it is checked', async () => {
  const { engine, events } = start({ manual: true })
  const { promise, resolve } = Promise.withResolvers<void>()
  whenAdded(engine, (_, wait) => wait(promise))
  engine.add(files('a'))
  engine.start()
  assert.deepEqual(statuses(engine), ['checking'])
  resolve()
  await until(() => events.includes('a uploaded'))
})

test('waitUntil throws when it is too late', () => {
  const { engine } = start()
  let late: Wait | undefined
  whenAdded(engine, (_, wait) => {
    late = wait
  })
  engine.add(files('a'))
  assert.throws(() => late?.(Promise.resolve()), /files-added/)
})

test('meta goes to the signer with each file, and what a script says of a file goes before it', async () => {
  const { engine, asked, events } = start({ meta: { album: '7', by: 'all' }, order: 'as-added' })
  const [own = new File([], '')] = files('own')
  engine.add([...files('plain'), { file: own, meta: { by: 'one' } }])
  await until(() => events.includes('complete'))
  assert.deepEqual(
    asked.map((it) => 'meta' in it && it.meta),
    [
      { album: '7', by: 'all' },
      { album: '7', by: 'one' },
    ],
  )
  assert.deepEqual(engine.files[1]?.meta, { album: '7', by: 'one' })
})

test('a meta of 1 MB fails its file with a clear error, and no other', async () => {
  const { engine, asked, events } = start()
  const [large = new File([], '')] = files('large')
  const failed: string[] = []
  engine.addEventListener('file-failed', ({ detail: { file, code, error } }) =>
    failed.push(`${file.name} ${code} ${error.hint}`),
  )
  engine.add([{ file: large, meta: { text: 'x'.repeat(2 ** 20) } }, ...files('other')])
  await until(() => events.includes('complete'))
  assert.match(`${failed}`, /^large meta-too-long .*8,192/)
  assert.deepEqual(events, ['other uploaded', 'complete'])
  assert.equal(asked.length, 1)
})
