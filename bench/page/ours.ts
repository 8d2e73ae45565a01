import type { UploadEngine } from '../../src/engine/index.ts'
import type { Setup } from './setup.ts'

const LIBRARY = '/library/bucket-upload.js'

/** The library as it is built, which is why it is not imported like the others. */
export function loadLibrary(address = LIBRARY): Promise<{ UploadEngine: typeof UploadEngine }> {
  return import(/* @vite-ignore */ address)
}

/** How long before the first file the pointer comes near, in ms. */
const AHEAD = 300

/**
 * The engine of this library, with its own defaults, as the elements use it. Unless the page is to be
 * fresh, it has loaded everything when the pointer came near, as the code of the others is loaded too.
 */
export async function ours(files: File[], setup: Setup): Promise<() => Promise<void>> {
  const { UploadEngine } = await loadLibrary(setup.library)
  const engine = new UploadEngine({ ...setup.engine, signer: setup.signer })
  if (!setup.fresh) {
    await engine.prepare()
    await new Promise((resolve) => setTimeout(resolve, AHEAD))
  }
  return async () => {
    const turns = setup.inTurn ? files.map((file) => [file]) : [files]
    for (const turn of turns) await completed(engine, turn)
  }
}

/** Adds the files; resolves when all are uploaded. */
export function completed(engine: UploadEngine, files: File[]): Promise<void> {
  return new Promise((resolve, reject) => {
    engine.addEventListener(
      'upload-complete',
      ({ detail: { uploaded, failed } }) => {
        const [first] = failed
        if (first) reject(new Error(`${failed.length} failed: ${first.error.code}`))
        else if (uploaded.length < files.length) reject(new Error(`${uploaded.length} uploaded`))
        else resolve()
      },
      { once: true },
    )
    engine.add(files)
  })
}
