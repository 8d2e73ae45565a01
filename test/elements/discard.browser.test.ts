import { expect } from 'chai'
import type { BucketUploadField } from '../../src/index.ts'
import {
  cleanUp,
  control,
  drawn,
  find,
  findAll,
  mount,
  next,
  randomFile,
  until,
  upload,
} from '../support/pages/helpers.ts'
import { addresses } from '../support/pages/library.ts'

const { discarding, signers } = addresses

const status = async (url: string | null | undefined) => (await fetch(url ?? '')).status
const list = (element: Element) => find(element, 'bucket-upload-list')
const names = (element: Element) => findAll(list(element), '.name').map((it) => it.textContent)

describe('a file that can be taken back', () => {
  afterEach(cleanUp)

  it('is deleted from the bucket when people delete it in the list', async () => {
    const element = mount({ signer: discarding, multiple: true, name: 'files' })
    const { uploaded } = await upload(element, randomFile('a.txt', 10), randomFile('b.txt', 10))
    await drawn(element)
    const [a, b] = uploaded
    expect(await status(a?.downloadUrl)).to.equal(200)
    expect(JSON.stringify(element.files), 'grants are no part of snapshots').not.to.match(/rant/)
    control(list(element), 'Delete file: a.txt').click()
    await until(() => element.files.length === 1)
    await drawn(element)
    expect(names(element)).to.deep.equal(['b.txt'])
    expect(element.value.map(({ key }) => key)).to.deep.equal([b?.key])
    expect(await status(a?.downloadUrl)).to.equal(404)
    expect(await status(b?.downloadUrl)).to.equal(200)
  })

  it('leaves the list empty after the last one', async () => {
    const element = mount({ signer: discarding })
    const { uploaded } = await upload(element, randomFile('a.txt', 17_000_000))
    await drawn(element)
    const emptied = new Promise((resolve) => element.addEventListener('list-emptied', resolve))
    control(list(element), 'Delete file: a.txt').click()
    await emptied
    expect(element.files).to.have.length(0)
    expect(await status(uploaded[0]?.downloadUrl)).to.equal(404)
  })

  it('stays in the list if it cannot be deleted, and then can only leave the list', async () => {
    const element = mount({ signer: discarding, multiple: true })
    const { uploaded } = await upload(element, randomFile('kept.txt', 10))
    await drawn(element)
    control(list(element), 'Delete file: kept.txt').click()
    await until(() => list(element).shadowRoot?.textContent?.includes('could not be deleted'))
    await drawn(element)
    expect(element.files).to.have.length(1)
    control(list(element), 'Remove from list: kept.txt').click()
    await until(() => element.files.length === 0)
    expect(await status(uploaded[0]?.downloadUrl)).to.equal(200)
  })

  it('stays in the bucket when a script takes it out of the list', async () => {
    const element = mount({ signer: discarding })
    const { uploaded } = await upload(element, randomFile('a.txt', 10))
    element.clear()
    expect(await status(uploaded[0]?.downloadUrl)).to.equal(200)
  })

  it('is deleted when people remove it in a field for one file', async () => {
    const field = document.createElement('bucket-upload-field') as BucketUploadField
    field.signer = discarding
    document.body.append(field)
    await field.updateComplete
    const complete = next(field, 'upload-complete')
    field.add([randomFile('a.txt', 10)])
    const { uploaded } = await complete
    await drawn(field)
    control(field, 'Remove: a.txt').click()
    await until(() => field.files.length === 0)
    expect(await status(uploaded[0]?.downloadUrl)).to.equal(404)
    field.remove()
  })

  it('is not offered without leave of the signer', async () => {
    const element = mount({ signer: signers.ceph })
    const { uploaded } = await upload(element, randomFile('a.txt', 10))
    await drawn(element)
    expect(element.files[0]).not.to.have.property('mayDiscard')
    control(list(element), 'Remove from list: a.txt').click()
    await until(() => element.files.length === 0)
    expect(await status(uploaded[0]?.downloadUrl)).to.equal(200)
  })
})
