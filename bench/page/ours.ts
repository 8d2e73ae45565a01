import type { UploadEngine } from '../../src/engine/index.ts'
import type { Contestant } from './setup.ts'

/** The library as it is built, which is why it is not imported like the others. */
export function loadLibrary(): Promise<{ UploadEngine: typeof UploadEngine }> {
  const address = '/library/bucket-upload.js'
  return import(/* @vite-ignore */ address)
}

/** The engine of this library, with its own defaults. */
export const ours: Contestant = async (files, { signer, engine: options }) => {
  const { UploadEngine } = await loadLibrary()
  const engine = new UploadEngine({ ...options, signer })
  await completed(engine, files)
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
