import { expect } from 'chai'
import {
  cleanUp,
  control,
  find,
  findAll,
  mount,
  randomFile,
  until,
} from '../support/pages/helpers.ts'
import { addresses } from '../support/pages/library.ts'

const signer = addresses.signers.ceph
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** How long it stays when all is uploaded, in ms, and some time more. */
const REST = 4_500

describe('<bucket-upload variant="tray">', () => {
  afterEach(cleanUp)

  const tray = async () => {
    const element = mount({ signer, multiple: true, variant: 'tray' })
    await element.updateComplete
    return element
  }
  const upload = async (element: Awaited<ReturnType<typeof tray>>, ...files: File[]) => {
    element.add(files)
    await until(() => element.engine.progress.active === 0)
    await until(() => findAll(element, '.total').length > 0)
  }
  const isShown = (element: HTMLElement) => {
    const card = find(element, '.card')
    return card.offsetHeight > 0 && card.checkVisibility({ visibilityProperty: true })
  }
  const rows = (element: HTMLElement) =>
    findAll(element, '.row').filter((it) => it.checkVisibility()).length

  it('takes no space, is in the corner with files, and shows its files when it is opened', async () => {
    const element = await tray()
    await until(() => getComputedStyle(element).visibility === 'visible')
    expect(isShown(element)).to.equal(false)

    await upload(element, randomFile('a.txt', 10), randomFile('b.txt', 10))
    expect(isShown(element)).to.equal(true)
    const { right, bottom } = element.getBoundingClientRect()
    expect(innerWidth - right).to.be.within(0, 32)
    expect(innerHeight - bottom).to.be.within(0, 16)
    expect(rows(element)).to.equal(0)

    const toggle = control(element, 'Files')
    expect(toggle.getAttribute('aria-expanded')).to.equal('false')
    toggle.click()
    await until(() => rows(element) === 2)
    expect(toggle.getAttribute('aria-expanded')).to.equal('true')
    toggle.click()
    await until(() => rows(element) === 0)
  })

  it('goes when all is uploaded, keeps its files, and comes back with the next', async () => {
    const element = await tray()
    await upload(element, randomFile('a.txt', 10))
    await until(() => !isShown(element))
    expect(element.files).to.have.length(1)
    await upload(element, randomFile('b.txt', 10))
    expect(isShown(element)).to.equal(true)
  })

  it('stays while it has the focus, after a failure, and with a file that was not added', async () => {
    const focused = await tray()
    await upload(focused, randomFile('a.txt', 10))
    control(focused, 'Files').focus()

    const failed = await tray()
    failed.signer = () => Promise.reject(new Error('no'))
    failed.add([randomFile('a.txt', 10)])

    const rejecting = await tray()
    rejecting.accept = 'image/*,.txt'
    await rejecting.updateComplete
    await upload(rejecting, randomFile('a.txt', 10), randomFile('b.exe', 10))

    await wait(REST)
    expect([focused, failed, rejecting].map(isShown)).to.deep.equal([true, true, true])
    control(focused, 'Files').blur()
    await until(() => !isShown(focused))
  })

  it('takes what is dropped anywhere on the page', async () => {
    const element = await tray()
    element.dropAnywhere = true
    await element.updateComplete
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(randomFile('a.txt', 10))
    const drop = { dataTransfer, bubbles: true, cancelable: true }
    for (const type of ['dragenter', 'dragover', 'drop']) {
      document.body.dispatchEvent(new DragEvent(type, drop))
    }
    await until(() => element.files.length === 1)
  })
})
