import { expect } from 'chai'
import type { UploadEngine as Engine, UploadEngineOptions } from '../../src/engine/index.ts'
import type { SignerRequest } from '../../src/protocol/index.ts'
import {
  collect,
  moment,
  next,
  randomFile,
  sha256,
  until,
  untilReleased,
} from '../support/pages/helpers.ts'
import { addresses, bucket, UploadEngine } from '../support/pages/library.ts'
import { spy } from '../support/pages/spy-signer.ts'
import { withoutWorkers } from '../support/pages/without-workers.ts'

const MiB = 2 ** 20
const engines: Engine[] = []

function start(options: UploadEngineOptions = {}): Engine {
  const engine = new UploadEngine({ signer: addresses.signers.ceph, ...options })
  engines.push(engine)
  return engine
}

async function uploadAll(engine: Engine, ...files: File[]) {
  const complete = next(engine, 'upload-complete')
  engine.add(files)
  return complete
}

/** Adds a file of more than three parts, and waits until three of them are stored, and remembered. */
async function threeParts(engine: Engine, file: File): Promise<string> {
  const [id = ''] = engine.add([file])
  while ((await rememberedParts(file.name)) < 3) {
    const [snapshot] = engine.files
    if (snapshot?.status === 'failed') throw snapshot.error
    await moment()
  }
  return id
}

/** How many parts the browser remembers of the files of that name. */
async function rememberedParts(name: string): Promise<number> {
  // To open one that is not there would make one, without anything in it.
  const isThere = (await indexedDB.databases()).some((it) => it.name === 'bucket-upload')
  if (!isThere) return 0
  const database = await answer(indexedDB.open('bucket-upload'))
  try {
    const transaction = database.transaction(['uploads', 'parts'])
    const uploads = await answer(transaction.objectStore('uploads').getAll())
    const parts = await answer(transaction.objectStore('parts').getAll())
    const ours = uploads.filter((it) => it.name === name).map((it) => it.fingerprint)
    return parts.filter((it) => ours.includes(it.fingerprint)).length
  } finally {
    database.close()
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** As on a slow processor: nothing is hashed until the work is done. */
async function withHashesHeld<T>(work: () => Promise<T>): Promise<T> {
  const { postMessage } = Worker.prototype
  const held: (() => void)[] = []
  Worker.prototype.postMessage = function (this: Worker, ...message: unknown[]) {
    held.push(() => Reflect.apply(postMessage, this, message))
  }
  try {
    return await work()
  } finally {
    Object.assign(Worker.prototype, { postMessage })
    for (const send of held) send()
  }
}

/** Runs the work, and waits until the page has the answers to so many PUTs of parts. */
async function afterPuts<T>(count: number, work: () => T): Promise<T> {
  const { open } = XMLHttpRequest.prototype
  let answers = 0
  XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, ...request: unknown[]) {
    this.addEventListener('loadend', () => answers++)
    return Reflect.apply(open, this, request)
  }
  try {
    const result = work()
    while (answers < count) await moment()
    await moment()
    return result
  } finally {
    Object.assign(XMLHttpRequest.prototype, { open })
  }
}

describe('a file in parts', () => {
  afterEach(async () => {
    for (const engine of engines.splice(0)) engine.clear()
  })

  for (const [name, signer] of Object.entries(addresses.signers)) {
    it(`arrives whole through ${name}`, async () => {
      const file = randomFile('film.mp4', 22 * MiB, 'video/mp4')
      const { uploaded } = await uploadAll(start({ signer }), file)
      const [result] = uploaded
      expect(await sha256(await fetch(result?.downloadUrl ?? ''))).to.equal(await sha256(file))
      expect(new URL(result?.url ?? '').pathname).to.include('film.mp4')
      expect(result?.key).to.match(/film\.mp4$/)
    })
  }

  it('arrives whole where the bucket hides the ETag', async () => {
    const file = randomFile('film.mp4', 17 * MiB)
    const { uploaded } = await uploadAll(start({ signer: addresses.noEtag }), file)
    expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(file))
  })

  for (const [where, signer] of Object.entries(addresses.signers)) {
    it(`arrives whole without integrity through ${where}`, async () => {
      const file = randomFile('film.mp4', 17 * MiB)
      const { uploaded } = await uploadAll(start({ signer, integrity: 'off' }), file)
      expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(file))
    })
  }

  it('arrives in one piece where nobody can name the parts', async () => {
    // No ListParts, and no worker.
    const signer = spy(addresses.smallEmbedded)
    const file = randomFile('film.mp4', 17 * MiB)
    const { uploaded } = await withoutWorkers(() => uploadAll(start({ signer: signer.ask }), file))
    expect(signer.count('put')).to.equal(1)
    expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(file))
  })

  it('goes up in as many parts as there are connections', async () => {
    const { ask, count } = spy(addresses.signers.ceph)
    await uploadAll(start({ signer: ask }), randomFile('film.mp4', 33 * MiB))
    expect([count('create'), count('part'), count('complete')]).to.deep.equal([1, 6, 1])
  })

  it('is sent in one piece where the signer knows only put', async () => {
    const { ask, count } = spy(addresses.signers.cephByPut)
    const engine = start({ signer: ask, multiple: true } as UploadEngineOptions)
    const { uploaded } = await uploadAll(
      engine,
      randomFile('a.bin', 17 * MiB),
      randomFile('b.bin', 17 * MiB),
    )
    expect(uploaded).to.have.length(2)
    expect(count('part')).to.equal(0)
  })

  it('goes on after a pause without sending again what is stored', async () => {
    const signer = spy(addresses.smallParts, { held: true })
    const engine = start({ signer: signer.ask })
    const file = randomFile(`${crypto.randomUUID()}.mp4`, 22 * MiB)
    const progress = collect(engine, 'upload-progress')
    const id = await threeParts(engine, file)
    engine.pause(id)
    expect(engine.files[0]?.status).to.equal('paused')
    signer.state.held = false
    const complete = next(engine, 'upload-complete')
    engine.resume(id)
    const { uploaded } = await complete
    expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(file))
    expect([signer.count('create'), signer.count('part')]).to.deep.equal([1, 5])
    expect(signer.count('parts'), 'the page knows which parts are stored').to.equal(0)
    const loaded = progress.map((it) => it.loaded)
    expect(loaded).to.deep.equal([...loaded].sort((a, b) => a - b))
  })

  it('does not send again what was stored, but not hashed yet, when it was paused', async () => {
    const signer = spy(addresses.smallParts, { held: true })
    const engine = start({ signer: signer.ask })
    const file = randomFile(`${crypto.randomUUID()}.mp4`, 22 * MiB)
    const [id = ''] = await withHashesHeld(async () => {
      const ids = await afterPuts(3, () => engine.add([file]))
      engine.pause(ids[0])
      return ids
    })
    signer.state.held = false
    const complete = next(engine, 'upload-complete')
    engine.resume(id)
    const { uploaded } = await complete
    expect(signer.count('part'), 'each part is signed once').to.equal(5)
    expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(file))
  })

  it('goes on in another page when the same file is added again', async () => {
    const file = randomFile(`${crypto.randomUUID()}.mp4`, 22 * MiB)
    const first = spy(addresses.smallParts, { held: true })
    const engine = start({ signer: first.ask })
    const id = await threeParts(engine, file)
    engine.pause(id)
    await untilReleased()
    // As after a reload: another engine, which knows nothing but what was kept.
    const second = spy(addresses.smallParts)
    const { uploaded } = await uploadAll(start({ signer: second.ask }), file)
    expect([second.count('create'), second.count('parts')]).to.deep.equal([0, 1])
    expect(second.count('part')).to.equal(2)
    expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(file))
  })

  it('does not send again what another tab has sent while it was paused', async () => {
    const file = randomFile(`${crypto.randomUUID()}.mp4`, 22 * MiB)
    const first = spy(addresses.smallParts, { held: true })
    const engine = start({ signer: first.ask })
    const id = await threeParts(engine, file)
    engine.pause(id)
    await untilReleased()
    const other = start({ signer: spy(addresses.smallParts, { held: true, most: 4 }).ask })
    other.add([file])
    while ((await rememberedParts(file.name)) < 4) await moment()
    other.pause()
    await untilReleased()
    first.state.held = false
    const complete = next(engine, 'upload-complete')
    engine.resume(id)
    const { uploaded } = await complete
    expect([first.count('parts'), first.count('part')]).to.deep.equal([1, 4])
    expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(file))
  })

  it('goes on in another page where the bucket cannot list parts', async () => {
    const file = randomFile(`${crypto.randomUUID()}.mp4`, 22 * MiB)
    const first = spy(addresses.smallEmbedded, { held: true })
    const engine = start({ signer: first.ask })
    engine.pause(await threeParts(engine, file))
    await untilReleased()
    const second = spy(addresses.smallEmbedded)
    const { uploaded } = await uploadAll(start({ signer: second.ask }), file)
    expect([second.count('create'), second.count('part')]).to.deep.equal([0, 2])
    expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(file))
  })

  it('starts a second upload for the same file in another tab', async () => {
    const file = randomFile(`${crypto.randomUUID()}.mp4`, 22 * MiB)
    const engine = start({ signer: spy(addresses.smallParts, { held: true }).ask })
    await threeParts(engine, file)
    const second = spy(addresses.smallParts)
    const { uploaded } = await uploadAll(start({ signer: second.ask }), file)
    expect([second.count('create'), uploaded.length]).to.deep.equal([1, 1])
  })

  it('leaves nothing in the bucket when it is cancelled or removed', async () => {
    for (const end of ['cancel', 'remove'] as const) {
      const name = `${end}.mp4`
      const begun = async () =>
        (await bucket()).uploads.filter(({ key }) => key.endsWith(name)).length
      const engine = start({ signer: spy(addresses.smallParts, { held: true }).ask })
      const id = await threeParts(engine, randomFile(name, 22 * MiB))
      expect(await begun()).to.equal(1)
      engine[end](id)
      for (let tries = 0; tries < 50 && (await begun()) > 0; tries++);
      expect(await begun(), end).to.equal(0)
    }
  })

  it('starts over by itself when the bucket has dropped it', async () => {
    const file = randomFile(`${crypto.randomUUID()}.mp4`, 22 * MiB)
    const signer = spy(addresses.smallParts, { held: true })
    const engine = start({ signer: signer.ask })
    const id = await threeParts(engine, file)
    engine.pause(id)
    const part = signer.asked.find((it) => it.op === 'part')
    await signer.ask([{ id: '1', op: 'abort', grant: part?.grant ?? '' }])
    signer.state.held = false
    const complete = next(engine, 'upload-complete')
    engine.resume(id)
    const { uploaded } = await complete
    expect(signer.count('create')).to.equal(2)
    expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(file))
  })

  it('begins one upload, and no second one, when the answer of the signer is lost', async () => {
    const signer = spy(addresses.smallParts)
    let lost = 2
    const losing = async (requests: SignerRequest[]) => {
      const responses = await signer.ask(requests)
      const isLost = requests.some((it) => it.op === 'create') && lost-- > 0
      return isLost
        ? requests.map(({ id }) => ({ id, error: { code: 'internal-error', message: 'Lost.' } }))
        : responses
    }
    const before = await bucket()
    const { uploaded } = await uploadAll(
      start({ signer: losing }),
      randomFile('film.mp4', 22 * MiB),
    )
    expect([uploaded.length, signer.count('create')]).to.deep.equal([1, 3])
    const after = await bucket()
    expect(after.uploads.length).to.equal(before.uploads.length)
    expect(after.objects.length).to.equal(before.objects.length + 1)
  })

  it('signs anew what has waited too long for its turn', async () => {
    const signer = addresses.shortLived
    const files = Array.from({ length: 8 }, (_, n) => randomFile(`${n}.bin`, 1000))
    let asked = 0
    // The first file holds the only connection for longer than the URLs of the others live.
    const slow = async (requests: SignerRequest[]) => {
      asked += requests.length
      const body = JSON.stringify({ version: 1, requests })
      const headers = { 'Content-Type': 'application/json' }
      const answer = await (await fetch(signer, { method: 'POST', headers, body })).json()
      if (asked <= 8) await new Promise((resolve) => setTimeout(resolve, 3500))
      return answer.responses
    }
    const { uploaded, failed } = await uploadAll(start({ signer: slow }), ...files)
    expect(failed).to.deep.equal([])
    expect(uploaded).to.have.length(8)
    expect(asked).to.be.above(8)
  })

  it('waits for somebody to sign in, if the page takes care of that', async () => {
    let token = ''
    const engine = start({
      signer: addresses.locked,
      signerHeaders: () => ({ Authorization: token }),
    })
    engine.addEventListener('sign-in-needed', (event) => event.preventDefault())
    const needed = next(engine, 'sign-in-needed')
    const complete = next(engine, 'upload-complete')
    engine.add([randomFile('a.txt', 10), randomFile('b.txt', 10)])
    await needed
    await until(() => engine.files.every((file) => file.status === 'waiting'))
    token = 'in'
    engine.resume()
    expect((await complete).uploaded).to.have.length(2)
  })

  it('has its bytes checked by the bucket', async () => {
    const { ask } = spy(addresses.signers.ceph)
    const wrong = (requests: SignerRequest[]) =>
      ask(
        requests.map((request) =>
          request.op === 'put' ? { ...request, md5: '1B2M2Y8AsgTpgAmY7PhCfg==' } : request,
        ),
      )
    const { failed } = await uploadAll(start({ signer: wrong }), randomFile('a.txt', 10))
    expect(failed[0]?.error.code).to.equal('corrupted')
  })

  it('tells speed and time left', async () => {
    const engine = start()
    const progress = collect(engine, 'upload-progress')
    await uploadAll(engine, randomFile('film.mp4', 33 * MiB), randomFile('film.mp4', 33 * MiB))
    expect(progress.some((it) => it.speed > 0 && (it.timeLeft ?? 0) > 0)).to.equal(true)
    await until(() => progress.at(-1)?.active === 0)
    expect(progress.at(-1)).to.include({ speed: 0, timeLeft: null })
  })
})
