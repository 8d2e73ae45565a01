import { expect } from 'chai'
import type { UploadEngine as Engine, UploadEngineOptions } from '../../src/engine/index.ts'
import type { Fault } from '../support/faults/faults.ts'
import { collect, next, randomFile, sha256 } from '../support/pages/helpers.ts'
import { addresses, bucket, setFaults, UploadEngine } from '../support/pages/library.ts'

const MiB = 2 ** 20
const sizes = { 'a small file': 10_000, 'a file in parts': 17 * MiB }
const engines: Engine[] = []

function start(options: UploadEngineOptions = {}): Engine {
  const signer = addresses.faultyLine
  const engine = new UploadEngine({ signer, stallTimeout: 1500, signerTimeout: 3000, ...options })
  engines.push(engine)
  return engine
}

/** Uploads something first, so that the engine knows that signer and bucket work. */
async function warmUp(engine: Engine): Promise<void> {
  const complete = next(engine, 'upload-complete')
  engine.add([randomFile('first.txt', 10)])
  await complete
}

/** Uploads a file while things go wrong; it must arrive, once, as it is. */
async function survive(faults: Partial<Record<string, Fault[]>>, size: number): Promise<Engine> {
  const engine = start()
  await warmUp(engine)
  const before = (await bucket()).objects.length
  const failures = collect(engine, 'file-failed')
  const uploads = collect(engine, 'file-uploaded')
  await setFaults(faults)
  const file = randomFile('photo.jpg', size, 'image/jpeg')
  const complete = next(engine, 'upload-complete')
  engine.add([file])
  await complete
  expect(failures.map((it) => it.code)).to.deep.equal([])
  expect(uploads).to.have.length(1)
  expect(await sha256(await fetch(uploads[0]?.downloadUrl ?? ''))).to.equal(await sha256(file))
  const { objects, uploads: unfinished } = await bucket()
  expect(objects.length - before, 'objects made').to.equal(1)
  expect(unfinished).to.deep.equal([])
  return engine
}

/** Uppy itself tries four times when there is no answer, or a 429 or 5xx: so that many are not enough. */
const often = (fault: Fault): Fault[] => [fault, fault, fault, fault, fault]

describe('an upload survives', () => {
  afterEach(async () => {
    await setFaults({})
    for (const engine of engines.splice(0)) engine.clear()
  })

  for (const [what, size] of Object.entries(sizes)) {
    const faults: Record<string, Fault[]> = {
      'a reset before the body': often('reset-before'),
      'a reset within the body': often('reset-during'),
      'a reset after the body, when the bucket has it already': often('reset-after'),
      'an answer that is cut off': often('truncate'),
      'a bucket that stops reading': ['jam'],
      'a bucket that never answers': ['stall'],
      'an answer that gets lost': ['mute'],
      'answers of 500': often('500'),
      'answers of 503 SlowDown': often('503'),
      'answers of 429': often('429'),
      'URLs that have expired': ['expired', 'expired'],
    }
    for (const [fault, sequence] of Object.entries(faults)) {
      it(`${fault}: ${what}`, async () => {
        await survive({ bucket: sequence }, size)
      })
    }

    it(`a signer that fails, resets, never answers and is slow: ${what}`, async () => {
      await survive({ signer: ['500', 'reset-before', 'stall', 'delay', '503', '429'] }, size)
    })
  }

  it('a browser whose clock is an hour ahead, or behind', async () => {
    const { now } = Date
    for (const wrong of [3_600_000, -3_600_000]) {
      Date.now = () => now() + wrong
      try {
        await survive({}, 17 * MiB)
      } finally {
        Date.now = now
      }
    }
  })

  it('being offline in the middle of a part, and says so', async () => {
    const engine = start({ limit: 1 })
    await warmUp(engine)
    let online = true
    Object.defineProperty(navigator, 'onLine', { get: () => online, configurable: true })
    const file = randomFile('film.mp4', 22 * MiB)
    const complete = next(engine, 'upload-complete')
    const states = new Set<string>()
    engine.addEventListener('change', () => states.add(engine.files.at(-1)?.status ?? ''))
    online = false
    await setFaults({ bucket: ['reset-during'] })
    engine.add([file])
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(engine.files.at(-1)?.status).not.to.equal('failed')
    online = true
    window.dispatchEvent(new Event('online'))
    const { uploaded } = await complete
    Reflect.deleteProperty(navigator, 'onLine')
    expect(await sha256(await fetch(uploaded.at(-1)?.downloadUrl ?? ''))).to.equal(
      await sha256(file),
    )
  })

  it('gives up, with the reason, when something that worked stays broken for too long', async () => {
    const engine = start({ retryFor: 1000 })
    await warmUp(engine)
    await setFaults({ signer: Array.from({ length: 100 }, () => '503') })
    const complete = next(engine, 'upload-complete')
    const progress = collect(engine, 'upload-progress')
    engine.add([randomFile('a.txt', 10)])
    const { failed } = await complete
    expect(failed.map((it) => it.error.code)).to.deep.equal(['signer-failed'])
    expect(progress.length).to.be.above(0)
  })
})
