/** The page's fields in each row: what people write goes to the signer, to events and to the form. */
import 'axe-core'
import { sendKeys } from '@web/test-runner-commands'
import { expect } from 'chai'
import type { FileToAdd } from '../../src/engine/index.ts'
import type { BucketUpload } from '../../src/index.ts'
import { collect, control, drawn, find, findAll, until } from '../support/pages/helpers.ts'
import { addresses } from '../support/pages/library.ts'
import { spy } from '../support/pages/spy-signer.ts'
import { stillEngine } from '../support/pages/still-engine.ts'

const file = (name: string) => new File([name], name, { type: 'text/plain' })
const files = (...names: string[]) => names.map(file)
const CAPTION = '<template slot="fields"><label>Caption <input name="caption"></label></template>'

describe('fields in rows', () => {
  let form: HTMLFormElement

  beforeEach(() => {
    form = document.createElement('form')
    document.body.append(form)
  })
  afterEach(() => {
    for (const it of form.querySelectorAll('bucket-upload')) it.clear()
    form.remove()
  })

  /** A form with an upload that has this content, and waits for its start. */
  async function show(content = CAPTION, attributes = '', more = '') {
    form.innerHTML = `<bucket-upload name="papers" multiple manual ${attributes}>${content}</bucket-upload>${more}`
    const element = form.querySelector('bucket-upload') as BucketUpload
    const signer = spy(addresses.signers.ceph)
    element.signer = signer.ask
    await drawn(element)
    const sent = () => signer.asked.map((it) => ('meta' in it ? it.meta : undefined))
    return { element, sent }
  }

  async function add(element: BucketUpload, added: Iterable<File | FileToAdd>) {
    const before = copies(element).length
    const ids = element.add(added)
    await until(() => copies(element).length === before + ids.length)
    await drawn(element)
  }

  const copies = (element: Element) => [
    ...element.querySelectorAll<HTMLElement>(':scope > [slot^=fields-]'),
  ]
  const inputs = (element: Element) =>
    element.querySelectorAll<HTMLInputElement>(':scope > [slot^=fields-] input')
  const all = (name: string) => new FormData(form).getAll(name)

  function write(input: HTMLInputElement | undefined, text: string): void {
    if (!input) throw new Error('There is no such input.')
    input.value = text
    input.dispatchEvent(new Event('input', { bubbles: true }))
  }

  it('are shown in the rows, by their names for screen readers, and send what is typed', async () => {
    const { element, sent } = await show()
    await add(element, files('a.txt', 'b.txt'))
    expect(copies(element).map((it) => it.getAttribute('aria-label'))).to.deep.equal([
      'a.txt',
      'b.txt',
    ])
    inputs(element)[0]?.focus()
    await sendKeys({ type: 'One' })
    await sendKeys({ press: 'Tab' })
    await until(() => element.files[0]?.meta.caption === 'One')
    write(inputs(element)[1], 'Two')
    const uploaded = collect(element, 'file-uploaded')
    element.start()
    await until(() => element.value.length === 2)
    expect(sent()).to.deep.equal([{ caption: 'One' }, { caption: 'Two' }])
    expect(uploaded.map(({ meta }) => meta.caption).sort()).to.deep.equal(['One', 'Two'])
    await until(() => all('papers').length === 2)
    expect(all('caption')).to.deep.equal(['One', 'Two'])
    // Later changes are in the form, and in what the element tells.
    let changes = 0
    element.addEventListener('change', () => changes++)
    write(inputs(element)[0], 'First')
    await until(() => changes > 0)
    expect(all('caption')).to.deep.equal(['First', 'Two'])
    expect(element.value[0]?.meta).to.deep.equal({ caption: 'First' })
  })

  it('are sent once for each file that the form sends, in the same order', async () => {
    const { element } = await show(
      `${CAPTION}<a slot="existing" data-key="k/old.txt">old.txt</a>`,
      'reorder',
    )
    await add(element, files('a.txt', 'b.txt', 'c.txt'))
    for (const [index, input] of [...inputs(element)].entries()) write(input, `${index}`)
    element.cancel(element.files[1]?.id)
    element.start()
    await until(() => element.value.length === 2)
    element.engine.move(element.files[2]?.id ?? '', 0)
    await until(() => String(all('caption')) === ',2,0')
    const ends = all('papers').map((it) => String(it).split('/').at(-1))
    expect(ends).to.deep.equal(['old.txt', 'c.txt', 'a.txt'])
    element.disabled = true
    await drawn(element)
    expect([...new FormData(form)]).to.deep.equal([])
    element.disabled = false
    element.formValue = 'json'
    await drawn(element)
    const metas = all('papers').map((it) => JSON.parse(String(it)).meta?.caption)
    expect([metas, all('caption')]).to.deep.equal([[undefined, '2', '0'], []])
  })

  it('are told with the file, also what is written while it is sent', async () => {
    const { engine, held } = stillEngine(() => false)
    const { element } = await show()
    element.engine = engine
    const uploaded = collect(element, 'file-uploaded')
    await add(element, files('a.txt'))
    await until(() => held.size === 1)
    write(inputs(element)[0], 'Late')
    held.get('a.txt')?.finish()
    await until(() => uploaded.length === 1)
    expect(uploaded[0]?.meta).to.deep.equal({ caption: 'Late' })
    expect(all('caption')).to.deep.equal(['Late'])
  })

  it('are of every kind, keep their ids and labels apart, and begin with what is known', async () => {
    const { element } = await show(`<div slot="fields" class="mine">
      <label for="title">Title</label><input id="title" name="title" value="Untitled" aria-describedby="help outside">
      <small id="help">Short</small>
      <label><input type="checkbox" name="tags" value="red" checked> Red</label>
      <label><input type="checkbox" name="tags" value="blue"> Blue</label>
      <label><input type="radio" name="size" value="s"> S</label>
      <label><input type="radio" name="size" value="m"> M</label>
      <label>Room <select name="room"><option>Hall</option><option>Attic</option></select></label>
    </div>`)
    await add(element, [
      { file: file('a.txt'), meta: { title: 'Known', size: 'm', other: 'stays' } },
      file('b.txt'),
    ])
    expect(element.files.map(({ meta }) => meta)).to.deep.equal([
      { title: 'Known', tags: 'red', size: 'm', room: 'Hall', other: 'stays' },
      { title: 'Untitled', tags: 'red', size: '', room: 'Hall' },
    ])
    const [one, two] = copies(element)
    const label = two?.querySelector<HTMLLabelElement>('label')
    const title = two?.querySelector<HTMLInputElement>('input')
    expect([label?.control, two?.className]).to.deep.equal([title, 'mine'])
    const ids = [...form.querySelectorAll('[id]')].map(({ id }) => id)
    expect(new Set(ids).size).to.equal(ids.length)
    const help = title?.getAttribute('aria-describedby')?.split(' ') ?? []
    expect(document.getElementById(help[0] ?? '')?.textContent).to.equal('Short')
    expect(help[1]).to.equal('outside')
    for (const it of ['tags', 'size'].flatMap((name) => [
      ...(two?.querySelectorAll<HTMLElement>(`[data-name=${name}]`) ?? []),
    ])) {
      it.click()
    }
    const room = two?.querySelector('select')
    if (room) room.value = 'Attic'
    room?.dispatchEvent(new Event('change', { bubbles: true }))
    const { meta } = element.files[1] ?? {}
    expect(meta).to.deep.equal({ title: 'Untitled', tags: 'blue', size: 'm', room: 'Attic' })
    expect(one?.querySelector<HTMLInputElement>('[value=m]')?.checked).to.equal(true)
    element.engine.setMeta(element.files[0]?.id ?? '', { title: 'By a script' })
    await drawn(element)
    expect(one?.querySelector('input')?.value).to.equal('By a script')
    expect([...new FormData(form).keys()].filter((it) => it !== 'papers')).to.deep.equal([])
  })

  it('are a pattern that no form sends or checks, in a fieldset that is disabled', async () => {
    const { element } = await show(`<fieldset slot="fields" disabled>
      <label>Caption <input name="caption" value="None" required></label>
    </fieldset>`)
    expect([form.checkValidity(), all('caption')]).to.deep.equal([true, []])
    await add(element, files('a.txt'))
    const [input] = inputs(element)
    expect([input?.matches(':disabled'), input?.form]).to.deep.equal([false, form])
    write(input, '')
    expect(form.checkValidity()).to.equal(false)
    expect(form.querySelector('[slot=fields] input')?.matches(':disabled')).to.equal(true)
  })

  it('are checked by the form, and disabled with the element', async () => {
    const { element } = await show(CAPTION.replace('name=', 'required name='))
    await add(element, files('a.txt'))
    element.start()
    await until(() => element.value.length === 1)
    await until(() => element.checkValidity())
    expect(form.checkValidity()).to.equal(false)
    write(inputs(element)[0], 'One')
    expect(form.checkValidity()).to.equal(true)
    for (const name of ['readOnly', 'disabled'] as const) {
      element[name] = true
      await until(() => inputs(element)[0]?.disabled)
      element[name] = false
      await until(() => !inputs(element)[0]?.disabled)
    }
    element.remove(element.files[0]?.id)
    await until(() => copies(element).length === 0)
    await drawn(element)
    expect(element.renderRoot.querySelectorAll('bucket-upload-list slot').length).to.equal(0)
  })

  it('keep what is written and the focus while the row is moved', async () => {
    const { element } = await show(CAPTION, 'reorder')
    await add(element, files('a.txt', 'b.txt', 'c.txt'))
    const last = inputs(element)[2]
    last?.focus()
    await sendKeys({ type: 'Half' })
    element.engine.move(element.files[2]?.id ?? '', 0)
    await drawn(element)
    expect(document.activeElement).to.equal(last)
    await sendKeys({ type: ' done' })
    expect(element.files.map(({ meta }) => meta.caption)).to.deep.equal(['Half done', '', ''])
    const place = last?.getBoundingClientRect().top ?? 0
    const tops = [...inputs(element)].map((it) => it.getBoundingClientRect().top)
    expect(place).to.equal(Math.min(...tops))
  })

  it('are in lists of the page, inside and elsewhere', async () => {
    const { element } = await show(`${CAPTION}<bucket-upload-list></bucket-upload-list>`, 'id="up"')
    element.add(files('a.txt'))
    await until(() => form.querySelector('bucket-upload-list > [slot^=fields-] input'))
    write(form.querySelector('bucket-upload-list > [slot^=fields-] input') ?? undefined, 'Inside')
    element.start()
    await until(() => String(all('caption')) === 'Inside')

    const other = await show(
      '',
      'id="there"',
      `<bucket-upload-list for="there">${CAPTION}</bucket-upload-list>`,
    )
    other.element.add(files('b.txt'))
    const elsewhere = ':scope > bucket-upload-list > [slot^=fields-] input'
    await until(() => form.querySelector(elsewhere))
    write(form.querySelector<HTMLInputElement>(elsewhere) ?? undefined, 'Elsewhere')
    expect(other.element.files[0]?.meta).to.deep.equal({ caption: 'Elsewhere' })
  })

  it('are kept in a long list, while their row is out of view', async () => {
    const { element } = await show()
    element.add(Array.from({ length: 120 }, (_, index) => file(`${index}.txt`)))
    await until(() => findAll(element, '.placed').length > 0 && inputs(element).length > 0)
    await drawn(element)
    const scroller = find(element, 'ul.list')
    expect(copies(element).length).to.be.below(40)
    write(inputs(element)[0], 'The first')
    scroller.scrollTop = scroller.scrollHeight
    await until(() => copies(element).some((it) => it.getAttribute('aria-label') === '119.txt'))
    await until(() => !copies(element).some((it) => it.getAttribute('aria-label') === '0.txt'))
    expect(element.files[0]?.meta).to.deep.equal({ caption: 'The first' })
    expect(element.files[60]?.meta).to.deep.equal({ caption: '' })
    scroller.scrollTop = 0
    await until(() => inputs(element)[0]?.value === 'The first' || inputs(element).length === 0)
    await until(() => [...inputs(element)].some(({ value }) => value === 'The first'))
  })

  it('come back to the form with files that the browser has restored', async () => {
    const { element } = await show()
    const uploaded = [{ key: 'k/a.txt', name: 'a.txt', meta: { caption: 'Before' } }]
    element.formStateRestoreCallback(JSON.stringify({ uploaded, removed: [] }), 'restore')
    await until(() => String(all('caption')) === 'Before')
    expect(all('papers')).to.deep.equal(['k/a.txt'])
  })

  it('make rows higher, and as high in each state', async () => {
    const { engine, held } = stillEngine((name) => name === 'stored.txt', { manual: true })
    const { element } = await show()
    element.engine = engine
    element.style.width = '600px'
    await add(element, files('a.txt', 'stored.txt', 'held.txt', 'paused.txt', 'cancelled.txt'))
    const heights = () =>
      new Set(
        findAll(element, '[data-id]').map((it) => Math.round(it.getBoundingClientRect().height)),
      )
    const [before] = heights()
    expect([...heights()]).to.deep.equal([before])
    expect(before).to.be.above(64)
    engine.start()
    await until(() => held.size === 4 && engine.counts.uploaded === 1)
    const id = (name: string) => engine.files.find((it) => it.name === name)?.id
    held.get('held.txt')?.progress(2)
    engine.pause(id('paused.txt'))
    engine.cancel(id('cancelled.txt'))
    await drawn(element)
    expect([...heights()]).to.deep.equal([before])
  })

  it('have no accessibility violations', async () => {
    const { element } = await show(CAPTION, 'reorder')
    await add(element, files('a.txt', 'b.txt'))
    control(element, 'Move: a.txt').focus()
    const { violations } = await window.axe.run(element)
    expect(violations.map(({ id }) => id)).to.deep.equal([])
  })
})
