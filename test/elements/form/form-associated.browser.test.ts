/**
 * The cases of the web platform's own tests (web-platform-tests, custom-elements/form-associated), with
 * our elements in the place of theirs. Each group has the name of the file that its cases come from.
 *
 * Not here, since they are about the API itself and not about an element that uses it:
 * ElementInternals-NotSupportedError, -accessibility and -setFormValue-nullish-value, and
 * disabled-state-changed-callback, which has an old name of a callback. What -reportValidity-bubble draws
 * is the browser's; that it points at a button is in form-field.browser.test.ts.
 */
import { expect } from 'chai'
import type { BucketUpload, BucketUploadField } from '../../../src/index.ts'
import { drawn } from '../../support/pages/helpers.ts'
import '../../support/pages/library.ts'

type Field = BucketUpload | BucketUploadField

/** Which flags there are. */
const FLAGS = [
  'valueMissing',
  'typeMismatch',
  'patternMismatch',
  'tooLong',
  'tooShort',
  'rangeUnderflow',
  'rangeOverflow',
  'stepMismatch',
  'badInput',
  'customError',
] as const

const NEWLINES = ['a\nb', 'a\rb', 'a\r\nb', 'a\n\rb']

let container: HTMLElement

/** Puts HTML into the page, in which `<it-is …>` is the element. */
function fill(html: string, tag: string): Field {
  container.innerHTML = replaced(html, tag)
  return container.querySelector(tag) as Field
}

const replaced = (html: string, tag: string) =>
  html.replace(/<it-is([^>]*)>/g, `<${tag}$1></${tag}>`)

/** As {@link fill}, but the elements are in the page before they are upgraded. */
function upgrade(html: string, tag: string): { before: HTMLElement; field: Field } {
  const elsewhere = document.implementation.createHTMLDocument()
  const before = elsewhere.createElement('div')
  before.innerHTML = replaced(html, tag)
  return { before, field: before.querySelector(tag) as Field }
}

const get = <E extends Element = HTMLElement>(selector: string) =>
  container.querySelector(selector) as E
const form = () => get<HTMLFormElement>('form')
const give = (field: Field, ...keys: string[]) => {
  field.existing = keys.map((key) => ({ key, name: key }))
}

/** Sends the form to a frame; answers with what the address then says. */
function submit(): Promise<string> {
  get('iframe')?.remove()
  const frame = document.createElement('iframe')
  frame.name = 'sent'
  container.append(frame)
  form().action = '/package.json'
  form().target = 'sent'
  return new Promise((resolve) => {
    frame.addEventListener('load', () => {
      const search = frame.contentWindow?.location.search
      if (search !== undefined && frame.contentWindow?.location.pathname === '/package.json') {
        resolve(search)
      }
    })
    form().submit()
  })
}

/** Elements are compared here: the runner cannot hand on a failure that has some in it. */
function same(actual: unknown, expected: unknown, what = ''): void {
  const [these, those] = [actual, expected].map((it) => [it].flat())
  const isSame = these?.every((it, index) => it === those?.[index])
  expect(isSame && these?.length === those?.length, what || 'the same elements').to.equal(true)
}

/** Whether each is valid for styles, and not invalid as well. */
const looksValid = (...elements: Element[]) =>
  elements.map((it) => it.matches(':valid') && !it.matches(':invalid'))

for (const tag of ['bucket-upload', 'bucket-upload-field']) {
  const create = () => document.createElement(tag) as Field

  describe(`<${tag}> among the form controls of the platform`, () => {
    beforeEach(() => {
      container = document.createElement('div')
      document.body.append(container)
    })
    afterEach(() => container.remove())

    describe('ElementInternals-labels', () => {
      it('has the labels around it and those that name it', () => {
        const inside = fill('<label><span><it-is></span></label>', tag)
        same(get<HTMLLabelElement>('label').control, inside)
        same(inside.labels[0], get('label'))

        const named = fill('<label for="it"></label><form><it-is id="it"></form>', tag)
        const label = get<HTMLLabelElement>('label')
        same(label.control, named)
        same(label.form, named.form)
        same(named.labels[0], label)

        const both = fill('<label for="it"></label><label for="it"><it-is id="it"></label>', tag)
        same([...both.labels], [...container.querySelectorAll('label')])
      })

      it('is clicked once when its label is', () => {
        const field = fill('<label for="it"></label><form><it-is id="it"></form>', tag)
        let clicks = 0
        field.addEventListener('click', () => clicks++)
        get('label').click()
        expect(clicks).to.equal(1)
      })
    })

    describe('ElementInternals-setFormValue', () => {
      it('sends nothing without a name', async () => {
        const field = fill('<form><input name="n1" value="v1"><it-is></form>', tag)
        give(field, 'k')
        expect(await submit()).to.equal('?n1=v1')
      })

      it('sends nothing with an empty name', async () => {
        const body = '<input name="n1" value="v1"><it-is name=""><input name="n2" value="v2">'
        give(fill(`<form>${body}</form>`, tag), 'k')
        expect(await submit()).to.equal('?n1=v1&n2=v2')
      })

      it('sends nothing while it has nothing', async () => {
        const body = '<input name="n1" value="v1"><it-is name="c1"><it-is name="c2">'
        const field = fill(`<form>${body}</form>`, tag)
        expect(await submit()).to.equal('?n1=v1')
        give(field, 'k')
        give(field)
        expect(await submit()).to.equal('?n1=v1')
      })

      it('sends all that it has, in its place', async () => {
        const body = '<input name="n1" value="v1"><it-is name="c1"><input name="n2" value="v2">'
        give(fill(`<form>${body}</form>`, tag), 'gone')
        const keys = tag === 'bucket-upload' ? ['one', 'two'] : ['one']
        give(get<Field>(tag), ...keys)
        const sent = keys.map((key) => `c1=${key}&`).join('')
        expect(await submit()).to.equal(`?n1=v1&${sent}n2=v2`)
      })

      it('sends text that is no text as the platform does', async () => {
        give(fill('<form accept-charset="utf-8"><it-is name="c1"></form>', tag), 'a\udc00\ud800b')
        expect(await submit()).to.equal(`?c1=${encodeURIComponent('a\ufffd\ufffdb')}`)
      })

      for (const text of NEWLINES) {
        it(`sends ${JSON.stringify(text)} as an <input> does, as a name and as a value`, async () => {
          const field = fill('<form><input type="hidden"><it-is></form>', tag)
          const input = get<HTMLInputElement>('input')
          for (const it of [input, field]) it.setAttribute('name', text)
          input.value = text
          give(field, text)
          const [first, second] = (await submit()).slice(1).split('&')
          expect(second).to.equal(first)
        })
      }
    })

    describe('ElementInternals-validation', () => {
      it('is checked, but not in a datalist, while it is disabled, or read-only', () => {
        const field = create()
        expect(field.willValidate).to.equal(true)

        const datalist = document.createElement('datalist')
        datalist.append(field)
        expect(field.willValidate).to.equal(false)
        datalist.removeChild(field)
        expect(field.willValidate).to.equal(true)

        const fieldset = document.createElement('fieldset')
        fieldset.disabled = true
        fieldset.append(field)
        expect(field.willValidate).to.equal(false)
        fieldset.disabled = false
        expect(field.willValidate).to.equal(true)
        fieldset.disabled = true
        expect(field.willValidate).to.equal(false)
        fieldset.removeChild(field)
        expect(field.willValidate).to.equal(true)

        for (const name of ['disabled', 'readonly']) {
          field.setAttribute(name, '')
          expect(field.willValidate, name).to.equal(false)
          field.removeAttribute(name)
          expect(field.willValidate, name).to.equal(true)
        }
      })

      it('is so too when it is upgraded', () => {
        const { before } = upgrade(
          '<it-is><it-is disabled><it-is readonly><datalist><it-is></datalist><fieldset disabled><it-is></fieldset>',
          tag,
        )
        container.append(before)
        const fields = [...container.querySelectorAll<Field>(tag)]
        expect(fields.map((field) => field.willValidate)).to.deep.equal([
          ...[true, false, false, false, false],
        ])
      })

      it('has the flags and the message of what is wrong, in one ValidityState', () => {
        const field = create()
        const { validity } = field
        expect(FLAGS.filter((flag) => validity[flag])).to.deep.equal([])
        expect(validity.valid).to.equal(true)
        expect(field.validationMessage).to.equal('')

        field.required = true
        expect(field.validity === validity).to.equal(true)
        expect(FLAGS.filter((flag) => validity[flag])).to.deep.equal(['valueMissing'])
        expect(validity.valid).to.equal(false)
        expect(field.validationMessage).to.not.equal('')

        field.setCustomValidity('A message')
        expect(validity.customError).to.equal(true)
        expect(field.validationMessage).to.equal('A message')

        field.setCustomValidity('')
        field.required = false
        expect(field.validity.valid).to.equal(true)
        expect(FLAGS.filter((flag) => validity[flag])).to.deep.equal([])
        expect(field.validationMessage).to.equal('')
      })

      for (const method of ['checkValidity', 'reportValidity'] as const) {
        it(`tells by one invalid event when ${method} is called`, () => {
          const field = create()
          container.append(field)
          let count = 0
          field.addEventListener('invalid', (event) => {
            same(event.target, field)
            expect(event.cancelable).to.equal(true)
            count++
            event.preventDefault()
          })
          expect(field[method]()).to.equal(true)
          expect(count).to.equal(0)
          field.setCustomValidity('A message')
          expect(field[method]()).to.equal(false)
          expect(count).to.equal(1)
        })
      }

      it('counts for its form', () => {
        const field = fill('<form><input type="submit"><it-is></form>', tag)
        let count = 0
        field.addEventListener('invalid', (event) => {
          count++
          event.preventDefault()
        })
        expect(form().checkValidity()).to.equal(true)
        field.required = true
        expect(form().checkValidity()).to.equal(false)
        expect(count).to.equal(1)
        expect(form().reportValidity()).to.equal(false)
        expect(count).to.equal(2)
        get('input').click()
        expect(count).to.equal(3)
      })

      it('makes form and fieldset valid and invalid for styles', () => {
        const field = fill('<form><fieldset><it-is></fieldset></form>', tag)
        const around = [form(), get('fieldset')]
        expect(looksValid(field, ...around)).to.deep.equal([true, true, true])
        field.required = true
        expect(looksValid(field, ...around)).to.deep.equal([false, false, false])
        Element.prototype.remove.call(field)
        expect(looksValid(field, ...around)).to.deep.equal([false, true, true])
        around[1]?.append(field)
        expect(looksValid(...around)).to.deep.equal([false, false])
        field.required = false
        expect(looksValid(field, ...around)).to.deep.equal([true, true, true])
      })
    })

    describe('form-associated-callback', () => {
      it('is among the elements of its form and its fieldset', () => {
        const first =
          '<fieldset id="s1"><form id="f1"><input><it-is><select></select></form></fieldset>'
        const others =
          '<fieldset id="s2"><it-is id="c2" form="f2"><form id="f2"><input></form></fieldset><it-is id="c3" form="f2">'
        const field = fill(first + others, tag)
        same([...form().elements], [get('input'), field, get('select')])
        same(get<HTMLFieldSetElement>('#s1').elements[1], field)
        same(field.form, form())
        const second = get<HTMLFormElement>('#f2')
        same([...second.elements], [get('#c2'), get('#f2 input'), get('#c3')])
        same(get<Field>('#c3').form, second)
        same(get<HTMLFieldSetElement>('#s2').elements[0], get('#c2'))
      })

      it('is so too when it is upgraded', () => {
        const { before } = upgrade(
          '<form><input><it-is id="c1" name="c1"></form><it-is id="c2" form="f2"><form id="f2"></form>',
          tag,
        )
        expect(before.querySelector('form')?.elements).to.have.length(1)
        container.append(before)
        same([...form().elements], [get('input'), get('#c1')])
        same([...get<HTMLFormElement>('#f2').elements], [get('#c2')])
        same(get<Field>('#c2').form, get('#f2'))
      })

      it('leaves its form with the page, and with its id', () => {
        const field = fill('<form id="f1"><it-is></form><form id="f2"></form>', tag)
        Element.prototype.remove.call(field)
        same(field.form, null)
        expect(form().elements).to.have.length(0)
        container.append(field)
        same(field.form, null)
        for (const id of ['f1', 'f2']) {
          field.setAttribute('form', id)
          expect(field.form?.id).to.equal(id)
        }
        container.replaceChildren()
        same(field.form, null)
      })

      it('waits for the uploads of the form that it is in now', () => {
        const field = fill('<form id="f1"><it-is hold-submit></form><form id="f2"></form>', tag)
        let isSent = false
        container.addEventListener('submit', (event) => {
          isSent = true
          // Firefox submits for the event of a script too.
          event.preventDefault()
        })
        const isHeld = (id: string) => {
          isSent = false
          get(`#${id}`).dispatchEvent(
            new SubmitEvent('submit', { bubbles: true, cancelable: true }),
          )
          return !isSent
        }
        field.signer = () => new Promise<never>(() => {})
        field.add([new File(['a'], 'a.txt')])
        expect([isHeld('f1'), isHeld('f2')]).to.deep.equal([true, false])
        get('#f2').append(field)
        expect([isHeld('f1'), isHeld('f2')]).to.deep.equal([false, true])
        field.clear()
      })
    })

    describe('form-disabled-callback', () => {
      it('is disabled by its attribute', () => {
        const field = create()
        expect(field.matches(':enabled')).to.equal(true)
        field.setAttribute('disabled', '')
        expect(field.matches(':disabled')).to.equal(true)
        expect([field.disabled, field.isLocked]).to.deep.equal([true, true])
        field.removeAttribute('disabled')
        expect(field.matches(':enabled')).to.equal(true)
        expect([field.disabled, field.isLocked]).to.deep.equal([false, false])
      })

      it('is disabled by any fieldset around it', () => {
        const outer = document.createElement('fieldset')
        outer.innerHTML = replaced('<fieldset><fieldset><it-is></fieldset></fieldset>', tag)
        const middle = outer.firstElementChild as HTMLFieldSetElement
        const field = outer.querySelector(tag) as Field
        container.append(outer)
        const seen: boolean[] = []
        const look = () => seen.push(field.matches(':disabled') && field.isLocked)
        look()
        middle.disabled = true
        look()
        middle.disabled = false
        look()
        outer.disabled = true
        look()
        Element.prototype.remove.call(field)
        look()
        middle.append(field)
        look()
        expect(seen).to.deep.equal([false, true, false, true, false, true])
        expect(field.disabled, 'the attribute is the own').to.equal(false)
      })

      it('sends nothing while it is disabled', () => {
        const field = fill('<form><it-is name="n1" disabled><input name="n2"></form>', tag)
        give(field, 'k')
        expect(new FormData(form()).get('n1')).to.equal(null)
        field.removeAttribute('disabled')
        expect(new FormData(form()).get('n1')).to.equal('k')
      })

      it('takes no focus while it is disabled', async () => {
        const field = create()
        container.append(field)
        field.setAttribute('disabled', '')
        await drawn(field)
        field.focus()
        expect(document.activeElement === field).to.equal(false)
        field.removeAttribute('disabled')
        await drawn(field)
        field.focus()
        same(document.activeElement, field)
        field.blur()
      })

      it('is disabled when it is upgraded', () => {
        const { before, field } = upgrade('<fieldset disabled><it-is></fieldset>', tag)
        container.append(before)
        expect(field.isLocked).to.equal(true)
        const own = upgrade('<it-is disabled>', tag)
        container.append(own.before)
        expect([own.field.disabled, own.field.isLocked]).to.deep.equal([true, true])
      })
    })

    describe('form-elements-namedItem', () => {
      it('is found by its name', () => {
        fill('<form><it-is name="alone"><it-is name="group"><it-is name="group"></form>', tag)
        const fields = [...container.querySelectorAll(tag)]
        same(form().elements.namedItem('alone'), fields[0])
        const group = form().elements.namedItem('group')
        expect(group instanceof RadioNodeList).to.equal(true)
        same([...(group as RadioNodeList)], fields.slice(1))
        same(form().elements.namedItem('none'), null)
      })
    })

    describe('form-reset-callback', () => {
      it('is reset before the next statement', () => {
        const field = fill('<form><it-is name="n1"></form>', tag)
        field.signer = () => new Promise<never>(() => {})
        field.add([new File(['a'], 'a.txt')])
        form().reset()
        expect(field.files).to.have.length(0)
      })

      it('is reset by a button', async () => {
        const field = fill('<form><it-is name="n1"><input type="reset"></form>', tag)
        field.signer = () => new Promise<never>(() => {})
        field.add([new File(['a'], 'a.txt')])
        get('input').click()
        await new Promise<void>((resolve) => queueMicrotask(resolve))
        expect(field.files).to.have.length(0)
      })
    })

    describe('a property counts before the next statement, as that of an <input> does', () => {
      it('disabled', () => {
        const field = fill('<form><it-is name="n1"></form>', tag)
        give(field, 'k')
        field.disabled = true
        expect(field.matches(':disabled')).to.equal(true)
        expect([...new FormData(form())]).to.deep.equal([])
        field.disabled = false
        expect(field.matches(':disabled')).to.equal(false)
        expect([...new FormData(form())]).to.deep.equal([['n1', 'k']])
      })

      it('readOnly', () => {
        const field = fill('<form><it-is name="n1" required></form>', tag)
        field.readOnly = true
        expect([field.willValidate, form().checkValidity()]).to.deep.equal([false, true])
        field.readOnly = false
        expect([field.willValidate, form().checkValidity()]).to.deep.equal([true, false])
      })

      it('name', () => {
        const field = fill('<form><it-is></form>', tag)
        give(field, 'k')
        field.name = 'n1'
        expect([...new FormData(form())]).to.deep.equal([['n1', 'k']])
        same(form().elements.namedItem('n1'), field)
        field.name = 'n2'
        expect([...new FormData(form())]).to.deep.equal([['n2', 'k']])
      })

      it('required, by its attribute too', () => {
        fill('<form><it-is required></form>', tag)
        expect(form().checkValidity()).to.equal(false)
        const field = fill('<form><it-is></form>', tag)
        field.required = true
        expect(form().checkValidity()).to.equal(false)
        field.required = false
        expect(form().checkValidity()).to.equal(true)
      })
    })
  })
}
