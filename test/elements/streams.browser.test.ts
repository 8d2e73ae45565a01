import 'axe-core'
import { expect } from 'chai'
import type { BucketUpload } from '../../src/index.ts'
import {
  cleanUp,
  control,
  drawn,
  find,
  findAll,
  mount,
  next,
  randomFile,
  until,
} from '../support/pages/helpers.ts'
import { addresses } from '../support/pages/library.ts'

const MiB = 2 ** 20

/** A stream that a test pushes into. */
function openStream() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const stream = new ReadableStream<Uint8Array>({
    start: (its) => {
      controller = its
    },
  })
  return {
    stream,
    push: async (bytes: number) =>
      controller?.enqueue(new Uint8Array(await randomFile('a', bytes).arrayBuffer())),
    end: () => controller?.close(),
    fail: () => controller?.error(new Error('The camera is gone.')),
  }
}

/** Shows the element with a stream of 7 MiB so far, of which a part of 5 MiB is stored. */
async function grow(properties: Partial<BucketUpload> = {}) {
  const element = mount({ signer: addresses.signers.ceph, multiple: true, ...properties })
  const its = openStream()
  const [id = ''] = element.add([{ stream: its.stream, name: 'talk.webm', type: 'video/webm' }])
  await its.push(7 * MiB)
  await until(() => {
    const file = element.engine.file(id)
    return file?.status === 'uploading' && file.loaded === 5 * MiB
  })
  await until(() => textOf(element).includes('MB'))
  await drawn(element)
  return { element, id, ...its }
}

/** What the row says. */
function textOf(element: BucketUpload): string {
  const [detail] = findAll(element, '.list .detail')
  return (detail?.textContent ?? '').replaceAll('\u00a0', ' ')
}

const bars = (element: BucketUpload) => findAll<HTMLProgressElement>(element, 'progress')
const names = (element: BucketUpload) =>
  findAll(element, 'button').map((it) => it.getAttribute('aria-label') ?? it.textContent?.trim())

describe('a stream in the list', () => {
  afterEach(cleanUp)

  it('shows its size so far, and bars without a value', async () => {
    const { element, push, end } = await grow()
    expect(textOf(element)).to.match(/^7\.3 MB(?: · |$)/)
    expect(textOf(element)).not.to.match(/%|left|of /)
    const shown = bars(element)
    expect(shown).to.have.length(2)
    for (const bar of shown) {
      expect(bar.position).to.equal(-1)
      expect(bar.hasAttribute('value')).to.equal(false)
      expect(bar.hasAttribute('aria-valuenow')).to.equal(false)
    }
    expect(findAll(element, '.percent')).to.have.length(0)
    expect(find(element, '.subtitle').textContent).not.to.match(/%|left/)
    const { violations } = await window.axe.run(element)
    expect(violations.map(({ id }) => id)).to.deep.equal([])
    const complete = next(element, 'upload-complete')
    await push(MiB)
    end()
    await complete
    await drawn(element)
    expect(textOf(element)).to.match(/^8\.4 MB/)
    expect(element.value[0]?.size).to.equal(8 * MiB)
  })

  it('has no bar while it is paused, and goes on', async () => {
    const { element, end } = await grow({ details: 'full' })
    control(element, 'Pause: talk.webm').click()
    await drawn(element)
    expect(textOf(element)).to.equal('7.3 MB · Paused')
    expect(bars(element)).to.have.length(0)
    const complete = next(element, 'upload-complete')
    control(element, 'Resume: talk.webm').click()
    end()
    await complete
    expect(element.value[0]?.size).to.equal(7 * MiB)
  })

  it('says that it waits when nothing more comes', async () => {
    const { element } = await grow({ details: 'full' })
    await until(() => textOf(element) === '7.3 MB · Waiting')
  })

  it('says that it broke off, and offers nothing that cannot help', async () => {
    const { element, fail } = await grow()
    fail()
    await until(() => textOf(element).startsWith('It broke off'))
    await drawn(element)
    expect(names(element).filter((it) => /again/i.test(it ?? ''))).to.deep.equal([])
    expect(names(element)).to.include('Remove: talk.webm')
    const said = () => findAll(element, '[role=status], [role=log], [aria-live]')
    await until(() => said().some((it) => it.textContent?.includes('talk.webm: It broke off')))
  })

  it('cannot be tried again once it is cancelled', async () => {
    const { element } = await grow()
    control(element, 'Cancel: talk.webm').click()
    await drawn(element)
    expect(element.files[0]?.status).to.equal('cancelled')
    expect(names(element).filter((it) => /again/i.test(it ?? ''))).to.deep.equal([])
  })

  it('lets the total of several files be open, until it ends', async () => {
    const { element, end } = await grow()
    element.pause()
    element.add([randomFile('other.bin', 1000)])
    await until(() => element.files[1]?.status === 'uploaded')
    await drawn(element)
    expect(element.engine.progress).to.include({ growing: 1, timeLeft: null })
    expect(findAll(element, '.percent')).to.have.length(0)
    const complete = next(element, 'upload-complete')
    element.resume()
    end()
    await complete
    expect(element.engine.progress).to.include({
      ...{ growing: 0, uploaded: 2 },
      ...{ loaded: 7 * MiB + 1000, total: 7 * MiB + 1000 },
    })
  })

  it('is a value of its form', async () => {
    const form = document.createElement('form')
    document.body.append(form)
    const { element, end } = await grow({ name: 'talk' })
    form.append(element)
    const complete = next(element, 'upload-complete')
    end()
    await complete
    expect(new FormData(form).get('talk')).to.match(/talk\.webm$/)
    form.remove()
  })
})
