import { expect } from 'chai'
import type { BucketUpload, UploadEngine as Engine } from '../../src/index.ts'
import { cleanUp, collect, drawn, find, findAll, mount, until } from '../support/pages/helpers.ts'
import { UploadEngine } from '../support/pages/library.ts'
import { stillEngine } from '../support/pages/still-engine.ts'

const manual = () => new UploadEngine({ manual: true })
const file = (name: string) => new File(['content'], name)

/** The names in the list of an element. */
const listed = (element: Element) =>
  findAll(element, 'bucket-upload-list .row, .row').length === 0
    ? []
    : findAll(element, '.row .name').map((it) => it.textContent?.trim())

describe('elements and their engine', () => {
  afterEach(() => {
    cleanUp()
    for (const it of document.querySelectorAll('.test, bucket-upload-list, bucket-upload-messages'))
      it.remove()
  })

  describe('with `for`', () => {
    /** An upload with files, and one that shows them. */
    async function pair() {
      const first = mount({ id: 'first', manual: true, multiple: true })
      const second = mount({ for: 'first', multiple: true })
      await drawn(first)
      return { first, second }
    }

    it('a <bucket-upload> shows the files of another one, and adds to them', async () => {
      const { first, second } = await pair()
      expect(second.engine).to.equal(first.engine)
      first.add([file('a.txt')])
      second.add([file('b.txt')])
      expect(first.files.map(({ name }) => name)).to.deep.equal(['a.txt', 'b.txt'])
      await drawn(second)
      await until(() => listed(second).length > 0)
      expect(listed(second)).to.deep.equal(['a.txt', 'b.txt'])
    })

    it('it follows the other one to another engine', async () => {
      const { first, second } = await pair()
      const engine = manual()
      const added = collect(second, 'files-added')
      first.engine = engine
      expect(second.engine).to.equal(engine)
      engine.add([file('a.txt')])
      expect(added).to.have.length(1)
      const own = manual()
      second.engine = own
      expect(second.engine, 'its own goes first').to.equal(own)
      second.engine = undefined
      expect(second.engine).to.equal(engine)
    })

    it('it has its own engine without the other one, and around itself', async () => {
      const { first, second } = await pair()
      const shared = second.engine
      second.for = undefined
      await drawn(second)
      expect(second.engine).not.to.equal(shared)
      second.for = 'first'
      second.id = 'second'
      await drawn(second)
      expect(second.engine).to.equal(shared)
      first.for = 'second'
      await drawn(first)
      expect(first.engine, 'in a circle').to.equal(shared)
      first.for = 'first'
      await drawn(first)
      expect(first.engine, 'its own id').to.equal(shared)
    })

    it('one inside of another has an engine of its own', async () => {
      const outer = mount()
      const inner = document.createElement('bucket-upload')
      outer.append(inner)
      await drawn(outer)
      expect(inner.engine).not.to.equal(outer.engine)
    })
  })

  it('what is set before the tag is defined counts', async () => {
    const frame = document.createElement('iframe')
    frame.className = 'test'
    document.body.append(frame)
    const page = frame.contentDocument as Document
    const element = page.createElement('bucket-upload') as BucketUpload
    const list = page.createElement('bucket-upload-list')
    page.body.append(element, list)
    const engine = manual()
    element.existing = [{ key: 'k/old.txt', name: 'old.txt' }]
    element.engine = engine
    Object.assign(list, { engine })
    const script = page.createElement('script')
    Object.assign(script, { type: 'module', src: '/dist/cdn/bucket-upload.js' })
    const loaded = new Promise((resolve) => script.addEventListener('load', resolve))
    page.body.append(script)
    await loaded
    await element.updateComplete
    expect(element.engine).to.equal(engine)
    expect(element.kept.map(({ key }) => key)).to.deep.equal(['k/old.txt'])
    const added = collect(element, 'files-added')
    engine.add([file('a.txt')])
    expect(added, 'forwarded').to.have.length(1)
    await until(() => findAll(list, '.name').length > 0)
    element.existing = []
    expect(element.kept, 'set later').to.have.length(0)
  })

  it('tell the document once of each event of an engine that they share', async () => {
    const { engine } = stillEngine()
    const [left, right] = [document.createElement('div'), document.createElement('div')]
    const heard: string[] = []
    const hear = (name: string) => () => heard.push(name)
    for (const [name, box] of Object.entries({ left, right })) {
      box.className = 'test'
      const element = document.createElement('bucket-upload')
      element.engine = engine
      element.addEventListener('files-added', hear(`the ${name} one`))
      box.addEventListener('files-added', hear(`around the ${name} one`))
      box.append(element)
      document.body.append(box)
    }
    const hearDocument = hear('document')
    document.addEventListener('files-added', hearDocument)
    engine.add([file('a.txt')])
    document.removeEventListener('files-added', hearDocument)
    expect(heard).to.have.members([
      ...['the left one', 'around the left one', 'document'],
      ...['the right one', 'around the right one'],
    ])
  })

  it('say once why a file was refused, wherever the page has its messages', async () => {
    for (const around of [undefined, document.createElement('div')]) {
      const element = mount({ maxSize: 1 })
      const messages = document.createElement('bucket-upload-messages')
      around?.append(messages)
      element.append(document.createElement('bucket-upload-button'), around ?? messages)
      await drawn(element)
      element.add([file('large.txt')])
      await until(() => findAll(messages, '.rejections').length > 0)
      await drawn(element)
      expect(findAll(element, '.rejections')).to.have.length(0)
      messages.remove()
      element.requestUpdate()
      await until(() => findAll(element, '.rejections').length === 1)
    }
  })

  it('warn of a failure once', async () => {
    const engine = new UploadEngine({})
    const warnings: string[] = []
    const original = console.warn
    console.warn = (text: string) => warnings.push(text)
    mount({ engine })
    mount({ engine })
    engine.add([file('a.txt')])
    await until(() => engine.counts.failed === 1)
    console.warn = original
    expect(warnings.filter((text) => text.includes('signer-missing'))).to.have.length(1)
  })

  it('draw nothing more once they are out of the page', async () => {
    const list = document.createElement('bucket-upload-list')
    list.engine = manual()
    document.body.append(list)
    list.engine.add([file('a.txt')])
    await drawn(list)
    list.remove()
    let draws = 0
    const { requestUpdate } = list
    list.requestUpdate = (...args: []) => {
      draws++
      requestUpdate.apply(list, args)
    }
    await drawn(list)
    expect(draws).to.equal(0)
  })

  describe('announcements', () => {
    async function messages(engine: Engine) {
      const element = document.createElement('bucket-upload-messages')
      element.engine = engine
      document.body.append(element)
      await drawn(element)
      const said: string[] = []
      const observer = new MutationObserver(() => {
        const text = find(element, '[role=status]').textContent?.trim()
        if (text) said.push(text)
      })
      observer.observe(find(element, '[role=status]'), {
        ...{ childList: true, characterData: true, subtree: true },
      })
      return { element, said }
    }

    it('begin again with the next upload, also if the last one ended unheard', async () => {
      const { engine, held } = stillEngine(() => false)
      const { element, said } = await messages(engine)
      engine.add([new File(['12345678'], 'a.txt')])
      await until(() => held.has('a.txt'))
      held.get('a.txt')?.progress(6)
      await until(() => said.length > 0)
      element.remove()
      held.get('a.txt')?.finish()
      await until(() => engine.counts.uploaded === 1)
      document.body.append(element)
      engine.add([new File(['12345678'], 'b.txt')])
      await until(() => held.has('b.txt'))
      held.get('b.txt')?.progress(2)
      await until(() => said.join(' ').match(/Uploading 1 file\..*Uploading 1 file\./))
      await until(() => said.at(-1)?.includes('25% uploaded.'))
    })

    it('are not repeated when the element is moved', async () => {
      const { engine, held } = stillEngine(() => false)
      const { element, said } = await messages(engine)
      engine.add([new File(['12345678'], 'a.txt'), new File(['12345678'], 'b.txt')])
      await until(() => held.size === 2)
      held.get('a.txt')?.progress(4)
      await until(() => said.length > 0)
      document.body.append(element)
      held.get('a.txt')?.finish()
      held.get('b.txt')?.finish()
      await until(() => said.join(' ').includes('All 2 files uploaded'))
      expect(said.join(' ').match(/Uploading/g)).to.have.length(1)
    })
  })
})
