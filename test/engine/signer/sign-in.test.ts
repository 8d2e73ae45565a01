import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SignerFunction, UploadEngineOptions } from '../../../src/engine/api/options.ts'
import { UploadEngine } from '../../../src/engine/upload-engine.ts'

/** An engine whose signer refuses everybody until they are signed in, and what its listeners hear. */
function start(options: UploadEngineOptions = {}) {
  const state = { isSignedIn: false, asked: 0 }
  const signer: SignerFunction = (requests) =>
    requests.map(({ id }) =>
      state.isSignedIn
        ? { id, url: 'https://b.example/k' }
        : { id, error: { code: 'unauthorized', message: 'Sign in.' } },
    )
  const engine = new UploadEngine(
    { signer, integrity: 'off', ...options },
    { createTransport: () => ({ put: async (_unit, { presign }) => void (await presign()) }) },
  )
  engine.addEventListener('sign-in-needed', (event) => {
    event.preventDefault()
    state.asked++
  })
  return { engine, state }
}

function file(name: string): File {
  return new File(['x'], name)
}

/** Waits until the files have these states. */
async function until(engine: UploadEngine, ...statuses: string[]): Promise<void> {
  const now = () => engine.files.map(({ status }) => status)
  for (let tries = 0; now().join() !== statuses.join(); tries++) {
    if (tries === 2000) assert.deepEqual(now(), statuses)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

for (const end of ['cancel', 'pause', 'remove'] as const) {
  test(`asks to sign in again after ${end} has ended the wait for it`, async () => {
    const { engine, state } = start()
    const [id = ''] = engine.add([file('a')])
    await until(engine, 'waiting')
    engine[end](id)
    const before = engine.files.map(({ status }) => status)
    engine.add([file('b')])
    await until(engine, ...before, 'waiting')
    assert.equal(state.asked, 2)
    state.isSignedIn = true
    engine.resume()
    await until(engine, ...(end === 'pause' ? ['uploaded'] : before), 'uploaded')
  })
}

test('asks to sign in once, as long as any file waits for it', async () => {
  const { engine, state } = start()
  const [a = ''] = engine.add([file('a'), file('b')])
  await until(engine, 'waiting', 'waiting')
  engine.cancel(a)
  engine.add([file('c')])
  await until(engine, 'cancelled', 'waiting', 'waiting')
  assert.equal(state.asked, 1)
  state.isSignedIn = true
  engine.resume()
  await until(engine, 'cancelled', 'uploaded', 'uploaded')
})

test('goes on at once where the listener signs in and resumes by itself', async () => {
  const { engine, state } = start()
  engine.addEventListener('sign-in-needed', () => {
    state.isSignedIn = true
    engine.resume()
  })
  engine.add([file('a')])
  await until(engine, 'uploaded')
  assert.equal(state.asked, 1)
})
