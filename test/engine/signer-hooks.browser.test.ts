import { expect } from 'chai'
import { cleanUp, mount, randomFile, sha256, upload } from '../support/pages/helpers.ts'
import { addresses } from '../support/pages/library.ts'

describe('a signer with hooks, and with headers to be stored', () => {
  afterEach(cleanUp)

  // By form if it could, by PUT, and in parts.
  for (const size of [1000, 300_000, 17 * 2 ** 20]) {
    it(`gives the link to a file of ${size} bytes once it is there`, async () => {
      const element = mount({ signer: addresses.hooked })
      const file = randomFile('größer.bin', size)
      const { uploaded, failed } = await upload(element, file)
      expect(failed).to.deep.equal([])
      const [done] = uploaded
      expect(await sha256(await fetch(done?.downloadUrl ?? ''))).to.equal(await sha256(file))
      expect(done?.downloadUrlExpiresAt).to.be.an.instanceof(Date)
    })
  }

  it('shows a file as uploaded, without a link, where the hook refuses', async () => {
    const element = mount({ signer: addresses.hooked })
    const { uploaded, failed } = await upload(element, new File(['hello'], 'refused.txt'))
    expect(failed).to.deep.equal([])
    expect(uploaded.map(({ name, downloadUrl }) => [name, downloadUrl])).to.deep.equal([
      ['refused.txt', null],
    ])
  })
})
