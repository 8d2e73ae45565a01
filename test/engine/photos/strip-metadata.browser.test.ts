/** Photos without their metadata in a real bucket, also after a reload, and behind a plugin. */
import type { Body, Meta, PluginOpts, Uppy } from '@uppy/core'
import { expect } from 'chai'
import type { UploadEngine as Engine, InterruptedUpload } from '../../../src/engine/index.ts'
import { crashMidway, forgetAll, leftBehind } from '../../support/pages/crash.ts'
import {
  cleanUp,
  collect,
  hasFileSystem,
  mount,
  next,
  upload,
} from '../../support/pages/helpers.ts'
import { addresses, bucket, UploadEngine } from '../../support/pages/library.ts'
import { spy } from '../../support/pages/spy-signer.ts'

type Plugins = typeof import('../../support/pages/uppy-plugins.ts')

const packed = '/bundled/uppy-plugins.js'
const { BasePlugin }: Plugins = await import(packed)

const SECRET = 'Home, sweet home'
const MiB = 2 ** 20

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

/** Exif with an orientation (to be turned to the right), and a description. */
const EXIF = bytesOf(
  `MM\0*\0\0\0\x08\0\x02\x01\x0e\0\x02\0\0\0\x10\0\0\0\x26\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0${SECRET}`,
)

/** A picture that is wider than high, as a browser encodes it. */
async function picture(type: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(60, 40)
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
  context.fillStyle = '#357'
  context.fillRect(0, 0, 60, 40)
  context.fillStyle = '#fb3'
  context.fillRect(10, 5, 20, 30)
  return canvas.convertToBlob({ type })
}

async function jpeg(name: string, data: BlobPart[] = []): Promise<File> {
  const plain = await picture('image/jpeg')
  const head = bytesOf('\xff\xe1\0\0Exif\0\0')
  new DataView(head.buffer).setUint16(2, head.length + EXIF.length - 2)
  const parts = [plain.slice(0, 2), head, EXIF, plain.slice(2, -2), ...data, plain.slice(-2)]
  return new File([...parts, SECRET], name, { type: 'image/jpeg', lastModified: 1000 })
}

async function png(name: string): Promise<File> {
  const plain = await picture('image/png')
  const chunk = bytesOf(`\0\0\0\x18tEXtTitle\0\0\0${SECRET}....`)
  return new File([plain.slice(0, 33), chunk, plain.slice(33)], name, { type: 'image/png' })
}

const has = async (file: Blob, text: string) => {
  // As Latin letters, so that no byte is taken for a part of another character.
  return new TextDecoder('latin1').decode(await file.arrayBuffer()).includes(text)
}

async function pixelsOf(photo: Blob): Promise<number[]> {
  // Firefox goes by the type, and one of them says another one than it is.
  const bitmap = await createImageBitmap(photo.slice(0, photo.size, 'image/jpeg')).catch(() =>
    createImageBitmap(photo.slice(0, photo.size, 'image/png')),
  )
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
  context.drawImage(bitmap, 0, 0)
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
  return [bitmap.width, bitmap.height, ...data]
}

const stored = async ({ downloadUrl }: { downloadUrl: string | null }) =>
  (await fetch(downloadUrl ?? '')).blob()

describe('photos with strip-metadata', () => {
  const engines: Engine[] = []
  beforeEach(forgetAll)
  afterEach(async () => {
    cleanUp()
    for (const engine of engines.splice(0)) engine.clear()
    await forgetAll()
  })

  function start(held = false) {
    const signer = spy(addresses.smallParts, { held })
    const engine = new UploadEngine({ signer: signer.ask, stripMetadata: true })
    engines.push(engine)
    return { engine, signer }
  }

  it('arrive with the same pixels, the same way up, and nothing else', async () => {
    const element = mount({ signer: addresses.signers.ceph, multiple: true })
    element.setAttribute('strip-metadata', '')
    const photos = [await jpeg('a.jpg'), await png('b.png'), await jpeg('c.png')]
    const text = new File([SECRET], 'notes.txt', { type: 'text/plain' })
    const { uploaded } = await upload(element, ...photos, text)
    expect(uploaded.map(({ name }) => name)).to.have.members([
      'a.jpg',
      'b.png',
      'c.png',
      'notes.txt',
    ])
    for (const file of uploaded) {
      const object = await stored(file)
      expect(object.size, file.name).to.equal(file.size)
      const original = photos.find(({ name }) => name === file.name)
      if (!original) {
        expect(file.file, 'what is no photo stays the very same file').to.equal(text)
        continue
      }
      expect(await has(original, SECRET)).to.equal(true)
      expect(await has(object, SECRET), file.name).to.equal(false)
      const pixels = await pixelsOf(object)
      // Firefox decodes no JPEG with such metadata in it.
      const before = await pixelsOf(original).catch(() => pixels)
      expect(pixels, file.name).to.deep.equal(before)
      if (original === photos[0]) expect(pixels[0], 'the browser turns it').to.equal(40)
    }
  })

  it('are not sent at all if it is not certain that nothing is left', async () => {
    const { engine, signer } = start()
    const whole = await jpeg('cut.jpg')
    const cut = new File([whole.slice(0, 300)], 'cut.jpg', { type: 'image/jpeg' })
    const lie = new File(['This is no photo.'], 'lie.jpg', { type: 'image/jpeg' })
    const failed = collect(engine, 'file-failed')
    const before = (await bucket()).objects.length
    const complete = next(engine, 'upload-complete')
    engine.add([cut, lie])
    await complete
    const codes = failed.map(({ file, code }) => [file.name, code])
    expect(codes).to.deep.equal([
      ['lie.jpg', 'metadata-not-removed'],
      ['cut.jpg', 'metadata-not-removed'],
    ])
    expect(signer.count('put')).to.equal(0)
    expect((await bucket()).objects.length).to.equal(before)
  })

  it('go on after a reload, by the photo that was chosen', async () => {
    // What a picture is made of has no 0xff without a zero after it.
    const data = new Uint8Array(22 * MiB).map((_, index) => (index * 31 + (index >> 8)) % 255)
    let file = await jpeg('large.jpg', [data])
    let handle: FileSystemFileHandle | undefined
    if (hasFileSystem) {
      const folder = await navigator.storage.getDirectory()
      handle = await folder.getFileHandle('large.jpg', { create: true })
      const writable = await handle.createWritable()
      await writable.write(file)
      await writable.close()
      file = await handle.getFile()
    }
    await crashMidway({ file, handle }, { stripMetadata: true })
    const { engine, signer } = start()
    const [left] = await leftBehind(engine)
    const { id, size, needsFile } = left as InterruptedUpload
    expect(size, 'of what is sent').to.be.below(file.size)
    expect(needsFile).to.equal(!hasFileSystem)

    const complete = next(engine, 'upload-complete')
    await engine.resumeInterrupted(id, hasFileSystem ? undefined : file)
    const { uploaded, failed } = await complete
    expect(failed).to.deep.equal([])
    expect([signer.count('create'), signer.count('part')]).to.deep.equal([0, 2])
    const object = await stored(uploaded[0] as { downloadUrl: string })
    expect(object.size).to.equal(size)
    expect(await has(object, SECRET)).to.equal(false)
    expect(await engine.interrupted(), 'in the end').to.deep.equal([])
  })

  it('are cleaned after a plugin has made them, and once', async () => {
    const made = await jpeg('made.jpg')
    let times = 0
    class Maker<M extends Meta, B extends Body> extends BasePlugin<PluginOpts, M, B> {
      constructor(uppy: Uppy<M, B>) {
        super(uppy)
        this.id = 'Maker'
        this.type = 'modifier'
      }

      override install() {
        this.uppy.addPreProcessor(async ([id = '']: string[]) => {
          times++
          this.uppy.setFileState(id, { data: made })
        })
      }
    }
    const element = mount({ signer: 'http://127.0.0.1:9/', stripMetadata: true })
    element.engine.configure({ retryFor: 0 })
    await element.engine.use(Maker)
    const { failed } = await upload(element, new File(['any'], 'a.jpg', { type: 'image/jpeg' }))
    expect(failed[0]?.error.code).to.equal('signer-unreachable')
    const { size } = element.files[0] as { size: number }
    expect(size).to.be.below(made.size)

    element.signer = addresses.signers.ceph
    await element.updateComplete
    const complete = next(element, 'upload-complete')
    element.retry()
    const { uploaded } = await complete
    expect(times).to.equal(1)
    const object = await stored(uploaded[0] as { downloadUrl: string })
    expect(object.size).to.equal(size)
    expect(await has(object, SECRET)).to.equal(false)
  })
})
