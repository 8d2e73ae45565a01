import 'axe-core'
import { expect } from 'chai'
import { ResumeStore } from '../../src/engine/resume/resume-store.ts'
import type { BucketUpload } from '../../src/index.ts'
import { crashMidway, entryOf, forgetAll, leftBehind, storedFile } from '../support/pages/crash.ts'
import {
  cleanUp,
  control,
  drawn,
  find,
  findAll,
  mount,
  needsFileSystem,
  next,
  sha256,
  until,
} from '../support/pages/helpers.ts'
import { addresses, UploadEngine, UploadError } from '../support/pages/library.ts'
import { spy } from '../support/pages/spy-signer.ts'

const store = new ResumeStore()
const never = () => new Promise<never>(() => {})

/** Leaves an upload behind, and does not come back before its page is let go of. */
async function interrupt({ withHandle = true } = {}) {
  const stored = await storedFile('film.mp4')
  await crashMidway(withHandle ? stored : { file: stored.file })
  await leftBehind(new UploadEngine({ signer: never }))
  return stored.file
}

/** Uploads that only look as if they had been interrupted, the first one as the youngest. */
async function pretend(...names: string[]): Promise<void> {
  for (const [index, name] of names.entries()) {
    await store.put(await entryOf(name, { expiresAt: Date.now() + 3_600_000 - index * 1000 }))
  }
}

function banner(element: BucketUpload): HTMLElement | undefined {
  return findAll(element, '.interrupted')[0]
}

/** What it says to screen readers. */
function said(element: BucketUpload): string {
  return textOf(find(find(element, 'bucket-upload-interrupted'), '[role=status]'))
}

/** What has the focus, by its name or text. */
function focused(): string {
  let active = document.activeElement
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
  return active?.getAttribute('aria-label') ?? textOf(active)
}

async function appears(element: BucketUpload): Promise<HTMLElement> {
  await until(() => banner(element))
  return find(element, '.interrupted')
}

/** What is shown, without the white space of the source. */
function textOf(element: Element | null | undefined): string {
  return element?.textContent?.replace(/\s+/g, ' ').trim() ?? ''
}

function rowsOf(element: BucketUpload): string[] {
  return [...(banner(element)?.querySelectorAll('.row .name') ?? [])].map(textOf)
}

describe('the list of interrupted uploads', () => {
  beforeEach(forgetAll)
  afterEach(async () => {
    cleanUp()
    await forgetAll()
  })

  it('lets one go on with one click, without choosing the file', async function () {
    needsFileSystem(this)
    const file = await interrupt()
    const { ask, count } = spy(addresses.smallParts)
    const element = mount({ signer: ask })
    await appears(element)
    expect(textOf(find(element, '.interrupted .detail'))).to.match(/^68\s?% of 23.1 MB uploaded\.$/)
    const complete = next(element, 'upload-complete')
    // To look again may take a while.
    const { engine } = element
    const interrupted = engine.interrupted.bind(engine)
    engine.interrupted = async () => {
      await new Promise((resolve) => setTimeout(resolve, 300))
      return interrupted()
    }
    control(element, 'Continue: film.mp4').click()
    await until(() => element.files.length === 1)
    await drawn(element)
    expect(rowsOf(element), 'in both lists').to.deep.equal([])
    const { uploaded } = await complete
    expect(count('part')).to.equal(2)
    const sent = await sha256(await fetch(uploaded[0]?.downloadUrl ?? ''))
    expect(sent).to.equal(await sha256(file))
    await drawn(element)
    expect(banner(element)).to.equal(undefined)
  })

  it('asks for the file where the browser has no handle', async () => {
    const file = await interrupt({ withHandle: false })
    const element = mount({ signer: spy(addresses.smallParts).ask, accept: '.mp4' })
    await appears(element)
    expect(textOf(find(element, '.interrupted .detail'))).to.include(
      'Choose the file again to continue.',
    )
    const input = find<HTMLInputElement>(element, '.interrupted input')
    let opened = 0
    input.addEventListener('click', (event) => {
      event.preventDefault()
      opened++
    })
    control(element, 'Choose again: film.mp4').click()
    expect([opened, input.accept]).to.deep.equal([1, '.mp4'])
    const choose = async (file: File) => {
      const chosen = new DataTransfer()
      chosen.items.add(file)
      input.files = chosen.files
      input.dispatchEvent(new Event('change'))
    }
    choose(new File(['x'], 'other.mp4'))
    await until(() => find(element, '.interrupted .row').matches('.failed'))
    expect(textOf(find(element, '.interrupted .detail'))).to.include('This is not the file')
    const complete = next(element, 'upload-complete')
    control(element, 'Choose again: film.mp4').click()
    choose(file)
    expect((await complete).uploaded).to.have.length(1)
  })

  it('says why one cannot go on, and then asks for the file', async function () {
    needsFileSystem(this)
    await interrupt()
    await (await navigator.storage.getDirectory()).removeEntry('film.mp4')
    const element = mount({ signer: never })
    await appears(element)
    control(element, 'Continue: film.mp4').click()
    await until(() => find(element, '.interrupted .row').matches('.failed'))
    expect(textOf(find(element, '.interrupted .detail'))).to.include('was moved or changed')
    expect(said(element)).to.include('film.mp4: This file was')
    expect(control(element, 'Choose again: film.mp4')).to.be.an.instanceOf(HTMLButtonElement)
  })

  it('goes as soon as the file is added in any other way', async () => {
    const file = await interrupt()
    const element = mount({ signer: never })
    await appears(element)
    element.add([file])
    await until(() => !banner(element))
    expect(element.files).to.have.length(1)
  })

  it('spells out three of many, and lets all go on together', async function () {
    needsFileSystem(this)
    for (const name of ['a.bin', 'b.bin', 'c.bin', 'd.bin']) {
      const { file, ...handle } = await storedFile(name, 1000)
      const { size, type, lastModified } = file
      await store.put(await entryOf(name, { size, type, lastModified, partSize: 500, ...handle }))
    }
    await store.put(await entryOf('e.bin'))
    const element = mount({ signer: never, multiple: true })
    const shown = await appears(element)
    expect(rowsOf(element)).to.have.length(3)
    expect(textOf(shown)).to.match(/^Unfinished uploads Continue all .* And 2 more\.$/)
    control(element, 'Continue all').click()
    await until(() => element.files.length === 4)
    await until(() => rowsOf(element).length === 1)
    expect(rowsOf(element)).to.deep.equal(['e.bin'])
    expect(textOf(find(element, '#title'))).to.equal('Unfinished upload')
    expect(textOf(banner(element))).not.to.include('Continue all')
  })

  it('never loses the focus when a row goes', async () => {
    await pretend('a.bin', 'b.bin', 'c.bin')
    const signer = async (requests: { id: string }[]) => requests.map(({ id }) => ({ id }))
    const element = mount({ signer })
    await appears(element)
    const discard = async (name: string) => {
      const count = rowsOf(element).length
      const button = control(element, `Discard: ${name}`)
      button.focus()
      button.click()
      await until(() => rowsOf(element).length < count)
      await drawn(element)
    }
    await discard('a.bin')
    expect(said(element)).to.equal('Discarded: a.bin')
    expect(focused()).to.equal('Choose again: b.bin')
    await discard('c.bin')
    expect(focused()).to.equal('Choose again: b.bin')
    await discard('b.bin')
    expect(focused()).to.equal('Choose a file')
  })

  it('does one thing at a time with each', async () => {
    await pretend('a.bin')
    const asked: string[] = []
    const signer = (requests: { op: string }[]) => {
      asked.push(...requests.map(({ op }) => op))
      return never()
    }
    const element = mount({ signer })
    await appears(element)
    const button = control(element, 'Discard: a.bin')
    button.click()
    button.click()
    await until(() => asked.length > 0)
    await drawn(element)
    expect(button.getAttribute('aria-disabled')).to.equal('true')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(asked).to.deep.equal(['abort'])
  })

  it('comes when the signer is set, also later', async () => {
    await pretend('a.bin')
    const element = mount()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(banner(element)).to.equal(undefined)
    element.signer = never
    await appears(element)
    element.disabled = true
    await drawn(element)
    expect(banner(element), 'disabled').to.equal(undefined)
    element.disabled = false
    await appears(element)
    element.engine = new UploadEngine({ signer: never, resume: false })
    await until(() => !banner(element))
  })

  it('is left out when the uploads cannot be listed, and comes when they can', async () => {
    await pretend('a.bin')
    const unhandled: unknown[] = []
    const note = (event: PromiseRejectionEvent) => {
      event.preventDefault()
      unhandled.push(event.reason)
    }
    addEventListener('unhandledrejection', note)
    const engine = new UploadEngine({ signer: never, manual: true })
    const { interrupted } = engine
    engine.interrupted = () => Promise.reject(new UploadError('library-incomplete', ''))
    const element = mount({ engine })
    await new Promise((resolve) => setTimeout(resolve, 100))
    removeEventListener('unhandledrejection', note)
    expect(unhandled).to.deep.equal([])
    expect(banner(element)).to.equal(undefined)
    engine.interrupted = interrupted
    engine.add([new File(['x'], 'a.txt')])
    await appears(element)
  })

  it('takes no room while there is nothing', async () => {
    const element = mount({ signer: never })
    await drawn(element)
    const { height } = element.getBoundingClientRect()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(banner(element)).to.equal(undefined)
    expect(element.getBoundingClientRect().height).to.equal(height)
  })

  it('is found by assistive technology: no violation that axe knows of', async () => {
    await pretend('a.bin', 'b.bin')
    const element = mount({ signer: never, label: 'Files' })
    await appears(element)
    const { violations } = await window.axe.run(element)
    expect(violations.map((it) => `${it.id}: ${it.help}`)).to.deep.equal([])
  })
})
