import { expect } from 'chai'
import type { BucketUploadDropZone } from '../../src/index.ts'
import {
  cleanUp,
  collect,
  drawn,
  find,
  findAll,
  mount,
  next,
  randomFile,
  until,
} from '../support/pages/helpers.ts'
import { addresses, filesFromDrop, UploadEngine } from '../support/pages/library.ts'

const signer = addresses.signers.ceph
const options = { bubbles: true, composed: true, cancelable: true }

describe('ways in', () => {
  afterEach(() => {
    cleanUp()
    for (const it of document.querySelectorAll('bucket-upload-drop-zone, .other')) it.remove()
  })

  describe('a drop on the page', () => {
    it('is kept from the browser while there is a zone, and only then', async () => {
      expect(drag(document.body, 'drop')).to.equal(false)
      const [first, second] = [mount({ signer }), mount({ signer })]
      await first.updateComplete
      await second.updateComplete
      expect(drag(document.body, 'dragover')).to.equal(true)
      expect(drag(document.body, 'drop')).to.equal(true)
      first.remove()
      expect(drag(document.body, 'drop'), 'one is left').to.equal(true)
      second.remove()
      expect(drag(document.body, 'dragover'), 'none is left').to.equal(false)
      expect(drag(document.body, 'drop'), 'none is left').to.equal(false)
      expect(first.files).to.have.length(0)
    })

    it('says that nothing beside the zone takes it', async () => {
      const element = mount({ signer })
      await element.updateComplete
      const dataTransfer = transferOf(file('a.txt'))
      dataTransfer.dropEffect = 'copy'
      document.body.dispatchEvent(new DragEvent('dragover', { ...options, dataTransfer }))
      expect(dataTransfer.dropEffect).to.equal('none')
    })

    it('leaves alone what is no file, and file inputs', async () => {
      const element = mount({ signer, dropAnywhere: true })
      await element.updateComplete
      const text = new DataTransfer()
      text.setData('text/plain', 'words')
      expect(drag(document.body, 'dragover', text)).to.equal(false)
      const input = other('input')
      input.setAttribute('type', 'file')
      expect(drag(input, 'dragover')).to.equal(false)
      expect(drag(input, 'drop')).to.equal(false)
      expect(element.files).to.have.length(0)
    })

    it('goes to what else takes files on the page, also to a late listener of the window', async () => {
      const element = mount({ signer, dropAnywhere: true })
      await element.updateComplete
      const area = other('div')
      const taken: string[] = []
      area.addEventListener('drop', (event) => {
        event.preventDefault()
        taken.push('area')
      })
      drag(area, 'drop')
      const late = (event: Event) => {
        event.preventDefault()
        taken.push('window')
      }
      window.addEventListener('drop', late)
      drag(document.body, 'drop')
      window.removeEventListener('drop', late)
      await moments()
      expect(taken).to.deep.equal(['area', 'window'])
      expect(element.files).to.have.length(0)
    })

    it('goes to the first of those that take it anywhere, and can', async () => {
      const closed = mount({ signer, dropAnywhere: true, disabled: true })
      const [first, second] = [
        mount({ signer, dropAnywhere: true, manual: true }),
        mount({ signer, dropAnywhere: true, manual: true }),
      ]
      for (const it of [closed, first, second]) await it.updateComplete
      expect(drag(document.body, 'drop')).to.equal(true)
      await until(() => first.files.length === 1)
      expect(closed.files.length + second.files.length).to.equal(0)
      first.hidden = true
      drag(document.body, 'drop')
      await until(() => second.files.length === 1)
      expect(first.files).to.have.length(1)
    })

    it('does not go to what is behind a modal dialog', async () => {
      const behind = mount({ signer, dropAnywhere: true, manual: true })
      const dialog = other('dialog') as HTMLDialogElement
      const inside = mount({ signer, dropAnywhere: true, manual: true })
      dialog.append(inside)
      dialog.showModal()
      for (const it of [behind, inside]) await it.updateComplete
      drag(document.body, 'drop')
      await until(() => inside.files.length === 1)
      dialog.close()
      drag(document.body, 'drop')
      await until(() => behind.files.length === 1)
      expect(inside.files).to.have.length(1)
    })

    it('goes to one that has no box of its own', async () => {
      const element = mount({ signer, dropAnywhere: true, manual: true })
      await element.updateComplete
      find(element, 'bucket-upload-drop-zone').style.display = 'contents'
      drag(document.body, 'drop')
      await until(() => element.files.length === 1)
    })

    it('shows where it goes, until the drag is over', async () => {
      const element = mount({ signer, dropAnywhere: true, manual: true })
      await element.updateComplete
      const covers = () => findAll(element, '.page-drop')
      drag(document.body, 'dragenter')
      await drawn(element)
      expect(covers().map((it) => it.textContent?.trim())).to.deep.equal(['Drop to upload'])
      const { width, height } = (covers()[0] as HTMLElement).getBoundingClientRect()
      expect(width).to.be.greaterThan(innerWidth * 0.8)
      expect(height).to.be.greaterThan(innerHeight * 0.8)
      drag(document.body, 'drop')
      await drawn(element)
      expect(covers(), 'after the drop').to.have.length(0)
      drag(document.body, 'dragover')
      await drawn(element)
      expect(covers()).to.have.length(1)
      document.body.dispatchEvent(new DragEvent('dragleave', options))
      await until(() => covers().length === 0)
    })

    it('raises its cover once, however often it is drawn meanwhile', async () => {
      const element = mount({ signer, dropAnywhere: true, manual: true })
      await element.updateComplete
      drag(document.body, 'dragenter')
      await drawn(element)
      let toggled = 0
      find(element, '.page-drop').addEventListener('beforetoggle', () => toggled++)
      find<BucketUploadDropZone>(element, 'bucket-upload-drop-zone').requestUpdate()
      await drawn(element)
      expect(toggled).to.equal(0)
      drag(document.body, 'drop')
    })

    it('does not show anything over a zone that takes no drops of the page', async () => {
      const element = mount({ signer })
      await element.updateComplete
      drag(document.body, 'dragover')
      await drawn(element)
      expect(findAll(element, '.page-drop')).to.have.length(0)
    })
  })

  describe('a paste', () => {
    it('is taken while the focus is in the element', async () => {
      const element = mount({ signer, multiple: true })
      await element.updateComplete
      const uploaded = next(element, 'file-uploaded')
      expect(paste(find(element, 'button'), file('report.pdf'))).to.equal(true)
      expect((await uploaded).name).to.equal('report.pdf')
    })

    it('is left alone elsewhere, unless it may come from anywhere', async () => {
      const element = mount({ signer, manual: true })
      await element.updateComplete
      expect(paste(document.body, file('a.txt'))).to.equal(false)
      element.paste = 'page'
      await element.updateComplete
      await drawn(element)
      expect(paste(document.body, file('a.txt'))).to.equal(true)
      await until(() => element.files.length === 1)
    })

    it('is not stolen from a text field, nor is text taken', async () => {
      const element = mount({ signer, manual: true, paste: 'page' })
      await element.updateComplete
      const editable = other('div')
      editable.contentEditable = 'true'
      for (const field of [other('input'), other('textarea'), editable]) {
        expect(paste(field, file('a.txt')), field.localName).to.equal(false)
      }
      const event = pasteOf((data) => data.setData('text/plain', 'words'))
      expect(event.clipboardData?.types).to.deep.equal(['text/plain'])
      expect(document.body.dispatchEvent(event)).to.equal(true)
      await moments()
      expect(element.files).to.have.length(0)
    })

    it('gives a picture without a name of its own one that says when', async () => {
      const element = mount({ signer, manual: true, multiple: true })
      await element.updateComplete
      const picture = (name: string) => randomFile(name, 100, 'image/png')
      paste(find(element, 'button'), picture('image.png'), picture('image.png'), picture('cat.png'))
      await until(() => element.files.length === 3)
      const names = element.files.map(({ name }) => name)
      expect(names[0]).to.match(/^pasted-\d{4}-\d\d-\d\d-\d{6}\.png$/)
      expect(names[1]).to.equal(names[0]?.replace('.png', '-2.png'))
      expect(names[2]).to.equal('cat.png')
      const old = { type: 'image/png', lastModified: Date.now() - 60_000 }
      paste(find(element, 'button'), new File(['x'], 'image.png', old))
      await until(() => element.files.length === 4)
      expect(element.files.at(-1)?.name, 'a file of that name').to.equal('image.png')
      expect(element.files[0]).to.include({ type: 'image/png', size: 100, path: names[0] })
    })

    it('keeps to the restrictions', async () => {
      const element = mount({ signer, accept: 'image/*' })
      await element.updateComplete
      const rejected = next(element, 'file-rejected')
      paste(find(element, 'button'), file('a.txt'))
      expect((await rejected).code).to.equal('type-not-allowed')
    })

    it('comes to a drop zone that stands alone, and no more when it is gone', async () => {
      const engine = new UploadEngine({ signer, manual: true })
      const zone = document.createElement('bucket-upload-drop-zone')
      Object.assign(zone, { engine, paste: 'page' })
      document.body.append(zone)
      await zone.updateComplete
      expect(paste(document.body, file('a.txt'))).to.equal(true)
      await until(() => engine.files.length === 1)
      zone.remove()
      expect(paste(document.body, file('a.txt'))).to.equal(false)
    })
  })

  describe('folders', () => {
    it('are chosen with directory, which is more than one file', async () => {
      const element = mount({ signer, directory: true, manual: true })
      await drawn(element)
      expect(find(element, '.browse').textContent?.trim()).to.equal('Choose a folder')
      expect(find(element, '.title.fine').textContent).to.equal('Drop a folder here')
      expect(find<HTMLInputElement>(element, 'input[type=file]').webkitdirectory).to.equal(true)
      element.add([file('a.txt'), file('b.txt')])
      expect(element.files).to.have.length(2)
    })

    it('keep the path that the browser tells', () => {
      const element = mount({ signer, directory: true, manual: true })
      const chosen = file('cat.jpg')
      Object.defineProperty(chosen, 'webkitRelativePath', { value: 'pets/cat.jpg' })
      element.add([chosen])
      expect(element.files[0]?.path).to.equal('pets/cat.jpg')
    })

    it('stand below the prefix', () => {
      const element = mount({ signer, multiple: true, manual: true, prefix: '/in/box/' })
      element.add([{ file: file('cat.jpg'), path: 'pets/cat.jpg' }, file('a.txt')])
      expect(element.files.map(({ path }) => path)).to.deep.equal([
        'in/box/pets/cat.jpg',
        'in/box/a.txt',
      ])
    })

    it('are read whole, whatever in them is empty, unreadable or junk', async () => {
      const many = Array.from({ length: 250 }, (_, index) =>
        leaf(`n${String(index).padStart(3, '0')}`),
      )
      const data = dataOf(
        branch('top', [
          branch('z', many),
          branch('empty', []),
          branch('locked', undefined),
          leaf('gone.txt', false),
          leaf('.DS_Store'),
          branch('a', [leaf('Thumbs.db'), leaf('desktop.ini'), leaf('kept.txt')]),
        ]),
      )
      const found = await filesFromDrop(data)
      const readable = found.filter((it) => !it.isUnreadable).map(({ path }) => path)
      const numbered = many.map(({ name }) => `top/z/${name}`)
      expect(readable).to.deep.equal(['top/a/kept.txt', ...numbered])
      const element = mount({ signer, manual: true, multiple: true })
      const rejected = collect(element, 'file-rejected')
      element.add(found)
      expect(element.files).to.have.length(251)
      expect(rejected.map(({ code, file }) => `${code} ${file.path}`)).to.deep.equal([
        'file-unreadable top/gone.txt',
        'file-unreadable top/locked',
      ])
    })

    it('arrive also when the element has left the page before they are read', async () => {
      const element = mount({ signer, manual: true, multiple: true })
      await element.updateComplete
      const zone = find(element, '.zone')
      const event = new DragEvent('drop', options)
      const dataTransfer = dataOf(branch('top', [leaf('a.txt')]))
      Object.defineProperty(event, 'dataTransfer', { value: dataTransfer })
      zone.dispatchEvent(event)
      // A router takes the element apart.
      element.remove()
      find(element, 'bucket-upload-drop-zone').remove()
      await moments()
      expect(element.files.map(({ path }) => path)).to.deep.equal(['top/a.txt'])
    })

    it('are nothing, and no error, when they are empty', async () => {
      expect(await filesFromDrop(dataOf(branch('top', [branch('in', [])])))).to.deep.equal([])
    })
  })

  it('a camera is asked for with capture', async () => {
    const element = mount({ signer, capture: 'environment', accept: 'image/*' })
    await drawn(element)
    expect(find(element, 'input[type=file]').getAttribute('capture')).to.equal('environment')
    const field = document.createElement('bucket-upload-field')
    field.capture = 'user'
    document.body.append(field)
    await drawn(field)
    expect(find(field, 'input[type=file]').getAttribute('capture')).to.equal('user')
    field.remove()
  })
})

function file(name: string): File {
  return new File(['content'], name, { type: 'text/plain' })
}

function transferOf(...files: File[]): DataTransfer {
  const data = new DataTransfer()
  for (const file of files) data.items.add(file)
  return data
}

/** Whether somebody prevents what the browser would do. */
function drag(target: Element, type: string, dataTransfer = transferOf(file('a.txt'))): boolean {
  return !target.dispatchEvent(new DragEvent(type, { ...options, dataTransfer }))
}

function paste(target: Element, ...files: File[]): boolean {
  const event = pasteOf((data) => {
    for (const file of files) data.items.add(file)
  })
  expect(event.clipboardData?.files, 'what is pasted').to.have.length(files.length)
  return !target.dispatchEvent(event)
}

/** Firefox makes the data itself and leaves out the files of a given one, but they can be added. */
function pasteOf(fill: (data: DataTransfer) => void): ClipboardEvent {
  const event = new ClipboardEvent('paste', { ...options, clipboardData: new DataTransfer() })
  if (event.clipboardData) fill(event.clipboardData)
  return event
}

function other<Name extends keyof HTMLElementTagNameMap>(name: Name) {
  const element = document.createElement(name)
  element.className = 'other'
  document.body.append(element)
  return element
}

/** Long enough for what should not happen. */
const moments = () => new Promise((resolve) => setTimeout(resolve, 50))

type Node = { name: string; entry: (folder: string) => object }

/** A file on a disk, or one that cannot be read: no browser lets a test make one. */
function leaf(name: string, isReadable = true): Node {
  const read = (done: (file: File) => void, failed: (error: Error) => void) =>
    isReadable ? done(file(name)) : failed(new DOMException('', 'NotReadableError'))
  const about = { name, isFile: true, isDirectory: false, file: read }
  return { name, entry: (folder) => ({ ...about, fullPath: `${folder}/${name}` }) }
}

/** A folder that gives a hundred entries at a time, as Chromium does. */
function branch(name: string, inside: Node[] | undefined): Node {
  return {
    name,
    entry: (folder) => ({
      ...{ name, isFile: false, isDirectory: true, fullPath: `${folder}/${name}` },
      createReader() {
        const left = inside?.map((it) => it.entry(`${folder}/${name}`))
        return {
          readEntries: (done: (entries: object[]) => void, failed: (error: Error) => void) =>
            left ? done(left.splice(0, 100)) : failed(new DOMException('', 'NotReadableError')),
        }
      },
    }),
  }
}

function dataOf(...nodes: Node[]): DataTransfer {
  const items = nodes.map((it) => ({
    kind: 'file',
    webkitGetAsEntry: () => it.entry(''),
    getAsFile: () => null,
  }))
  return { items } as unknown as DataTransfer
}
