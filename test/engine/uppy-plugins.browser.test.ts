/** Uppy's own plugins on our engine: they see whole files, before anything is sent. */
import type { Body, Meta, PluginOpts, Uppy } from '@uppy/core'
import { expect } from 'chai'
import { cleanUp, collect, mount, next, randomFile, upload } from '../support/pages/helpers.ts'
import { addresses, bucket } from '../support/pages/library.ts'

type Plugins = typeof import('../support/pages/uppy-plugins.ts')

const packed = '/bundled/uppy-plugins.js'
const { BasePlugin, Compressor }: Plugins = await import(packed)

const signer = addresses.signers.ceph

/** A picture that a PNG cannot shrink, and a JPEG can: noise. */
async function noise(name: string, side = 600): Promise<File> {
  const canvas = new OffscreenCanvas(side, side)
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
  const image = context.createImageData(side, side)
  for (let at = 0; at < image.data.length; at += 65_536) {
    crypto.getRandomValues(image.data.subarray(at, at + 65_536))
  }
  for (let at = 3; at < image.data.length; at += 4) image.data[at] = 255
  context.putImageData(image, 0, 0)
  return new File([await canvas.convertToBlob({ type: 'image/png' })], name, { type: 'image/png' })
}

type Work = (files: string[], uppy: Uppy<Meta, Body>) => Promise<void> | void

interface WorkerOptions extends PluginOpts {
  work: Work
}

/** A plugin that does this before files are uploaded. */
class Worker<M extends Meta, B extends Body> extends BasePlugin<WorkerOptions, M, B> {
  constructor(uppy: Uppy<M, B>, options: WorkerOptions) {
    super(uppy, options)
    this.id = 'Worker'
    this.type = 'modifier'
  }

  override install() {
    this.uppy.addPreProcessor(async (files: string[]) =>
      this.opts.work(files, this.uppy as unknown as Uppy<Meta, Body>),
    )
  }
}

/** A plugin that brings files, as a camera does. */
class Bringer<M extends Meta, B extends Body> extends BasePlugin<object, M, B> {
  constructor(uppy: Uppy<M, B>) {
    super(uppy)
    this.id = 'Bringer'
    this.type = 'acquirer'
  }

  bring(data: Blob) {
    this.uppy.addFile({ name: 'brought.txt', type: 'text/plain', data, source: this.id })
  }
}

describe('plugins of Uppy', () => {
  afterEach(cleanUp)

  it('uploads what @uppy/compressor makes of an image, and says so', async () => {
    const element = mount({ signer, multiple: true })
    await element.engine.use(Compressor, { quality: 0.5, mimeType: 'image/jpeg' })
    const picture = await noise('noise.png')
    const text = randomFile('notes.txt', 1000, 'text/plain')
    const complete = next(element, 'upload-complete')
    element.add([{ file: picture, path: 'album/noise.png' }, text])
    const { uploaded } = await complete

    const [image, notes] = uploaded
    expect(image?.name).to.equal('noise.jpg')
    expect(image?.path).to.equal('album/noise.jpg')
    expect(image?.type).to.equal('image/jpeg')
    expect(image?.size).to.be.below(picture.size / 2)
    const stored = await (await fetch(image?.downloadUrl ?? '')).blob()
    expect(stored.size).to.equal(image?.size)
    expect(stored.type).to.equal('image/jpeg')
    expect((await createImageBitmap(stored)).width).to.equal(600)
    // What no plugin changes stays the very same file.
    expect(notes?.file).to.equal(text)
    expect(element.engine.progress.total).to.equal((image?.size ?? 0) + text.size)
  })

  it('makes a photo smaller with one line, as docs/photos.md says', async () => {
    const element = mount({ signer })
    await element.engine.use(Compressor, { maxWidth: 400, maxHeight: 400, quality: 0.8 })
    const complete = next(element, 'upload-complete')
    element.add([await noise('noise.png', 600)])
    const [image] = (await complete).uploaded
    const stored = await (await fetch(image?.downloadUrl ?? '')).blob()
    const { width, height } = await createImageBitmap(stored)
    expect([width, height]).to.deep.equal([400, 400])
  })

  it('holds the limits of size against what comes of a file', async () => {
    const picture = await noise('noise.png')
    const element = mount({ signer, multiple: true, maxSize: picture.size / 2 })
    await element.engine.use(Compressor, { quality: 0.5, mimeType: 'image/jpeg' })
    const before = (await bucket()).objects.length
    const { uploaded, failed } = await upload(element, picture, randomFile('b.bin', picture.size))

    expect(uploaded.map(({ name }) => name)).to.deep.equal(['noise.jpg'])
    expect(failed.map(({ name, error }) => [name, error.code])).to.deep.equal([
      ['b.bin', 'too-large'],
    ])
    expect((await bucket()).objects.length - before).to.equal(1)
  })

  it('counts all files together by what came of them', async () => {
    const element = mount({ signer, multiple: true, maxTotalSize: 25 })
    const work: Work = ([id = ''], uppy) =>
      uppy.setFileState(id, { data: new Blob(['ten bytes.']), size: 10 })
    await element.engine.use(Worker, { work })
    const files = ['a', 'b', 'c'].map((name) => randomFile(name, 1000))
    const { uploaded, failed } = await upload(element, ...files)
    expect(uploaded.map(({ size }) => size)).to.deep.equal([10, 10])
    expect(failed.map(({ error }) => error.code)).to.deep.equal(['total-too-large'])
  })

  it('lets a plugin have a file once, however often it is tried', async () => {
    let times = 0
    const work: Work = ([id = ''], uppy) => {
      times += 1
      uppy.setFileState(id, { data: new Blob([`made ${times}`]) })
    }
    const element = mount({ signer: 'http://127.0.0.1:9/' })
    element.engine.configure({ retryFor: 0 })
    await element.engine.use(Worker, { work })
    const { failed } = await upload(element, randomFile('a.txt', 100))
    expect(failed).to.have.length(1)

    element.signer = signer
    const complete = next(element, 'upload-complete')
    element.cancel()
    element.retry()
    const { uploaded } = await complete
    expect(times).to.equal(1)
    expect(await (await fetch(uploaded[0]?.downloadUrl ?? '')).text()).to.equal('made 1')
  })

  it('names a plugin’s failure, and goes on with the next file', async () => {
    const work: Work = ([id = ''], uppy) => {
      if (uppy.getFile(id).name === 'bad.txt') throw new Error('The paint is not dry.')
    }
    const element = mount({ signer, multiple: true })
    await element.engine.use(Worker, { work })
    const files = ['bad.txt', 'good.txt'].map((name) => randomFile(name, 100))
    const { uploaded, failed } = await upload(element, ...files)
    expect(uploaded.map(({ name }) => name)).to.deep.equal(['good.txt'])
    expect(failed[0]?.error.code).to.equal('unexpected')
    expect(failed[0]?.error.hint).to.include('The paint is not dry.')
  })

  it('leaves a file that is cancelled while a plugin works on it', async () => {
    let finish = () => {}
    const work: Work = () =>
      new Promise((resolve) => {
        finish = resolve
      })
    const element = mount({ signer, multiple: true })
    await element.engine.use(Worker, { work })
    const started = collect(element, 'upload-started')
    const [id = ''] = element.engine.add([randomFile('a.txt', 100)])
    await new Promise((resolve) => setTimeout(resolve))
    element.cancel(id)
    finish()
    const second = upload(element, randomFile('b.txt', 100))
    while (started.length === 0) {
      finish()
      await new Promise((resolve) => setTimeout(resolve))
    }
    const { uploaded } = await second
    expect(uploaded.map(({ name }) => name)).to.deep.equal(['b.txt'])
    expect(element.engine.file(id)?.status).to.equal('cancelled')
  })

  it('uploads the files that a plugin brings', async () => {
    const element = mount({ signer, prefix: 'camera' })
    const bringer = await element.engine.use(Bringer)
    const complete = next(element, 'upload-complete')
    bringer.bring(new Blob(['from a plugin']))
    const { uploaded } = await complete
    expect(uploaded[0]?.path).to.equal('camera/brought.txt')
    expect(await (await fetch(uploaded[0]?.downloadUrl ?? '')).text()).to.equal('from a plugin')
  })

  it('says what is wrong with a plugin', async () => {
    const { engine } = mount({ signer })
    await engine.use(Bringer)
    const again = await engine.use(Bringer).catch((error: Error) => error.message)
    expect(again).to.include('Bringer')
  })
})
