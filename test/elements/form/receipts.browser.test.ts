import { expect } from 'chai'
import type { BucketUpload } from '../../../src/index.ts'
import { drawn, next, randomFile, until } from '../../support/pages/helpers.ts'
import { addresses, bucket } from '../../support/pages/library.ts'

const { routed, signers } = addresses

let stage: HTMLElement

/** Puts a form with one field into the page. */
async function fill(attributes: string) {
  stage.innerHTML = `<form><bucket-upload name="file" multiple ${attributes}></bucket-upload></form>`
  const form = stage.firstElementChild as HTMLFormElement
  const field = form.firstElementChild as BucketUpload
  await drawn(field)
  return { field, sent: () => new FormData(form).getAll('file').map(String) }
}

async function upload(field: BucketUpload, ...files: File[]) {
  const complete = next(field, 'upload-complete')
  field.add(files)
  return complete
}

/** What a receipt says. Whether it is genuine only the back end can tell. */
function statement(receipt = ''): Record<string, unknown> {
  const [version, payload = ''] = receipt.split('.')
  expect(version).to.equal('v1')
  return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
}

describe('a field with a route and receipts', () => {
  beforeEach(() => {
    stage = document.createElement('div')
    document.body.append(stage)
  })
  afterEach(() => {
    for (const field of stage.querySelectorAll('bucket-upload')) field.clear()
    stage.remove()
  })

  for (const [what, size] of [
    ['in one piece', 500_000],
    ['in parts', 17_000_000],
  ] as const) {
    it(`sends what the signer states of a file ${what}`, async () => {
      const { field, sent } = await fill(`signer="${routed}" route="large" form-value="receipt"`)
      const { uploaded } = await upload(field, randomFile('a b.bin', size))
      const [file] = uploaded
      expect(sent()).to.deep.equal([file?.receipt])
      expect(file?.downloadUrl).to.be.a('string')
      const { objects } = await bucket()
      const stored = objects.find(({ key }) => key === file?.key)
      const { expires, ...stated } = statement(sent()[0])
      expect(stated).to.deep.include({ ...{ key: file?.key, size, name: 'a b.bin' } })
      expect(stated).to.deep.include({ user: 'ann', route: 'large', etag: stored?.etag })
      expect(expires).to.be.above(Date.now() / 1000)
    })
  }

  it('goes by the rules of its route, which no other field has', async () => {
    const { field } = await fill(`signer="${routed}" route="photo"`)
    const failed = next(field, 'file-failed')
    field.add([randomFile('a.txt', 10, 'text/plain')])
    expect((await failed).error.code).to.equal('type-not-allowed')
    field.clear()
    const { uploaded } = await upload(field, randomFile('a.png', 10, 'image/png'))
    expect(uploaded[0]?.key).to.match(/^photos\/[0-9a-f]{32}\.png$/)
  })

  it('keeps the route that a file began with, and takes another one for the next', async () => {
    const { field } = await fill(`signer="${routed}" route="photo" manual`)
    field.add([randomFile('a.png', 10, 'image/png')])
    field.start()
    field.route = 'large'
    await until(() => field.value.length === 1)
    field.manual = false
    await field.updateComplete
    await upload(field, randomFile('b.png', 10, 'image/png'))
    expect(field.value.map(({ key }) => key?.split('/')[0])).to.deep.equal(['photos', 'large'])
  })

  it('says why nothing goes up without a route, or by one that there is not', async () => {
    for (const route of ['', 'route="phot"']) {
      const { field } = await fill(`signer="${routed}" ${route}`)
      const failed = next(field, 'file-failed')
      field.add([randomFile('a.png', 10, 'image/png')])
      const { error } = await failed
      expect(error.code).to.equal('signer-refused')
      expect(error.message).to.match(/route/)
    }
  })

  it('sends the key where the signer gives no receipts, and of existing files', async () => {
    const { field, sent } = await fill(`signer="${signers.ceph}" form-value="receipt"`)
    const { uploaded } = await upload(field, randomFile('a.txt', 10))
    field.existing = [{ key: 'u/b.txt', name: 'b.txt' }]
    await field.updateComplete
    expect(sent()).to.deep.equal(['u/b.txt', uploaded[0]?.key])
  })

  it('sends the receipts of files that came back with the page', async () => {
    const { field, sent } = await fill(`signer="${routed}" route="large" form-value="receipt"`)
    const uploaded = [{ key: 'large/1/a.txt', name: 'a.txt', receipt: 'v1.e30.AAAA' }]
    field.formStateRestoreCallback(JSON.stringify({ uploaded, removed: [] }), 'restore')
    await field.updateComplete
    expect(sent()).to.deep.equal(['v1.e30.AAAA'])
  })
})
