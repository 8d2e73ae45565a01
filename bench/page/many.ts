import type { SignerFunction, TransportFactory, UploadEngine } from '../../src/engine/index.ts'
import { completed, loadLibrary } from './ours.ts'

/** What many files cost in the page itself. All in ms. */
export interface ManyFiles {
  /** How long `add` takes. */
  add: number
  /** From `add` until all are done. */
  done: number
  /** The longest task on the main thread; 0 for one that is shorter than 50 ms. */
  longestTask: number
}

const signer: SignerFunction = (requests) =>
  requests.map(({ id }) => ({ id, key: id, url: `https://bucket.example/${id}` }))

/** Stores all at once: what is left to measure is the engine. */
const createTransport: TransportFactory = () => ({
  async put(_unit, { presign }) {
    await presign()
  },
})

let engine: UploadEngine
let files: File[]

/** Makes that many files of one byte, and an engine that uploads them nowhere. */
export async function prepareMany(count: number, integrity: 'md5' | 'off'): Promise<void> {
  const library = await loadLibrary()
  files = Array.from({ length: count }, (_, index) => new File(['x'], `${index}.bin`))
  engine = new library.UploadEngine({ signer, integrity, resume: true }, { createTransport })
  // What made the files is a task too, and not the engine's.
  await rest()
}

/** Uploads them. */
export async function manyFiles(): Promise<ManyFiles> {
  const tasks = watchTasks()
  const add = engine.add.bind(engine)
  let added = 0
  const start = performance.now()
  engine.add = (list) => {
    const ids = add(list)
    added = performance.now() - start
    return ids
  }
  await completed(engine, files)
  const done = performance.now() - start
  await rest()
  return { add: added, done, longestTask: tasks.longest() }
}

function watchTasks() {
  let longest = 0
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration)
  })
  observer.observe({ type: 'longtask' })
  return { longest: () => longest }
}

/** The browser tells of a task some time after its end. */
function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 500))
}
