import { randomId } from '../../util/random-id.ts'
import type { FileCopy, OpenFile } from './file-copy.ts'

/** In the origin private file system: a folder for each page, so that a later one finds what is left. */
const FOLDER = 'bucket-upload'
const LOCK = 'bucket-upload:copies:'

interface PageFolder {
  name: string
  folder: FileSystemDirectoryHandle
  release: () => void
}

let opening: Promise<PageFolder> | undefined
/** Number of copies that are there or are being made. */
let count = 0

/**
 * Copies a file to the origin private file system, a piece at a time.
 *
 * @returns `undefined` if it cannot be read or there is no room for it
 */
export async function copyFile({ size, reader, first }: OpenFile): Promise<FileCopy | undefined> {
  count++
  let discard = async () => leave()
  try {
    const { quota = 0, usage = 0 } = await navigator.storage.estimate()
    if (quota - usage < size) throw new RangeError('There is no room.')
    opening ??= openFolder()
    const { folder } = await opening
    const name = randomId()
    const handle = await folder.getFileHandle(name, { create: true })
    discard = async () => {
      await folder.removeEntry(name).catch(() => {})
      await leave()
    }
    const writable = await handle.createWritable()
    try {
      for (let { done, value } = await first; !done; { done, value } = await reader.read()) {
        await writable.write(value as Uint8Array<ArrayBuffer>)
      }
    } finally {
      await writable.close()
    }
    const blob = await handle.getFile()
    if (blob.size !== size) throw new RangeError('It is not whole.')
    return { blob, discard }
  } catch {
    void reader.cancel().catch(() => {})
    await discard()
    return undefined
  }
}

/** Removes the folder of this page with its last copy. */
async function leave(): Promise<void> {
  if (--count > 0) return
  const page = opening
  opening = undefined
  const { name, release } = (await page?.catch(() => undefined)) ?? {}
  if (name === undefined) return
  await (await allFolders()).removeEntry(name, { recursive: true }).catch(() => {})
  release?.()
}

async function openFolder(): Promise<PageFolder> {
  const name = randomId()
  // The browser releases it when the page is closed. Then what is in the folder is garbage.
  const release = await new Promise<() => void>((resolve) => {
    void navigator.locks.request(LOCK + name, () => new Promise<void>(resolve))
  })
  const all = await allFolders()
  await sweep(all)
  return { name, release, folder: await all.getDirectoryHandle(name, { create: true }) }
}

async function allFolders(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory()
  return root.getDirectoryHandle(FOLDER, { create: true })
}

/** Deletes what pages left behind that were closed. */
async function sweep(all: FileSystemDirectoryHandle): Promise<void> {
  const { held = [] } = await navigator.locks.query()
  const open = new Set(held.map(({ name }) => name))
  for await (const name of all.keys()) {
    if (!open.has(LOCK + name)) await all.removeEntry(name, { recursive: true }).catch(() => {})
  }
}
