/** Runs in Chromium. `bench/stage.ts` calls what is on `window.bench`. */
import { addFiles, type ListKind, listNow, prepareList } from './long-list.ts'
import { type ManyFiles, manyFiles, prepareMany } from './many.ts'
import { ours } from './ours.ts'
import { plainParts, plainPut, sixPuts } from './plain.ts'
import type { Contestant, Setup } from './setup.ts'
import { uppy } from './uppy.ts'

const OTHERS = { plainPut, plainParts, sixPuts, uppy } satisfies Record<string, Contestant>

/** Who takes part. */
export type ContestantName = 'ours' | keyof typeof OTHERS

/** What a contestant did. */
export interface Lap {
  seconds: number
  /** Bodies that were sent, and the largest of them in bytes. */
  bodies: number
  largestBody: number
}

/** What the page offers. */
export interface Bench {
  /** Uploads the files that were picked. */
  run(name: ContestantName, setup: Setup): Promise<Lap>
  prepareMany(count: number, integrity: 'md5' | 'off'): Promise<void>
  manyFiles(): Promise<ManyFiles>
  prepareList(kind: ListKind): Promise<void>
  addFiles(): void
  listNow(): ReturnType<typeof listNow>
}

let bodies = 0
let largestBody = 0

/** Counts what the contestants send. */
function watchBodies(): void {
  const { send } = XMLHttpRequest.prototype
  XMLHttpRequest.prototype.send = function (body) {
    if (body instanceof Blob) {
      bodies++
      largestBody = Math.max(largestBody, body.size)
    }
    send.call(this, body)
  }
  const { fetch } = globalThis
  globalThis.fetch = (input, init) => {
    if (init?.body instanceof FormData) bodies++
    return fetch(input, init)
  }
}

async function run(name: ContestantName, setup: Setup): Promise<Lap> {
  const files = [...(document.querySelector('input')?.files ?? [])]
  bodies = 0
  largestBody = 0
  const work = name === 'ours' ? await ours(files, setup) : () => OTHERS[name](files, setup)
  const start = performance.now()
  await work()
  return { seconds: (performance.now() - start) / 1000, bodies, largestBody }
}

watchBodies()
Object.assign(window, {
  bench: { run, prepareMany, manyFiles, prepareList, addFiles, listNow } satisfies Bench,
})
