import { expect } from 'chai'
import type { UploadEngine as Engine, UploadEngineOptions } from '../../src/engine/index.ts'
import { isRefusal, type SignerRequest, type SignerResponse } from '../../src/protocol/index.ts'
import { next, randomFile, sha256, until, untilReleased } from '../support/pages/helpers.ts'
import { addresses, bucket, takeChecked, UploadEngine } from '../support/pages/library.ts'
import { withoutWorkers } from '../support/pages/without-workers.ts'

const MiB = 2 ** 20
const BOTH = ['content-md5', 'x-amz-checksum-sha256']
const engines: Engine[] = []

function start(options: UploadEngineOptions = {}): Engine {
  const engine = new UploadEngine({ signer: addresses.checked, ...options })
  engines.push(engine)
  return engine
}

async function uploadAll(engine: Engine, ...files: File[]) {
  const complete = next(engine, 'upload-complete')
  engine.add(files)
  return complete
}

async function call(signer: string, requests: SignerRequest[]): Promise<SignerResponse[]> {
  const body = JSON.stringify({ version: 1, requests })
  const headers = { 'Content-Type': 'application/json' }
  return (await (await fetch(signer, { method: 'POST', headers, body })).json()).responses
}

/** A signer that notes what it is asked, and can do something before it asks the one behind it. */
function spy(signer: string, before: (requests: SignerRequest[]) => unknown = () => {}) {
  const calls: SignerRequest[][] = []
  const ask = async (requests: SignerRequest[]) => {
    calls.push(requests)
    await before(requests)
    // Each part is asked for.
    const asked = requests.map((it) => (it.op === 'create' ? { ...it, signParts: 0 } : it))
    return call(signer, asked)
  }
  const count = (op: string) => calls.flat().filter((it) => it.op === op).length
  return { ask, calls, count }
}

async function expectStored(file: File, url: string | null | undefined): Promise<void> {
  expect(await sha256(await fetch(url ?? ''))).to.equal(await sha256(file))
}

describe('a signer that needs a checksum', () => {
  beforeEach(() => takeChecked())
  afterEach(() => {
    for (const engine of engines.splice(0)) engine.clear()
  })

  it('gets it with small files; only the first ones are asked about twice', async () => {
    const { ask, count } = spy(addresses.checked)
    const engine = start({ signer: ask })
    const file = randomFile('a.bin', 1000)
    const { uploaded } = await uploadAll(engine, file)
    expect(count('put')).to.equal(2)
    await uploadAll(engine, ...[0, 10, 1000].map((size) => randomFile('b.bin', size)))
    expect(count('put')).to.equal(5)
    const puts = await takeChecked()
    expect(puts).to.deep.equal(Array(4).fill({ checks: BOTH, passed: true }))
    await expectStored(file, uploaded[0]?.downloadUrl)
  })

  it('gets it with forms', async () => {
    const { ask, count } = spy(addresses.checkedForms)
    const engine = start({ signer: ask })
    const file = randomFile('a.bin', 1000)
    const { uploaded } = await uploadAll(engine, file)
    await uploadAll(engine, randomFile('b.bin', 1000))
    expect(count('put')).to.equal(3)
    const form = { checks: ['x-amz-checksum-sha256'], passed: true }
    expect(await takeChecked()).to.deep.equal([form, form])
    await expectStored(file, uploaded[0]?.downloadUrl)
  })

  it('gets it with each part, without being asked twice', async () => {
    const { ask, count } = spy(addresses.checked)
    const file = randomFile('film.mp4', 22 * MiB)
    const { uploaded } = await uploadAll(start({ signer: ask }), file)
    expect([count('create'), count('part'), count('complete')]).to.deep.equal([1, 5, 1])
    expect(await takeChecked()).to.deep.equal(Array(5).fill({ checks: BOTH, passed: true }))
    await expectStored(file, uploaded[0]?.downloadUrl)
  })

  for (const [where, signer] of Object.entries({
    'in the next page too': addresses.checked,
    'in the next page where no ETag is an MD5': addresses.encrypted,
  })) {
    it(`gets it ${where}, and only with what is missing`, async () => {
      const file = randomFile('film.mp4', 22 * MiB)
      // The last two parts are never signed: what is left out is asked for once more, alone.
      const isLate = (it: SignerRequest) => it.op === 'part' && it.partNumber > 3
      const held = async (requests: SignerRequest[]) => {
        if (requests.every(isLate)) await new Promise(() => {})
        return call(
          signer,
          requests.filter((it) => !isLate(it)),
        )
      }
      const engine = start({ signer: held, limit: 1 })
      const [id = ''] = engine.add([file])
      // The next begins when the one before is stored.
      await until(() => engine.progress.loaded > 10 * MiB)
      engine.pause(id)
      await untilReleased()
      const { ask, count } = spy(signer)
      const { uploaded } = await uploadAll(start({ signer: ask }), file)
      expect([count('create'), count('parts'), count('complete')]).to.deep.equal([0, 1, 1])
      // Each is asked about once; of the third it is not known here whether it has arrived.
      expect(count('part')).to.be.within(2, 3)
      await expectStored(file, uploaded[0]?.downloadUrl)
    })
  }

  it('gets it with integrity off too, and no MD5 then', async () => {
    for (const size of [1000, 17 * MiB]) {
      const file = randomFile('film.mp4', size)
      const { uploaded } = await uploadAll(start({ integrity: 'off' }), file)
      await expectStored(file, uploaded[0]?.downloadUrl)
    }
    for (const put of await takeChecked()) {
      expect(put).to.deep.equal({ checks: ['x-amz-checksum-sha256'], passed: true })
    }
  })

  for (const [what, size, signer] of [
    ['a form', 1000, addresses.checkedForms],
    ['a small file', 1000, addresses.checked],
    ['a part', 17 * MiB, addresses.checked],
  ] as const) {
    it(`has ${what} sent again that was damaged on its way`, async () => {
      await takeChecked({ damage: 2 })
      const file = randomFile('film.mp4', size)
      // The MD5 is not there to find it out.
      const { uploaded } = await uploadAll(start({ signer, integrity: 'off' }), file)
      const puts = await takeChecked()
      expect(puts.filter(({ passed }) => !passed)).to.have.length(2)
      await expectStored(file, uploaded[0]?.downloadUrl)
    })

    it(`lets ${what} fail at once where the browser can compute none`, async () => {
      const before = performance.now()
      const { failed } = await withoutWorkers(() => {
        return uploadAll(start({ signer }), randomFile('film.mp4', size))
      })
      expect(failed.map(({ error }) => error.code)).to.deep.equal(['checksum-needed'])
      expect(failed[0]?.error.hint).to.match(/hash-worker\.js.*"sha256"/)
      expect(performance.now() - before).to.be.below(5000)
      expect(await takeChecked()).to.deep.equal([])
    })
  }

  it('may ask for one that is not known here, in vain', async () => {
    const error = { code: 'checksum-needed', message: 'Send it.', checksum: 'sha3' }
    const signer = (requests: SignerRequest[]) => requests.map(({ id }) => ({ id, error }))
    const { failed } = await uploadAll(start({ signer }), randomFile('a.txt', 10))
    expect(failed.map((it) => it.error.code)).to.deep.equal(['checksum-needed'])
  })

  for (const integrity of ['md5', 'off'] as const) {
    it(`is named them where the browser puts the parts together, integrity ${integrity}`, async () => {
      const { ask, calls } = spy(addresses.checkedByBrowser)
      const file = randomFile('film.mp4', 17 * MiB)
      const { uploaded } = await uploadAll(start({ signer: ask, integrity }), file)
      const named = calls.flat().flatMap((it) => (it.op === 'complete' && it.parts) || [])
      expect(named).to.have.length(4)
      for (const { sha256, etag } of named) {
        expect([sha256?.length, etag.length]).to.deep.equal([44, 32])
      }
      await expectStored(file, uploaded[0]?.downloadUrl)
    })
  }
})

describe('a part that another client has written', () => {
  afterEach(() => {
    for (const engine of engines.splice(0)) engine.clear()
  })

  /** Writes other bytes as part 2 before the parts are put together, so many times. */
  function meddler(signer: string, times: number) {
    let left = times
    return spy(signer, async ([request]) => {
      if (request?.op !== 'complete' || left-- <= 0) return
      const body = randomFile('other', 5 * MiB)
      const digest = await crypto.subtle.digest('SHA-256', await body.arrayBuffer())
      const checksum = { sha256: btoa(String.fromCharCode(...new Uint8Array(digest))) }
      const part = { grant: request.grant, partNumber: 2, size: body.size, ...checksum }
      const [signed] = await call(signer, [{ id: '1', op: 'part', ...part }])
      if (!signed || isRefusal(signed)) throw new Error('The part was not signed.')
      const { url = '', headers = {} } = signed
      const stored = await fetch(url, { method: 'PUT', headers, body: body.slice() })
      expect(stored.status).to.equal(200)
    })
  }

  /** And how many of the five parts are sent again. */
  const places: [where: string, signer: string, again: number][] = [
    ['by its MD5', addresses.smallParts, 1],
    ['by its MD5, to a bucket that knows checksums', addresses.checked, 1],
    ['by its checksum, where no ETag is an MD5', addresses.encrypted, 5],
  ]
  for (const [where, signer, again] of places) {
    describe(where, () => {
      it('is found out, and replaced', async () => {
        const { ask, count } = meddler(signer, 1)
        const file = randomFile('film.mp4', 22 * MiB)
        const { uploaded } = await uploadAll(start({ signer: ask }), file)
        await expectStored(file, uploaded[0]?.downloadUrl)
        expect([count('part'), count('parts'), count('complete')]).to.deep.equal([5 + again, 1, 2])
      })

      it('is replaced no more than twice, and becomes no object', async () => {
        const before = await bucket()
        const { ask, count } = meddler(signer, 10)
        const { failed } = await uploadAll(start({ signer: ask }), randomFile('film.mp4', 22 * MiB))
        expect(failed.map(({ error }) => error.code)).to.deep.equal(['parts-differ'])
        expect([count('part'), count('complete')]).to.deep.equal([5 + 2 * again, 3])
        expect((await bucket()).objects.length).to.equal(before.objects.length)
      })

      it('is put right by somebody who tries again', async () => {
        const { ask } = meddler(signer, 3)
        const engine = start({ signer: ask })
        const file = randomFile('film.mp4', 22 * MiB)
        const { failed } = await uploadAll(engine, file)
        const complete = next(engine, 'upload-complete')
        engine.retry(failed[0]?.id)
        await expectStored(file, (await complete).uploaded[0]?.downloadUrl)
      })
    })
  }
})
