import { expect } from 'chai'
import type { BucketUpload } from '../../src/index.ts'
import { cleanUp, control, find, findAll, mount, until } from '../support/pages/helpers.ts'
import { UploadEngine } from '../support/pages/library.ts'

/** An engine whose file is stored at once, and then processed as far as 40 % until it is let go. */
function processingEngine(done: object = {}) {
  const site = { isDone: false, discarded: [] as object[] }
  const link = 'https://cdn.example/film.m3u8'
  const engine = new UploadEngine(
    {
      integrity: 'off',
      signer: (requests) =>
        requests.map(({ id, op, ...asked }) => {
          if (op === 'discard') {
            site.discarded.push(asked)
            return { id }
          }
          if (op === 'put') return { id, key: 'k', url: 'https://bucket.example/k', grant: 'put' }
          if (op === 'status' && site.isDone) return { id, downloadUrl: link, ...done }
          return { id, processing: { progress: 0.4 }, grant: 'begun' }
        }),
    },
    { createTransport: () => ({ put: async (_, { presign }) => void (await presign()) }) },
  )
  return { engine, site, link }
}

const film = () => new File(['film'], 'film.mp4', { type: 'video/mp4' })
const status = (element: BucketUpload) => element.files[0]?.status

describe('a file that the site goes on with', () => {
  afterEach(cleanUp)

  it('says how far it is, and has its link when that is over', async () => {
    const { engine, site, link } = processingEngine()
    const element = mount({ engine, multiple: true, links: 'full' })
    const said: string[] = []
    element.engine.add([film()])
    const details = () => findAll(element, '.row .detail').map((it) => it.textContent)
    await until(() => details().some((it) => it?.includes('Processing…')))
    expect(find(element, '.row .detail').textContent).to.match(/Processing…\s40%/)
    expect(find<HTMLProgressElement>(element, '.row progress').value).to.equal(0.4)
    expect(control(element, 'Remove from list: film.mp4')).to.be.instanceOf(HTMLButtonElement)
    await until(() => {
      said.push(...findAll(element, '[role=status]').map((it) => it.textContent ?? ''))
      return said.some((it) => it.includes('film.mp4: Processing…'))
    })
    site.isDone = true
    await until(() => status(element) === 'uploaded')
    await until(() => findAll(element, '.row a[part=link]').length === 1)
    expect(find<HTMLAnchorElement>(element, '.row a[part=link]').href).to.equal(link)
  })

  it('can be taken back once that is over', async () => {
    const { engine, site } = processingEngine({ discardGrant: 'take back' })
    const element = mount({ engine, multiple: true })
    element.engine.add([film()])
    const end = () => findAll(element, '.row button.end')[0]?.getAttribute('aria-label')
    await until(() => status(element) === 'processing')
    await until(() => end() === 'Remove from list: film.mp4')
    site.isDone = true
    await until(() => end() === 'Delete file: film.mp4')
    expect(status(element)).to.equal('uploaded')
    control(element, 'Delete file: film.mp4').click()
    await until(() => element.files.length === 0)
    expect(site.discarded).to.deep.equal([{ grant: 'take back' }])
  })

  it('is done for its form', async () => {
    const { engine, site } = processingEngine()
    const form = document.createElement('form')
    const element = mount({ engine, multiple: true, required: true, name: 'film' })
    element.replaceWith(form)
    form.append(element)
    element.engine.add([film()])
    await until(() => status(element) === 'processing')
    await until(() => new FormData(form).get('film') === 'k')
    expect(form.checkValidity()).to.equal(true)
    expect(element.value.map(({ key }) => key)).to.deep.equal(['k'])
    site.isDone = true
    await until(() => status(element) === 'uploaded')
    form.remove()
  })
})
