import { expect } from 'chai'
import type { UploadEngine as Engine, UploadEngineOptions } from '../../src/engine/index.ts'
import { collect, moment, next, randomFile, until } from '../support/pages/helpers.ts'
import { addresses, bucket, UploadEngine } from '../support/pages/library.ts'
import { spy } from '../support/pages/spy-signer.ts'

const MiB = 2 ** 20

describe('what is stopped', () => {
  const engines: Engine[] = []
  const start = (options: UploadEngineOptions) => {
    const engine = new UploadEngine(options)
    engines.push(engine)
    return engine
  }

  afterEach(() => {
    for (const engine of engines.splice(0)) engine.clear()
  })

  it('by a listener of file-rejected is not uploaded', async () => {
    const before = (await bucket()).objects.length
    const engine = start({ signer: addresses.signers.ceph, accept: 'text/plain' })
    engine.addEventListener('file-rejected', () => engine.cancel())
    const [id = ''] = engine.add([
      randomFile('a.txt', 10, 'text/plain'),
      randomFile('b.png', 10, 'image/png'),
      randomFile('c.txt', 10, 'text/plain'),
    ])
    const complete = next(engine, 'upload-complete')
    // One that is wanted tells when there was time enough for the others.
    engine.retry(id)
    await complete
    expect(engine.files.map(({ status }) => status)).to.deep.equal(['uploaded', 'cancelled'])
    expect((await bucket()).objects.length).to.equal(before + 1)
  })

  it('while it waits for somebody to sign in does not keep later files from asking', async () => {
    let token = ''
    const engine = start({
      signer: addresses.locked,
      signerHeaders: () => ({ Authorization: token }),
    })
    engine.addEventListener('sign-in-needed', (event) => event.preventDefault())
    const asked = collect(engine, 'sign-in-needed')
    engine.add([randomFile('a.txt', 10)])
    await until(() => engine.files[0]?.status === 'waiting')
    engine.cancel()
    const [id = ''] = engine.add([randomFile('b.txt', 10)])
    await until(() => engine.file(id)?.status === 'waiting')
    expect(asked).to.have.length(2)
    token = 'in'
    engine.resume()
    await until(() => engine.file(id)?.status === 'uploaded')
  })

  it('leaves no parts behind where the page itself has to throw them away', async () => {
    const signer = spy(addresses.checkedByBrowser, { held: true })
    const engine = start({ signer: signer.ask })
    const name = `${crypto.randomUUID()}.mp4`
    const begun = async () => (await bucket()).uploads.some(({ key }) => key.endsWith(name))
    engine.add([randomFile(name, 22 * MiB)])
    while (signer.count('part') < 3) await moment()
    expect(await begun()).to.equal(true)
    engine.cancel()
    for (let tries = 0; tries < 50 && (await begun()); tries++) await moment()
    expect(await begun()).to.equal(false)
  })
})
