import 'axe-core'
import { sendKeys } from '@web/test-runner-commands'
import { expect } from 'chai'
import type { BucketUploadList } from '../../src/index.ts'
import { control, find, findAll, randomFile, until } from '../support/pages/helpers.ts'
import { addresses, UploadEngine, UploadError } from '../support/pages/library.ts'
import { stillEngine } from '../support/pages/still-engine.ts'

type Engine = InstanceType<typeof UploadEngine>

declare global {
  interface Window {
    axe: typeof import('axe-core')
  }
}

/** A tile has a badge and a picture besides. */
const NODES = { list: 300, grid: 450 }
const MB = 1_000_000

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function mount(engine: Engine, layout: 'list' | 'grid' = 'list'): BucketUploadList {
  const list = document.createElement('bucket-upload-list')
  list.engine = engine
  list.links = 'full'
  list.details = 'full'
  list.layout = layout
  document.body.append(list)
  return list
}

/** A file that says it has so many bytes. */
function hollow(name: string, size: number, type = ''): File {
  return Object.defineProperty(new File([], name, { type }), 'size', { value: size })
}

function hollows(count: number): File[] {
  return Array.from({ length: count }, (_, number) => hollow(`${number}.bin`, 1000))
}

/** Waits until nothing fades in any more, which has less contrast until then. */
async function still(list: BucketUploadList): Promise<void> {
  const moves = () =>
    findAll(list, '*').some((it) => it.getAnimations().some((each) => each.playState === 'running'))
  await until(() => !moves())
}

async function drawn(list: BucketUploadList): Promise<void> {
  for (let frames = 0; frames < 3; frames++) await frame()
  await list.updateComplete
}

/** Shows a long list, and waits until its rows have places of their own. */
async function mountLong(count: number, layout: 'list' | 'grid' = 'list') {
  const { engine } = stillEngine(() => false, { manual: true })
  const list = mount(engine, layout)
  engine.add(hollows(count))
  await until(() => list.shadowRoot?.querySelector('.placed'))
  await drawn(list)
  return { engine, list, scroller: find(list, 'ul') }
}

const details = (list: BucketUploadList) =>
  findAll(list, '.detail').map((it) => it.textContent?.replaceAll('\u00a0', ' '))
const names = (list: BucketUploadList) => findAll(list, '.name').map((it) => it.textContent)
const row = (list: BucketUploadList, name: string) => {
  const found = findAll(list, 'li').find((it) => it.querySelector('.name')?.textContent === name)
  if (!found) throw new Error(`There is no row of ${name}.`)
  return found
}
const hasFocus = (list: BucketUploadList) =>
  list.shadowRoot?.activeElement?.getAttribute('aria-label')

async function picture(name: string, type = 'image/png'): Promise<File> {
  const canvas = document.createElement('canvas')
  canvas.width = 60
  canvas.height = 40
  const context = canvas.getContext('2d')
  if (context) context.fillStyle = 'rgb(200, 30, 60)'
  context?.fillRect(0, 0, 60, 40)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type))
  return new File([blob ?? ''], name, { type })
}

/** A film of a second that is all of one color, as a page records it. */
async function recorded(): Promise<File> {
  const canvas = document.createElement('canvas')
  canvas.width = 64
  canvas.height = 64
  const context = canvas.getContext('2d')
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' })
  const parts: Blob[] = []
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data))
  const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve))
  recorder.start(100)
  // On a busy machine the first frame may come later than that.
  for (let frames = 0; frames < 20 || parts.every(({ size }) => size === 0); frames++) {
    if (context) context.fillStyle = `rgb(200, 30, ${60 + (frames % 2)})`
    context?.fillRect(0, 0, 64, 64)
    await wait(50)
  }
  recorder.stop()
  await stopped
  return new File(parts, 'film.webm', { type: 'video/webm' })
}

/** Takes the place of the clipboard, and of what else of the browser a test may not use. */
function replace<Key extends keyof Navigator>(key: Key, value: unknown): () => void {
  Object.defineProperty(navigator, key, { value, configurable: true })
  return () => void Reflect.deleteProperty(navigator, key)
}

function fakeClipboard() {
  const copied: string[] = []
  const restore = replace('clipboard', {
    writeText: async (text: string) => void copied.push(text),
  })
  return { copied, restore }
}

describe('<bucket-upload-list>', () => {
  const engines: Engine[] = []
  const restores: (() => void)[] = []
  const show = (...of: Parameters<typeof stillEngine>) => {
    const still = stillEngine(...of)
    engines.push(still.engine)
    return { ...still, list: mount(still.engine) }
  }

  afterEach(() => {
    for (const list of document.querySelectorAll('bucket-upload-list')) {
      list.engine?.clear()
      list.remove()
    }
    for (const engine of engines.splice(0)) engine.clear()
    for (const restore of restores.splice(0)) restore()
  })

  describe('rows', () => {
    it('say how far a file is, how fast, and how long it will take', async () => {
      const { engine, held, list } = show(() => false)
      engine.add([hollow('film.mov', 10 * MB)])
      await until(() => held.has('film.mov'))
      const start = performance.now()
      // Two megabytes a second.
      while (performance.now() - start < 2500) {
        held.get('film.mov')?.progress((performance.now() - start) * 2000)
        await frame()
      }
      const [text = ''] = details(list)
      expect(text).to.match(/^[45](\.\d)? MB of 10 MB · (4\d|50)% · /)
      expect(text).to.match(/ · (1\.[6-9]|2(\.[0-4])?) MB\/s · a few seconds left$/)
      expect(find<HTMLProgressElement>(list, 'progress').value).to.be.within(0.4, 0.55)
      expect(find(list, 'progress').getAttribute('aria-label')).to.equal('Progress of film.mov')
    })

    it('keep their words for a moment, and move their bar all the time', async () => {
      const { engine, held, list } = show(() => false)
      engine.add([hollow('film.mov', 100 * MB)])
      await until(() => held.has('film.mov'))
      const texts = new Set<string | undefined>()
      const values = new Set<number>()
      const start = performance.now()
      let frames = 0
      for (; performance.now() - start < 2000; frames++) {
        held.get('film.mov')?.progress((performance.now() - start) * 20_000)
        await frame()
        texts.add(details(list)[0])
        values.add(findAll<HTMLProgressElement>(list, 'progress')[0]?.value ?? 0)
      }
      expect(texts.size).to.be.within(3, 10)
      expect(values.size).to.be.above(Math.min(20, frames / 2))
    })

    it('say that nothing moves, and that it does again', async () => {
      const { engine, held, list } = show(() => false)
      engine.add([hollow('film.mov', 10 * MB)])
      await until(() => held.has('film.mov'))
      held.get('film.mov')?.progress(2 * MB)
      await wait(4000)
      expect(details(list)[0]).not.to.include('Waiting for the connection')
      await until(() => details(list)[0] === '2 MB of 10 MB · 20% · Waiting for the connection')
      held.get('film.mov')?.progress(3 * MB)
      await until(() => details(list)[0] === '3 MB of 10 MB · 30%')
    })

    it('say why a file waits, that it is finishing, and what went wrong', async () => {
      const { engine, held, list } = show((name) => name === 'good.txt', { retryFor: 60_000 })
      engine.add([
        hollow('good.txt', 5),
        hollow('a.txt', 10),
        hollow('b.txt', 10),
        hollow('c.txt', 10),
      ])
      await until(() => held.size === 3)
      // The first pause is random, and may be too short to be seen.
      held.get('a.txt')?.fail(new UploadError('bucket-failed', 'a.txt', { retryAfter: 5_000 }))
      held.get('b.txt')?.progress(10)
      held.get('c.txt')?.fail(new UploadError('signature-mismatch', 'c.txt'))
      await until(() => engine.counts.failed === 1 && engine.counts.waiting === 1)
      // What has just begun is not shown, since it may be over at once.
      await until(() => details(list)[2]?.includes('Finishing'))
      expect(details(list)).to.deep.equal([
        '5 bytes · Uploaded',
        'The storage has a problem at the moment. Continues by itself.',
        '10 bytes · Finishing…',
        'The site could not store this file. Your file is fine. Please tell the people who run this site.',
      ])
      const bars = findAll<HTMLProgressElement>(list, 'progress')
      expect(bars.map((bar) => bar.position)).to.deep.equal([0, -1])
    })

    it('pause, go on, are cancelled, tried again and removed', async () => {
      const { engine, held, list } = show(() => false)
      engine.add([hollow('a.txt', 10)])
      await until(() => held.has('a.txt'))
      for (const [press, expected] of [
        ['Pause: a.txt', '0 bytes of 10 bytes · Paused'],
        ['Resume: a.txt', '0 bytes of 10 bytes · 0%'],
        ['Cancel: a.txt', '10 bytes · Cancelled'],
        ['Try again: a.txt', '0 bytes of 10 bytes · 0%'],
        ['Cancel: a.txt', '10 bytes · Cancelled'],
      ] as const) {
        await drawn(list)
        control(list, press).click()
        await until(() => details(list)[0] === expected)
      }
      control(list, 'Remove: a.txt').click()
      await until(() => findAll(list, 'li').length === 0)
    })

    it('keep the focus when the control that has it goes', async () => {
      const { engine, held, list } = show(() => false)
      engine.add([hollow('a.txt', 10), hollow('b.txt', 10), hollow('c.txt', 10)])
      await until(() => held.size === 3)
      await drawn(list)
      control(list, 'Pause: b.txt').focus()
      held.get('b.txt')?.finish()
      await until(() => engine.counts.uploaded === 1)
      await drawn(list)
      expect(hasFocus(list)).to.equal('Copy link: b.txt')
      engine.remove(engine.ids[1] ?? '')
      await drawn(list)
      expect(hasFocus(list)).to.equal('Pause: c.txt')
      engine.remove(engine.ids[1] ?? '')
      await drawn(list)
      expect(hasFocus(list)).to.equal('Pause: a.txt')
    })

    it('show the end of a name that is cut', async () => {
      const { engine, list } = show()
      list.style.width = '320px'
      engine.add([hollow(`${'A long tale of the sea '.repeat(9)}part 12.pdf`, 10)])
      await until(() => engine.counts.uploaded === 1)
      await drawn(list)
      const { left, right } = find(list, 'li').getBoundingClientRect()
      const end = find(list, '.end')
      expect(end.textContent).to.equal('art 12.pdf')
      expect(end.scrollWidth).to.be.at.most(end.clientWidth)
      expect(end.getBoundingClientRect().right).to.be.within(left, right)
      expect(find(list, '.start').scrollWidth).to.be.above(find(list, '.start').clientWidth)
    })

    for (const layout of ['list', 'grid'] as const) {
      it(`fit into 320 px, with buttons of 24 px at least, as a ${layout}`, async () => {
        const { engine, held, list } = show((name) => name === 'stored.txt')
        list.layout = layout
        list.style.width = '320px'
        engine.add(
          ['stored.txt', 'paused.txt', 'failed.txt', 'moving.txt'].map((it) => hollow(it, 10)),
        )
        await until(() => held.size === 3)
        engine.pause(engine.ids[1])
        held.get('failed.txt')?.fail(new UploadError('file-unreadable', ''))
        await until(() => engine.counts.failed === 1)
        await drawn(list)
        const controls = findAll(list, 'button, a').filter((it) => it.checkVisibility())
        expect(controls.length).to.be.above(5)
        for (const each of controls) {
          const { width, height, right } = each.getBoundingClientRect()
          expect(Math.min(width, height), each.getAttribute('aria-label') ?? '').to.be.at.least(24)
          expect(right).to.be.at.most(list.getBoundingClientRect().right)
        }
      })
    }

    for (const layout of ['list', 'grid'] as const) {
      it(`have no violation that axe knows of, as a ${layout}`, async () => {
        const { engine, held, list } = show((name) => name !== 'moving.txt')
        list.layout = layout
        engine.add([hollow('a.txt', 10), await picture('b.png'), hollow('moving.txt', 10)])
        await until(() => engine.counts.uploaded === 2 && held.size === 1)
        await drawn(list)
        await still(list)
        const { violations } = await window.axe.run(list)
        expect(violations.map((it) => `${it.id}: ${it.help}`)).to.deep.equal([])
      })
    }
  })

  describe('thumbnails', () => {
    const pictures = (list: BucketUploadList) => findAll<HTMLCanvasElement>(list, 'canvas')

    it('are drawn of images', async () => {
      const { engine, list } = show()
      engine.add([await picture('a.png'), await picture('photo', 'image/jpeg'), hollow('b.txt', 5)])
      await until(() => pictures(list).length === 2)
      const [canvas] = pictures(list)
      const pixel = canvas?.getContext('2d')?.getImageData(5, 5, 1, 1).data ?? []
      expect([...pixel]).to.deep.equal([200, 30, 60, 255])
      expect(row(list, 'b.txt').querySelector('.kind svg')).to.not.equal(null)
    })

    it('are drawn anew, larger, in a grid', async () => {
      const { engine, list } = show()
      engine.add([await picture('a.png')])
      await until(() => pictures(list).length === 1)
      const width = pictures(list)[0]?.width ?? 0
      list.layout = 'grid'
      await until(() => (pictures(list)[0]?.width ?? 0) > width)
    })

    it('give way to letters where the browser cannot decode the image', async () => {
      const tried: string[] = []
      const original = window.createImageBitmap
      restores.push(() => {
        window.createImageBitmap = original
      })
      window.createImageBitmap = ((file: File, ...rest: []) => {
        tried.push(file.name)
        return original(file, ...rest)
      }) as typeof original
      const { engine, list } = show()
      const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
      engine.add([
        new File(['not an image'], 'broken.jpg', { type: 'image/jpeg' }),
        new File([new Uint8Array(99)], 'phone.heic', { type: 'image/heic' }),
        new File([svg], 'drawing.svg', { type: 'image/svg+xml' }),
        hollow('huge.png', 65 * 2 ** 20, 'image/png'),
        await picture('good.png'),
      ])
      await until(() => pictures(list).length === 1)
      await drawn(list)
      expect(pictures(list)).to.have.length(1)
      await until(() => findAll(list, '.letters').length === 4)
      const letters = findAll(list, '.letters').map((it) => it.textContent)
      expect(letters).to.have.members(['JPG', 'HEIC', 'SVG', 'PNG'])
      expect(tried).to.have.members(['broken.jpg', 'phone.heic', 'good.png'])
    })

    it('are drawn of a moment of a film, where the browser can decode it', async function () {
      const film = await recorded().catch(() => undefined)
      if (!film) return this.skip()
      const { engine, list } = show()
      engine.add([film, new File(['no film'], 'broken.mov', { type: 'video/quicktime' })])
      await until(() => pictures(list).length === 1)
      const pixel = pictures(list)[0]?.getContext('2d')?.getImageData(20, 20, 1, 1).data ?? []
      const [red = 0, green = 0] = [...pixel]
      expect(red, String(pixel)).to.be.above(150)
      expect(green, String(pixel)).to.be.below(100)
      expect(row(list, 'film.webm').querySelector('.play')).to.not.equal(null)
      await until(() => row(list, 'broken.mov').querySelector('.letters')?.textContent === 'MOV')
    })

    it('are drawn of a film whose first frame is late', async function () {
      const film = await recorded().catch(() => undefined)
      if (!film) return this.skip()
      const original = window.createImageBitmap
      restores.push(() => {
        window.createImageBitmap = original
      })
      let tries = 0
      // Chromium does so now and then on a busy machine, also after `seeked`.
      window.createImageBitmap = (async (source: ImageBitmapSource) => {
        if (++tries < 5)
          throw new DOMException('The image source is not usable.', 'InvalidStateError')
        return original(source)
      }) as unknown as typeof original
      const { engine, list } = show()
      engine.add([film])
      await until(() => pictures(list).length === 1 || findAll(list, '.letters').length === 1)
      expect(pictures(list)).to.have.length(1)
    })

    it('of images do not wait for a film, however long it takes', async () => {
      const { src } = Object.getOwnPropertyDescriptors(HTMLMediaElement.prototype)
      const later = window.setTimeout
      restores.push(() => {
        Object.defineProperty(HTMLMediaElement.prototype, 'src', src)
        window.setTimeout = later
      })
      let asked = 0
      const set = () => void asked++
      Object.defineProperty(HTMLMediaElement.prototype, 'src', { set, configurable: true })
      // Nor is the film ever given up.
      const soon = (run: () => void, ms = 0) => (ms < 1000 ? later(run, ms) : 0)
      window.setTimeout = soon as typeof later
      const { engine, list } = show()
      const film = new File(['a film'], 'silent.mp4', { type: 'video/mp4' })
      engine.add([film, await picture('a.png'), await picture('b.png'), await picture('c.png')])
      await until(() => asked === 1)
      await until(() => pictures(list).length === 3)
    })

    it('are made of what is in view, two at a time at most', async () => {
      let [running, most, made] = [0, 0, 0]
      const original = window.createImageBitmap
      restores.push(() => {
        window.createImageBitmap = original
      })
      window.createImageBitmap = (async (file: File) => {
        made++
        most = Math.max(most, ++running)
        await wait(20)
        running--
        return original(file)
      }) as unknown as typeof original
      const { engine, list } = show(() => false, { manual: true })
      list.style.setProperty('--bucket-upload-list-height', '300px')
      const one = await picture('a.png')
      engine.add(
        Array.from(
          { length: 1000 },
          (_, number) => new File([one], `${number}.png`, { type: one.type }),
        ),
      )
      await until(() => pictures(list).length >= 4)
      await wait(300)
      expect(most).to.be.within(1, 2)
      expect(made).to.be.within(4, 12)
      find(list, 'ul').scrollTop = 30_000
      const before = made
      await until(() => made >= before + 4)
      await wait(300)
      expect(made).to.be.below(before + 13)
    })
  })

  describe('with very many files', () => {
    for (const layout of ['list', 'grid'] as const) {
      it(`has few nodes, wherever it is scrolled to, as a ${layout}`, async () => {
        const { engine, list, scroller } = await mountLong(10_000, layout)
        expect(engine.ids).to.have.length(10_000)
        expect(scroller.scrollHeight).to.be.above(layout === 'list' ? 400_000 : 100_000)
        for (const at of [0, 0.2, 0.21, 0.7, 1]) {
          scroller.scrollTop = at * scroller.scrollHeight
          await drawn(list)
          const nodes = findAll(list, '*').length
          expect(nodes, `at ${at}`).to.be.below(NODES[layout])
          expect(filled(list, scroller), `at ${at}`).to.equal(true)
        }
        expect(names(list).at(-1)).to.equal('9999.bin')
        expect(scroller.scrollTop + scroller.clientHeight).to.be.closeTo(scroller.scrollHeight, 2)
      })
    }

    /** The number in the name of the file that is in view at the top. */
    function firstInView(list: BucketUploadList, scroller: HTMLElement): number {
      const { top } = scroller.getBoundingClientRect()
      const first = findAll(list, 'li').find((it) => it.getBoundingClientRect().bottom > top)
      return Number.parseInt(first?.querySelector('.name')?.textContent ?? '', 10)
    }

    /** Whether rows cover all that can be seen of the list. */
    function filled(list: BucketUploadList, scroller: HTMLElement): boolean {
      const { top, bottom } = scroller.getBoundingClientRect()
      const boxes = findAll(list, 'li').map((it) => it.getBoundingClientRect())
      const first = Math.min(...boxes.map((box) => box.top))
      const last = Math.max(...boxes.map((box) => box.bottom))
      // Around the tiles there is some space.
      return first <= top + 20 && last >= bottom - 20
    }

    it('tells assistive technology how many there are, and where each one is', async () => {
      const { list, scroller } = await mountLong(10_000)
      scroller.scrollTop = 100_000
      await drawn(list)
      expect(scroller.getAttribute('role')).to.equal('list')
      for (const each of findAll(list, 'li')) {
        const name = each.querySelector('.name')?.textContent
        expect(each.getAttribute('aria-setsize')).to.equal('10000')
        expect(`${Number(each.getAttribute('aria-posinset')) - 1}.bin`).to.equal(name)
      }
      const { violations } = await window.axe.run(list)
      expect(violations.map((it) => `${it.id}: ${it.help}`)).to.deep.equal([])
    })

    it('is scrolled by the keyboard', async () => {
      const { list, scroller } = await mountLong(1000)
      scroller.focus()
      const arrivals = {
        ArrowDown: () => scroller.scrollTop > 0,
        PageDown: (before: number) => scroller.scrollTop > before + 200,
        End: () => scroller.scrollTop > 50_000,
        Home: () => scroller.scrollTop === 0,
      }
      for (const [press, hasArrived] of Object.entries(arrivals)) {
        const before = scroller.scrollTop
        await sendKeys({ press })
        await until(() => hasArrived(before))
        // Browsers scroll smoothly.
        for (let last = -1; last !== scroller.scrollTop; await wait(100)) last = scroller.scrollTop
        await drawn(list)
        expect(filled(list, scroller), press).to.equal(true)
      }
    })

    it('keeps the row with the focus, and Tab goes on from there', async () => {
      const { list, scroller } = await mountLong(1000)
      control(list, 'Cancel: 3.bin').focus()
      // WebKit scrolls to what has the focus only later.
      await drawn(list)
      scroller.scrollTop = 30_000
      await drawn(list)
      expect(hasFocus(list)).to.equal('Cancel: 3.bin')
      const last = Number.parseInt(names(list).at(-1) ?? '', 10)
      expect(last).to.be.above(200)
      await sendKeys({ press: 'Tab' })
      expect(hasFocus(list)).to.equal('Cancel: 4.bin')
      await drawn(list)
      await sendKeys({ press: 'Tab' })
      expect(hasFocus(list)).to.equal('Cancel: 5.bin')
      expect(names(list).slice(0, 5)).to.deep.equal(
        [0, 1, 2, 3, 4].map((number) => `${number}.bin`),
      )
    })

    it('stays where it is when files above are removed, or get taller', async () => {
      const { engine, list, scroller } = await mountLong(1000)
      scroller.scrollTop = 30_000
      await drawn(list)
      // How tall a row is depends on the fonts.
      const seen = firstInView(list, scroller)
      expect(seen).to.be.within(465, 480)
      const top = () => row(list, `${seen}.bin`).getBoundingClientRect().top
      const before = top()
      for (const id of engine.ids.slice(0, 20)) engine.remove(id)
      await drawn(list)
      expect(top()).to.be.closeTo(before, 1)
      list.style.width = '250px'
      await drawn(list)
      await drawn(list)
      expect(firstInView(list, scroller)).to.be.within(465, 480)
    })

    it('gives tall rows the room that they need', async () => {
      const { engine, list, scroller } = await mountLong(200)
      list.style.width = '320px'
      engine.configure({ signer: () => Promise.reject(new UploadError('bucket-not-found', '')) })
      engine.start()
      await until(() => engine.counts.failed === 200)
      for (const at of [0, 3000, 6000]) {
        scroller.scrollTop = at
        await drawn(list)
        const boxes = findAll(list, 'li').map((it) => it.getBoundingClientRect())
        for (const [index, box] of boxes.entries()) {
          expect(box.top).to.be.closeTo(boxes[index - 1]?.bottom ?? box.top, 1)
        }
      }
    })

    it('is an ordinary list again when few are left', async () => {
      const { engine, list, scroller } = await mountLong(60)
      expect(scroller.tabIndex).to.equal(0)
      for (const id of engine.ids.slice(0, 20)) engine.remove(id)
      await drawn(list)
      expect(findAll(list, '.placed'), 'at 40').to.have.length(1)
      for (const id of engine.ids.slice(0, 20)) engine.remove(id)
      await drawn(list)
      expect(findAll(list, '.placed, .long'), 'at 20').to.have.length(0)
      expect(names(list)).to.have.length(20)
      expect(scroller.hasAttribute('tabindex')).to.equal(false)
      expect(find(list, 'li').hasAttribute('aria-setsize')).to.equal(false)
    })

    it('can be hidden and shown again', async () => {
      const { engine, list, scroller } = await mountLong(1000)
      const height = scroller.scrollHeight
      list.style.display = 'none'
      await drawn(list)
      engine.add(hollows(10))
      list.style.width = '500px'
      await drawn(list)
      list.style.display = ''
      await until(() => filled(list, scroller))
      expect(scroller.scrollHeight).to.be.closeTo(height * 1.01, 50)
    })

    it('can change its layout, be taken out of the page and put in again', async () => {
      const { list } = await mountLong(1000)
      list.layout = 'grid'
      await until(() => findAll(list, '.grid.placed').length === 1)
      const parent = list.parentElement
      list.remove()
      parent?.append(list)
      await until(() => findAll(list, '.grid.placed').length === 1)
      await drawn(list)
      const tops = findAll(list, 'li').map((it) => it.getBoundingClientRect().top)
      expect(new Set(tops).size).to.be.below(tops.length)
      expect(findAll(list, '*').length).to.be.below(NODES.grid)
    })
  })

  describe('links', () => {
    const signer = addresses.signers.ceph

    async function uploadOne(linkExpires?: number) {
      const engine = new UploadEngine({ signer, linkExpires })
      const list = mount(engine)
      const file = randomFile('a.txt', 1000)
      engine.add([file])
      await until(() => engine.counts.uploaded === 1)
      await drawn(list)
      const link = () => {
        const [snapshot] = engine.files
        return (snapshot?.status === 'uploaded' && snapshot.downloadUrl) || ''
      }
      return { engine, list, file, link }
    }

    it('say until when they work: a time, or, when that is near, how long', async () => {
      const { list } = await uploadOne()
      expect(details(list)[0]).to.match(/^1 kB · Uploaded · Link works until .*\d:\d\d/)
      const { list: near } = await uploadOne(300)
      expect(details(near)[0]).to.equal('1 kB · Uploaded · Link works for another 5 minutes')
    })

    it('say that they have run out, and are renewed by a press', async () => {
      const { list, file, link } = await uploadOne(1)
      const old = link()
      await until(() => details(list)[0] === '1 kB · Uploaded · Link expired')
      expect(findAll(list, 'a')).to.have.length(0)
      const isGone = await fetch(old).then(
        (answer) => !answer.ok,
        () => true,
      )
      expect(isGone).to.equal(true)
      list.engine?.configure({ linkExpires: 60 })
      const renew = control(list, 'Renew link: a.txt')
      renew.focus()
      renew.click()
      await until(() => findAll(list, 'a').length === 1)
      expect(hasFocus(list)).to.equal('Copy link: a.txt')
      expect(find(list, '[role=status]').textContent).to.match(/^Link works for another/)
      expect(find(list, 'a').getAttribute('href')).to.equal(link())
      const answer = await fetch(link())
      expect(await answer.text()).to.equal(await file.text())
    })

    it('say so when they cannot be renewed', async () => {
      const { list, engine } = await uploadOne(1)
      await until(() => details(list)[0]?.endsWith('Link expired'))
      engine.configure({ signer: () => Promise.reject(new Error('No.')) })
      control(list, 'Renew link: a.txt').click()
      await until(() => details(list)[0]?.includes('could not be renewed. Try again'))
      await until(() => find(list, '[role=status]').textContent?.includes('not be renewed'))
      engine.configure({ signer, linkExpires: 60 })
      control(list, 'Renew link: a.txt').click()
      await until(() => findAll(list, 'a').length === 1)
      expect(details(list)[0]).to.include('Link works for another')
    })

    it('are renewed before they are copied', async () => {
      const { copied, restore } = fakeClipboard()
      restores.push(restore)
      const { list, engine, link } = await uploadOne(60)
      const old = link()
      const copy = control(list, 'Copy link: a.txt')
      // It runs out between the drawing and the press, as after a computer has slept.
      const { now } = Date
      restores.push(() => {
        Date.now = now
      })
      Date.now = () => now() + 61_000
      engine.configure({ linkExpires: 600 })
      copy.click()
      await until(() => copied.length === 1)
      expect(copied[0]).to.equal(link())
      expect(copied[0]).not.to.equal(old)
      await until(() => find(list, '.copy').textContent?.includes('Copied'))
    })

    it('are handed to the share sheet where there is one', async () => {
      const shared: ShareData[] = []
      restores.push(replace('canShare', () => true))
      restores.push(replace('share', async (data: ShareData) => void shared.push(data)))
      const { list, link } = await uploadOne()
      control(list, 'Share: a.txt').click()
      await until(() => shared.length > 0)
      expect(shared).to.deep.equal([{ title: 'a.txt', url: link() }])
      restores.pop()?.()
      restores.pop()?.()
      restores.push(replace('canShare', undefined))
      list.requestUpdate()
      await list.updateComplete
      expect(findAll(list, 'button').map((it) => it.title)).not.to.include('Share')
    })

    it('are not shown where the page does not ask for them', async () => {
      const { list } = await uploadOne()
      list.links = undefined
      list.details = undefined
      await drawn(list)
      expect(details(list)[0]).to.equal('1 kB · Uploaded')
      expect(findAll(list, 'a, [part=copy-button]')).to.have.length(0)
    })

    it('are copied by one button, which says that they end soon', async () => {
      const { copied, restore } = fakeClipboard()
      restores.push(restore)
      const { list, link } = await uploadOne(300)
      list.links = 'copy'
      list.details = undefined
      await drawn(list)
      expect(findAll(list, 'a')).to.have.length(0)
      expect(details(list)[0]).to.match(/^1 kB · Link works for another 5 minutes/)
      control(list, 'Copy link: a.txt').click()
      await until(() => copied.length === 1)
      expect(copied[0]).to.equal(link())
      list.engine?.configure({ linkExpires: 3600 })
      await list.engine?.renewLink(list.engine.ids[0] ?? '')
      await until(() => details(list)[0] === '1 kB · Uploaded')
    })
  })
})

describe('<bucket-upload-progress>', () => {
  const engines: Engine[] = []
  const show = (...of: Parameters<typeof stillEngine>) => {
    const still = stillEngine(...of)
    engines.push(still.engine)
    const total = document.createElement('bucket-upload-progress')
    total.engine = still.engine
    total.links = 'copy'
    document.body.append(total)
    return { ...still, total }
  }
  const buttons = (total: HTMLElement) =>
    findAll(total, 'button').map((it) => it.getAttribute('aria-label') ?? it.textContent)
  const line = (total: HTMLElement) =>
    ['.percent', '.title', '.subtitle']
      .flatMap((it) => findAll(total, it))
      .map((it) => it.textContent?.replaceAll('\u00a0', ' '))
      .join(' · ')
  const settle = async () => {
    for (let frames = 0; frames < 4; frames++) await frame()
  }

  afterEach(() => {
    for (const total of document.querySelectorAll('bucket-upload-progress')) total.remove()
    for (const engine of engines.splice(0)) engine.clear()
  })

  it('pauses, resumes and cancels all files, and clears the list', async () => {
    const { engine, held, total } = show(() => false)
    engine.add(hollows(3))
    await until(() => held.size === 3)
    const press = async (name: string, expected: string[]) => {
      control(total, name).click()
      await settle()
      expect(buttons(total), `after ${name}`).to.deep.equal(expected)
    }
    await settle()
    expect(buttons(total)).to.deep.equal(['Pause all'])
    await press('Pause all', ['Cancel all', 'Resume all'])
    expect(line(total)).to.equal('0% · 0 of 3 uploaded · Paused')
    expect(engine.counts.paused).to.equal(3)
    await press('Resume all', ['Pause all'])
    await press('Pause all', ['Cancel all', 'Resume all'])
    await press('Cancel all', ['Clear'])
    expect(engine.counts.cancelled).to.equal(3)
    let emptied = 0
    total.addEventListener('list-emptied', () => emptied++)
    await press('Clear', [])
    expect(engine.ids).to.have.length(0)
    expect(emptied).to.equal(1)
  })

  it('tries again what failed', async () => {
    const { engine, held, total } = show((name) => name === '0.bin')
    engine.add(hollows(2))
    await until(() => held.size === 1)
    held.get('1.bin')?.fail(new UploadError('signer-refused', ''))
    held.clear()
    await until(() => engine.counts.failed === 1)
    await settle()
    expect(line(total)).to.equal('1 uploaded, 1 failed · 1 kB')
    expect(buttons(total)).to.deep.equal(['Clear', 'Try again'])
    control(total, 'Try again').click()
    await settle()
    expect(buttons(total)).to.deep.equal(['Pause all'])
    await until(() => held.has('1.bin'))
    held.get('1.bin')?.finish()
    await until(() => engine.counts.uploaded === 2)
    await settle()
    expect(line(total)).to.equal('All 2 files uploaded · 2 kB')
  })

  it('starts what waits to be started, and then pauses it', async () => {
    const { engine, total } = show(() => false, { manual: true })
    engine.add(hollows(200))
    await settle()
    expect(buttons(total)).to.deep.equal(['Clear', 'Start upload'])
    control(total, 'Start upload').click()
    await settle()
    expect(engine.counts.queued).to.be.above(100)
    expect(buttons(total)).to.deep.equal(['Pause all'])
  })

  it('copies all links at once, as text, Markdown or CSV', async () => {
    const { copied, restore } = fakeClipboard()
    const { engine, held, total } = show((name) => name !== 'moving.txt')
    engine.add([hollow('a.txt', 5), hollow('-b [1].txt', 6), hollow('moving.txt', 7)])
    await until(() => engine.counts.uploaded === 2 && held.size === 1)
    engine.remove(engine.ids[2] ?? '')
    await settle()
    for (const [index, format] of (['text', 'markdown', 'csv'] as const).entries()) {
      total.linksFormat = format
      await settle()
      control(total, 'Copy all links').click()
      await until(() => copied.length === index + 1)
      await until(() => buttons(total).includes('Copied'))
      expect(find(total, '[role=status]').textContent).to.equal('2 links copied.')
    }
    restore()
    const [a = '', b = ''] = engine.files.map((file) =>
      file.status === 'uploaded' ? file.downloadUrl : undefined,
    )
    expect(copied[0]).to.equal(`${a}\n${b}`)
    expect(copied[1]).to.equal(`- [a.txt](${a})\n- [-b \\[1\\].txt](${b})`)
    const lines = copied[2]?.split('\r\n') ?? []
    expect(lines[0]).to.equal('name,size,type,key,url,expires')
    expect(lines[1]).to.match(/^a\.txt,5,,k\/\d+,https/)
    expect(lines[2]).to.match(/^'-b \[1\]\.txt,6,,k\/\d+,https/)
    expect(lines).to.have.length(4)
  })

  it('says so when links cannot be copied', async () => {
    const restore = replace('clipboard', undefined)
    const original = document.execCommand
    document.execCommand = () => false
    const { engine, total } = show()
    engine.add([hollow('a.txt', 5), hollow('b.txt', 6)])
    await until(() => engine.counts.uploaded === 2)
    await settle()
    control(total, 'Copy all links').click()
    await until(() => find(total, '[role=status]').className === 'problem')
    document.execCommand = original
    restore()
    expect(find(total, '[role=status]').textContent?.trim()).to.equal(
      'The link could not be copied.',
    )
  })

  it('leaves the focus on no button that ends something', async () => {
    const { engine, held, total } = show(() => false)
    engine.add(hollows(1))
    await until(() => held.size === 1)
    await settle()
    control(total, 'Pause all').focus()
    held.get('0.bin')?.finish()
    await until(() => engine.counts.uploaded === 1)
    await settle()
    expect(total.shadowRoot?.activeElement?.classList.contains('total')).to.equal(true)
  })

  it('says that nothing moves', async () => {
    const { engine, held, total } = show(() => false)
    engine.add([hollow('film.mov', 10 * MB)])
    await until(() => held.has('film.mov'))
    held.get('film.mov')?.progress(2 * MB)
    await wait(5500)
    expect(line(total)).to.equal('20% · 0 of 1 uploaded · Waiting for the connection')
  })
})
