import { expect } from 'chai'
import type {
  UploadEngine as Engine,
  FileSnapshot,
  UploadEngineOptions,
} from '../../../src/engine/index.ts'
import { collect, moment, next, randomFile, sha256, until } from '../../support/pages/helpers.ts'
import { addresses, bucket, setFaults, UploadEngine } from '../../support/pages/library.ts'
import { spy } from '../../support/pages/spy-signer.ts'

const MiB = 2 ** 20
const PART = 5 * MiB
const engines: Engine[] = []

function start(options: UploadEngineOptions = {}): Engine {
  const engine = new UploadEngine({ signer: addresses.signers.ceph, ...options })
  engines.push(engine)
  return engine
}

/** A stream that a test pushes into. `asked` counts how often it was asked for more. */
function openStream() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const state = { asked: 0, cancelled: undefined as unknown }
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (its) => {
        controller = its
      },
      pull: () => {
        state.asked++
      },
      cancel: (reason) => {
        state.cancelled = reason ?? 'without a reason'
      },
    },
    { highWaterMark: 0 },
  )
  return {
    stream,
    state,
    push: async (data: Blob) => controller?.enqueue(new Uint8Array(await data.arrayBuffer())),
    end: () => controller?.close(),
    fail: (reason: unknown) => controller?.error(reason),
  }
}

/** The bytes of a blob, in chunks of so many. */
function chunked(data: Blob, size: number): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    async pull(controller) {
      if (at >= data.size) return controller.close()
      const chunk = await data.slice(at, at + size).arrayBuffer()
      at += size
      controller.enqueue(new Uint8Array(chunk))
    },
  })
}

async function uploadAll(engine: Engine, stream: ReadableStream<Uint8Array>, name = 'talk.webm') {
  const complete = next(engine, 'upload-complete')
  engine.add([{ stream, name, type: 'video/webm' }])
  return complete
}

function fileOf(engine: Engine): FileSnapshot {
  const [file] = engine.files
  if (!file) throw new Error('There is no file.')
  return file
}

async function unfinished(): Promise<number> {
  return (await bucket()).uploads.length
}

describe('a stream', () => {
  afterEach(async () => {
    await setFaults({})
    for (const engine of engines.splice(0)) engine.clear()
    while ((await unfinished()) > 0) await moment()
  })

  const sizes = { '0 B': 0, '1 kB': 1000, '5 MiB': PART, '5 MiB and 1 B': PART + 1, '32 MB': 32e6 }
  for (const [what, size] of Object.entries(sizes)) {
    for (const chunk of [60_000, 40 * MiB]) {
      it(`of ${what} arrives as it is, in chunks of ${chunk} B`, async () => {
        const engine = start()
        const data = randomFile('talk', size)
        const { uploaded } = await uploadAll(engine, chunked(data, chunk))
        const [file] = uploaded
        expect(file?.size).to.equal(size)
        expect(file?.isGrowing ?? false).to.equal(false)
        const response = await fetch(file?.downloadUrl ?? '')
        expect(response.headers.get('Content-Type')).to.equal('video/webm')
        expect(await sha256(response)).to.equal(await sha256(data))
        expect(new URL(file?.url ?? '').pathname).to.match(/talk\.webm$/)
        expect(file?.key).to.match(/talk\.webm$/)
      })
    }
  }

  it('of 40 MB arrives as it is, through a signer that needs a checksum', async () => {
    const engine = start({ signer: addresses.checked })
    const data = new Blob([randomFile('a', 30e6), randomFile('b', 10e6)])
    const { uploaded } = await uploadAll(engine, chunked(data, 100_000))
    expect(uploaded[0]?.size).to.equal(40e6)
    expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(data))
  })

  for (const signer of ['checkedByBrowser', 'encrypted', 'smallEmbedded', 'guarding'] as const) {
    it(`arrives as it is through ${signer}`, async () => {
      const data = randomFile('a', 12e6)
      const { uploaded } = await uploadAll(
        start({ signer: addresses[signer], integrity: 'off' }),
        chunked(data, 100_000),
      )
      expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(data))
    })
  }

  it('of up to 5 MiB is sent with one request, and a longer one in parts', async () => {
    const signer = spy(addresses.signers.ceph)
    const engine = start({ signer: signer.ask })
    await uploadAll(engine, chunked(randomFile('a', PART), 100_000))
    expect([signer.count('put'), signer.count('create')]).to.deep.equal([1, 0])
    await uploadAll(engine, chunked(randomFile('a', PART + 1), 100_000))
    expect([signer.count('put'), signer.count('create')]).to.deep.equal([1, 1])
    expect(signer.asked.filter(({ op }) => op === 'part')).to.have.length(2)
    const [create] = signer.asked.filter((it) => it.op === 'create')
    expect(create?.file).not.to.have.property('size')
    const [complete] = signer.asked.filter((it) => it.op === 'complete')
    expect(complete?.size).to.equal(PART + 1)
  })

  it('goes up while it grows, and says how far it is', async () => {
    const engine = start()
    const { stream, push, end } = openStream()
    const progress = collect(engine, 'upload-progress')
    const complete = next(engine, 'upload-complete')
    const data = randomFile('a', 12 * MiB)
    const [id = ''] = engine.add([{ stream, name: 'talk.webm' }])
    expect(engine.file(id)?.isGrowing).to.equal(true)
    expect(engine.file(id)?.size).to.equal(0)
    await push(data.slice(0, 11 * MiB))
    await until(() => loadedOf(engine) === 2 * PART)
    expect(fileOf(engine)).to.include({ status: 'uploading', isGrowing: true, size: 11 * MiB })
    await until(() => progress.at(-1)?.loaded === 2 * PART)
    expect(progress.at(-1)).to.include({ growing: 1, total: 11 * MiB, timeLeft: null })
    await push(data.slice(11 * MiB))
    end()
    const { uploaded } = await complete
    expect(uploaded[0]?.size).to.equal(12 * MiB)
    expect(engine.progress).to.include({ growing: 0, loaded: 12 * MiB, total: 12 * MiB })
    expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(data))
  })

  it('is read no faster than it is sent', async () => {
    const signer = spy(addresses.signers.ceph, { held: true, most: 2 })
    const engine = start({ signer: signer.ask, limit: 2 })
    const chunk = new Uint8Array(MiB)
    let pulled = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled++
        controller.enqueue(chunk)
      },
    })
    engine.add([{ stream: endless, name: 'endless' }])
    await until(() => loadedOf(engine) === 2 * PART)
    const before = await settled(() => pulled)
    // Two parts are stored, two on their way, one is filled, and one chunk waits in the stream.
    expect(before).to.be.within(25, 27)
    engine.clear()
  })

  it('shares its places in memory with the other streams of the engine', async () => {
    const signer = spy(addresses.signers.ceph, { held: true, most: 0 })
    const engine = start({ signer: signer.ask, limit: 2 })
    let pulled = 0
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => {
          pulled++
          controller.enqueue(new Uint8Array(MiB))
        },
      })
    engine.add([
      { stream: endless(), name: '1' },
      { stream: endless(), name: '2' },
      { stream: endless(), name: '3' },
    ])
    await until(() => pulled >= 25)
    // Two parts have places, and each of three streams has filled one more.
    expect(await settled(() => pulled)).to.be.within(25, 29)
    engine.clear()
  })

  it('fails as unreadable when it errors, and nothing is left in the bucket', async () => {
    const engine = start()
    const { stream, push, fail } = openStream()
    const complete = next(engine, 'upload-complete')
    const [id = ''] = engine.add([{ stream, name: 'talk.webm' }])
    await push(randomFile('a', 7 * MiB))
    await until(() => loadedOf(engine) === PART)
    fail(new Error('The camera is gone.'))
    const { failed } = await complete
    expect(failed[0]?.error.code).to.equal('file-unreadable')
    expect(failed[0]?.error.facts.said).to.equal('The camera is gone.')
    expect(failed[0]?.isGrowing ?? false).to.equal(false)
    expect(failed[0]?.isLost).to.equal(true)
    engine.retry(id)
    engine.retry()
    expect(fileOf(engine).status).to.equal('failed')
  })

  it('fails as unreadable when it errors at once, is no stream of bytes, or is read elsewhere', async () => {
    const failing = openStream()
    failing.fail(new Error('nothing'))
    const texts = new ReadableStream({ pull: (its) => its.enqueue('text') })
    const read = openStream().stream
    read.getReader()
    for (const stream of [failing.stream, texts as ReadableStream<Uint8Array>, read]) {
      const { failed } = await uploadAll(start(), stream)
      expect(failed[0]?.error.code).to.equal('file-unreadable')
    }
  })

  it('waits when the stream stalls, and goes on with it', async () => {
    const engine = start({ stallTimeout: 300, signerTimeout: 2000 })
    const { stream, push, end } = openStream()
    const data = randomFile('a', 7 * MiB)
    const complete = next(engine, 'upload-complete')
    engine.add([{ stream, name: 'talk.webm' }])
    await push(data.slice(0, 6 * MiB))
    await until(() => loadedOf(engine) === PART)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(fileOf(engine).status).to.equal('uploading')
    await push(data.slice(6 * MiB))
    end()
    const { uploaded } = await complete
    expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(data))
  })

  const limits: Record<string, [UploadEngineOptions, string]> = {
    'the maxSize of the page, while it is short': [{ maxSize: 2 * MiB }, 'too-large'],
    'the maxSize of the page': [{ maxSize: 12 * MiB }, 'too-large'],
    'the maxTotalSize of the page': [{ maxTotalSize: 12 * MiB }, 'total-too-large'],
  }
  for (const [what, [options, code]] of Object.entries(limits)) {
    it(`ends with ${code} at ${what}`, async () => {
      const { stream, push, state } = openStream()
      const engine = start(options)
      const complete = next(engine, 'upload-complete')
      engine.add([{ stream, name: 'talk.webm' }])
      while (fileOf(engine).status !== 'failed') {
        if (state.asked > 0) await push(randomFile('a', MiB))
        await moment()
      }
      const { failed } = await complete
      expect(failed[0]?.error.code).to.equal(code)
      expect(failed[0]?.error.facts.limit).to.equal(options.maxSize ?? options.maxTotalSize)
      expect(failed[0]?.isLost).to.equal(true)
      expect(state.cancelled).to.equal(failed[0]?.error)
    })
  }

  it('ends with too-large at the maxSize of the signer', async () => {
    const data = randomFile('a', 6 * MiB)
    const engine = start({ signer: addresses.strict })
    const complete = next(engine, 'upload-complete')
    engine.add([{ stream: chunked(data, 100_000), name: 'a.png', type: 'image/png' }])
    const { failed } = await complete
    expect(failed[0]?.error.code).to.equal('too-large')
    expect(failed[0]?.error.facts.limit).to.equal(1000)
  })

  it('ends with too-small if it is', async () => {
    const engine = start({ minSize: 2000 })
    const { failed } = await uploadAll(engine, chunked(randomFile('a', 1000), 500))
    expect(failed[0]?.error.code).to.equal('too-small')
    const { uploaded } = await uploadAll(engine, chunked(randomFile('a', 2000), 500))
    expect(uploaded).to.have.length(1)
  })

  for (const size of [3 * MiB, 17 * MiB]) {
    it(`holds the stream while it is paused, after ${size / MiB} MiB`, async () => {
      const engine = start()
      const { stream, push, end, state } = openStream()
      const data = randomFile('a', 20 * MiB)
      const complete = next(engine, 'upload-complete')
      const [id = ''] = engine.add([{ stream, name: 'talk.webm' }])
      await push(data.slice(0, size))
      await until(() => fileOf(engine).size === size)
      engine.pause(id)
      expect(fileOf(engine)).to.include({ status: 'paused', isGrowing: true })
      const asked = await settled(() => state.asked)
      await push(data.slice(size, size + 100))
      await push(data.slice(size + 100))
      expect(await settled(() => state.asked)).to.be.within(asked, asked + 1)
      expect(fileOf(engine).size).to.equal(size)
      engine.resume(id)
      end()
      const { uploaded } = await complete
      expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(data))
    })
  }

  it('sends what it holds again after a pause in the middle of parts', async () => {
    const signer = spy(addresses.signers.ceph, { held: true, most: 1 })
    const engine = start({ signer: signer.ask })
    const data = randomFile('a', 20 * MiB)
    const complete = next(engine, 'upload-complete')
    const [id = ''] = engine.add([{ stream: chunked(data, MiB), name: 'talk.webm' }])
    await until(() => loadedOf(engine) === PART)
    await until(() => fileOf(engine).size === 20 * MiB)
    engine.pause(id)
    signer.state.held = false
    engine.resume(id)
    const { uploaded } = await complete
    expect(signer.count('create')).to.equal(1)
    expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(data))
  })

  for (const size of [0, 3 * MiB, 7 * MiB]) {
    for (const step of ['cancel', 'remove', 'clear'] as const) {
      it(`is told by ${step}, after ${size / MiB} MiB`, async () => {
        const engine = start()
        const { stream, push, state } = openStream()
        const [id = ''] = engine.add([{ stream, name: 'talk.webm' }])
        if (size > 0) {
          await push(randomFile('a', size))
          await until(() => fileOf(engine).size === size)
        }
        engine[step](id)
        await until(() => state.cancelled !== undefined)
        if (step !== 'cancel') return
        expect(fileOf(engine)).to.include({ status: 'cancelled', isLost: true })
        engine.retry(id)
        expect(fileOf(engine).status).to.equal('cancelled')
        expect(engine.progress.growing).to.equal(0)
      })
    }
  }

  it('survives cut connections, late answers and a signer that fails', async () => {
    const engine = start({ signer: addresses.faultyLine, stallTimeout: 1500, signerTimeout: 3000 })
    await uploadAll(engine, chunked(randomFile('a', 10), 10))
    await setFaults({
      bucket: ['reset-during', 'reset-after', 'jam', 'truncate', '503', 'mute', 'expired'],
      signer: ['500', 'reset-before', 'reset-after'],
    })
    const data = randomFile('a', 32 * MiB)
    const { uploaded, failed } = await uploadAll(engine, chunked(data, 300_000))
    expect(failed).to.deep.equal([])
    expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(data))
  })

  it('can be tried again after a connection that was away for too long', async () => {
    const engine = start({ signer: addresses.faultyLine, retryFor: 200, limit: 2 })
    await uploadAll(engine, chunked(randomFile('a', 10), 10))
    const data = randomFile('a', 17 * MiB)
    const complete = next(engine, 'upload-complete')
    await setFaults({ bucket: Array.from({ length: 200 }, () => 'reset-during') })
    const [id = ''] = engine.add([{ stream: chunked(data, 300_000), name: 'talk.webm' }])
    const { failed } = await complete
    expect(failed[0]).to.include({ isGrowing: true })
    expect(failed[0]?.isLost ?? false).to.equal(false)
    expect(failed[0]?.error.code).to.equal('connection-lost')
    await setFaults({})
    const again = next(engine, 'upload-complete')
    engine.retry(id)
    const { uploaded } = await again
    expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(data))
  })

  it('says so where the signer takes no streams', async () => {
    const engine = start({ signer: addresses.signers.cephByPut })
    const { failed } = await uploadAll(engine, chunked(randomFile('a', 6 * MiB), 100_000))
    expect(failed[0]?.error.code).to.equal('signer-refused')
    const { uploaded } = await uploadAll(engine, chunked(randomFile('a', MiB), 100_000))
    expect(uploaded).to.have.length(1)
  })

  it('may come from a TransformStream: what was compressed on the way is whole', async () => {
    const line = `${Array.from({ length: 400 }, () => Math.random()).join(' ')}\n`
    const text = new Blob([line.repeat(1500), randomFile('a', 6 * MiB)])
    const zipped = text.stream().pipeThrough(new CompressionStream('gzip'))
    const { uploaded } = await uploadAll(start(), zipped, 'notes.txt.gz')
    const { body } = await fetch(uploaded[0]?.downloadUrl ?? '')
    const plain = body?.pipeThrough(new DecompressionStream('gzip'))
    expect(await sha256(new Response(plain))).to.equal(await sha256(text))
  })

  it('is checked by the page like any file', async () => {
    const engine = start({ accept: 'video/*' })
    const rejected = collect(engine, 'file-rejected')
    const { stream } = openStream()
    expect(engine.add([{ stream, name: 'a.txt', type: 'text/plain' }])).to.deep.equal([])
    expect(rejected[0]?.code).to.equal('type-not-allowed')
  })

  it('that is a photo keeps no metadata, or is refused', async () => {
    const engine = start({ stripMetadata: true })
    const jpeg = new Blob([new Uint8Array([0xff, 0xd8, 0xff, 0xe1]), randomFile('a', 6 * MiB)])
    const { failed } = await uploadAll(engine, chunked(jpeg, 100_000), 'a.jpg')
    expect(failed[0]?.error.code).to.equal('metadata-not-removed')
    const { uploaded } = await uploadAll(engine, chunked(randomFile('a', 6 * MiB), 100_000))
    expect(uploaded).to.have.length(1)
  })
})

function loadedOf(engine: Engine): number {
  const [file] = engine.files
  if (file?.status === 'failed') throw file.error
  return file && 'loaded' in file ? file.loaded : 0
}

/** The number once it has not changed for a while. */
async function settled(count: () => number): Promise<number> {
  for (let last = -1; last !== count(); ) {
    last = count()
    await new Promise((resolve) => setTimeout(resolve, 400))
  }
  return count()
}
