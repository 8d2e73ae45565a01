/** Files in the order that people want: by keys and by buttons. Pointers are in test/pages/rows.test.ts. */
import 'axe-core'
import { sendKeys } from '@web/test-runner-commands'
import { expect } from 'chai'
import type { BucketUpload, BucketUploadList } from '../../src/index.ts'
import { cleanUp, control, drawn, find, findAll, mount, until } from '../support/pages/helpers.ts'
import { addresses, UploadEngine } from '../support/pages/library.ts'
import { spy } from '../support/pages/spy-signer.ts'

type Layout = BucketUploadList['layout']

const file = (name: string) => new File([name], name, { type: 'text/plain' })
const files = (count: number) => Array.from({ length: count }, (_, index) => file(`${index}.txt`))
const LETTERS = ['a.txt', 'b.txt', 'c.txt', 'd.txt', 'e.txt']

const namesIn = (it: { files: readonly { name: string }[] }) => it.files.map(({ name }) => name[0])
const shown = (list: Element) => findAll(list, '.name').map((it) => it.textContent?.[0])
const handle = (list: Element, name: string) => control(list, `Move: ${name}`)

/** What has the focus, however deep it is. */
function focused(): string | null | undefined {
  let at = document.activeElement
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  return at?.getAttribute('aria-label')
}

describe('files in another order', () => {
  const lists: BucketUploadList[] = []

  afterEach(() => {
    cleanUp()
    for (const list of lists.splice(0)) {
      list.engine?.clear()
      list.remove()
    }
    document.documentElement.dir = ''
  })

  /** A list of files that wait for their start. */
  async function show(added: File[], { layout = 'list' as Layout, width = '700px' } = {}) {
    const engine = new UploadEngine({ signer: addresses.signers.ceph, manual: true })
    const list = document.createElement('bucket-upload-list')
    Object.assign(list, { engine, layout, reorder: true })
    list.style.width = width
    document.body.append(list)
    lists.push(list)
    engine.add(added)
    await until(() => findAll(list, '.handle').length > 0)
    await drawn(list)
    return { engine, list }
  }

  const five = (options?: Parameters<typeof show>[1]) => show(LETTERS.map(file), options)
  const said = (list: Element) => find(list, '[role=status]').textContent

  it('are sent by the form in that order, before and after they are uploaded', async () => {
    const signer = spy(addresses.signers.ceph)
    const form = document.createElement('form')
    document.body.append(form)
    const element = mount({ signer: signer.ask, multiple: true, reorder: true, name: 'papers' })
    element.manual = true
    element.formValue = 'json'
    form.append(element)
    element.add(LETTERS.map(file))
    await until(() => findAll(element, '.handle').length === 5)
    handle(element, 'e.txt').focus()
    await sendKeys({ press: 'Home' })
    await drawn(element)
    expect(namesIn(element).join('')).to.equal('eabcd')
    element.start()
    await until(() => element.value.length === 5)
    expect(element.value.map(({ name }) => name[0]).join('')).to.equal('eabcd')
    const heard: string[] = []
    element.addEventListener('change', () => heard.push(sent()))
    const sent = () =>
      new FormData(form)
        .getAll('papers')
        .map((it) => JSON.parse(String(it)).name[0])
        .join('')
    await until(() => sent() === 'eabcd')
    control(element, 'Move toward the end: a.txt').click()
    await until(() => heard.length > 0)
    expect(heard).to.deep.equal(['ebacd'])
    form.remove()
  })

  it('are moved by the arrow keys, Home and End, and the focus goes with the file', async () => {
    const { engine, list } = await five()
    handle(list, 'b.txt').focus()
    const steps: [key: string, order: string, said: string][] = [
      ['ArrowDown', 'acbde', 'b.txt, 3 of 5'],
      ['ArrowDown', 'acdbe', 'b.txt, 4 of 5'],
      ['End', 'acdeb', 'b.txt, 5 of 5'],
      ['ArrowDown', 'acdeb', 'b.txt, 5 of 5'],
      ['Home', 'bacde', 'b.txt, 1 of 5'],
      ['ArrowUp', 'bacde', 'b.txt, 1 of 5'],
    ]
    for (const [press, order, words] of steps) {
      await sendKeys({ press })
      await drawn(list)
      expect(namesIn(engine).join(''), press).to.equal(order)
      expect(shown(list).join('')).to.equal(order)
      expect(said(list)).to.equal(words)
      expect(focused()).to.equal('Move: b.txt')
    }
  })

  it('are moved by buttons: no one up in the first row, no one down in the last', async () => {
    const { engine, list } = await five()
    const moves = () =>
      findAll(list, '.moves').map((it) =>
        [...it.querySelectorAll('button')].map(({ title }) => title.split(' ').at(-1)).join(),
      )
    expect(moves()).to.deep.equal(['end', ...Array(3).fill('start,end'), 'start'])
    const up = 'Move toward the start: c.txt'
    control(list, up).focus()
    await sendKeys({ press: 'Enter' })
    await drawn(list)
    expect([namesIn(engine).join(''), focused()]).to.deep.equal(['acbde', up])
    await sendKeys({ press: 'Enter' })
    await drawn(list)
    // The button is gone: the other one of the row has the focus.
    expect(namesIn(engine).join('')).to.equal('cabde')
    expect(focused()).to.equal('Move toward the end: c.txt')
    expect(moves()).to.deep.equal(['end', ...Array(3).fill('start,end'), 'start'])
  })

  it('show the buttons of one row where there is little room', async () => {
    const { engine, list } = await five({ width: '300px' })
    await until(() => findAll(list, '.moves').length === 0)
    handle(list, 'b.txt').click()
    await drawn(list)
    expect(handle(list, 'b.txt').getAttribute('aria-expanded')).to.equal('true')
    control(list, 'Move toward the end: b.txt').click()
    await drawn(list)
    expect(namesIn(engine).join('')).to.equal('acbde')
    expect(findAll(list, '.moves').length).to.equal(1)
    expect(list.scrollWidth).to.be.at.most(list.clientWidth)
    handle(list, 'b.txt').click()
    await drawn(list)
    expect(findAll(list, '.moves').length).to.equal(0)
  })

  for (const layout of ['grid', 'gallery'] as const) {
    it(`are moved as tiles (${layout}), by keys along the lines and across them`, async () => {
      const { engine, list } = await five({ layout, width: '400px' })
      const { gridTemplateColumns } = getComputedStyle(find(list, 'ul'))
      const columns = gridTemplateColumns.split(' ').length
      expect(columns).to.be.within(2, 4)
      handle(list, 'a.txt').focus()
      const place = () => namesIn(engine).indexOf('a')
      for (const [press, expected] of [
        ['ArrowRight', 1],
        ['ArrowDown', 1 + columns],
        ['ArrowLeft', columns],
        ['ArrowUp', 0],
      ] as const) {
        await sendKeys({ press })
        await drawn(list)
        expect(place(), press).to.equal(Math.min(4, expected))
        expect(focused()).to.equal('Move: a.txt')
      }
      document.documentElement.dir = 'rtl'
      await sendKeys({ press: 'ArrowLeft' })
      await drawn(list)
      expect(place()).to.equal(1)
      handle(list, 'a.txt').click()
      await drawn(list)
      control(list, 'Move toward the start: a.txt').click()
      await drawn(list)
      expect(place()).to.equal(0)
    })
  }

  it('are moved in a long list, to its end and back, and are in view there', async () => {
    const { engine, list } = await show(files(300))
    await until(() => list.shadowRoot?.querySelector('.placed'))
    await drawn(list)
    const isInView = () => {
      const [row, scroller] = [handle(list, '3.txt').closest('li'), find(list, 'ul')]
      const [inner, outer] = [row, scroller].map((it) => it?.getBoundingClientRect())
      return inner && outer && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1
    }
    handle(list, '3.txt').focus()
    await sendKeys({ press: 'End' })
    await drawn(list)
    expect(engine.files.at(-1)?.name).to.equal('3.txt')
    expect([focused(), isInView()]).to.deep.equal(['Move: 3.txt', true])
    expect(said(list)).to.equal('3.txt, 300 of 300')
    expect(handle(list, '3.txt').closest('li')?.getAttribute('aria-posinset')).to.equal('300')
    await sendKeys({ press: 'ArrowUp' })
    await drawn(list)
    expect(engine.files.at(-2)?.name).to.equal('3.txt')
    await sendKeys({ press: 'Home' })
    await drawn(list)
    expect(engine.files[0]?.name).to.equal('3.txt')
    expect([focused(), isInView()]).to.deep.equal(['Move: 3.txt', true])
  })

  it('cannot be moved alone, nor in a field that is read-only or disabled, nor without `reorder`', async () => {
    const element: BucketUpload = mount({ signer: addresses.signers.ceph, multiple: true })
    element.manual = true
    element.add([file('a.txt')])
    await until(() => findAll(element, '.row').length === 1)
    element.reorder = true
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(findAll(element, '.handle').length).to.equal(0)
    element.add([file('b.txt')])
    await until(() => findAll(element, '.handle').length === 2)
    for (const name of ['readOnly', 'disabled'] as const) {
      element[name] = true
      await until(() => findAll(element, '.handle').length === 0)
      element[name] = false
      await until(() => findAll(element, '.handle').length === 2)
    }
    element.reorder = false
    await until(() => findAll(element, '.handle').length === 0)
  })

  it('have no accessibility violations', async () => {
    for (const layout of ['list', 'gallery'] as const) {
      const { list } = await five({ layout })
      if (layout === 'gallery') handle(list, 'b.txt').click()
      await drawn(list)
      const { violations } = await window.axe.run(list)
      expect(violations.map(({ id }) => id)).to.deep.equal([])
    }
  })
})

describe('engine.move', () => {
  const start = () => {
    const engine = new UploadEngine({ signer: addresses.signers.ceph, manual: true })
    const ids = engine.add(LETTERS.map(file))
    let changes = 0
    engine.addEventListener('change', () => changes++)
    return { engine, ids, count: () => changes }
  }

  it('moves a file to an index, or as near as it goes', () => {
    const { engine, ids, count } = start()
    const before = [engine.files, engine.ids]
    for (const [from, to, order] of [
      ['b', 3, 'acdbe'],
      ['e', 0, 'eacdb'],
      ['e', 99, 'acdbe'],
      ['d', -5, 'dacbe'],
    ] as const) {
      engine.move(ids['abcde'.indexOf(from)] ?? '', to)
      expect(namesIn(engine).join('')).to.equal(order)
      expect(engine.ids).to.deep.equal(engine.files.map(({ id }) => id))
    }
    expect(count()).to.equal(4)
    expect([engine.files, engine.ids]).not.to.include.members(before)
    engine.move('nobody', 1)
    expect(namesIn(engine).join('')).to.equal('dacbe')
    engine.clear()
  })

  it('decides which waiting file starts first only with the order `as-added`', async () => {
    for (const order of ['as-added', 'smallest-first'] as const) {
      const started: string[] = []
      const engine = new UploadEngine({ signer: addresses.signers.ceph, manual: true, order })
      const ids = engine.add(['1', '22', '333'].map((it) => new File([it], it)))
      engine.addEventListener('upload-started', ({ detail }) => started.push(detail.name))
      engine.move(ids[2] ?? '', 0)
      engine.start()
      await until(() => engine.counts.uploaded === 3)
      const expected = order === 'as-added' ? ['333', '1', '22'] : ['1', '22', '333']
      expect(started).to.deep.equal(expected)
      expect(engine.files.map(({ name }) => name)).to.deep.equal(['333', '1', '22'])
      engine.clear()
    }
  })
})
