import { expect } from 'chai'
import type { UploadEngine as Engine, UploadEngineOptions } from '../../src/engine/index.ts'
import type { SignedResponse, SignerRequest } from '../../src/protocol/index.ts'
import { next, randomFile, sha256 } from '../support/pages/helpers.ts'
import { addresses, UploadEngine } from '../support/pages/library.ts'
import { spy } from '../support/pages/spy-signer.ts'

const MiB = 2 ** 20
const sizes = { 'a PUT': 300_000, 'each part': 17 * MiB }

describe('headers that a signer has signed', () => {
  const engines: Engine[] = []

  afterEach(() => {
    for (const engine of engines.splice(0)) engine.clear()
  })

  async function upload(file: File, options: UploadEngineOptions) {
    const engine = new UploadEngine(options)
    engines.push(engine)
    const complete = next(engine, 'upload-complete')
    engine.add([file])
    return complete
  }

  for (const [what, size] of Object.entries(sizes)) {
    it(`go along unchanged with ${what}`, async () => {
      const { ask } = spy(addresses.guarding)
      const names = new Set<string>()
      const noting = async (requests: SignerRequest[]) => {
        const answers: SignedResponse[] = await ask(requests)
        for (const { headers } of answers) Object.keys(headers ?? {}).map((it) => names.add(it))
        return answers
      }
      const file = randomFile('a.txt', size, 'text/plain')
      const { uploaded } = await upload(file, { signer: noting })
      // The bucket compares each with what was signed.
      expect([...names]).to.include.members(['x-amz-acl', 'x-amz-copy-source-if-match'])
      expect([...names]).to.include(size < MiB ? 'Content-Disposition' : 'x-amz-copy-source-range')
      expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(await sha256(file))
    })

    for (const name of ['x-amz-acl', 'x-amz-copy-source-if-match']) {
      it(`let the bucket refuse ${what} whose ${name} is another one`, async () => {
        const { ask } = spy(addresses.guarding)
        const other = async (requests: SignerRequest[]) =>
          (await ask(requests)).map((answer: SignedResponse) => {
            const { headers } = answer
            return headers ? { ...answer, headers: { ...headers, [name]: 'other' } } : answer
          })
        const { failed } = await upload(randomFile('a.txt', size), { signer: other })
        expect(failed).to.have.length(1)
      })
    }
  }
})
