import { expect } from 'chai'
import type { BucketUpload } from '../../../src/index.ts'
import { closePages, type FormPage, openPage, SENT } from '../../support/pages/form-page.ts'
import { control, drawn, until } from '../../support/pages/helpers.ts'
import { addresses, bucket } from '../../support/pages/library.ts'

const { ceph } = addresses.signers
const SUBMIT = '<button name="by" value="button">Send</button>'

const form = (fields: string) => `<form action="${SENT}">${fields} ${SUBMIT}</form>`

/** Presses the button, and tells what the field has against it. The page must stay. */
async function refusal(page: FormPage, selector: string): Promise<string> {
  const { document } = page
  const field = page.get<BucketUpload>(selector)
  let isRefused = false
  field.addEventListener('invalid', () => {
    isRefused = true
  })
  page.get('button').click()
  await drawn(field)
  expect(page.document, 'the page stays').to.equal(document)
  expect(page.window.location.pathname).not.to.equal(SENT)
  expect(isRefused, 'the field has refused').to.equal(true)
  return field.validationMessage
}

const isUploaded = (page: FormPage, selector: string, count = 1) =>
  until(() => page.get<BucketUpload>(selector).value.length === count)

describe('a form in a page without a script', () => {
  afterEach(closePages)

  it('sends the keys of what was uploaded', async () => {
    const page = await openPage(
      form(`<bucket-upload signer="${ceph}" name="attachments" multiple required></bucket-upload>
        <bucket-upload-field signer="${ceph}" name="document" required></bucket-upload-field>`),
    )
    page.pick('bucket-upload', ['a.txt', 'first'], ['b.txt', 'second'])
    page.pick('bucket-upload-field', ['c.txt', 'third'])
    await isUploaded(page, 'bucket-upload', 2)
    await isUploaded(page, 'bucket-upload-field')
    page.get('button').click()

    const sent = await page.sent()
    expect([...sent.keys()]).to.deep.equal(['attachments', 'attachments', 'document', 'by'])
    const keys = [...sent.values()].slice(0, 3)
    expect(keys.map((key) => key.split('/').at(-1))).to.deep.equal(['a.txt', 'b.txt', 'c.txt'])
    const stored = (await bucket()).objects.map((object) => object.key)
    expect(stored).to.include.members(keys)
  })

  it('does not send what is required and missing, and says so', async () => {
    const page = await openPage(
      form(`<bucket-upload signer="${ceph}" name="attachments" required></bucket-upload>
        <bucket-upload-field signer="${ceph}" name="document" required></bucket-upload-field>`),
    )
    expect(await refusal(page, 'bucket-upload')).to.equal('Choose a file.')
    page.pick('bucket-upload', ['a.txt', 'first'])
    await isUploaded(page, 'bucket-upload')
    expect(await refusal(page, 'bucket-upload-field')).to.equal('Choose a file.')
    const shown = page.get('bucket-upload-field').shadowRoot?.querySelector('#problem')
    expect(shown?.textContent).to.equal('Choose a file.')
  })

  for (const tag of ['bucket-upload', 'bucket-upload-field']) {
    it(`does not send what is still on its way in ${tag}`, async () => {
      const signer = `${addresses.faulty}/slow`
      const page = await openPage(form(`<${tag} signer="${signer}" name="file"></${tag}>`))
      page.pick(tag, ['a.txt', 'first'])
      expect(await refusal(page, tag)).to.equal('Wait until the upload is finished.')
    })

    it(`does not send what has failed in ${tag}`, async () => {
      const signer = `${addresses.faulty}/forbidden`
      const page = await openPage(form(`<${tag} signer="${signer}" name="file"></${tag}>`))
      page.pick(tag, ['a.txt', 'first'])
      const { engine } = page.get<BucketUpload>(tag)
      await until(() => engine.files[0]?.status === 'failed')
      expect(await refusal(page, tag)).to.equal(
        'A file could not be uploaded. Try again, or remove it.',
      )
    })
  }

  it('waits for the upload with hold-submit, and is sent as if nothing had been', async () => {
    const page = await openPage(
      form(`<bucket-upload signer="${ceph}" name="file" hold-submit required></bucket-upload>`),
    )
    page.pick('bucket-upload', ['a.txt', 'first'])
    page.get('button').click()
    const sent = await page.sent()
    expect(sent.get('file')).to.match(/\/a\.txt$/)
    expect(sent.get('by')).to.equal('button')
  })

  it('starts what waits to be started with hold-submit', async () => {
    const page = await openPage(
      form(`<bucket-upload signer="${ceph}" name="file" manual hold-submit></bucket-upload>`),
    )
    page.pick('bucket-upload', ['a.txt', 'first'])
    page.get('button').click()
    expect((await page.sent()).get('file')).to.match(/\/a\.txt$/)
  })

  it('is not sent with hold-submit when a file fails', async () => {
    const signer = `${addresses.faulty}/forbidden`
    const page = await openPage(
      form(`<bucket-upload signer="${signer}" name="file" hold-submit></bucket-upload>`),
    )
    page.pick('bucket-upload', ['a.txt', 'first'])
    page.get('button').click()
    const field = page.get<BucketUpload>('bucket-upload')
    const says = (part: string) =>
      field.shadowRoot?.querySelector(`[part=${part}]`)?.textContent?.trim()
    await until(() => says('held'))
    expect(says('held')).to.equal('The form will be sent as soon as the upload is finished.')
    await until(() => says('problem'))
    expect(says('problem')).to.equal('A file could not be uploaded. Try again, or remove it.')
    expect(says('held')).to.equal('')
    expect(page.window.location.pathname).not.to.equal(SENT)
  })

  it('keeps and removes the files that its markup names', async () => {
    const page = await openPage(
      form(`<bucket-upload signer="${ceph}" name="file" removed-name="remove" multiple>
        <ul slot="existing">
          <li><a href="/one.pdf" data-key="u/one.pdf" data-size="220400">one.pdf</a></li>
          <li><a data-key="u/two.pdf">two.pdf</a></li>
          <li><a data-key="u/three.pdf">three.pdf</a></li>
        </ul>
      </bucket-upload>
      <bucket-upload-field signer="${ceph}" name="portrait">
        <a slot="existing" href="/me.jpg" data-key="u/me.jpg">me.jpg</a>
      </bucket-upload-field>`),
    )
    const field = page.get<BucketUpload>('bucket-upload')
    await drawn(field)
    expect(control(field, 'Open: one.pdf').getAttribute('href')).to.match(/\/one\.pdf$/)
    control(field, 'Remove: two.pdf').click()
    control(field, 'Remove: three.pdf').click()
    await drawn(field)
    control(field, 'Keep: three.pdf').click()
    page.get('button').click()

    expect([...(await page.sent())]).to.deep.equal([
      ['file', 'u/one.pdf'],
      ['file', 'u/three.pdf'],
      ['remove', 'u/two.pdf'],
      ['portrait', 'u/me.jpg'],
      ['by', 'button'],
    ])
  })

  it('puts a new file in the place of the old one once it is uploaded', async () => {
    const page = await openPage(
      form(`<bucket-upload-field signer="${ceph}" name="portrait" removed-name="remove">
        <a slot="existing" data-key="u/me.jpg">me.jpg</a>
      </bucket-upload-field>`),
    )
    page.pick('bucket-upload-field', ['new.jpg', 'no picture', 'image/jpeg'])
    await isUploaded(page, 'bucket-upload-field')
    page.get('button').click()
    const sent = await page.sent()
    expect(sent.get('portrait')).to.match(/\/new\.jpg$/)
    expect(sent.get('remove')).to.equal('u/me.jpg')
  })
})
