/** What `<bucket-upload-recorder>` keeps for when the browser is killed, and what the next page offers. */
import { expect } from 'chai'
import type { BucketUpload, UploadEngine } from '../../src/index.ts'
import type { BucketUploadRecorder } from '../../src/recorder.ts'
import { canRecordHere, openCamera } from '../support/pages/camera.ts'
import { moment } from '../support/pages/helpers.ts'
import { addresses } from '../support/pages/library.ts'

const records = await canRecordHere()
const DATABASE = 'bucket-upload-recordings'
const DAY = 24 * 3_600_000

/** A page in a frame. To take out the frame is to kill the page: none of its code runs any more. */
interface FramedPage {
  window: Window & typeof globalThis
  upload: BucketUpload
  recorder: BucketUploadRecorder
  kill(): void
}

const pages: FramedPage[] = []

/** Opens a page with an upload, and a recorder that is bound to it. */
async function openPage({
  upload = '',
  recorder = '',
  change = () => {},
}: {
  /** Attributes. */
  upload?: string
  recorder?: string
  /** Changes what the browser has, before anything else runs. */
  change?: (window: Window & typeof globalThis) => void
} = {}): Promise<FramedPage> {
  const frame = document.createElement('iframe')
  frame.srcdoc = `<!doctype html><html lang="en"><title>Page</title>
    <bucket-upload id="up" signer="${addresses.signers.ceph}" multiple ${upload}></bucket-upload>
    <bucket-upload-recorder for="up" ${recorder}></bucket-upload-recorder>`
  const loaded = new Promise((resolve) => {
    frame.onload = resolve
  })
  document.body.append(frame)
  await loaded
  const window = frame.contentWindow as Window & typeof globalThis
  const cameras: ReturnType<typeof openCamera>[] = []
  window.navigator.mediaDevices.getUserMedia = async () => {
    const camera = openCamera(window.document)
    cameras.push(camera)
    return camera.media
  }
  change(window)
  const script = window.document.createElement('script')
  script.type = 'module'
  script.text = `const { loadRecorder } = await import('/dist/cdn/bucket-upload.js')
    await loadRecorder()
    document.body.dataset.isLoaded = 'true'`
  window.document.body.append(script)
  await until(() => window.document.body.dataset.isLoaded)
  const find = (tag: string) => window.document.querySelector(tag)
  const page: FramedPage = {
    window,
    upload: find('bucket-upload') as BucketUpload,
    recorder: find('bucket-upload-recorder') as BucketUploadRecorder,
    kill() {
      for (const { stop } of cameras) stop()
      frame.remove()
    },
  }
  pages.push(page)
  return page
}

const all = ({ recorder }: FramedPage, part: string) => [
  ...(recorder.shadowRoot?.querySelectorAll<HTMLButtonElement>(`[part=${part}]`) ?? []),
]
const offers = (page: FramedPage) => all(page, 'left')
const click = (page: FramedPage, part: string) => {
  const [button] = all(page, part)
  button?.focus()
  button?.click()
}

/** Waits until something is so; the test's own time-out ends a wait in vain. */
async function until(isSo: () => unknown): Promise<void> {
  while (!(await isSo())) await moment()
}

/** How many recordings the browser keeps, and how many pieces of them. */
async function kept(): Promise<[recordings: number, pieces: number]> {
  const request = indexedDB.open(DATABASE, 1)
  // To look for a database must not make one.
  request.onupgradeneeded = () => request.transaction?.abort()
  const isThere = await new Promise((resolve) => {
    request.onsuccess = () => resolve(true)
    request.onerror = () => resolve(false)
  })
  if (!isThere) return [0, 0]
  const database = request.result
  const transaction = database.transaction(['recordings', 'pieces'])
  const [recordings, pieces] = [
    transaction.objectStore('recordings').count(),
    transaction.objectStore('pieces').count(),
  ]
  await new Promise((resolve) => {
    transaction.oncomplete = resolve
  })
  database.close()
  return [recordings.result, pieces.result]
}

/** Records until so many pieces are kept, and goes on. */
async function record(page: FramedPage, pieces = 2): Promise<void> {
  const [, before] = await kept()
  click(page, 'button')
  await until(async () => (await kept())[1] >= before + pieces)
}

/** Leaves a recording behind. */
async function leave(options: Parameters<typeof openPage>[0] = {}): Promise<void> {
  const page = await openPage(options)
  await record(page)
  page.kill()
}

describe('what <bucket-upload-recorder> keeps', () => {
  beforeEach(function () {
    if (!records) this.skip()
  })
  afterEach(async () => {
    for (const page of pages.splice(0)) page.kill()
    // Nobody has it open any more.
    await new Promise((resolve) => {
      indexedDB.deleteDatabase(DATABASE).onsuccess = resolve
    })
  })

  it('is offered by the next page, and sent', async () => {
    await leave()
    const page = await openPage()
    await until(() => offers(page).length === 1)
    expect(offers(page)[0]?.textContent).to.match(/A recording \(0:\d\d\) was not sent\./)
    click(page, 'send')
    await until(() => page.upload.value.length === 1)
    const [file] = page.upload.value
    expect(file?.type).to.match(/^video\/(webm|mp4)$/)
    expect(file?.name).to.match(/^recording-[\d-]{19}\.(webm|mp4)$/)
    expect(file?.size).to.be.greaterThan(0)
    expect(offers(page)).to.deep.equal([])
    expect(page.recorder.shadowRoot?.activeElement).to.equal(all(page, 'button')[0])
    await until(async () => String(await kept()) === '0,0')
  })

  it('is deleted by people, one after the other', async () => {
    await leave()
    await leave()
    const page = await openPage()
    await until(() => offers(page).length === 2)
    click(page, 'delete')
    await until(() => offers(page).length === 1)
    expect((await kept())[0]).to.equal(1)
    await until(() => page.recorder.shadowRoot?.activeElement === all(page, 'send')[0])
    click(page, 'delete')
    await until(() => offers(page).length === 0)
    expect(await kept()).to.deep.equal([0, 0])
    await until(() => page.recorder.shadowRoot?.activeElement === all(page, 'button')[0])
    const said = page.recorder.shadowRoot?.querySelector('[role=status]')?.textContent
    expect(said).to.equal('Recording deleted.')
    expect(page.upload.files).to.deep.equal([])
  })

  it('is not offered while its page is there', async () => {
    await leave()
    const first = await openPage()
    await record(first)
    const second = await openPage()
    await until(() => offers(second).length > 0)
    expect(offers(second).length).to.equal(1)
    click(first, 'button')
    await until(() => first.upload.value.length === 1)
  })

  it('is sent once, if two pages offer it', async () => {
    await leave()
    const [first, second] = [await openPage(), await openPage()]
    await until(() => offers(first).length === 1 && offers(second).length === 1)
    click(first, 'send')
    await until(() => first.upload.files.length === 1)
    click(second, 'send')
    await until(() => offers(second).length === 0)
    expect(second.upload.files).to.deep.equal([])
    await until(() => first.upload.value.length === 1)
  })

  it('is offered again if the page that sends it is killed, too', async () => {
    await leave()
    const first = await openPage()
    await until(() => offers(first).length === 1)
    first.upload.manual = true
    click(first, 'send')
    await until(() => first.upload.files.length === 1)
    first.kill()
    const second = await openPage()
    await until(() => offers(second).length === 1)
  })

  it('stays if the upload does not take it, and while it takes nothing', async () => {
    await leave()
    const page = await openPage({ upload: 'accept="image/*"' })
    await until(() => offers(page).length === 1)
    click(page, 'send')
    await until(() => page.upload.shadowRoot && page.upload.engine?.rejections.length === 1)
    expect(offers(page).length).to.equal(1)
    page.recorder.disabled = true
    await until(() => all(page, 'send')[0]?.disabled)
    expect(all(page, 'delete')[0]?.disabled).to.equal(false)
  })

  for (const [how, end] of [
    ['cancelled', ({ upload }: FramedPage) => upload.cancel()],
    ['removed', ({ upload }: FramedPage) => upload.clear()],
  ] as const) {
    it(`is deleted when its file is ${how}`, async () => {
      const page = await openPage()
      await record(page)
      end(page)
      await until(async () => String(await kept()) === '0,0')
      await until(() => !page.recorder.isRecording)
    })
  }

  it('is offered only for what it was recorded for', async () => {
    await leave({ recorder: 'kind="video"' })
    const other = await openPage({ recorder: 'kind="audio"' })
    const route = await openPage({ upload: 'route="other"' })
    const same = await openPage()
    await until(() => offers(same).length === 1)
    expect([offers(other).length, offers(route).length]).to.deep.equal([0, 0])
    route.upload.route = undefined
    await until(() => offers(route).length === 1)
  })

  it('is deleted after a week', async () => {
    const change = (window: Window & typeof globalThis) => {
      const { now } = Date
      window.Date.now = () => now() - 8 * DAY
    }
    await leave({ change })
    const page = await openPage()
    await until(async () => String(await kept()) === '0,0')
    expect(offers(page)).to.deep.equal([])
  })

  it('is nothing with keep="off", which offers nothing either', async () => {
    await leave()
    const before = await kept()
    const page = await openPage({ recorder: 'keep="off"' })
    click(page, 'button')
    await until(() => (page.upload.files[0]?.size ?? 0) > 0)
    expect(await kept()).to.deep.equal(before)
    expect(offers(page)).to.deep.equal([])
    page.recorder.stop()
    await until(() => page.upload.value.length === 1)
    page.recorder.keep = 'on'
    await until(() => offers(page).length === 1)
  })

  it('is nothing with an engine that remembers nothing', async () => {
    const page = await openPage()
    const Engine = page.upload.engine?.constructor as typeof UploadEngine
    page.upload.engine = new Engine({ signer: addresses.signers.ceph, resume: false })
    click(page, 'button')
    await until(() => (page.upload.files[0]?.size ?? 0) > 0)
    page.recorder.stop()
    await until(() => page.upload.files[0]?.status === 'uploaded')
    const names = (await indexedDB.databases()).map(({ name }) => name)
    expect(names).to.not.include(DATABASE)
  })

  it('is what came before the storage was full, and the recording goes on', async () => {
    let puts = 0
    const page = await openPage({
      change({ IDBObjectStore: { prototype } }) {
        const { put } = prototype
        prototype.put = function (...values) {
          // Its transaction is undone, too: the first piece stays.
          if (++puts > 3) throw new DOMException('There is no room.', 'QuotaExceededError')
          return put.apply(this, values)
        }
      },
    })
    click(page, 'button')
    await until(() => puts > 3)
    expect((await kept())[1]).to.equal(1)
    page.recorder.stop()
    await until(() => page.upload.value.length === 1)
    await until(async () => String(await kept()) === '0,0')
  })

  for (const [how, open] of [
    [
      'is forbidden',
      () => {
        throw new DOMException('Not here.', 'SecurityError')
      },
    ],
    ['never answers', () => new EventTarget() as IDBOpenDBRequest],
  ] as const) {
    it(`is nothing where the storage ${how}, and it is recorded all the same`, async () => {
      const page = await openPage({
        change: ({ IDBFactory }) => {
          IDBFactory.prototype.open = open
        },
      })
      click(page, 'button')
      await until(() => (page.upload.files[0]?.size ?? 0) > 0)
      page.recorder.stop()
      await until(() => page.upload.value.length === 1)
    })
  }

  it('outlives its element, while its file is on its way', async () => {
    const page = await openPage({ upload: 'manual' })
    await record(page)
    page.recorder.remove()
    await until(() => page.upload.files.length === 1)
    page.upload.start()
    await until(() => page.upload.value.length === 1)
    await until(async () => String(await kept()) === '0,0')
  })
})
