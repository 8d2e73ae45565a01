import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Miniflare } from 'miniflare'
import {
  type DurableObjectBinding,
  durableObjectCounter,
} from '../../../src/server/counters/durable-objects.ts'
import { bundleFile } from '../../support/pages/bundled.ts'
import { testCounter } from '../../support/signer/counter-rules.ts'
import { attack } from '../../support/signer/limit-attack.ts'
import { ONE_PUT } from '../../support/signer/signer-server.ts'

const WORKER = fileURLToPath(new URL('../../support/signer/counting-worker.ts', import.meta.url))

/** Workerd, which is what Cloudflare runs; it can be stopped and started again in the middle. */
let worker: Miniflare
let folder: string
let script: string

async function start() {
  worker = new Miniflare({
    modules: true,
    script,
    compatibilityDate: '2026-07-01',
    durableObjects: { COUNTER: { className: 'UploadCounter', useSQLite: true } },
    durableObjectsPersist: folder,
  })
  await worker.ready
}

/** The objects, by way of the Worker: what Miniflare has for this is much slower. */
const binding: DurableObjectBinding<string> = {
  idFromName: (name) => name,
  get: (name) => ({
    fetch: async (_, init) => fetch(new URL(`/objects/${name}`, await worker.ready), init),
  }),
}

let tests = 0
/** Each test has an object of its own. */
const own = () => {
  tests += 1
  return { name: `test-${tests}` }
}

describe('durableObjectCounter', () => {
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'objects-'))
    script = await bundleFile(WORKER)
    await start()
  })
  after(async () => {
    await worker.dispose()
    rmSync(folder, { recursive: true, force: true })
  })

  testCounter(async () => {
    const counter = durableObjectCounter(binding, own())
    return { counter, pass: (seconds) => sleep(seconds * 1000) }
  })

  it('counts for a signer that is a Worker', async () => {
    const url = new URL('/sign', await worker.ready)
    const sign = async (user: string) => {
      const headers = { 'Content-Type': 'application/json', user }
      const response = await fetch(url, { method: 'POST', headers, body: ONE_PUT })
      const { responses, error } = await response.json()
      return error?.code ?? responses[0].error?.code ?? typeof responses[0].url
    }
    assert.equal(await sign('a'), 'string')
    assert.equal(await sign('a'), 'rate-limited')
    assert.equal(await sign('b'), 'string')
  })

  it('takes only the binding of a Durable Object', () => {
    assert.throws(() => durableObjectCounter({} as never), { message: /the binding of a Durable/ })
    assert.throws(() => durableObjectCounter(undefined as never), { message: /as env.COUNTER/ })
  })

  it('lets nothing be signed when the answer makes no sense, or is an error', async () => {
    const amounts = [{ key: 'all', amount: 1, limit: 1, window: undefined }]
    const answers: [answer: unknown, status: number, message: RegExp][] = [
      [{}, 200, /no sense/],
      [{ index: 1 }, 200, /no sense/],
      [null, 500, /has answered 500/],
    ]
    for (const [answer, status, message] of answers) {
      const get = () => ({ fetch: async () => Response.json(answer, { status }) })
      const counter = durableObjectCounter({ idFromName: (name) => name, get })
      await assert.rejects(async () => counter.take('a', amounts, 60), { message })
    }
  })

  it('counts for two signers behind a proxy, whatever comes at once, and while workerd is started again', async () => {
    const name = { name: 'attacked' }
    const seen = await attack({
      counters: [durableObjectCounter(binding, name), durableObjectCounter(binding, name)],
      users: 8,
      seconds: 4,
      atLeast: 10,
      async inTheMiddle() {
        await worker.dispose()
        await start()
      },
    })
    assert.deepEqual(seen.faults, [])
    assert.ok(Math.min(seen.stored, seen.refused, seen.aborted) >= 10, JSON.stringify(seen))
  })
})
