import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeldSubmit } from '../../../src/elements/form/held-submit.ts'

class FakeForm extends EventTarget {
  method: string | null = null
  /** The button of each submit that got through to the page. */
  readonly sent: unknown[] = []

  /** The page's own listener. */
  #page = (event: Event) => void this.sent.push((event as SubmitEvent).submitter)

  constructor() {
    super()
    this.addEventListener('submit', this.#page)
  }

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    super.addEventListener(...args)
    const [, , options] = args
    if (typeof options !== 'object' || !options.capture) return
    // A browser calls capturing listeners first; Node.js calls all in their order.
    this.removeEventListener('submit', this.#page)
    this.addEventListener('submit', this.#page)
  }

  getAttribute(): string | null {
    return this.method
  }

  requestSubmit(submitter: unknown = null): Event {
    const event = new Event('submit', { cancelable: true })
    this.dispatchEvent(Object.assign(event, { submitter }))
    return event
  }
}

function setUp() {
  const form = new FakeForm()
  const holder = {
    isBusy: true,
    isValid: true,
    changes: [] as boolean[],
    mustHold: () => holder.isBusy,
    reportValidity: () => holder.isValid,
    heldChanged: () => void holder.changes.push(held.isHeld),
  }
  const held: HeldSubmit = new HeldSubmit(holder)
  const watch = (watched: FakeForm | null) => held.watch(watched as HTMLFormElement | null)
  watch(form)
  /** When the uploads are done. */
  const finish = () => {
    holder.isBusy = false
    held.release()
  }
  return { form, holder, held, watch, finish }
}

const buttonOf = (form: FakeForm | null, formmethod: string | null = null) => ({
  form,
  getAttribute: () => formmethod,
})

test('a submit passes while nothing has to be waited for', () => {
  const { form, holder, held } = setUp()
  holder.isBusy = false
  assert.equal(form.requestSubmit().defaultPrevented, false)
  assert.deepEqual([form.sent, held.isHeld, holder.changes], [[null], false, []])
})

test('a submit waits, hidden from the page, and is sent once with its button', () => {
  const { form, holder, held, finish } = setUp()
  const button = buttonOf(form)
  assert.equal(form.requestSubmit(button).defaultPrevented, true)
  assert.deepEqual([form.sent, held.isHeld], [[], true])
  finish()
  held.release()
  assert.deepEqual(form.sent, [button])
  assert.deepEqual(holder.changes, [true, false])
})

test('of two submits that wait, the last one is sent', () => {
  const { form, holder, finish } = setUp()
  const [save, publish] = [buttonOf(form), buttonOf(form)]
  form.requestSubmit(save)
  form.requestSubmit(publish)
  finish()
  assert.deepEqual([form.sent, holder.changes], [[publish], [true, false]])
})

test('a button that has left the form is forgotten', () => {
  const { form, finish } = setUp()
  const button = buttonOf(form)
  form.requestSubmit(button)
  button.form = null
  finish()
  assert.deepEqual(form.sent, [null])
})

test('a form that is not valid any more is not sent', () => {
  const { form, holder, held, finish } = setUp()
  form.requestSubmit()
  holder.isValid = false
  finish()
  assert.deepEqual([form.sent, held.isHeld], [[], false])
})

test('a submit that was dropped is not sent later', () => {
  const { form, held, finish } = setUp()
  form.requestSubmit()
  held.drop()
  assert.equal(held.isHeld, false)
  finish()
  assert.deepEqual(form.sent, [])
})

test('closing a dialog does not wait: by the form, or by the button, whose method goes first', () => {
  const { form, held } = setUp()
  form.requestSubmit(buttonOf(form, 'DIALOG'))
  form.method = 'dialog'
  form.requestSubmit()
  assert.deepEqual([form.sent.length, held.isHeld], [2, false])
  form.requestSubmit(buttonOf(form, 'post'))
  assert.deepEqual([form.sent.length, held.isHeld], [2, true])
})

test('the submit of a form inside is not held', () => {
  const { form, held } = setUp()
  const event = new Event('submit', { cancelable: true })
  Object.defineProperty(event, 'target', { value: new FakeForm() })
  form.dispatchEvent(Object.assign(event, { submitter: null }))
  assert.deepEqual([event.defaultPrevented, held.isHeld], [false, false])
})

test('an element that moves to another form lets go of the first', () => {
  const { form, held, watch, finish } = setUp()
  const other = new FakeForm()
  form.requestSubmit()
  watch(other)
  assert.equal(held.isHeld, false)
  form.requestSubmit()
  assert.deepEqual([form.sent, other.sent], [[null], []])
  other.requestSubmit()
  assert.equal(held.isHeld, true)
  finish()
  assert.deepEqual([form.sent, other.sent], [[null], [null]])
  watch(null)
  assert.equal(other.requestSubmit().defaultPrevented, false)
})
