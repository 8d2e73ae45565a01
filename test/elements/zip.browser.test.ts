import 'axe-core'
import { expect } from 'chai'
import type { BucketUpload } from '../../src/index.ts'
import { deleteFile, pickedFile, writeFile } from '../support/pages/disk-files.ts'
import { cleanUp, drawn, find, findAll, mount, next, until } from '../support/pages/helpers.ts'
import { addresses, bucket, UploadEngine, zipFolders } from '../support/pages/library.ts'
import { type Entry, readZip } from '../support/pages/read-zip.ts'

const MiB = 2 ** 20
const signer = addresses.signers.ceph

function at(path: string, content = path): File {
  const file = new File([content], path.split('/').at(-1) ?? '')
  Object.defineProperty(file, 'webkitRelativePath', { value: path })
  return file
}

/** Puts files into the input of the element, as the browser's file dialog does. */
function choose(element: Element, ...files: File[]): void {
  const input = find<HTMLInputElement>(element, 'input[type=file]')
  Object.defineProperty(input, 'files', { value: files, configurable: true })
  input.dispatchEvent(new Event('change'))
}

/** Uploads files as one choice, and reads the only object that was made of them. */
async function zipOf(...files: (File | { file: File; path: string })[]): Promise<Entry[]> {
  const engine = new UploadEngine({ signer })
  const complete = next(engine, 'upload-complete')
  engine.add(await zipFolders(files))
  const { uploaded, failed } = await complete
  engine.clear()
  expect(failed.map(({ error }) => error.message)).to.deep.equal([])
  expect(uploaded).to.have.length(1)
  return readZip(await (await fetch(uploaded[0]?.downloadUrl ?? '')).blob())
}

/** Why the upload of a folder fails, and that nothing of it stays in the bucket. */
async function failureOf(
  files: (File | { file: File; path: string; isUnreadable?: boolean })[],
  options: Parameters<typeof zipFolders>[1] = {},
) {
  const before = await bucket()
  const engine = new UploadEngine({ signer, retryFor: 2000 })
  const complete = next(engine, 'upload-complete')
  engine.add(await zipFolders(files, options))
  const { failed } = await complete
  while ((await bucket()).uploads.length > before.uploads.length) await drawn(mount())
  expect((await bucket()).objects).to.have.length(before.objects.length)
  engine.clear()
  expect(failed).to.have.length(1)
  return failed[0]?.error
}

describe('a folder as one zip', () => {
  afterEach(() => {
    cleanUp()
    for (const it of document.querySelectorAll('bucket-upload-button')) it.remove()
  })

  it('is one file of the element, and files beside it stay files', async () => {
    const element = mount({ signer, multiple: true, zip: true })
    await element.updateComplete
    const complete = next(element, 'upload-complete')
    choose(
      element,
      at('trip/a.txt'),
      new File(['loose'], 'loose.txt'),
      at('trip/day 1/ö 日.txt'),
      at('b/c'),
    )
    const { uploaded } = await complete
    const names = uploaded.map(({ name, type, path }) => [name, type, path])
    expect(names).to.deep.equal([
      ['trip.zip', 'application/zip', 'trip.zip'],
      ['loose.txt', '', 'loose.txt'],
      ['b.zip', 'application/zip', 'b.zip'],
    ])
    const entries = await readZip(await (await fetch(uploaded[0]?.downloadUrl ?? '')).blob())
    expect(entries.map(({ path, text }) => [path, text])).to.deep.equal([
      ['trip/a.txt', 'trip/a.txt'],
      ['trip/day 1/ö 日.txt', 'trip/day 1/ö 日.txt'],
    ])
    await drawn(element)
    const { violations } = await window.axe.run(element)
    expect(violations.map(({ id }) => id)).to.deep.equal([])
  })

  it('needs only one file, and takes the place of the one before', async () => {
    const element = mount({ signer, zip: true, manual: true })
    await element.updateComplete
    choose(element, at('one/a'), at('one/b'))
    await until(() => element.files.length === 1)
    choose(element, at('two/a'), at('two/b'))
    await until(() => element.files[0]?.name === 'two.zip')
    expect(element.files).to.have.length(1)
  })

  it('comes from a drop', async () => {
    const element = mount({ signer, zip: true })
    await element.updateComplete
    const complete = next(element, 'upload-complete')
    dropFolder(element, 'trip', ['a.txt', 'b.txt'])
    const { uploaded } = await complete
    expect(uploaded.map(({ name }) => name)).to.deep.equal(['trip.zip'])
    const entries = await readZip(await (await fetch(uploaded[0]?.downloadUrl ?? '')).blob())
    expect(entries.map(({ path }) => path)).to.deep.equal(['trip/a.txt', 'trip/b.txt'])
  })

  it('is made by a button or a zone alone, whatever the others do', async () => {
    const engine = new UploadEngine({ signer, manual: true })
    const [button, other] = [true, false].map((zip) => {
      const button = document.createElement('bucket-upload-button')
      Object.assign(button, { engine, zip, directory: true })
      document.body.append(button)
      return button
    })
    if (!button || !other) throw new Error('There are no buttons.')
    await Promise.all([button.updateComplete, other.updateComplete])
    choose(button, at('trip/a'), at('trip/b'))
    await until(() => engine.files.length === 1)
    choose(other, at('trip/a'), at('trip/b'))
    expect(engine.files.map(({ path }) => path)).to.deep.equal(['trip.zip', 'trip/a', 'trip/b'])
    engine.clear()
  })

  it('of nothing is nothing', async () => {
    const element = mount({ signer, zip: true })
    await element.updateComplete
    choose(element)
    dropFolder(element, 'empty', [])
    expect(await zipFolders([])).to.deep.equal([])
    await drawn(element)
    expect(element.files).to.have.length(0)
    expect(element.engine.rejections).to.have.length(0)
  })

  it('has empty files, files of several MiB, and dates that a zip cannot tell', async () => {
    const large = new Blob([
      crypto.getRandomValues(new Uint8Array(65_536)),
      new Uint8Array(7 * MiB),
    ])
    const file = (blob: Blob, name: string, lastModified: number) => ({
      file: new File([blob], name, { lastModified }),
      path: `f/${name}`,
    })
    const entries = await zipOf(
      file(new Blob(), 'empty', 0),
      file(large, 'large', new Date(2024, 1, 29, 13, 14, 16).getTime()),
      file(new Blob(['x']), 'late', 8.64e15),
    )
    expect(entries.map(({ date }) => date)).to.deep.equal([
      '1980-1-1 0:0:0',
      '2024-2-29 13:14:16',
      '2107-12-31 0:0:0',
    ])
    expect(entries.map(({ bytes }) => bytes.size)).to.deep.equal([0, large.size, 1])
    expect(await same(entries[1]?.bytes, large)).to.equal(true)
  })

  it('tells two files of one path apart', async () => {
    const entries = await zipOf(
      { file: new File(['1'], 'a.txt'), path: 'f/a.txt' },
      { file: new File(['2'], 'a.txt'), path: 'f/a.txt' },
      { file: new File(['3'], 'x'), path: 'f/a (2).txt' },
      { file: new File(['4'], 'x'), path: 'f//a.txt' },
    )
    expect(entries.map(({ path, text }) => `${path} ${text}`)).to.deep.equal([
      'f/a.txt 1',
      'f/a (2).txt 2',
      'f/a (2) (2).txt 3',
      'f/a (3).txt 4',
    ])
  })

  it('never leads out of the folder into which it is unpacked', async () => {
    const hostile = ['f/../../a', '/f/b', 'f/..\\..\\c', 'f/C:/d', 'f/.. /e', 'f/./g', 'f/x\0\n/h']
    const entries = await zipOf(...hostile.map((path) => ({ file: new File([path], 'x'), path })), {
      file: new File(['last'], 'x'),
      path: 'f/<img src=x onerror=alert(1)>',
    })
    expect(entries.map(({ path }) => path)).to.deep.equal([
      ...['f/_/_/a', 'f/b', 'f/.._.._c', 'f/C_/d', 'f/_/e', 'f/_/g', 'f/x__/h'],
      'f/<img src=x onerror=alert(1)>',
    ])
    expect(entries.slice(0, 7).map(({ text }) => text)).to.deep.equal(hostile)
    const [above] = await zipFolders([{ file: new File(['x'], 'x'), path: '../etc/passwd' }])
    expect(above).to.include({ name: '_.zip' })
  })

  const changes = {
    'is deleted': (name: string) => deleteFile(name),
    'becomes shorter': (name: string) => writeFile(name, 1000),
  }
  for (const [what, change] of Object.entries(changes)) {
    it(`fails, and says why, when a file in it ${what}`, async () => {
      const name = `zip-${what.replaceAll(' ', '-')}.bin`
      const file = await pickedFile(name, 2 * MiB)
      await change(name)
      const before = { file: new File([new Uint8Array(9 * MiB)], 'x'), path: 'f/before' }
      const error = await failureOf([before, { file, path: `f/in/${name}` }])
      expect(error?.code).to.equal('file-unreadable')
      expect(error?.message).to.match(new RegExp(`^f/in/${name}: This file was moved or changed`))
    })
  }

  it('fails at once when a file in it could not be read', async () => {
    const lost = { file: new File([], 'b'), path: 'f/b', isUnreadable: true }
    const error = await failureOf([at('f/a'), lost])
    expect(error?.message).to.match(/^f\/b: This file was moved/)
  })

  it('shows the name of that file in its row', async () => {
    const element = mount({ signer, zip: true })
    await element.updateComplete
    const complete = next(element, 'upload-complete')
    const lost = { file: new File([], 'b'), path: 'trip/b', isUnreadable: true }
    element.add(await zipFolders([at('trip/a'), lost]))
    await complete
    await drawn(element)
    const [detail] = findAll(element, '.list .detail')
    expect(detail?.textContent).to.equal(
      '\u2068trip/b\u2069: This file was moved or changed. Choose it again.',
    )
  })

  it('that will be too large is not begun', async () => {
    const files = [at('f/a', 'x'.repeat(2000)), at('f/ö')]
    const [item] = await zipFolders(files)
    if (!item || !('name' in item && 'stream' in item)) throw new Error('no zip')
    const { size } = await new Response(item.stream as ReadableStream).blob()
    const error = await failureOf(files, { maxSize: size - 1 })
    expect(error?.code).to.equal('too-large')
    expect(error?.facts).to.include({ limit: size - 1, size })
    const element = mount({ signer, zip: true, maxSize: 2200 })
    await element.updateComplete
    const complete = next(element, 'upload-complete')
    choose(element, at('f/a', 'x'.repeat(2000)), at('f/b'))
    expect((await complete).failed[0]?.error.code).to.equal('too-large')
  })

  it('has to be a type that is accepted, and its files need not', async () => {
    const element = mount({ signer, zip: true, accept: 'image/*' })
    await element.updateComplete
    const rejected = next(element, 'file-rejected')
    choose(element, at('trip/cat.png'))
    expect((await rejected).code).to.equal('type-not-allowed')
    element.accept = 'image/*,.zip'
    await element.updateComplete
    choose(element, at('trip/cat.png'), at('trip/notes.txt'))
    expect((await next(element, 'file-uploaded')).name).to.equal('trip.zip')
  })

  it('of more files than a zip can tell fails', async () => {
    const file = new File(['x'], 'x')
    const files = Array.from({ length: 65_536 }, (_, index) => ({ file, path: `f/${index}` }))
    const error = await failureOf(files)
    expect([error?.code, error?.facts.limit]).to.deep.equal(['too-many-files', 65_535])
  })

  it('has photos without metadata, and fails where that is not certain', async () => {
    const broken = new File([new Uint8Array([0xff, 0xd8, 0xff, 0xe1, 0])], 'p.jpg', {
      type: 'image/jpeg',
    })
    const error = await failureOf([{ file: broken, path: 'f/p.jpg' }], { stripMetadata: true })
    expect([error?.code, error?.facts.path]).to.deep.equal(['metadata-not-removed', 'f/p.jpg'])
    const photo = new File([JPEG_WITH_COMMENT], 'p.jpg', { type: 'image/jpeg' })
    const [item] = await zipFolders([{ file: photo, path: 'f/p.jpg' }], { stripMetadata: true })
    if (!item || !('stream' in item) || typeof item.stream === 'function') throw new Error('no zip')
    const zip = await new Response(item.stream).text()
    expect(zip).not.to.contain('secret')
    expect(zip).to.contain('f/p.jpg')
  })

  it('is read no more once it is cancelled, and leaves nothing', async () => {
    const before = await bucket()
    const element = mount({ signer, zip: true })
    await element.updateComplete
    const content = new Blob([new Uint8Array(MiB)])
    const files = Array.from({ length: 80 }, (_, index) => ({
      file: new File([content], `${index}`),
      path: `trip/${index}`,
    }))
    let read = 0
    for (const { file } of files) {
      const { stream } = file
      file.stream = () => {
        read++
        return stream.call(file)
      }
    }
    element.add(await zipFolders(files))
    await until(() => {
      const [file] = element.files
      return file?.status === 'uploading' && file.loaded > 0
    })
    element.cancel()
    const readThen = read
    expect(element.files[0]).to.include({ status: 'cancelled', isLost: true })
    while ((await bucket()).uploads.length > before.uploads.length) await drawn(element)
    expect((await bucket()).objects).to.have.length(before.objects.length)
    expect(read).to.be.lessThan(files.length)
    expect(read - readThen).to.be.lessThan(2)
  })
})

/** Fires a drop of a folder. No browser lets a test make one. */
function dropFolder(element: BucketUpload, name: string, inside: string[]): void {
  const left = inside.map((file) => ({
    ...{ name: file, isFile: true, isDirectory: false, fullPath: `/${name}/${file}` },
    file: (done: (file: File) => void) => done(new File([file], file)),
  }))
  const entry = {
    ...{ name, isFile: false, isDirectory: true, fullPath: `/${name}` },
    createReader: () => ({ readEntries: (done: (all: object[]) => void) => done(left.splice(0)) }),
  }
  const items = [{ kind: 'file', webkitGetAsEntry: () => entry, getAsFile: () => null }]
  const event = new DragEvent('drop', { bubbles: true, composed: true, cancelable: true })
  Object.defineProperty(event, 'dataTransfer', { value: { items, types: ['Files'] } })
  find(element, '.zone').dispatchEvent(event)
}

async function same(one: Blob | undefined, other: Blob): Promise<boolean> {
  const [a, b] = await Promise.all([one?.arrayBuffer(), other.arrayBuffer()])
  const [left, right] = [new Uint8Array(a ?? new ArrayBuffer()), new Uint8Array(b)]
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}

/** The least that counts as one: a comment, and the start of the picture. */
const JPEG_WITH_COMMENT = new Uint8Array([
  ...[0xff, 0xd8, 0xff, 0xfe, 0, 8, ...new TextEncoder().encode('secret')],
  ...[0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9],
])
