import 'axe-core'
import { expect } from 'chai'
import type { BucketUploadRecorder } from '../../src/recorder.ts'
import { canRecordHere, openCamera } from '../support/pages/camera.ts'
import { cleanUp, drawn, findAll, mount, until } from '../support/pages/helpers.ts'
import { addresses, registerLocale } from '../support/pages/library.ts'

const built = '/dist/cdn/bucket-upload.js'
const { loadRecorder }: typeof import('../../src/cdn.ts') = await import(built)
await loadRecorder()

type Kind = 'video' | 'audio' | 'screen'

const records = await canRecordHere()

/** What was put in place of the browser's own. */
const replaced: (() => void)[] = []

/** Puts something in place of what the browser has. */
function replace(object: object, name: string, value: unknown): void {
  const own = Object.getOwnPropertyDescriptor(object, name)
  Object.defineProperty(object, name, { value, configurable: true, writable: true })
  replaced.push(() => {
    if (own) Object.defineProperty(object, name, own)
    else Reflect.deleteProperty(object, name)
  })
}

function camera(): MediaStream {
  const { media, stop } = openCamera()
  replaced.push(stop)
  return media
}

/** Gives the page devices; what it gets of them is in the list. */
function giveDevices(open: () => MediaStream | Promise<MediaStream>): MediaStream[] {
  const given: MediaStream[] = []
  const get = async () => {
    const media = await open()
    given.push(media)
    return media
  }
  replace(navigator.mediaDevices, 'getUserMedia', get)
  replace(navigator.mediaDevices, 'getDisplayMedia', get)
  return given
}

const refuse = (name: string) => () => Promise.reject(new DOMException('No.', name))

/** Whether what a script fires reaches those who wait for the end of a track: in Firefox it does not. */
function canEndTracks(): boolean {
  const [track] = camera().getTracks()
  let isHeard = false
  track?.addEventListener('ended', () => {
    isHeard = true
  })
  track?.dispatchEvent(new Event('ended'))
  return isHeard
}

/** Shows an upload, and a recorder that is bound to it. */
async function show(kind: Kind = 'video', properties: Parameters<typeof mount>[0] = {}) {
  const upload = mount({ signer: addresses.signers.ceph, multiple: true, ...properties })
  upload.id = 'up'
  const recorder = document.createElement('bucket-upload-recorder')
  recorder.setAttribute('for', 'up')
  recorder.setAttribute('kind', kind)
  document.body.append(recorder)
  await drawn(recorder)
  return { upload, recorder }
}

const inside = <E extends Element = HTMLElement>(
  recorder: BucketUploadRecorder,
  selector: string,
) => recorder.shadowRoot?.querySelector<E>(selector) ?? undefined
const button = (recorder: BucketUploadRecorder) =>
  inside<HTMLButtonElement>(recorder, 'button') as HTMLButtonElement
const problem = (recorder: BucketUploadRecorder) =>
  inside(recorder, '[role=alert]')?.textContent?.trim() ?? ''
const said = (recorder: BucketUploadRecorder) =>
  inside(recorder, '[role=status]')?.textContent?.trim() ?? ''
const isLive = (media: MediaStream | undefined) =>
  media?.getTracks().some(({ readyState }) => readyState === 'live')

/** Starts a recording, and waits until something of it is there. */
async function start(recorder: BucketUploadRecorder): Promise<void> {
  button(recorder).click()
  await until(() => recorder.isRecording && (recorder.engine?.files[0]?.size ?? 0) > 0)
  await drawn(recorder)
}

describe('<bucket-upload-recorder>', () => {
  beforeEach(function () {
    if (!records) this.skip()
  })
  afterEach(() => {
    for (const recorder of document.querySelectorAll('bucket-upload-recorder')) recorder.remove()
    cleanUp()
    for (const undo of replaced.splice(0).reverse()) undo()
  })

  for (const kind of ['video', 'screen'] as const) {
    it(`records with kind="${kind}", uploads, and gives the device back`, async () => {
      const given = giveDevices(camera)
      const { upload, recorder } = await show(kind)
      button(recorder).focus()
      await start(recorder)
      expect(said(recorder)).to.equal('Recording started.')
      expect(inside(recorder, '[role=timer]')?.textContent?.trim()).to.match(/^0:\d\d$/)
      expect(Boolean(inside(recorder, 'video'))).to.equal(kind === 'video')
      expect(recorder.shadowRoot?.activeElement).to.equal(button(recorder))
      const { violations } = await window.axe.run(recorder)
      expect(violations.map(({ id }) => id)).to.deep.equal([])
      button(recorder).click()
      await until(() => upload.value.length === 1)
      await drawn(recorder)
      expect(said(recorder)).to.equal('Recording stopped.')
      expect(recorder.shadowRoot?.activeElement).to.equal(button(recorder))
      expect(given.some(isLive)).to.equal(false)
      const [file] = upload.value
      expect(file?.type).to.match(/^video\/(webm|mp4)$/)
      expect(file?.name).to.match(/^recording-[\d-]{19}\.(webm|mp4)$/)
      expect(file?.size).to.be.greaterThan(0)
    })
  }

  for (const [name, kind, text] of [
    ['NotAllowedError', 'video', /^This page may not use the camera/],
    ['NotAllowedError', 'screen', /^The screen was not shared/],
    ['NotFoundError', 'video', /^No camera with a microphone was found/],
    ['NotFoundError', 'audio', /^No microphone was found/],
    ['NotReadableError', 'video', /^Another program uses/],
    ['OverconstrainedError', 'video', /^The recording could not be started/],
  ] as const) {
    it(`says what to do after ${name} with kind="${kind}", and can be tried again`, async () => {
      giveDevices(refuse(name))
      const { upload, recorder } = await show(kind)
      const errors: string[] = []
      document.addEventListener(
        'recording-failed',
        (event) => errors.push((event as CustomEvent).detail.error.name),
        { once: true },
      )
      button(recorder).click()
      await until(() => problem(recorder))
      expect(problem(recorder)).to.match(text)
      expect(errors).to.deep.equal([name])
      expect(upload.files).to.deep.equal([])
      giveDevices(camera)
      recorder.kind = 'video'
      await drawn(recorder)
      await start(recorder)
      expect(problem(recorder)).to.equal('')
      recorder.stop()
      await until(() => upload.value.length === 1)
    })
  }

  it('says what the browser is asked while it asks, and takes no second click', async () => {
    let answer = (_: MediaStream) => {}
    const given = giveDevices(
      () =>
        new Promise<MediaStream>((resolve) => {
          answer = resolve
        }),
    )
    const { upload, recorder } = await show()
    button(recorder).click()
    button(recorder).click()
    await until(() => inside(recorder, '.asked')?.textContent === 'Waiting for permission…')
    answer(camera())
    await until(() => recorder.isRecording)
    expect(given.length).to.equal(1)
    recorder.stop()
    await until(() => upload.files.length === 1 && !recorder.isRecording)
  })

  it('gives the device back if it was taken out of the page while the browser asked', async () => {
    let answer = (_: MediaStream) => {}
    giveDevices(
      () =>
        new Promise<MediaStream>((resolve) => {
          answer = resolve
        }),
    )
    const { upload, recorder } = await show()
    button(recorder).click()
    recorder.remove()
    const media = camera()
    answer(media)
    await until(() => !isLive(media))
    expect(upload.files).to.deep.equal([])
  })

  it('keeps what it has when the device is unplugged, and says so', async function () {
    if (!canEndTracks()) this.skip()
    const given = giveDevices(camera)
    const { upload, recorder } = await show()
    await start(recorder)
    // What a browser fires then.
    given[0]?.getTracks()[0]?.dispatchEvent(new Event('ended'))
    await until(() => upload.value.length === 1)
    await until(() => problem(recorder).startsWith('The connection to the camera or microphone'))
    expect(recorder.isRecording).to.equal(false)
  })

  it('ends without a word of trouble when people stop sharing their screen', async function () {
    if (!canEndTracks()) this.skip()
    const given = giveDevices(camera)
    const { upload, recorder } = await show('screen')
    await start(recorder)
    given[0]?.getTracks()[0]?.dispatchEvent(new Event('ended'))
    await until(() => upload.value.length === 1)
    await drawn(recorder)
    expect([problem(recorder), said(recorder)]).to.deep.equal(['', 'Recording stopped.'])
  })

  it('uploads what it has when it is taken out of the page, and goes on when it is moved', async () => {
    const given = giveDevices(camera)
    const { upload, recorder } = await show('video')
    await start(recorder)
    const other = document.createElement('div')
    document.body.append(other)
    other.append(recorder)
    await until(() => inside<HTMLVideoElement>(recorder, 'video')?.paused === false)
    expect(recorder.isRecording).to.equal(true)
    other.remove()
    await until(() => upload.value.length === 1)
    expect(given.some(isLive)).to.equal(false)
  })

  it('stops when its file is cancelled', async () => {
    const given = giveDevices(camera)
    const { upload, recorder } = await show()
    await start(recorder)
    upload.cancel()
    await until(() => !recorder.isRecording)
    expect(given.some(isLive)).to.equal(false)
    expect(upload.files[0]?.status).to.equal('cancelled')
  })

  it('records nothing that the upload does not take', async () => {
    const given = giveDevices(camera)
    const { upload, recorder } = await show('video', { accept: 'image/*' })
    button(recorder).click()
    await until(() => given.length === 1 && !given.some(isLive))
    await until(() => !recorder.isRecording)
    await until(() => findAll(upload, '[part=rejections]').length > 0)
    expect(upload.files).to.deep.equal([])
  })

  it('is disabled by its attribute, and without an upload', async () => {
    giveDevices(camera)
    const { upload, recorder } = await show()
    expect(button(recorder).disabled).to.equal(false)
    recorder.disabled = true
    await drawn(recorder)
    expect(button(recorder).disabled).to.equal(true)
    await recorder.record()
    expect(upload.files).to.deep.equal([])
    recorder.disabled = false
    recorder.setAttribute('for', 'nothing')
    await drawn(recorder)
    expect(button(recorder).disabled).to.equal(true)
  })

  it('speaks the language of the page', async () => {
    registerLocale({ code: 'eo', strings: { recordVideo: 'Filmi' }, errors: {} })
    const { recorder } = await show()
    recorder.locale = 'eo'
    await drawn(recorder)
    expect(inside(recorder, 'slot')?.textContent).to.equal('Filmi')
  })
})

describe('<bucket-upload-recorder> where a browser cannot record', () => {
  afterEach(() => {
    for (const recorder of document.querySelectorAll('bucket-upload-recorder')) recorder.remove()
    cleanUp()
    for (const undo of replaced.splice(0).reverse()) undo()
  })

  for (const kind of ['video', 'audio', 'screen'] as const) {
    it(`shows nothing, with kind="${kind}"`, async () => {
      replace(window, 'MediaRecorder', undefined)
      const { upload, recorder } = await show(kind)
      expect(recorder.shadowRoot?.childElementCount).to.equal(0)
      await recorder.record()
      expect(upload.files).to.deep.equal([])
    })
  }

  it('shows nothing for a screen that cannot be recorded, as on phones', async function () {
    if (!records) this.skip()
    replace(navigator.mediaDevices, 'getDisplayMedia', undefined)
    const { recorder } = await show('screen')
    expect(recorder.shadowRoot?.childElementCount).to.equal(0)
    recorder.kind = 'audio'
    await drawn(recorder)
    expect(button(recorder)).to.not.equal(null)
  })
})
