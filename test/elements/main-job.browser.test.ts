import { expect } from 'chai'
import {
  cleanUp,
  collect,
  drawn,
  drop,
  find,
  findAll,
  mount,
  next,
  randomFile,
  sha256,
  upload,
} from '../support/pages/helpers.ts'
import { addresses } from '../support/pages/library.ts'

const MB = 1_000_000

// The same job against every bucket, and for Ceph with a signer of ours and one in another language.
for (const [name, signer] of Object.entries(addresses.signers)) {
  describe(`uploading through ${name}`, () => {
    afterEach(cleanUp)

    it('brings a dropped file into the bucket and back as a link', async () => {
      const file = randomFile('holiday photo.jpg', 3 * MB, 'image/jpeg')
      const element = mount({ links: 'full', signer })
      await element.updateComplete
      const uploaded = collect(element, 'file-uploaded')
      const complete = next(element, 'upload-complete')

      expect(drop(element, [file]), 'the page keeps the drop from the browser').to.equal(true)
      await complete

      expect(uploaded).to.have.length(1)
      const [detail] = uploaded
      expect(detail?.name).to.equal('holiday photo.jpg')
      expect(detail?.key).to.match(/holiday-photo\.jpg$/)
      expect(new URL(detail?.url ?? '').search, 'no signature in url').to.equal('')
      const download = await fetch(detail?.downloadUrl ?? '')
      expect(download.headers.get('content-type')).to.equal('image/jpeg')
      expect(await sha256(download)).to.equal(await sha256(file))
      expect(element.value.map((it) => it.key)).to.deep.equal([detail?.key])
      await drawn(element)
      expect(find(element, 'a.icon').getAttribute('href')).to.equal(detail?.downloadUrl)
    })

    it('uploads a file without bytes', async () => {
      const { uploaded } = await upload(mount({ signer }), new File([], 'empty.txt'))
      const body = await (await fetch(uploaded[0]?.downloadUrl ?? '')).arrayBuffer()
      expect(body.byteLength).to.equal(0)
    })

    it('keeps two files of the same name and size apart', async () => {
      const files = [randomFile('scan.pdf', 1000), randomFile('scan.pdf', 1000)]
      const { uploaded } = await upload(mount({ signer, multiple: true }), ...files)

      expect(uploaded).to.have.length(2)
      expect(uploaded[0]?.key).not.to.equal(uploaded[1]?.key)
      for (const [index, file] of files.entries()) {
        const download = await fetch(uploaded[index]?.downloadUrl ?? '')
        expect(await sha256(download)).to.equal(await sha256(file))
      }
    })

    const hostile = {
      'a way out of the folder': '../../etc/passwd',
      quotes: `it's "quoted".txt`,
      emoji: '🏖️ beach 🌊.png',
      'a right-to-left override': 'photo_\u202egpj.exe',
      'control characters': 'line\nbreak\u0000and\u0007bell.txt',
      '300 characters': `${'long '.repeat(60)}.txt`,
      'a tag': '<img src=x onerror=alert(1)>.png',
    }
    for (const [what, fileName] of Object.entries(hostile)) {
      it(`takes a name with ${what} for text`, async () => {
        const file = randomFile(fileName, 100)
        const element = mount({ signer })
        const { uploaded } = await upload(element, file)

        // Browsers let a File have any name; Chromium only turns "/" into ":".
        expect(uploaded[0]?.name).to.equal(file.name)
        expect(uploaded[0]?.key)
          .to.match(/^[\p{L}\p{N}._/-]+$/u)
          .and.not.include('..')
        expect(uploaded[0]?.key?.length).to.be.below(200)
        expect(await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))).to.equal(
          await sha256(file),
        )
        await drawn(element)
        const shown = find(element, '.name').textContent ?? ''
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be shown
        expect(shown).not.to.match(/[\u0000-\u001f\u202e]/)
        expect(shown.replaceAll('\ufffd', '')).to.equal(
          // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
          file.name.replace(/[\u0000-\u001f\u202e]/g, ''),
        )
        expect(findAll(element, 'img')).to.have.length(0)
      })
    }
  })
}
