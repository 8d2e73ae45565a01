/** `crop`: people choose the part of a photo, with the mouse, with a finger and with keys. */
import { expect } from 'chai'
import type { BucketUploadField } from '../../../src/index.ts'
import { control, find, next, until } from '../../support/pages/helpers.ts'
import { addresses } from '../../support/pages/library.ts'
import { spy } from '../../support/pages/spy-signer.ts'

const signer = addresses.signers.ceph

/** Red on the left, blue on the right. */
async function photo(width = 600, height = 400, type = 'image/png', name = 'me.png') {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
  context.fillStyle = 'red'
  context.fillRect(0, 0, width / 2, height)
  context.fillStyle = 'blue'
  context.fillRect(width / 2, 0, width / 2, height)
  return new File([await canvas.convertToBlob({ type })], name, { type })
}

describe('a field with crop', () => {
  let field: BucketUploadField
  afterEach(() => {
    field.clear()
    field.remove()
  })

  function mount(properties: Partial<BucketUploadField> = {}) {
    field = document.createElement('bucket-upload-field')
    Object.assign(field, { signer, kind: 'avatar', crop: true, ...properties })
    document.body.append(field)
  }

  const dialog = () => field.shadowRoot?.querySelector<HTMLDialogElement>('dialog')

  async function opened(file: File): Promise<HTMLElement> {
    field.add([file])
    await until(() => dialog()?.open)
    return find(field, '.crop-stage')
  }

  /** Presses *Use photo*, and gets what is then in the bucket. */
  async function stored() {
    const complete = next(field, 'upload-complete')
    control(field, 'Use photo').click()
    const [uploaded] = (await complete).uploaded
    const blob = await (await fetch(uploaded?.downloadUrl ?? '')).blob()
    const image = await createImageBitmap(blob)
    const canvas = new OffscreenCanvas(image.width, image.height)
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, image.width, image.height)
    /** Share of the width that is red. */
    const row = Array.from({ length: image.width }, (_, x) => (data[x * 4] ?? 0) > 127)
    const red = row.filter(Boolean).length / image.width
    return { uploaded, width: image.width, height: image.height, red, type: blob.type }
  }

  const key = (stage: HTMLElement, key: string) =>
    stage.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))

  /** A pointer that is pressed, moved and let go; places are shares of the stage. */
  function drag(stage: HTMLElement, ...places: [number, number][]) {
    const { left, top, width, height } = stage.getBoundingClientRect()
    const at = ([x, y]: [number, number]) => ({
      ...{ clientX: left + x * width, clientY: top + y * height, pointerId: 1, bubbles: true },
    })
    stage.setPointerCapture = () => {}
    const [first = [0, 0]] = places
    stage.dispatchEvent(new PointerEvent('pointerdown', at(first)))
    for (const place of places.slice(1))
      stage.dispatchEvent(new PointerEvent('pointermove', at(place)))
    stage.dispatchEvent(new PointerEvent('pointerup', at(places.at(-1) ?? first)))
  }

  it('uploads the middle of a photo, as it is shown', async () => {
    mount()
    await opened(await photo())
    expect(field.files).to.have.length(0)
    const { uploaded, width, height, red, type } = await stored()
    expect([width, height, type]).to.deep.equal([400, 400, 'image/png'])
    expect(red).to.be.closeTo(0.5, 0.01)
    expect(uploaded?.name).to.equal('me.png')
    expect(dialog()).to.equal(null)
  })

  it('is moved by keys, and enlarged by plus and the slider', async () => {
    mount()
    const stage = await opened(await photo())
    expect(field.shadowRoot?.activeElement).to.equal(stage)
    // 20 steps of a twentieth: further than it can go.
    for (let times = 0; times < 20; times++) key(stage, 'ArrowRight')
    key(stage, '+')
    const slider = find<HTMLInputElement>(field, '.crop-zoom input')
    expect(Number(slider.value)).to.be.closeTo(1.1, 0.001)
    slider.value = '2'
    slider.dispatchEvent(new Event('input', { bubbles: true }))
    const { width, red } = await stored()
    expect(width).to.equal(200)
    expect(red).to.equal(0)
  })

  it('is dragged', async () => {
    mount()
    // To the right as far as it goes: its left side comes into view.
    drag(await opened(await photo()), [0.2, 0.5], [0.5, 0.5], [0.95, 0.5])
    expect((await stored()).red).to.be.closeTo(0.75, 0.01)
  })

  it('is moved by a click on what should be in the middle, for those who cannot drag', async () => {
    mount()
    drag(await opened(await photo()), [1, 0.5])
    expect((await stored()).red).to.be.closeTo(0.25, 0.01)
  })

  it('has at most as many px as the attribute says', async () => {
    mount({ crop: '128' })
    await opened(await photo(600, 400, 'image/jpeg', 'me.jpg'))
    const { width, height, type } = await stored()
    expect([width, height, type]).to.deep.equal([128, 128, 'image/jpeg'])
  })

  it('adds nothing after Cancel, and gives the focus back', async () => {
    mount()
    await until(() => field.shadowRoot?.querySelector('.browse'))
    field.focus()
    const before = field.shadowRoot?.activeElement
    await opened(await photo())
    control(field, 'Cancel').click()
    await until(() => !dialog())
    expect(field.files).to.have.length(0)
    expect(field.shadowRoot?.activeElement).to.equal(before)
  })

  it('adds what is no photo, or cannot be decoded, as it is', async () => {
    mount()
    for (const file of [
      new File(['notes'], 'notes.txt', { type: 'text/plain' }),
      new File(['no jpeg'], 'broken.jpg', { type: 'image/jpeg' }),
    ]) {
      const complete = next(field, 'upload-complete')
      field.add([file])
      const [uploaded] = (await complete).uploaded
      expect(uploaded?.file).to.equal(file)
      expect(dialog()).to.equal(null)
    }
  })

  it('keeps what is sent along with a file', async () => {
    const asked = spy(addresses.signers.ceph)
    mount({ signer: asked.ask })
    field.add([{ file: await photo(), meta: { album: '7' } }])
    await until(() => dialog()?.open)
    await stored()
    expect(asked.asked.map((it) => ('meta' in it ? it.meta : undefined))).to.deep.equal([
      { album: '7' },
    ])
  })
})
