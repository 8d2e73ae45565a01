import { expect } from 'chai'
import type {
  UploadEngine as Engine,
  InterruptedUpload,
  UploadEngineOptions,
} from '../../../src/engine/index.ts'
import { type ResumeEntry, ResumeStore } from '../../../src/engine/resume/resume-store.ts'
import type { SignerRequest } from '../../../src/protocol/index.ts'
import {
  crashMidway,
  entryOf,
  forgetAll,
  leftBehind,
  midway,
  otherPage,
  SIZE,
  STORED,
  storedFile,
} from '../../support/pages/crash.ts'
import { needsFileSystem, next, randomFile, sha256 } from '../../support/pages/helpers.ts'
import { addresses, bucket, UploadEngine } from '../../support/pages/library.ts'
import { spy } from '../../support/pages/spy-signer.ts'

const engines: Engine[] = []

function start(options: UploadEngineOptions = {}): Engine {
  const engine = new UploadEngine({ signer: spy(addresses.smallParts).ask, ...options })
  engines.push(engine)
  return engine
}

/** The code by which something fails. */
function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no failure',
    (error) => error.code,
  )
}

/** Leaves an upload behind, and finds it. */
async function interrupt(engine: Engine, { withHandle = true } = {}) {
  const { file, ...handle } = await storedFile('film.mp4')
  await crashMidway({ file, path: 'holiday/film.mp4', ...(withHandle ? handle : {}) })
  const [upload] = await leftBehind(engine)
  return { file, upload: upload as InterruptedUpload }
}

describe('an interrupted upload', () => {
  beforeEach(forgetAll)
  afterEach(async () => {
    for (const engine of engines.splice(0)) engine.clear()
    await forgetAll()
  })

  it('that is over leaves no database, for which the next page would load the uploader', async () => {
    const engine = start()
    const file = new File([new Uint8Array(SIZE)], 'film.mp4')
    const complete = next(engine, 'upload-complete')
    engine.add([file])
    await complete
    const databases = async () => (await indexedDB.databases()).map(({ name }) => name)
    expect(await databases()).to.include('bucket-upload')
    // As on the next page, once the upload that is over was forgotten.
    const nextPage = start()
    for (let tries = 0; tries < 100 && (await databases()).length > 0; tries++) {
      expect(await nextPage.interrupted()).to.deep.equal([])
    }
    expect(await databases()).not.to.include('bucket-upload')
    // And it is made again for the next upload.
    const again = next(engine, 'upload-complete')
    engine.add([file])
    await again
    expect(await databases()).to.include('bucket-upload')
  })

  it('is listed, and goes on without being chosen', async function () {
    needsFileSystem(this)
    const stored = await storedFile('film.mp4')
    const about = { path: 'holiday/film.mp4', type: 'video/x-own', meta: { album: 'summer' } }
    await crashMidway({ ...stored, ...about })
    const signer = spy(addresses.smallParts)
    const engine = start({ signer: signer.ask })
    const [upload] = await leftBehind(engine)
    const { id, key, expiresAt, ...rest } = upload as InterruptedUpload
    const path = 'holiday/film.mp4'
    const expected = { name: 'film.mp4', path, size: SIZE, stored: STORED, needsFile: false }
    expect(rest).to.deep.equal(expected)
    expect(key).to.match(/film\.mp4$/)
    expect(expiresAt.getTime()).to.be.above(Date.now())

    const complete = next(engine, 'upload-complete')
    const added = await engine.resumeInterrupted(id)
    expect(await engine.interrupted(), 'while it goes on').to.deep.equal([])
    const { uploaded } = await complete
    expect([signer.count('create'), signer.count('part')]).to.deep.equal([0, 2])
    expect(uploaded[0]).to.include({ id: added, key, path, type: 'video/x-own' })
    expect(uploaded[0]?.meta).to.deep.equal({ album: 'summer' })
    const sent = await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))
    expect(sent).to.equal(await sha256(stored.file))
    expect(await engine.interrupted(), 'in the end').to.deep.equal([])
  })

  it('is listed once nobody has it in a list', async () => {
    const stored = await storedFile('film.mp4')
    const { engine: other, crash } = await midway(stored)
    const engine = start()
    expect(await engine.interrupted(), 'while it runs').to.deep.equal([])
    other.pause()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(await engine.interrupted(), 'while it is paused').to.deep.equal([])
    crash()
    expect(await leftBehind(engine)).to.have.length(1)
    engine.configure({ manual: true })
    engine.add([stored.file])
    expect(await engine.interrupted(), 'once it was chosen again').to.deep.equal([])
  })

  it('is listed where an earlier upload of the same file is done', async () => {
    const stored = await storedFile('film.mp4')
    const engine = start()
    const complete = next(engine, 'upload-complete')
    engine.add([stored.file])
    await complete
    engine.clear()
    await crashMidway(stored)
    expect(await leftBehind(engine)).to.have.length(1)
  })

  it('is listed only by an engine with its signer, and with `resume` on', async () => {
    const engine = start()
    await interrupt(engine)
    expect(await start({ signer: addresses.smallParts }).interrupted()).to.deep.equal([])
    expect(await start({ signer: undefined }).interrupted()).to.deep.equal([])
    engine.configure({ resume: false })
    expect(await engine.interrupted()).to.deep.equal([])
  })

  it('goes on once, however often it is asked to', async function () {
    needsFileSystem(this)
    const engine = start()
    const { upload } = await interrupt(engine)
    const complete = next(engine, 'upload-complete')
    const work = [1, 2, 3].map(() => codeOf(engine.resumeInterrupted(upload.id)))
    expect((await Promise.all(work)).sort()).to.deep.equal([
      'no failure',
      'not-interrupted',
      'not-interrupted',
    ])
    expect((await complete).uploaded).to.have.length(1)
  })

  it('needs the file where there is no handle, and the right one', async () => {
    const signer = spy(addresses.smallParts)
    const engine = start({ signer: signer.ask })
    const { upload, file } = await interrupt(engine, { withHandle: false })
    expect(upload.needsFile).to.equal(true)
    expect(await codeOf(engine.resumeInterrupted(upload.id))).to.equal('file-needed')
    const { file: other } = await storedFile('other.mp4')
    expect(await codeOf(engine.resumeInterrupted(upload.id, other))).to.equal('file-changed')
    expect(await engine.interrupted()).to.deep.equal([upload])
    const complete = next(engine, 'upload-complete')
    await engine.resumeInterrupted(upload.id, file)
    expect((await complete).uploaded[0]).to.include({ path: 'holiday/film.mp4' })
    expect(signer.count('part')).to.equal(2)
  })

  it('stays where its file has changed or is gone', async function () {
    needsFileSystem(this)
    const engine = start()
    const { upload } = await interrupt(engine)
    await storedFile('film.mp4')
    expect(await codeOf(engine.resumeInterrupted(upload.id))).to.equal('file-changed')
    await (await navigator.storage.getDirectory()).removeEntry('film.mp4')
    expect(await codeOf(engine.resumeInterrupted(upload.id))).to.equal('file-unreadable')
    expect(await engine.interrupted()).to.deep.equal([upload])
  })

  const refusals: Record<string, () => Promise<string>> = {
    refused: async () => 'denied',
    'asked for without a click': async () => {
      throw new DOMException('User activation is required.', 'SecurityError')
    },
  }
  for (const [how, requestPermission] of Object.entries(refusals)) {
    it(`stays where the permission to read it is ${how}`, async function () {
      needsFileSystem(this)
      const engine = start()
      const { upload } = await interrupt(engine)
      const prototype = FileSystemHandle.prototype as { requestPermission?: unknown }
      const original = prototype.requestPermission
      Object.assign(prototype, { requestPermission })
      const code = await codeOf(engine.resumeInterrupted(upload.id))
      Object.assign(prototype, { requestPermission: original })
      expect(code).to.equal('file-not-allowed')
      expect(await engine.interrupted()).to.deep.equal([upload])
    })
  }

  it('stays where a restriction or the page keeps it out', async () => {
    const engine = start({ maxSize: 1000 })
    const { upload, file } = await interrupt(engine)
    const rejected = next(engine, 'file-rejected')
    const chosen = upload.needsFile ? file : undefined
    expect(await engine.resumeInterrupted(upload.id, chosen)).to.equal(undefined)
    expect((await rejected).code).to.equal('too-large')
    expect(await engine.interrupted()).to.deep.equal([upload])
  })

  it('leaves nothing in the bucket when it is discarded', async () => {
    const engine = start()
    const { upload } = await interrupt(engine)
    const isThere = async () => (await bucket()).uploads.some(({ key }) => key === upload.key)
    expect(await isThere()).to.equal(true)
    await engine.discardInterrupted(upload.id)
    expect(await isThere()).to.equal(false)
    expect(await engine.interrupted()).to.deep.equal([])
    expect(await codeOf(engine.discardInterrupted(upload.id))).to.equal('not-interrupted')
  })

  it('stays when the signer cannot be reached to discard it', async () => {
    const engine = start()
    const { upload } = await interrupt(engine)
    engine.configure({ signer: () => Promise.reject(new Error('No.')) })
    expect(await codeOf(engine.discardInterrupted(upload.id))).to.equal('signer-failed')
    expect(await engine.interrupted()).to.deep.equal([upload])
  })

  for (const code of ['upload-gone', 'invalid-grant', 'unsupported-op']) {
    it(`is forgotten when it is discarded and the signer says ${code}`, async () => {
      const engine = start()
      const { upload } = await interrupt(engine)
      const error = { code, message: 'No.' }
      engine.configure({ signer: (requests) => requests.map(({ id }) => ({ id, error })) })
      await engine.discardInterrupted(upload.id)
      expect(await engine.interrupted()).to.deep.equal([])
    })
  }

  for (const [status, left] of [
    [204, 0],
    [404, 0],
    [503, 1],
  ] as const) {
    it(`is thrown away by the URL of the signer, where the bucket answers ${status}`, async () => {
      const engine = start()
      const { upload } = await interrupt(engine)
      const sent: string[] = []
      const { fetch } = window
      window.fetch = async (url, init) => {
        sent.push(`${init?.method} ${url}`)
        return new Response(null, { status })
      }
      const url = 'https://bucket.example/abort'
      const signer = (requests: SignerRequest[]) => requests.map(({ id }) => ({ id, url }))
      engine.configure({ signer })
      const code = await codeOf(engine.discardInterrupted(upload.id))
      window.fetch = fetch
      expect(sent).to.deep.equal([`DELETE ${url}`])
      expect(code).to.equal(left === 0 ? 'no failure' : 'bucket-failed')
      expect(await engine.interrupted()).to.have.length(left)
    })
  }

  for (const [what, size] of [
    ['a small file', 1000],
    ['a file in parts', SIZE],
  ] as const) {
    it(`of ${what} makes no second object where the page crashed before it told`, async () => {
      const before = (await bucket()).objects.length
      const file = randomFile(`${crypto.randomUUID()}.bin`, size)
      const { ask } = spy(addresses.smallParts)
      const { promise: stored, resolve } = Promise.withResolvers<void>()
      const silent = (requests: SignerRequest[]) => {
        if (requests.every(({ op }) => op !== 'link')) return ask(requests)
        resolve()
        return new Promise<never>(() => {})
      }
      const page = await otherPage({ signer: silent, linkExpires: 60 })
      page.engine.add([file])
      await stored
      await new Promise((resolve) => setTimeout(resolve, 500))
      page.crash()
      const engine = start()
      const complete = next(engine, 'upload-complete')
      engine.add([file])
      const { uploaded } = await complete
      expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(file))
      expect((await bucket()).objects.length).to.equal(before + 1)
    })
  }

  const unlisted: Record<string, Partial<ResumeEntry>> = {
    'has expired': { expiresAt: Date.now() - 1 },
    'is of a file that is sent whole': { partSize: 0 },
  }
  for (const [why, changes] of Object.entries(unlisted)) {
    it(`is not listed when it ${why}`, async () => {
      const store = new ResumeStore()
      await store.put(await entryOf('a.bin', changes))
      await store.put(await entryOf('b.bin'))
      const names = (await start().interrupted()).map(({ name }) => name)
      expect(names).to.deep.equal(['b.bin'])
    })
  }
})
