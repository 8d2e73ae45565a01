import type { UploadEngine } from '../../src/engine/index.ts'
import type { Setup } from './setup.ts'

/** The library as it is built, which is why it is not imported like the others. */
export function loadLibrary(): Promise<{ UploadEngine: typeof UploadEngine }> {
  const address = '/library/bucket-upload.js'
  return import(/* @vite-ignore */ address)
}

/** How long before the first file the pointer comes near, in ms. */
const AHEAD = 300

/**
 * The engine of this library, with its own defaults, as the elements use it: it has loaded everything
 * when the pointer came near, as the code of the others is loaded too.
 */
export async function ours(
  files: File[],
  { signer, engine: options }: Setup,
): Promise<() => Promise<void>> {
  const { UploadEngine } = await loadLibrary()
  const engine = new UploadEngine({ ...options, signer })
  await engine.prepare()
  await new Promise((resolve) => setTimeout(resolve, AHEAD))
  return () => completed(engine, files)
}

/** Adds the files; resolves when all are uploaded. */
export function completed(engine: UploadEngine, files: File[]): Promise<void> {
  return new Promise((resolve, reject) => {
    engine.addEventListener('upload-complete', ({ detail: { uploaded, failed } }) => {
      const [first] = failed
      if (first) reject(new Error(`${failed.length} failed: ${first.error.code}`))
      else if (uploaded.length < files.length) reject(new Error(`${uploaded.length} uploaded`))
      else resolve()
    })
    engine.add(files)
  })
}
