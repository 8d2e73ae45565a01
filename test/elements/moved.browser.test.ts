/** An element that is moved within the page keeps its uploads, also by `moveBefore`, which is an atomic move. */
import { expect } from 'chai'
import type { BucketUpload, SignerFunction } from '../../src/index.ts'
import { collect, control, drawn, find, findAll, next, until } from '../support/pages/helpers.ts'
import { addresses } from '../support/pages/library.ts'

type Mover = HTMLElement & { moveBefore(node: Node, child: Node | null): void }

/** The ways to move an element: WebKit and older browsers know only the first. */
const WAYS = ['append', ...('moveBefore' in Element.prototype ? ['moveBefore'] : [])]

function move(way: string, element: Element, target: Element): void {
  if (way === 'append') target.append(element)
  else (target as Mover).moveBefore(element, null)
}

/** A signer that answers when it is told to. */
function signerOnCall() {
  let answer = () => {}
  const called = new Promise<void>((resolve) => {
    answer = resolve
  })
  const signer: SignerFunction = async (requests) => {
    await called
    const body = JSON.stringify({ version: 1, requests })
    const headers = { 'Content-Type': 'application/json' }
    const response = await fetch(addresses.signers.ceph, { method: 'POST', headers, body })
    return (await response.json()).responses
  }
  return { signer, answer: () => answer() }
}

function deepFocus(): Element | null {
  let at = document.activeElement
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  return at
}

describe('an element that is moved', () => {
  let stage: HTMLElement

  beforeEach(() => {
    stage = document.createElement('div')
    document.body.append(stage)
  })
  afterEach(() => {
    for (const it of stage.querySelectorAll<BucketUpload>('bucket-upload')) it.clear()
    stage.remove()
  })

  for (const way of WAYS) {
    it(`by ${way} keeps its upload, and tells where it is now`, async () => {
      stage.innerHTML = '<p><bucket-upload multiple></bucket-upload></p><section></section>'
      const element = inside<BucketUpload>(stage, 'bucket-upload')
      const section = inside(stage, 'section')
      const { signer, answer } = signerOnCall()
      element.signer = signer
      await drawn(element)
      element.add([new File(['content'], 'a.txt')])
      await until(() => findAll(element, '.row').length > 0)
      const row = find(element, '.row')
      const heardAbove = collect(section, 'file-uploaded')
      const heard = collect(document, 'file-uploaded')
      const complete = next(element, 'upload-complete')

      move(way, element, section)
      await drawn(element)
      expect(find(element, '.row') === row, 'the same row').to.equal(true)
      expect(element.files.map(({ status }) => status)).to.deep.equal(['queued'])
      answer()
      await complete
      await drawn(element)
      expect([heardAbove.length, heard.length]).to.deep.equal([1, 1])
      expect(element.files.map(({ status }) => status)).to.deep.equal(['uploaded'])
      expect(find(element, '.row').textContent).to.match(/Uploaded/)
    })

    it(`by ${way} is bound to the upload that it is in now`, async () => {
      stage.innerHTML =
        '<bucket-upload manual id="a"><bucket-upload-list></bucket-upload-list></bucket-upload><bucket-upload manual id="b"></bucket-upload>'
      const [a, b] = [...stage.querySelectorAll<BucketUpload>('bucket-upload')]
      const list = inside(stage, 'bucket-upload-list')
      if (!a || !b) throw new Error('no uploads')
      a.add([new File(['content'], 'a.txt')])
      b.add([new File(['content'], 'b.txt')])
      const shown = () => findAll(list, '.name').map((it) => it.textContent?.trim())
      await until(() => shown().join() === 'a.txt')
      move(way, list, b)
      await until(() => shown().join() === 'b.txt')
    })

    it(`by ${way} is sent by the form that it is in now`, () => {
      stage.innerHTML =
        '<form><bucket-upload name="n" required></bucket-upload></form><form></form>'
      const [first, second] = [...stage.querySelectorAll('form')]
      const element = inside<BucketUpload>(stage, 'bucket-upload')
      if (!first || !second) throw new Error('no forms')
      const states = () => [first, second].map((form) => form.checkValidity())
      expect(states()).to.deep.equal([false, true])
      move(way, element, second)
      expect(states()).to.deep.equal([true, false])
      element.existing = [{ key: 'k', name: 'k' }]
      expect([...new FormData(first)]).to.deep.equal([])
      expect([...new FormData(second)]).to.deep.equal([['n', 'k']])
    })
  }

  it('by moveBefore keeps the focus', async function () {
    if (!WAYS.includes('moveBefore')) this.skip()
    stage.innerHTML = '<p><bucket-upload manual multiple></bucket-upload></p><section></section>'
    const element = inside<BucketUpload>(stage, 'bucket-upload')
    element.add([new File(['content'], 'a.txt')])
    await until(() => findAll(element, '.row').length > 0)
    await drawn(element)
    const button = control(element, 'Cancel: a.txt')
    button.focus()
    move('moveBefore', element, inside(stage, 'section'))
    await drawn(element)
    expect(deepFocus() === button).to.equal(true)
  })
})

function inside<E extends Element = HTMLElement>(root: Element, selector: string): E {
  return root.querySelector(selector) as E
}
