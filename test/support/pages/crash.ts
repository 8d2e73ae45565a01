import type { FileToAdd, UploadEngine, UploadEngineOptions } from '../../../src/engine/index.ts'
import {
  fingerprintOf,
  type ResumeEntry,
  ResumeStore,
} from '../../../src/engine/resume/resume-store.ts'
import { hasFileSystem, randomFile, until } from './helpers.ts'
import { addresses } from './library.ts'
import { spy } from './spy-signer.ts'

const MiB = 2 ** 20

/** Of five parts, the last one of two MiB. */
export const SIZE = 22 * MiB
/** Bytes of the three parts that are stored when a page goes. */
export const STORED = 15 * MiB

/** Of the uploads that were begun, for whoever cleans up. */
const grants = new Set<string>()

/** Another page of this site, which can be closed in the middle of an upload. */
export interface OtherPage {
  engine: UploadEngine
  /** Ends it as a crash does. */
  crash(): void
}

/** A file, and its handle where the browser has handles. */
export interface StoredFile {
  file: File
  handle?: FileSystemFileHandle
}

/**
 * Writes a file of random bytes into the origin's own file system, which gives handles without a
 * question. Where there is none, it is in memory.
 */
export async function storedFile(name: string, size = SIZE): Promise<StoredFile> {
  const content = randomFile(name, size)
  if (!hasFileSystem) return { file: content }
  const folder = await navigator.storage.getDirectory()
  const handle = await folder.getFileHandle(name, { create: true })
  const writable = await handle.createWritable()
  await writable.write(content)
  await writable.close()
  return { file: await handle.getFile(), handle }
}

export async function otherPage(options: UploadEngineOptions): Promise<OtherPage> {
  const frame = document.createElement('iframe')
  frame.srcdoc = `<script type="module">
    import { UploadEngine } from '/dist/cdn/bucket-upload.js'
    Object.assign(window, { UploadEngine })
  </script>`
  document.body.append(frame)
  const its = frame.contentWindow as unknown as { UploadEngine?: typeof UploadEngine }
  await until(() => its.UploadEngine)
  const Engine = its.UploadEngine as typeof UploadEngine
  return { engine: new Engine(options), crash: () => frame.remove() }
}

/** Another page, which has stored three parts of a file and gets no further. */
export async function midway(
  file: FileToAdd,
  options: UploadEngineOptions = {},
): Promise<OtherPage> {
  const { ask } = spy(addresses.smallParts, { held: true })
  const page = await otherPage({ signer: ask, ...options })
  page.engine.add([file])
  while (!(await isMidway(file.file.name))) await new Promise((resolve) => setTimeout(resolve, 20))
  return page
}

/** Whether three parts of the file are noted. */
async function isMidway(fileName: string): Promise<boolean> {
  const entry = (await new ResumeStore().all()).find(({ name }) => name === fileName)
  if (entry) grants.add(entry.grant)
  return entry?.parts.length === 3
}

/** Leaves an upload behind of which three parts are stored. */
export async function crashMidway(file: FileToAdd, options?: UploadEngineOptions): Promise<void> {
  const page = await midway(file, options)
  page.crash()
}

/** Waits until a page that has crashed is let go of, and lists what it has left behind. */
export async function leftBehind(engine: UploadEngine) {
  for (;;) {
    const uploads = await engine.interrupted()
    if (uploads.length > 0) return uploads
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** What is kept of an upload through a signer that is a function. */
export async function entryOf(
  name: string,
  changes: Partial<ResumeEntry> = {},
): Promise<ResumeEntry> {
  const entry = {
    ...{ name, size: 2_100_000_000, type: '', path: name, lastModified: 1, meta: {} },
    ...{ key: name, grant: 'none', partSize: 903_000_000, expiresAt: Date.now() + 3_600_000 },
    parts: [{ partNumber: 1, etag: '' }],
    ...changes,
  }
  return { ...entry, fingerprint: await fingerprintOf('function', entry, entry.lastModified) }
}

/** Ends what the other pages have begun: pages, files, and uploads, here and in the bucket. */
export async function forgetAll(): Promise<void> {
  for (const frame of document.querySelectorAll('iframe')) frame.remove()
  const aborts = [...grants].map((grant, index) => ({
    id: `${index}`,
    op: 'abort' as const,
    grant,
  }))
  if (aborts.length > 0) await spy(addresses.smallParts).ask(aborts)
  grants.clear()
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase('bucket-upload')
    request.onsuccess = resolve
    request.onerror = reject
  })
  if (!hasFileSystem) return
  const folder = await navigator.storage.getDirectory()
  for await (const [name] of folder as unknown as AsyncIterable<[string]>) {
    await folder.removeEntry(name, { recursive: true })
  }
}
