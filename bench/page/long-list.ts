import type { SignerFunction, Transport, UploadEngine } from '../../src/engine/index.ts'
import type { BucketUploadList } from '../../src/index.ts'
import { loadLibrary } from './ours.ts'

/** What a long list shows: files that wait, as rows or tiles; photos; or files that go up meanwhile. */
export type ListKind = 'list' | 'grid' | 'photos' | 'moving'

const COUNT = 10_000
/** How many times the bytes of a file that goes up are counted, and the time between, in ms. */
const STEPS = 10
const STEP = 16

let engine: UploadEngine
let list: BucketUploadList
let files: File[]

const signer: SignerFunction = (requests) =>
  requests.map(({ id }) => ({ id, key: id, url: `https://bucket.example/${id}` }))

/** Takes a sixth of a second for each file. */
const createTransport = (): Transport => ({
  async put({ body }, { presign, progress }) {
    await presign()
    for (let step = 1; step <= STEPS; step++) {
      await new Promise((resolve) => setTimeout(resolve, STEP))
      progress((body.size * step) / STEPS)
    }
  },
})

/** Puts an empty list into the page, and makes the files for it. */
export async function prepareList(kind: ListKind): Promise<void> {
  const library = await loadLibrary()
  const manual = kind !== 'moving'
  engine = new library.UploadEngine({ signer, manual, integrity: 'off' }, { createTransport })
  list = document.createElement('bucket-upload-list')
  list.engine = engine
  list.layout = kind === 'grid' || kind === 'photos' ? 'grid' : 'list'
  document.body.append(list)
  const body = kind === 'photos' ? await photo() : new Blob(['some bytes'])
  const [end, type] = kind === 'photos' ? ['jpg', 'image/jpeg'] : ['bin', '']
  files = Array.from(
    { length: COUNT },
    (_, number) => new File([body], `${number}.${end}`, { type }),
  )
  await list.updateComplete
}

/** Adds the files; the marks `added` and `drawn` are for the trace. */
export function addFiles(): void {
  const observer = new MutationObserver(() => {
    if (!list.renderRoot.querySelector('li')) return
    performance.mark('drawn')
    observer.disconnect()
  })
  observer.observe(list.renderRoot, { childList: true, subtree: true })
  engine.add(files)
  performance.mark('added')
}

/** How many nodes the list has, and where it is on the screen. */
export function listNow(): { nodes: number; x: number; y: number; isReady: boolean } {
  const { x, y, width } = list.getBoundingClientRect()
  return {
    nodes: list.renderRoot.querySelectorAll('*').length,
    x: x + width / 2,
    y: y + 100,
    isReady: list.renderRoot.querySelector('.placed') !== null,
  }
}

/** A photo of twelve megapixels, as phones take them. */
async function photo(): Promise<Blob> {
  const canvas = new OffscreenCanvas(4000, 3000)
  const context = canvas.getContext('2d')
  for (let dot = 0; context && dot < 20_000; dot++) {
    context.fillStyle = `hsl(${dot % 360} 60% 50%)`
    context.fillRect(Math.random() * 4000, Math.random() * 3000, 60, 60)
  }
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 })
}
