import 'axe-core'
import { expect } from 'chai'
import {
  cleanUp,
  collect,
  control,
  drawn,
  drop,
  find,
  findAll,
  mount,
  next,
  randomFile,
  until,
  upload,
} from '../support/pages/helpers.ts'
import { addresses, UploadEngine } from '../support/pages/library.ts'

declare global {
  interface Window {
    // axe-core is a script that sets a global, not a module.
    axe: typeof import('axe-core')
  }
}

const signer = addresses.signers.ceph
const never = () => new Promise<never>(() => {})

describe('<bucket-upload>', () => {
  afterEach(cleanUp)

  it('takes its options as attributes', async () => {
    document.body.insertAdjacentHTML(
      'beforeend',
      '<bucket-upload signer="/x" accept=".png" max-files="3" min-size="1" max-size="25MB" max-total-size="1 GiB" signer-timeout="500" signer-credentials="include" link-expires="60" label="L" hint="H" multiple manual disabled></bucket-upload>',
    )
    const element = document.querySelector('bucket-upload')
    expect(element).to.include({
      signer: '/x',
      accept: '.png',
      maxFiles: '3',
      maxSize: '25MB',
      signerTimeout: 500,
      signerCredentials: 'include',
      label: 'L',
      hint: 'H',
      multiple: true,
      manual: true,
      disabled: true,
    })
  })

  it('works the same whether options are set before or after it is in the page', async () => {
    const element = mount()
    await element.updateComplete
    element.signer = signer
    const { uploaded } = await upload(element, randomFile('a.txt', 10))
    expect(uploaded).to.have.length(1)
  })

  it('takes a file from the dialog, and the same one again', async () => {
    const element = mount({ signer, multiple: true })
    await element.updateComplete
    for (const count of [1, 2]) {
      const complete = next(element, 'upload-complete')
      const chosen = new DataTransfer()
      chosen.items.add(randomFile('a.txt', 10))
      const input = find<HTMLInputElement>(element, 'input')
      input.files = chosen.files
      input.dispatchEvent(new Event('change'))
      await complete
      expect(element.value).to.have.length(count)
    }
  })

  it('opens the dialog from the button, the zone and browse()', async () => {
    const element = mount({ signer })
    await element.updateComplete
    let opened = 0
    find<HTMLInputElement>(element, 'input').addEventListener('click', (event) => {
      event.preventDefault()
      opened++
    })
    control(element, 'Choose a file').click()
    find(element, '.zone').click()
    element.browse()
    expect(opened).to.equal(3)
  })

  it('shows that files are dragged over it', async () => {
    const element = mount({ signer })
    await element.updateComplete
    const along = { bubbles: true, composed: true }
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(randomFile('a.txt', 1))
    const zone = find(element, '.zone')
    const { height } = element.getBoundingClientRect()
    zone.dispatchEvent(new DragEvent('dragenter', { ...along, dataTransfer }))
    await drawn(element)
    expect(zone.className).to.include('dragging')
    expect(element.getBoundingClientRect().height).to.equal(height)
    zone.dispatchEvent(
      new DragEvent('dragleave', { ...along, relatedTarget: find(element, '.browse') }),
    )
    await element.updateComplete
    expect(zone.className, 'over a child').to.include('dragging')
    zone.dispatchEvent(new DragEvent('dragleave', { ...along, relatedTarget: document.body }))
    await element.updateComplete
    expect(zone.className).not.to.include('dragging')
  })

  it('takes nothing while it is disabled, and keeps the browser from opening the file', async () => {
    const element = mount({ signer, disabled: true })
    await element.updateComplete
    expect(drop(element, [randomFile('a.txt', 1)])).to.equal(true)
    await drawn(element)
    expect(element.files).to.have.length(0)
    expect(find<HTMLButtonElement>(element, '.browse').disabled).to.equal(true)
  })

  it('rejects what breaks a restriction, and says why', async () => {
    const element = mount({
      signer,
      multiple: true,
      accept: 'image/*,.pdf',
      minSize: 2,
      maxSize: '1kB',
      maxTotalSize: 1500,
      maxFiles: 3,
    })
    const rejected = collect(element, 'file-rejected')
    const { uploaded } = await upload(
      element,
      randomFile('a.txt', 10, 'text/plain'),
      randomFile('b.png', 1001, 'image/png'),
      randomFile('c.png', 1, 'image/png'),
      randomFile('d.png', 1000, 'image/png'),
      randomFile('e.png', 501, 'image/png'),
      randomFile('F.PDF', 100),
      randomFile('g.png', 100, 'image/png'),
      randomFile('h.png', 100, 'image/png'),
    )
    expect(uploaded.map((it) => it.name)).to.deep.equal(['d.png', 'F.PDF', 'g.png'])
    expect(rejected.map((it) => [it.file.name, it.code])).to.deep.equal([
      ['a.txt', 'type-not-allowed'],
      ['b.png', 'too-large'],
      ['c.png', 'too-small'],
      ['e.png', 'total-too-large'],
      ['h.png', 'too-many-files'],
    ])
    await drawn(element)
    const message = find(element, '.rejections')
    expect(message.getAttribute('role')).to.equal('alert')
    expect(message.textContent).to.include('b.png').and.include('The limit is 1 kB')
    expect(message.textContent).to.include('And 2 more.')
    control(element, 'Dismiss').click()
    await drawn(element)
    expect(findAll(element, '.rejections')).to.have.length(0)
  })

  it('takes one file without `multiple`, and another once that is removed', async () => {
    const element = mount({ signer })
    const rejected = collect(element, 'file-rejected')
    await upload(element, randomFile('a.txt', 10), randomFile('b.txt', 10))
    expect(rejected.map((it) => it.code)).to.deep.equal(['too-many-files'])
    await drawn(element)
    control(element, 'Remove from list: a.txt').click()
    const { uploaded } = await upload(element, randomFile('c.txt', 10))
    expect(uploaded.map((it) => it.name)).to.deep.equal(['c.txt'])
  })

  it('keeps files out when the page says so', async () => {
    const element = mount({ signer })
    element.addEventListener('files-added', (event) => event.preventDefault())
    expect(element.add([randomFile('a.txt', 10)])).to.deep.equal([])
    expect(element.files).to.have.length(0)
  })

  it('waits for start() with `manual`', async () => {
    const element = mount({ signer, manual: true })
    element.add([randomFile('a.txt', 10)])
    await drawn(element)
    expect(element.files.map((it) => it.status)).to.deep.equal(['queued'])
    const complete = next(element, 'upload-complete')
    control(element, 'Start upload').click()
    expect((await complete).uploaded).to.have.length(1)
  })

  it('cancels a file, which can be tried again', async () => {
    const element = mount({ signer: never })
    const [id] = element.add([randomFile('a.txt', 10)])
    await drawn(element)
    control(element, 'Cancel: a.txt').click()
    await drawn(element)
    expect(element.files[0]?.status).to.equal('cancelled')
    element.signer = signer
    await element.updateComplete
    const complete = next(element, 'upload-complete')
    control(element, 'Try again: a.txt').click()
    expect((await complete).uploaded.map((it) => it.id)).to.deep.equal([id])
  })

  it('pauses a file and lets it go on', async () => {
    // Without a signer that answers, the file stands still.
    const element = mount({ signer: never })
    const [id] = element.add([randomFile('a.txt', 10)])
    element.pause(id)
    await drawn(element)
    expect(find(find(element, 'bucket-upload-list'), '.detail').textContent).to.include('Paused')
    element.signer = signer
    await element.updateComplete
    const complete = next(element, 'upload-complete')
    control(element, 'Resume: a.txt').click()
    expect((await complete).uploaded).to.have.length(1)
  })

  it('takes itself out of the page by remove() without an id', () => {
    const element = mount()
    element.remove()
    expect(element.isConnected).to.equal(false)
  })

  it('goes on while it is moved in the page', async () => {
    const element = mount({ signer })
    const complete = next(element, 'upload-complete')
    element.add([randomFile('a.txt', 2_000_000)])
    const box = document.createElement('div')
    document.body.append(box)
    box.append(element)
    expect((await complete).uploaded).to.have.length(1)
  })

  it('counts progress in bytes, and never backwards', async () => {
    const element = mount({ signer, multiple: true })
    const progress = collect(element, 'upload-progress')
    await upload(element, randomFile('a.bin', 3_000_000), randomFile('b.bin', 1_000_000))
    await until(() => progress.at(-1)?.active === 0)
    expect(progress.at(-1)).to.include({
      loaded: 4_000_000,
      total: 4_000_000,
      uploaded: 2,
      failed: 0,
    })
    const loaded = progress.map((it) => it.loaded)
    expect(loaded).to.deep.equal([...loaded].sort((a, b) => a - b))
  })

  it('sums up all files of the list when nothing is left to do', async () => {
    const element = mount({ signer, multiple: true })
    await upload(element, randomFile('a.txt', 10))
    await upload(element, randomFile('b.txt', 10))
    await drawn(element)
    expect(find(element, '.total .title').textContent).to.equal('All 2 files uploaded')
  })

  it('fires events that cross shadow roots', async () => {
    const host = document.createElement('div')
    document.body.append(host)
    const element = document.createElement('bucket-upload')
    element.signer = signer
    host.attachShadow({ mode: 'open' }).append(element)
    const uploaded = next(document, 'file-uploaded')
    element.add([randomFile('a.txt', 10)])
    expect((await uploaded).name).to.equal('a.txt')
    host.remove()
  })

  it('sends headers to the signer, made anew for each call', async () => {
    const seen: (string | null)[] = []
    const original = window.fetch
    window.fetch = (input, init) => {
      const headers = new Headers(init?.headers)
      if (headers.has('Authorization')) seen.push(headers.get('Authorization'))
      return original(input, init)
    }
    let token = 0
    const element = mount({
      signer,
      multiple: true,
      signerHeaders: () => ({ Authorization: `Bearer ${++token}` }),
    })
    await upload(element, randomFile('a.txt', 10))
    await upload(element, randomFile('b.txt', 10))
    window.fetch = original
    expect(seen).to.deep.equal(['Bearer 1', 'Bearer 2'])
  })

  it('asks for links of the lifetime that the page wants', async () => {
    const element = mount({ signer, linkExpires: 60 })
    const { uploaded } = await upload(element, randomFile('a.txt', 10))
    const left = (uploaded[0]?.downloadUrlExpiresAt?.getTime() ?? 0) - Date.now()
    expect(left).to.be.within(30_000, 61_000)
  })

  it('copies the link', async () => {
    const element = mount({ signer, links: 'copy' })
    const { uploaded } = await upload(element, randomFile('a.txt', 10))
    await drawn(element)
    let copied = ''
    const writeText = async (text: string) => {
      copied = text
    }
    Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true })
    control(element, 'Copy link: a.txt').click()
    await until(() => copied)
    await drawn(element)
    expect(copied).to.equal(uploaded[0]?.downloadUrl)
    expect(find(element, '.copy').textContent).to.include('Copied')
    const list = find(element, 'bucket-upload-list')
    expect(find(list, '[role=status]').textContent).to.equal('Link copied.')
    Reflect.deleteProperty(navigator, 'clipboard')
  })

  it('warns of a bad value and goes on without it', async () => {
    const warnings: string[] = []
    const original = console.warn
    console.warn = (text: string) => warnings.push(text)
    const element = mount({ signer, maxSize: 'huge' })
    const { uploaded } = await upload(element, randomFile('a.txt', 10))
    console.warn = original
    expect(uploaded).to.have.length(1)
    expect(warnings).to.deep.equal([
      '<bucket-upload> max-size="huge" is ignored. Write a number of bytes, or for example "25MB".',
    ])
  })

  it('shows an engine that the page brings', async () => {
    const engine = new UploadEngine({ signer })
    const element = mount({ engine })
    const complete = next(element, 'upload-complete')
    engine.add([randomFile('a.txt', 10)])
    await complete
    await drawn(element)
    expect(find(element, '.name').textContent).to.equal('a.txt')
  })

  it('has its own engine again when the page takes its one back', async () => {
    const element = mount({ signer })
    const own = element.engine
    element.engine = new UploadEngine({ signer })
    element.engine = undefined
    expect(element.engine).to.equal(own)
    const { uploaded } = await upload(element, randomFile('a.txt', 10))
    expect(uploaded.map(({ name }) => name)).to.deep.equal(['a.txt'])
  })

  it('is found by assistive technology: no violation that axe knows of', async () => {
    const element = mount({ signer, multiple: true, label: 'Files', maxSize: '1kB' })
    await upload(element, randomFile('a.txt', 10))
    element.add([randomFile('large.txt', 2000)])
    element.signer = never
    element.add([randomFile('b.txt', 10)])
    await drawn(element)
    // What fades in has less contrast until then.
    await until(() => findAll(element, '*').every((it) => it.getAnimations().length === 0))
    const { violations } = await window.axe.run(element)
    expect(violations.map((it) => `${it.id}: ${it.help}`)).to.deep.equal([])
  })
})
