import { expect } from 'chai'
import type { UploadEngine as Engine, UploadEngineOptions } from '../../src/engine/index.ts'
import type { SignedResponse, SignerRequest } from '../../src/protocol/index.ts'
import type { Fault } from '../support/faults/faults.ts'
import { next, randomFile, sha256 } from '../support/pages/helpers.ts'
import { addresses, setFaults, UploadEngine } from '../support/pages/library.ts'
import { spy } from '../support/pages/spy-signer.ts'

/** Whole, and large enough that the engine rather looks for it than sends it again. */
const SIZE = 2 * 2 ** 20

/** What a signer may answer instead of what ours does. */
type Change = (answer: SignedResponse, request: SignerRequest) => object

const same: Change = (answer) => answer

describe('after a PUT without an answer', () => {
  const engines: Engine[] = []
  const { fetch: realFetch } = window

  afterEach(async () => {
    window.fetch = realFetch
    await setFaults({})
    for (const engine of engines.splice(0)) engine.clear()
  })

  /**
   * Uploads a file whose first PUT ends in a fault; answers with what the bucket has then, with the
   * number of PUTs that were signed for it, in the end.
   */
  async function lose(fault: Fault, change: Change, options: UploadEngineOptions = {}) {
    const signer = spy(addresses.faultyLine)
    const links: string[] = []
    const changed = async (requests: SignerRequest[]) =>
      (await signer.ask(requests)).map((answer: SignedResponse, index: number) => {
        links.push(answer.downloadUrl ?? '')
        return change(answer, requests[index] as SignerRequest)
      })
    const engine = new UploadEngine({ signer: changed, stallTimeout: 1500, ...options })
    engines.push(engine)
    const send = async (file: File) => {
      const complete = next(engine, 'upload-complete')
      engine.add([file])
      await complete
    }
    // So that the engine knows that signer and bucket work.
    await send(randomFile('first.txt', 10))
    const signed = signer.count('put')
    await setFaults({ bucket: [fault] })
    const file = randomFile('photo.jpg', SIZE)
    await send(file)
    expect(engine.files.map(({ status }) => status)).to.deep.equal(['uploaded', 'uploaded'])
    const stored = await realFetch(links.at(-1) ?? '')
    const isStored = stored.ok && (await sha256(stored)) === (await sha256(file))
    return { isStored, puts: signer.count('put') - signed }
  }

  it('a file counts as stored when its link answers with its MD5', async () => {
    expect(await lose('mute', same)).to.deep.equal({ isStored: true, puts: 1 })
  })

  it('a file is sent again when some page answers at its link', async () => {
    const page: Change = (answer) => ({ ...answer, downloadUrl: location.href })
    expect(await lose('stall', page)).to.deep.equal({ isStored: true, puts: 2 })
  })

  it('a file is sent again when an older object answers at its link', async () => {
    window.fetch = (input, init) => {
      const isLook = new Headers(init?.headers).has('Range')
      if (!isLook) return realFetch(input, init)
      const headers = { ETag: '"9e107d9d372bb6826bd81d3542a419d6"' }
      return Promise.resolve(new Response('x', { status: 206, headers }))
    }
    expect(await lose('stall', same)).to.deep.equal({ isStored: true, puts: 2 })
  })

  it('a file is sent again, stored or not, when its MD5 is not known', async () => {
    const off = { integrity: 'off' } as const
    expect(await lose('mute', same, off)).to.deep.equal({ isStored: true, puts: 2 })
  })

  it('a file is not sent again when the signer says that it is there', async () => {
    let answers = 0
    const stored: Change = ({ url, ...answer }, request) => {
      const isAgain = 'grant' in request && request.op === 'put'
      answers += isAgain ? 1 : 0
      return isAgain ? { ...answer, stored: true } : { url, ...answer }
    }
    const off = { integrity: 'off' } as const
    expect(await lose('mute', stored, off)).to.deep.equal({ isStored: true, puts: 2 })
    expect(answers).to.equal(1)
  })

  it('no copy of an earlier answer is taken for the one of the bucket', async () => {
    const caches: unknown[] = []
    window.fetch = (input, init) => {
      if (new Headers(init?.headers).has('Range')) caches.push(init?.cache)
      return realFetch(input, init)
    }
    await lose('mute', same)
    expect(caches).to.deep.equal(['no-store'])
  })
})
