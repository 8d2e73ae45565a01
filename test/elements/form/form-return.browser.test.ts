import { expect } from 'chai'
import type { BucketUpload } from '../../../src/index.ts'
import { closePages, openPage, ready, SENT } from '../../support/pages/form-page.ts'
import { control, until } from '../../support/pages/helpers.ts'
import { addresses } from '../../support/pages/library.ts'

const { ceph } = addresses.signers

// In a file of its own: once another frame of the page has gone on, WebKit restores nothing in this
// one, not even the text of an input.
describe('a form in a page without a script, when somebody comes back to it', () => {
  afterEach(closePages)

  it('has its files again', async () => {
    const page = await openPage(
      `<form action="${SENT}">
        <bucket-upload signer="${ceph}" name="file" multiple>
          <a slot="existing" data-key="u/one.pdf">one.pdf</a>
          <a slot="existing" data-key="u/two.pdf">two.pdf</a>
        </bucket-upload>
        <button name="by" value="button">Send</button>
      </form>`,
    )
    page.pick('bucket-upload', ['a.txt', 'first'])
    const field = page.get<BucketUpload>('bucket-upload')
    await until(() => field.value.length === 1)
    control(field, 'Remove: two.pdf').click()
    page.get('button').click()
    const sent = [...(await page.sent())]
    expect(sent.map(([name]) => name)).to.deep.equal(['file', 'file', 'by'])
    page.window.history.back()
    await until(() => page.window.location.pathname !== SENT)
    await ready(page)
    const kept = () => page.get<BucketUpload>('bucket-upload').kept.map((file) => file.name)
    await until(() => kept().includes('a.txt'))
    expect(kept()).to.deep.equal(['one.pdf', 'a.txt'])
    page.get('button').click()
    expect([...(await page.sent())]).to.deep.equal(sent)
  })
})
