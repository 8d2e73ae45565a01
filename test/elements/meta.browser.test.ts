/** Data along with files: what is chosen or dropped brings it to the signer, to events and to the form. */
import { expect } from 'chai'
import type { FileToAdd } from '../../src/engine/index.ts'
import {
  cleanUp,
  collect,
  drawn,
  drop,
  find,
  mount,
  next,
  until,
} from '../support/pages/helpers.ts'
import { addresses } from '../support/pages/library.ts'
import { spy } from '../support/pages/spy-signer.ts'

const file = (name: string) => new File(['x'], name, { type: 'text/plain' })

describe('data along with files', () => {
  afterEach(cleanUp)

  function start() {
    const signer = spy(addresses.smallParts)
    const element = mount({ signer: signer.ask, multiple: true })
    const sent = () => signer.asked.map((it) => ('meta' in it ? it.meta : undefined))
    return { element, sent }
  }

  it('comes from the attribute, with what is dropped and what a script adds', async () => {
    const { element, sent } = start()
    element.setAttribute('meta', '{"album":"7","year":2026}')
    element.name = 'files'
    element.formValue = 'json'
    const form = document.createElement('form')
    document.body.append(form)
    form.append(element)
    await drawn(element)
    const complete = next(element, 'upload-complete')
    drop(element, [file('dropped.txt')])
    await until(() => element.files.length === 1)
    const own: FileToAdd = { file: file('own.txt'), meta: { album: '8' } }
    element.add([own])
    await complete
    await until(() => element.value.length === 2)
    expect(sent()).to.deep.equal([
      { album: '7', year: '2026' },
      { album: '8', year: '2026' },
    ])
    expect(element.value.map(({ meta }) => meta.album)).to.deep.equal(['7', '8'])
    await until(() => new FormData(form).getAll('files').length === 2)
    const entries = new FormData(form).getAll('files').map((it) => JSON.parse(String(it)))
    expect(entries.map(({ name, meta }) => [name, meta.album])).to.deep.equal([
      ['dropped.txt', '7'],
      ['own.txt', '8'],
    ])
    form.remove()
  })

  it('is ignored with a word on the console if it is no JSON', async () => {
    const { element, sent } = start()
    const said: unknown[] = []
    const { warn } = console
    console.warn = (text) => said.push(text)
    element.setAttribute('meta', 'album 7')
    await drawn(element)
    const complete = next(element, 'upload-complete')
    element.add([file('a.txt')])
    await complete
    console.warn = warn
    expect(String(said)).to.match(/meta="album 7" is ignored/)
    expect(sent()).to.deep.equal([{}])
  })

  it('is checked by a promise: row and head say so, and the message says why not', async () => {
    const { element } = start()
    const { promise, reject } = Promise.withResolvers<void>()
    element.addEventListener('files-added', ({ detail: { files, waitUntil } }) =>
      waitUntil(promise, files[0]),
    )
    const rejected = collect(element, 'file-rejected')
    element.add([file('dark.txt'), file('bright.txt')])
    await until(() => element.files.some(({ status }) => status === 'uploaded'))
    await drawn(element)
    const row = find(element, `[data-id="${element.files[0]?.id}"]`)
    expect(row.textContent).to.include('Checking…')
    expect(find(element, '.subtitle').textContent).to.equal('Checking…')
    reject(new Error('Too dark.'))
    await until(() => rejected.length > 0)
    await drawn(element)
    expect(rejected.map(({ code }) => code)).to.deep.equal(['not-accepted'])
    expect(find(element, '[part=rejections]').textContent).to.include('Too dark.')
    expect(element.files.map(({ name }) => name)).to.deep.equal(['bright.txt'])
  })
})
