/** Texts that are compressed before they are uploaded, and what comes back by their links. */
import { expect } from 'chai'
import type { BucketUpload } from '../../src/index.ts'
import {
  cleanUp,
  collect,
  find,
  mount,
  next,
  randomFile,
  sha256,
  until,
  upload,
} from '../support/pages/helpers.ts'
import { addresses, bucket } from '../support/pages/library.ts'
import { spy } from '../support/pages/spy-signer.ts'

const MiB = 2 ** 20

const text = (name: string, type: string, content = 'a line of text\n'.repeat(2000)) =>
  new File([content], name, { type, lastModified: 1000 })

/** Of digits, of which gzip needs a bit more than half. */
async function digits(size: number): Promise<string> {
  const bytes = new Uint8Array(await randomFile('a', size / 2).arrayBuffer())
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function start(properties: Partial<BucketUpload> = {}): BucketUpload {
  const signer = addresses.compressing
  return mount({ signer, multiple: true, compress: true, ...properties })
}

type Uploaded = Awaited<ReturnType<typeof upload>>['uploaded'][number]

const comesBack = async ({ downloadUrl }: Uploaded, original: File) =>
  expect(await sha256(await fetch(downloadUrl ?? ''))).to.equal(await sha256(original))

describe('a text with compress', () => {
  const native = globalThis.CompressionStream
  afterEach(() => {
    globalThis.CompressionStream = native
    cleanUp()
  })

  it('is stored smaller, and comes back as it was', async () => {
    const element = start()
    const files = [
      text('a.txt', 'text/plain'),
      text('b.csv', 'text/csv'),
      text('c.json', 'application/json'),
      text('d.svg', 'image/svg+xml'),
      text('e.xml', 'application/atom+xml'),
      text('f.js', 'text/javascript'),
    ]
    const { uploaded } = await upload(element, ...files)
    expect(uploaded).to.have.length(files.length)
    const { objects } = await bucket()
    for (const file of uploaded) {
      const original = files.find(({ name }) => name === file.name) as File
      expect(file.size, file.name).to.be.below(original.size / 10)
      expect(file.type).to.equal(original.type)
      expect(objects.find(({ key }) => key === file.key)?.size).to.equal(file.size)
      await comesBack(file, original)
    }
  })

  it('goes up in parts', async () => {
    const element = start()
    element.engine.configure({ multipartThreshold: MiB })
    const original = text('digits.txt', 'text/plain', await digits(14 * MiB))
    const told = collect(element, 'file-uploaded')
    const { uploaded } = await upload(element, original)
    expect(told).to.have.length(1)
    const [file] = uploaded as [Uploaded]
    expect(file.size).to.be.within(5 * MiB, 10 * MiB)
    expect(file.etag, 'of an object of several parts').to.match(/-2$/)
    await comesBack(file, original)
  })

  it('goes on in parts after a pause, with the same bytes', async () => {
    const { ask, state } = spy(addresses.compressing, { held: true, most: 1 })
    const element = start({ signer: ask })
    element.engine.configure({ multipartThreshold: MiB })
    const original = text('digits.txt', 'text/plain', await digits(14 * MiB))
    const [id = ''] = element.add([original])
    await until(() => {
      const file = element.engine.file(id)
      return file?.status === 'uploading' && file.loaded >= 5 * MiB
    })
    element.pause()
    state.held = false
    const complete = next(element, 'upload-complete')
    element.resume()
    const { uploaded } = await complete
    expect(uploaded).to.have.length(1)
    await comesBack((uploaded as [Uploaded])[0], original)
  })

  it('is compressed once, however often it is tried', async () => {
    let calls = 0
    const { ask } = spy(addresses.compressing)
    const signer: BucketUpload['signer'] = (requests) => {
      calls += 1
      if (calls === 1) throw new TypeError('The line is gone.')
      return ask(requests)
    }
    const element = start({ signer })
    const original = text('a.txt', 'text/plain')
    const { uploaded } = await upload(element, original)
    expect(calls).to.be.above(1)
    await comesBack((uploaded as [Uploaded])[0], original)
  })

  it('stays as it is where gzip would be of no use', async () => {
    const element = start()
    const files = [
      text('short.txt', 'text/plain', 'short'),
      text('photo.png', 'image/png'),
      randomFile('noise.txt', 20_000, 'text/plain'),
    ]
    const { uploaded } = await upload(element, ...files)
    for (const file of uploaded) {
      expect(files, file.name).to.include(file.file)
      await comesBack(file, file.file)
    }
  })

  it('stays as it is in a browser that has no CompressionStream', async () => {
    Reflect.deleteProperty(globalThis, 'CompressionStream')
    const original = text('a.txt', 'text/plain')
    const { uploaded } = await upload(start(), original)
    expect(uploaded.map(({ file }) => file)).to.deep.equal([original])
    await comesBack((uploaded as [Uploaded])[0], original)
  })

  it('is not sent where the signer refuses', async () => {
    const element = start({ signer: addresses.smallParts })
    const before = (await bucket()).objects.length
    const failed = collect(element, 'file-failed')
    await upload(element, text('a.txt', 'text/plain'))
    expect(failed.map(({ code }) => code)).to.deep.equal(['signer-refused'])
    expect((await bucket()).objects.length).to.equal(before)
  })

  it('is not sent where the signer does not know of it', async () => {
    const { ask } = spy(addresses.compressing)
    const signer: BucketUpload['signer'] = async (requests) =>
      (await ask(requests)).map(({ encoding: _, ...answer }: { encoding?: string }) => answer)
    const element = start({ signer })
    const before = (await bucket()).objects.length
    const failed = collect(element, 'file-failed')
    await upload(element, text('a.txt', 'text/plain'))
    expect(failed.map(({ code }) => code)).to.deep.equal(['signer-answer-invalid'])
    expect((await bucket()).objects.length).to.equal(before)
  })

  it('is an attribute, off by default', async () => {
    const element = start({ compress: false })
    const original = text('a.txt', 'text/plain')
    const { uploaded } = await upload(element, original)
    expect(uploaded.map(({ file }) => file)).to.deep.equal([original])
    element.setAttribute('compress', '')
    const again = await upload(element, text('b.txt', 'text/plain'))
    expect(again.uploaded.find(({ name }) => name === 'b.txt')?.size).to.be.below(1000)
    await until(() => find(element, '.list').textContent?.includes('b.txt') === true)
  })
})
