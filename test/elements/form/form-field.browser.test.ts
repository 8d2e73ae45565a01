import 'axe-core'
import { expect } from 'chai'
import type { BucketUpload, BucketUploadField, SignerFunction } from '../../../src/index.ts'
import {
  control,
  drawn,
  find,
  findAll,
  next,
  randomFile,
  until,
} from '../../support/pages/helpers.ts'
import { addresses, setFaults } from '../../support/pages/library.ts'

type Field = BucketUpload | BucketUploadField

const { ceph } = addresses.signers
const never: SignerFunction = () => new Promise<never>(() => {})
const FIELD = `<bucket-upload signer="${ceph}" name="file" multiple></bucket-upload>`
const ONE = `<bucket-upload-field signer="${ceph}" name="file"></bucket-upload-field>`

let stage: HTMLElement

/** Puts a form into the page; answers with it and the fields in it. */
async function fill<F extends Field = BucketUpload>(body: string) {
  stage.innerHTML = `<form onsubmit="return false">${body}<button name="by" value="me">Send</button></form>`
  const form = stage.firstElementChild as HTMLFormElement
  const fields = [...form.querySelectorAll<F>('bucket-upload, bucket-upload-field')]
  for (const field of fields) await drawn(field)
  const button = form.querySelector(':scope > button') as HTMLButtonElement
  return { form, field: fields[0] as F, fields, button, sent: () => entries(form) }
}

/** What the form would send. */
const entries = (form: HTMLFormElement) => [...new FormData(form)].map(String)
const named = (name: string) => (entry: string) => entry.endsWith(`/${name}`)

/** Counts the events of what the form sends. */
function count(field: Field) {
  const events = { input: 0, change: 0 }
  field.addEventListener('input', () => events.input++)
  field.addEventListener('change', () => events.change++)
  return events
}

async function upload(field: Field, ...files: File[]) {
  const complete = next(field, 'upload-complete')
  field.add(files)
  return complete
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
    return (await (await fetch(ceph, { method: 'POST', headers, body })).json()).responses
  }
  return { signer, answer: () => answer() }
}

/** Drops a file on a field, as a browser does. Answers whether something has taken it. */
function dropOn(field: Field, file: File): boolean {
  const dataTransfer = new DataTransfer()
  dataTransfer.items.add(file)
  const zone = find(field, '.zone')
  const init = { dataTransfer, bubbles: true, composed: true, cancelable: true }
  zone.dispatchEvent(new DragEvent('dragover', init))
  return !zone.dispatchEvent(new DragEvent('drop', init))
}

const isShown = (element: Element) => element.getClientRects().length > 0

function focused(): Element | null {
  let at = document.activeElement
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  return at
}

async function picture(type = 'image/png'): Promise<File> {
  const canvas = document.createElement('canvas')
  canvas.width = 40
  canvas.height = 20
  const context = canvas.getContext('2d') as CanvasRenderingContext2D
  for (const [x, color] of [
    [0, 'red'],
    [10, 'lime'],
    [20, 'blue'],
    [30, 'red'],
  ] as const) {
    context.fillStyle = color
    context.fillRect(x, 0, 10, 20)
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type))
  return new File([blob as Blob], 'stripes.png', { type })
}

describe('a field of a form', () => {
  beforeEach(() => {
    stage = document.createElement('div')
    document.body.append(stage)
  })

  afterEach(() => {
    for (const field of stage.querySelectorAll<Field>('bucket-upload, bucket-upload-field')) {
      field.clear()
    }
    stage.remove()
  })

  describe('what it sends', () => {
    it('is nothing without a name', async () => {
      const { field, sent } = await fill(`<bucket-upload signer="${ceph}"></bucket-upload>`)
      await upload(field, randomFile('a.txt', 10))
      expect(sent()).to.deep.equal([])
      field.name = 'file'
      await field.updateComplete
      expect(sent()).to.have.length(1)
    })

    it('is an address or JSON, if that is wanted', async () => {
      const { field, sent } = await fill(FIELD)
      const { uploaded } = await upload(field, randomFile('a.txt', 10, 'text/plain'))
      field.existing = [{ key: 'u/b.txt', name: 'b.txt', url: 'https://files.example/b.txt' }]
      field.formValue = 'url'
      await field.updateComplete
      expect(sent()).to.deep.equal(['file,https://files.example/b.txt', `file,${uploaded[0]?.url}`])
      field.formValue = 'json'
      await field.updateComplete
      const { key, etag } = uploaded[0] ?? {}
      expect(new FormData(field.form as HTMLFormElement).getAll('file').map(String)).to.deep.equal([
        JSON.stringify({ key: 'u/b.txt', name: 'b.txt', etag: null }),
        JSON.stringify({ key, name: 'a.txt', size: 10, type: 'text/plain', etag }),
      ])
    })

    it('is the address without a signature where the signer tells no key', async () => {
      const { field, form } = await fill(FIELD)
      const signing = signerOnCall()
      signing.answer()
      field.signer = async (requests, options) => {
        const responses = await signing.signer(requests, options)
        for (const response of responses) if ('key' in response) delete response.key
        return responses
      }
      const { uploaded } = await upload(field, randomFile('a.txt', 10))
      const entry = String(new FormData(form).get('file'))
      expect(entry).to.equal(uploaded[0]?.url)
      expect(entry).to.match(/^http.*\/a\.txt$/)
    })

    it('is told by input and change, once for each file and not for what it is doing', async () => {
      const { field } = await fill(FIELD)
      const events = count(field)
      const input = find<HTMLInputElement>(field, 'input')
      input.dispatchEvent(new Event('input', { bubbles: true, composed: true }))
      expect(events.input, 'of the dialog').to.equal(0)
      await upload(field, randomFile('a.txt', 2_000_000))
      expect(events).to.deep.equal({ input: 1, change: 1 })
      field.remove(field.files[0]?.id)
      expect(events).to.deep.equal({ input: 2, change: 2 })
      field.existing = [{ key: 'u/b.txt', name: 'b.txt' }]
      await drawn(field)
      expect(events, 'of what a script sets').to.deep.equal({ input: 2, change: 2 })
      control(field, 'Remove: b.txt').click()
      expect(events).to.deep.equal({ input: 3, change: 3 })
    })

    it('is complete when the page is told that nothing is left to do', async () => {
      const { field, form } = await fill(FIELD)
      let seen: string[] = []
      let isValid = false
      field.addEventListener('upload-complete', () => {
        seen = entries(form)
        isValid = form.checkValidity()
      })
      await upload(field, randomFile('a.txt', 10), randomFile('b.txt', 10))
      expect(seen).to.have.length(2)
      expect(isValid).to.equal(true)
    })

    it('is kept up for an engine that the page brings', async () => {
      const { field, fields, sent } = await fill(
        `${FIELD}<bucket-upload name="same"></bucket-upload>`,
      )
      const [, second] = fields as [Field, Field]
      second.engine = field.engine
      await upload(field, randomFile('a.txt', 10))
      await drawn(field)
      expect(sent().map((entry) => entry.split(',')[0])).to.deep.equal(['file', 'same'])
    })
  })

  describe('validity', () => {
    it('knows what is missing, on its way, failed, and too much', async () => {
      const { field, form } = await fill(
        `<bucket-upload name="file" required multiple max-files="2"></bucket-upload>`,
      )
      expect(field.validity.valueMissing).to.equal(true)
      expect(field.validationMessage).to.equal('Choose a file.')
      expect(form.matches(':invalid')).to.equal(true)

      field.signer = never
      const [id] = field.add([randomFile('a.txt', 10)])
      // In the same moment: whoever submits now must be refused.
      expect(form.checkValidity()).to.equal(false)
      expect(field.validity).to.include({ customError: true, valueMissing: false })
      expect(field.validationMessage).to.equal('Wait until the upload is finished.')
      field.pause(id)
      expect(field.validationMessage).to.equal(
        'The upload is paused. Resume it, or remove the file.',
      )
      field.clear()

      field.signer = `${addresses.faulty}/forbidden`
      await upload(field, randomFile('a.txt', 10))
      expect(field.validity.customError).to.equal(true)
      expect(field.validationMessage).to.match(/^A file could not be uploaded/)

      field.signer = ceph
      const complete = next(field, 'upload-complete')
      field.retry()
      await complete
      expect(field.validity.valid).to.equal(true)
      expect(form.checkValidity()).to.equal(true)

      field.existing = ['b', 'c'].map((key) => ({ key, name: key }))
      await field.updateComplete
      expect(field.validity.rangeOverflow).to.equal(true)
      expect(field.validationMessage).to.equal(
        'No more than 2 files can be uploaded here. Remove the others.',
      )
      expect(form.checkValidity()).to.equal(false)
    })

    it('asks to start what waits for that', async () => {
      const { field } = await fill(
        `<bucket-upload signer="${ceph}" name="file" manual></bucket-upload>`,
      )
      field.add([randomFile('a.txt', 10)])
      expect(field.validationMessage).to.equal('Start the upload first.')
    })

    it('is what the page says, until it takes it back', async () => {
      const { field, form } = await fill(FIELD)
      field.setCustomValidity('Not on Sundays.')
      expect(field.validity.customError).to.equal(true)
      expect(field.validationMessage).to.equal('Not on Sundays.')
      await upload(field, randomFile('a.txt', 10))
      expect(form.checkValidity()).to.equal(false)
      field.setCustomValidity('')
      expect(form.checkValidity()).to.equal(true)
    })

    for (const [tag, name] of [
      ['bucket-upload', 'Choose files'],
      ['bucket-upload-field', 'Choose a file'],
    ] as const) {
      it(`is shown at the button of ${tag} that puts it right, and in words`, async () => {
        const { field } = await fill(`<${tag} signer="${ceph}" required multiple></${tag}>`)
        expect(field.matches(':state(invalid)')).to.equal(false)
        field.checkValidity()
        await drawn(field)
        expect(field.matches(':state(invalid)'), 'asked, not told').to.equal(false)
        field.reportValidity()
        await drawn(field)
        expect(focused()?.textContent?.trim()).to.equal(name)
        expect(field.matches(':state(invalid)')).to.equal(true)
        const group = find(field, '[role=group]')
        const described = group.getAttribute('aria-describedby') as string
        expect(find(field, `#${described}`).textContent).to.equal('Choose a file.')
        await upload(field, randomFile('a.txt', 10))
        await drawn(field)
        expect(field.matches(':state(invalid)')).to.equal(false)
        expect(group.hasAttribute('aria-describedby')).to.equal(false)
      })
    }

    it('leaves the words to a page that prevents those of the browser', async () => {
      const { field } = await fill(FIELD)
      field.required = true
      await field.updateComplete
      field.addEventListener('invalid', (event) => event.preventDefault())
      field.reportValidity()
      await drawn(field)
      expect(find(field, '#problem').textContent).to.equal('')
    })

    it('has states for styles', async () => {
      const { field } = await fill(FIELD)
      field.signer = never
      field.add([randomFile('a.txt', 10)])
      expect(field.matches(':state(uploading)')).to.equal(true)
      field.clear()
      expect(field.matches(':state(uploading)')).to.equal(false)
    })
  })

  describe('as a control', () => {
    it('is one of the form', async () => {
      const { field, form } = await fill(FIELD)
      expect(field.form).to.equal(form)
      expect(form.elements.namedItem('file')).to.equal(field)
      expect(field.type).to.equal('bucket-upload')
      expect(field.willValidate).to.equal(true)
    })

    for (const tag of ['bucket-upload', 'bucket-upload-field']) {
      it(`gives ${tag} the name of its label, which focuses it`, async () => {
        const { form, field } = await fill(
          `<label for="it">Your <b>papers</b></label><${tag} id="it" signer="${ceph}"></${tag}>`,
        )
        expect(find(field, '[role=group]').getAttribute('aria-label')).to.equal('Your papers')
        let isOpened = false
        find(field, 'input').addEventListener('click', (event) => {
          event.preventDefault()
          isOpened = true
        })
        form.querySelector('label')?.click()
        expect(focused()?.textContent?.trim()).to.equal('Choose a file')
        expect(isOpened).to.equal(false)

        field.existing = [{ key: 'b', name: 'b', url: '/b' }]
        await drawn(field)
        control(field, 'Open: b').focus()
        form.querySelector('label')?.click()
        expect(focused(), 'who is inside stays there').to.equal(control(field, 'Open: b'))
      })
    }

    for (const [tag, body] of [
      ['bucket-upload', FIELD],
      ['bucket-upload-field', ONE],
    ] as const) {
      it(`takes and sends nothing in a fieldset that is disabled: ${tag}`, async () => {
        const { field, form, sent } = await fill(`<fieldset>${body}</fieldset>`)
        await upload(field, randomFile('a.txt', 10))
        const fieldset = form.querySelector('fieldset') as HTMLFieldSetElement
        fieldset.disabled = true
        await drawn(field)
        expect(dropOn(field, randomFile('b.txt', 10)), 'the browser must not open it').to.equal(
          true,
        )
        await drawn(field)
        expect(field.files.map((file) => file.name)).to.deep.equal(['a.txt'])
        expect(findAll(field, 'button.browse:not(:disabled)').filter(isShown)).to.have.length(0)
        expect(sent()).to.deep.equal([])
        field.setCustomValidity('No.')
        expect(form.checkValidity(), 'is not checked').to.equal(true)
        field.setCustomValidity('')

        fieldset.disabled = false
        await drawn(field)
        expect(sent()).to.have.length(1)
        expect(findAll(field, 'button.browse:not(:disabled)').filter(isShown)).to.have.length(1)
      })

      it(`shows and sends what is in it while it is read-only: ${tag}`, async () => {
        const { field, form, sent } = await fill(body)
        field.existing = [{ key: 'u/me.pdf', name: 'me.pdf', url: '/me.pdf' }]
        field.readOnly = true
        field.required = true
        await drawn(field)
        expect(field.getAttribute('readonly')).to.equal('')
        if (findAll(field, '.zone').length > 0) dropOn(field, randomFile('b.txt', 10))
        await drawn(field)
        expect(field.files).to.have.length(0)
        expect(sent()).to.deep.equal(['file,u/me.pdf'])
        expect(findAll(field, 'button:not(:disabled)').filter(isShown)).to.have.length(0)
        expect(control(field, 'Open: me.pdf').getAttribute('href')).to.equal('/me.pdf')
        field.existing = []
        await field.updateComplete
        expect(form.checkValidity(), 'is not checked').to.equal(true)
      })
    }

    it('offers no way to remove an uploaded file while it is read-only', async () => {
      const { field } = await fill(FIELD)
      await upload(field, randomFile('a.txt', 10))
      await drawn(field)
      expect(control(field, 'Remove from list: a.txt')).to.not.equal(undefined)
      field.readOnly = true
      await drawn(field)
      expect(() => control(field, 'Remove from list: a.txt')).to.throw()
    })

    it('goes back to where it was when the form is reset', async () => {
      const { field, form, sent } = await fill(FIELD)
      field.existing = ['b', 'c'].map((key) => ({ key, name: key }))
      await drawn(field)
      await upload(field, randomFile('a.txt', 10))
      control(field, 'Remove: b').click()
      field.signer = never
      await field.updateComplete
      field.add([randomFile('d.txt', 10)])
      field.reportValidity()
      await drawn(field)
      expect(sent()).to.have.length(2)

      const events = count(field)
      form.reset()
      await drawn(field)
      expect(field.files).to.have.length(0)
      expect(sent()).to.deep.equal(['file,b', 'file,c'])
      expect(form.checkValidity()).to.equal(true)
      expect(field.matches(':state(invalid)')).to.equal(false)
      expect(events).to.deep.equal({ input: 0, change: 0 })
    })

    it('says nothing any more of what is missing when the form is reset', async () => {
      const { field, form } = await fill(FIELD)
      field.required = true
      await field.updateComplete
      field.reportValidity()
      await drawn(field)
      expect(find(field, '#problem').textContent).to.equal('Choose a file.')
      form.reset()
      await drawn(field)
      expect(find(field, '#problem').textContent).to.equal('')
      expect(form.checkValidity()).to.equal(false)
    })

    it('restores from what it gave the browser to keep, where no signature is', async () => {
      const kept: unknown[] = []
      const original = ElementInternals.prototype.setFormValue
      ElementInternals.prototype.setFormValue = function (value, state) {
        kept.push(state)
        return Reflect.apply(original, this, [value, state])
      }
      const { field, sent } = await fill(FIELD)
      field.existing = ['b', 'c'].map((key) => ({ key, name: key, url: '/x?X-Amz-Signature=1' }))
      await drawn(field)
      const { uploaded } = await upload(field, randomFile('a.txt', 10))
      control(field, 'Remove: b').click()
      ElementInternals.prototype.setFormValue = original
      const before = sent()
      const state = String(kept.at(-1))
      expect(uploaded[0]?.downloadUrl).to.match(/signature/i)
      expect(state).not.to.match(/signature/i)

      const again = await fill(FIELD)
      again.field.existing = field.existing
      const events = count(again.field)
      again.field.formStateRestoreCallback(state, 'restore')
      await drawn(again.field)
      expect(again.sent()).to.deep.equal(before)
      expect(events.change).to.equal(0)
      expect(find(again.field, '.list').textContent).to.include('a.txt')
      expect(() => control(again.field, 'Open: a.txt'), 'a link that answers 403').to.throw()
      again.field.formValue = 'url'
      await again.field.updateComplete
      expect(again.sent()).to.include(`file,${uploaded[0]?.url}`)
      again.field.formValue = 'key'
      again.form.reset()
      expect(again.sent()).to.deep.equal(['file,b', 'file,c'])
    })

    it('has no trouble with a state that is not its own', async () => {
      const { field, sent } = await fill(FIELD)
      for (const state of ['', '{', '[]', '{"uploaded":[1],"removed":[]}', null]) {
        field.formStateRestoreCallback(state, 'restore')
        expect(sent(), String(state)).to.deep.equal([])
      }
    })
  })

  describe('with existing files', () => {
    it('counts them for what is required and how many there may be', async () => {
      const { field, form } = await fill(
        `<bucket-upload signer="${ceph}" name="file" required multiple max-files="2"></bucket-upload>`,
      )
      field.existing = ['b', 'c'].map((key) => ({ key, name: key }))
      await drawn(field)
      expect(form.checkValidity()).to.equal(true)
      expect(field.add([randomFile('a.txt', 10)])).to.have.length(0)
      await drawn(field)
      expect(find(field, '.rejections').textContent).to.include('No more than 2 files')

      control(field, 'Remove: b').click()
      await drawn(field)
      expect(field.kept.map((file) => file.key)).to.deep.equal(['c'])
      expect(field.removed.map((file) => file.key)).to.deep.equal(['b'])
      expect(field.shadowRoot?.activeElement ?? true).to.not.equal(null)
      await upload(field, randomFile('a.txt', 10))
      expect(form.checkValidity()).to.equal(true)
      control(field, 'Keep: b').click()
      expect(field.validity.rangeOverflow).to.equal(true)

      field.clear()
      await drawn(field)
      for (const name of ['b', 'c']) control(field, `Remove: ${name}`).click()
      expect(field.validity.valueMissing).to.equal(true)
    })

    it('says in words what will become of them', async () => {
      const { field } = await fill(FIELD)
      field.existing = [{ key: 'u/b.pdf', name: 'b.pdf', size: 2000 }]
      await drawn(field)
      const row = find(field, '[part=existing-file]')
      expect(row.textContent).to.include('2 kB')
      control(field, 'Remove: b.pdf').focus()
      control(field, 'Remove: b.pdf').click()
      await drawn(field)
      expect(row.textContent).to.include('Will be removed')
      const list = find(field, 'bucket-upload-existing')
      expect(find(list, '[role=status]').textContent).to.equal('Will be removed: b.pdf')
      expect(focused()?.getAttribute('aria-label')).to.equal('Keep: b.pdf')
    })

    it('shows them where the page puts the list', async () => {
      const { field, form } = await fill(
        `<bucket-upload id="papers" signer="${ceph}" name="file">
          <bucket-upload-button></bucket-upload-button>
          <a slot="existing" data-key="u/b.pdf">b.pdf</a>
        </bucket-upload>`,
      )
      const list = document.createElement('bucket-upload-existing')
      list.setAttribute('for', 'papers')
      form.append(list)
      await drawn(field)
      expect(find(list, '.row').textContent).to.include('b.pdf')
      control(list, 'Remove: b.pdf').click()
      expect(field.removed).to.have.length(1)
    })
  })

  describe('hold-submit', () => {
    const HOLD = `<bucket-upload name="file" multiple hold-submit required></bucket-upload>`
    /** Lets the page see its submits as an application would that sends the form itself. */
    function submits(form: HTMLFormElement) {
      const seen: { entries: string[]; by: string | undefined }[] = []
      form.onsubmit = (event) => {
        event.preventDefault()
        const by = (event.submitter as HTMLButtonElement | null)?.value
        seen.push({ entries: entries(form), by })
      }
      return seen
    }

    it('hands the page the submit once the uploads are done, with its button', async () => {
      const { field, form, button } = await fill(HOLD)
      const seen = submits(form)
      const { signer, answer } = signerOnCall()
      field.signer = signer
      field.add([randomFile('a.txt', 10), randomFile('b.txt', 10)])
      button.click()
      button.click()
      await drawn(field)
      expect(seen).to.deep.equal([])
      expect(field.matches(':state(holding)')).to.equal(true)
      const complete = next(field, 'upload-complete')
      answer()
      await complete
      await until(() => seen.length > 0)
      await drawn(field)
      expect(seen).to.have.length(1)
      expect(seen[0]?.by).to.equal('me')
      expect(seen[0]?.entries.map((it) => it.split('/').at(-1)).sort()).to.deep.equal([
        'a.txt',
        'b.txt',
      ])
      expect(field.matches(':state(holding)')).to.equal(false)
    })

    it('waits for each of two fields', async () => {
      const { fields, form, button } = await fill(HOLD + HOLD)
      const seen = submits(form)
      const calls = fields.map((field) => {
        const call = signerOnCall()
        field.signer = call.signer
        field.add([randomFile('a.txt', 10)])
        return call
      })
      button.click()
      for (const [index, call] of calls.entries()) {
        expect(seen).to.have.length(0)
        const complete = next(fields[index] as Field, 'upload-complete')
        call.answer()
        await complete
      }
      await until(() => seen.length > 0)
      expect(seen[0]?.entries).to.have.length(2)
    })

    it('tells at once what fails, and does not submit when the others are done', async () => {
      const { field, form, button } = await fill(HOLD)
      const seen = submits(form)
      const { signer, answer } = signerOnCall()
      let calls = 0
      field.signer = async (requests, options) => {
        calls++
        const isBad = requests.some((it) => it.op === 'put' && it.file.name === 'bad.txt')
        if (!isBad) return signer(requests, options)
        const error = { code: 'forbidden', message: 'No.' }
        return requests.map(({ id }) => ({ id, error }))
      }
      field.add([randomFile('good.txt', 10)])
      await until(() => calls === 1)
      field.add([randomFile('bad.txt', 10)])
      button.click()
      expect(field.matches(':state(holding)')).to.equal(true)
      await until(() => find(field, '#problem').textContent)
      expect(field.matches(':state(holding)')).to.equal(false)
      const complete = next(field, 'upload-complete')
      answer()
      await complete
      await drawn(field)
      expect(seen).to.have.length(0)
    })

    it('is not sent after a failure where the form is not checked', async () => {
      const { field, form, button } = await fill(HOLD)
      const seen = submits(form)
      form.noValidate = true
      field.signer = `${addresses.faulty}/forbidden`
      field.add([randomFile('a.txt', 10)])
      button.click()
      await until(() => find(field, '#problem').textContent)
      expect(seen).to.have.length(0)
    })

    it('forgets the submit when somebody stops the last file, or resets the form', async () => {
      const { field, form, button } = await fill(HOLD.replace(' required', ''))
      const seen = submits(form)
      field.signer = never
      const stops = [
        () => field.cancel(field.files[0]?.id ?? ''),
        () => field.clear(),
        () => form.reset(),
      ]
      for (const stop of stops) {
        field.clear()
        field.add([randomFile('a.txt', 10)])
        button.click()
        expect(field.matches(':state(holding)')).to.equal(true)
        stop()
        await drawn(field)
        expect(field.matches(':state(holding)'), String(stop)).to.equal(false)
      }
      expect(seen).to.have.length(0)
    })

    it('lets a paused file go on', async () => {
      const { field, form, button } = await fill(HOLD)
      const seen = submits(form)
      field.signer = never
      const [id] = field.add([randomFile('a.txt', 10)])
      field.pause(id)
      field.signer = ceph
      button.click()
      await until(() => seen.length > 0)
      expect(seen[0]?.entries).to.have.length(1)
    })

    it('does not keep a dialog from being closed', async () => {
      const { field, form } = await fill(
        `${HOLD}<button id="close" formmethod="dialog" formnovalidate>Close</button>`,
      )
      const seen = submits(form)
      field.signer = never
      field.add([randomFile('a.txt', 10)])
      form.querySelector<HTMLButtonElement>('#close')?.click()
      expect(seen).to.have.length(1)
    })
  })

  describe('for one file', () => {
    const AVATAR = `<bucket-upload-field signer="${ceph}" name="file" kind="avatar"></bucket-upload-field>`
    const old = { key: 'u/old.png', name: 'old.png', type: 'image/png' }

    it('shows the picture that was there, and that of the new file', async () => {
      const { field } = await fill<BucketUploadField>(AVATAR)
      const data = document.createElement('canvas').toDataURL()
      field.existing = [{ ...old, url: data }]
      await drawn(field)
      expect(find<HTMLImageElement>(field, 'img').src).to.equal(data)
      field.add([await picture()])
      const canvas = find<HTMLCanvasElement>(field, 'canvas')
      await until(() => !canvas.hidden)
      expect(findAll(field, 'img')).to.have.length(0)
      const colorAt = (x: number) => [
        ...(canvas.getContext('2d')?.getImageData(x, 80, 1, 1).data ?? []),
      ]
      expect(colorAt(10), 'the left of its middle').to.deep.equal([0, 255, 0, 255])
      expect(colorAt(150), 'the right of its middle').to.deep.equal([0, 0, 255, 255])
    })

    it('decodes a picture no larger than it has to, and none that is too large', async () => {
      const { field } = await fill<BucketUploadField>(AVATAR)
      const decoded: (ImageBitmapOptions | undefined)[] = []
      const original = window.createImageBitmap
      Object.assign(window, {
        createImageBitmap: (file: File, options?: ImageBitmapOptions) => {
          decoded.push(options)
          return original(file, options)
        },
      })
      const huge = await picture()
      Object.defineProperty(huge, 'size', { value: 65 * 2 ** 20 })
      const drawing = new File(['<svg/>'], 'a.svg', { type: 'image/svg+xml' })
      for (const file of [huge, drawing]) {
        field.add([file])
        await until(() => field.files[0]?.file === file)
        await drawn(field)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      expect(decoded).to.deep.equal([])
      field.add([await picture()])
      await until(() => !find<HTMLCanvasElement>(field, 'canvas').hidden)
      window.createImageBitmap = original
      expect(decoded).to.have.length(1)
      expect(decoded[0]?.resizeWidth).to.be.within(320, 1000)
    })

    it('shows an icon for what is no picture', async () => {
      const { field } = await fill<BucketUploadField>(AVATAR)
      field.existing = [{ ...old, url: '/test/support/no-such.png' }]
      await drawn(field)
      await until(() => findAll(field, 'img').length === 0)
      expect(findAll(field, '.picture svg')).to.have.length(1)
      field.add([new File(['no picture'], 'a.heic', { type: 'image/heic' })])
      await until(() => field.value.length === 1)
      await drawn(field)
      expect(find(field, 'canvas').hidden).to.equal(true)
      expect(findAll(field, '.picture svg')).to.have.length(1)
    })

    it('puts a file in the place of another only when it is uploaded', async () => {
      const { field, sent } = await fill<BucketUploadField>(AVATAR)
      field.existing = [old]
      await drawn(field)
      const first = signerOnCall()
      field.signer = first.signer
      field.add([randomFile('one.png', 10)])
      expect(sent()).to.deep.equal(['file,u/old.png'])
      expect(field.removed).to.deep.equal([])
      first.answer()
      await until(() => field.value.length === 1)
      await until(() => sent().every(named('one.png')))
      expect(field.removed).to.deep.equal([old])

      field.signer = `${addresses.faulty}/forbidden`
      await drawn(field)
      await upload(field, randomFile('two.png', 10))
      expect(sent().every(named('one.png')), 'two has failed').to.equal(true)
      expect(field.validity.customError).to.equal(true)
      await drawn(field)
      control(field, 'Remove: two.png').click()
      expect(field.validity.valid).to.equal(true)
      expect(sent())
        .to.have.length(1)
        .and.satisfy((all: string[]) => all.every(named('one.png')))

      field.signer = ceph
      await drawn(field)
      await upload(field, randomFile('three.png', 10))
      expect(sent())
        .to.have.length(1)
        .and.satisfy((all: string[]) => all.every(named('three.png')))
      await drawn(field)
      control(field, 'Remove: three.png').click()
      await drawn(field)
      expect(sent()).to.deep.equal(['file,u/old.png'])
      control(field, 'Remove: old.png').click()
      await drawn(field)
      expect(sent()).to.deep.equal([])
      expect(find(field, '.field').textContent).to.include('Will be removed')
      expect(focused()?.getAttribute('aria-label')).to.equal('Change: old.png')
      control(field, 'Keep: old.png').click()
      expect(sent()).to.deep.equal(['file,u/old.png'])
    })

    it('keeps what is on its way when another file is not accepted', async () => {
      const { field } = await fill<BucketUploadField>(AVATAR)
      field.accept = 'image/*'
      field.signer = never
      await field.updateComplete
      field.add([await picture()])
      field.add([randomFile('notes.txt', 10, 'text/plain')])
      expect(field.files.map((file) => file.name)).to.deep.equal(['stripes.png'])
      await drawn(field)
      expect(find(field, '.rejections').textContent).to.include('notes.txt')
      field.add([await picture(), await picture()])
      expect(field.files).to.have.length(1)
      await drawn(field)
      expect(find(field, '.rejections').textContent).to.include('Only one file')
    })

    it('takes a dropped file', async () => {
      const { field } = await fill<BucketUploadField>(AVATAR)
      const complete = next(field, 'upload-complete')
      expect(dropOn(field, randomFile('a.png', 10))).to.equal(true)
      expect((await complete).uploaded).to.have.length(1)
    })

    it('opens the dialog from its button and all around, and from no other button', async () => {
      const { field } = await fill<BucketUploadField>(AVATAR)
      field.existing = [old]
      await drawn(field)
      let opened = 0
      find<HTMLInputElement>(field, 'input').addEventListener('click', (event) => {
        event.preventDefault()
        opened++
      })
      control(field, 'Change: old.png').click()
      find(field, '.picture').click()
      expect(opened).to.equal(2)
      control(field, 'Remove: old.png').click()
      expect(opened).to.equal(2)
    })

    it('can be tried again', async () => {
      const { field } = await fill<BucketUploadField>(AVATAR)
      await setFaults({})
      field.signer = `${addresses.faulty}/forbidden`
      await upload(field, randomFile('a.png', 10))
      field.signer = ceph
      await drawn(field)
      const complete = next(field, 'upload-complete')
      control(field, 'Try again: a.png').click()
      expect((await complete).uploaded).to.have.length(1)
    })
  })

  it('is found by assistive technology: no violation that axe knows of', async () => {
    const { field, fields, form } = await fill(
      `<label for="a">Papers</label><bucket-upload id="a" signer="${ceph}" required multiple hold-submit></bucket-upload>
       <bucket-upload-field label="You" kind="avatar" signer="${ceph}" required></bucket-upload-field>
       <bucket-upload-field label="CV" signer="${ceph}" accept=".pdf"></bucket-upload-field>`,
    )
    field.existing = ['b', 'c'].map((key) => ({ key, name: key, url: '/b' }))
    await drawn(field)
    control(field, 'Remove: b').click()
    form.reportValidity()
    const [, , cv] = fields
    if (cv) cv.existing = [{ key: 'cv', name: 'cv.pdf', url: '/cv.pdf' }]
    await drawn(field)
    const { violations } = await window.axe.run(form)
    expect(violations.map((it) => `${it.id}: ${it.help}`)).to.deep.equal([])
  })
})
