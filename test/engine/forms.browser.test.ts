import { expect } from 'chai'
import type { UploadEngine as Engine } from '../../src/engine/index.ts'
import { collect, next, randomFile, sha256 } from '../support/pages/helpers.ts'
import { addresses, bucket, setFaults, UploadEngine } from '../support/pages/library.ts'

const KIB = 1024

/** What went out by `fetch` as a form, and by XMLHttpRequest as a PUT. */
const sent = { forms: 0, puts: 0 }
const { fetch: realFetch } = window
const { open: realOpen } = XMLHttpRequest.prototype

async function upload(engine: Engine, ...files: File[]) {
  const complete = next(engine, 'upload-complete')
  engine.add(files)
  return complete
}

describe('small files', () => {
  const engines: Engine[] = []
  const start = (signer: string) => {
    const engine = new UploadEngine({ signer })
    engines.push(engine)
    return engine
  }

  beforeEach(() => {
    Object.assign(sent, { forms: 0, puts: 0 })
    window.fetch = (input, init) => {
      if (init?.body instanceof FormData) sent.forms++
      return realFetch(input, init)
    }
    XMLHttpRequest.prototype.open = function (method: string, ...rest: unknown[]) {
      if (method.toUpperCase() === 'PUT') sent.puts++
      return Reflect.apply(realOpen, this, [method, ...rest])
    }
  })

  afterEach(async () => {
    window.fetch = realFetch
    XMLHttpRequest.prototype.open = realOpen
    for (const engine of engines.splice(0)) engine.clear()
    await setFaults({})
  })

  it('go as a form where the signer offers one, and larger ones by PUT', async () => {
    const engine = start(addresses.signers.cephByForm)
    const files = [randomFile('at most.bin', 256 * KIB), randomFile('more.bin', 256 * KIB + 1)]
    const { uploaded } = await upload(engine, ...files)

    expect(sent).to.deep.equal({ forms: 1, puts: 1 })
    for (const [index, file] of files.entries()) {
      const { downloadUrl, url, key } = uploaded[index] ?? {}
      expect(await sha256(await fetch(downloadUrl ?? ''))).to.equal(await sha256(file))
      expect(new URL(url ?? '').pathname.endsWith(`/${key}`), 'url names the object').to.equal(true)
    }
  })

  it('keep their type', async () => {
    const engine = start(addresses.signers.cephByForm)
    const { uploaded } = await upload(engine, randomFile('a.png', 10, 'image/png'))
    const download = await fetch(uploaded[0]?.downloadUrl ?? '')
    expect(download.headers.get('content-type')).to.equal('image/png')
  })

  for (const [why, signer] of [
    ['the CORS rule has no POST', addresses.formsBlocked],
    ['the bucket takes no forms', addresses.formsRefused],
  ] as const) {
    it(`go by PUT where ${why}, and forms are not tried again`, async () => {
      const engine = start(signer)
      const waits = collect(engine, 'file-failed')
      const first = randomFile('first.txt', 100)
      const { uploaded } = await upload(engine, first)
      expect(sent).to.deep.equal({ forms: 1, puts: 1 })
      expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(
        await sha256(first),
      )
      await upload(engine, randomFile('second.txt', 100))
      expect(sent).to.deep.equal({ forms: 1, puts: 2 })
      expect(waits).to.deep.equal([])
    })
  }

  for (const fault of [
    'reset-before',
    'reset-during',
    'reset-after',
    'truncate',
    '503',
    'expired',
  ] as const) {
    it(`arrive once and unchanged after ${fault}`, async () => {
      const engine = start(addresses.faultyForms)
      await upload(engine, randomFile('first.txt', 10))
      expect(sent.forms, 'forms work here').to.equal(1)
      const before = (await bucket()).objects.length
      await setFaults({ bucket: [fault] })
      const file = randomFile('photo.jpg', 100 * KIB)
      await upload(engine, file)

      const [, snapshot] = engine.files
      expect(snapshot?.status).to.equal('uploaded')
      expect((await bucket()).objects.length).to.equal(before + 1)
      const { downloadUrl } = snapshot as { downloadUrl: string }
      expect(await sha256(await fetch(downloadUrl))).to.equal(await sha256(file))
      // A browser tries by itself what is cut off on a connection that it has used before.
      expect(sent.puts, 'a second try is a PUT').to.be.at.most(1)
      expect(sent.forms).to.equal(2)
    })
  }

  it('are sent again when the bucket has got other bytes', async () => {
    const engine = start(addresses.signers.cephByForm)
    const spied = window.fetch
    // The line cannot be made to change a byte unseen; a form can.
    window.fetch = (input, init) => {
      const form = init?.body
      if (form instanceof FormData) form.set('file', randomFile('other', 100), 'file')
      return spied(input, init)
    }
    const file = randomFile('photo.jpg', 100)
    const { uploaded } = await upload(engine, file)

    expect(sent).to.deep.equal({ forms: 1, puts: 1 })
    expect(await sha256(await realFetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(
      await sha256(file),
    )
  })
})
