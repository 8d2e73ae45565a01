import { expect } from 'chai'
import type { BucketUpload } from '../../src/index.ts'
import { cleanUp, find, mount, randomFile, until } from '../support/pages/helpers.ts'
import { addresses } from '../support/pages/library.ts'

const hasCommands = 'commandForElement' in HTMLButtonElement.prototype

describe('a button without a script', () => {
  let element: BucketUpload

  before(function () {
    if (!hasCommands) this.skip()
  })
  beforeEach(async () => {
    element = mount({ signer: addresses.smallParts, multiple: true, manual: true })
    element.id = 'up'
    await element.updateComplete
  })
  afterEach(() => {
    cleanUp()
    for (const button of document.querySelectorAll('button[commandfor]')) button.remove()
  })

  /** Presses `<button command commandfor="up">`. */
  function press(command: string): void {
    const button = document.createElement('button')
    button.setAttribute('command', command)
    button.setAttribute('commandfor', 'up')
    document.body.append(button)
    button.click()
  }

  it('opens the file dialog', async () => {
    let opened = 0
    await until(() => element.shadowRoot?.querySelector('bucket-upload-drop-zone')?.shadowRoot)
    find(element, 'input[type=file]').addEventListener('click', (event) => {
      event.preventDefault()
      opened++
    })
    press('--browse')
    expect(opened).to.equal(1)
  })

  it('starts, pauses, resumes and clears', async () => {
    const [id = ''] = element.add([randomFile('film.bin', 27 * 2 ** 20)])
    press('--start')
    await until(() => element.files[0]?.status === 'uploading')
    press('--pause')
    expect(element.files[0]?.status).to.equal('paused')
    press('--resume')
    await until(() => element.engine.file(id)?.status === 'uploaded')
    press('--clear')
    expect(element.files).to.have.length(0)
  })

  it('tries again what has failed', async () => {
    element.signer = addresses.noBucket
    element.add([randomFile('a.bin', 1000)])
    await element.updateComplete
    press('--start')
    await until(() => element.files[0]?.status === 'failed')
    element.signer = addresses.signers.ceph
    await element.updateComplete
    press('--retry')
    await until(() => element.files[0]?.status === 'uploaded')
  })

  it('does nothing for a command that there is not, or of the page', async () => {
    element.add([randomFile('a.bin', 1000)])
    for (const command of ['--remove', '--constructor', '--own', 'show-modal']) press(command)
    expect(element.isConnected).to.equal(true)
    expect(element.files.map(({ status }) => status)).to.deep.equal(['queued'])
  })
})
