import type { FileHandle } from './file-handles.ts'
import type { FileToAdd } from './file-to-add.ts'

/** What only Chromium has, and TypeScript does not know. */
interface ItemWithHandle extends DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>
}

/** S3 takes no smaller parts, so a smaller file goes up whole and needs no handle. Bytes. */
const LEAST = 5 * 2 ** 20

/**
 * Reads what was dropped, with whole folders and the path of each file.
 *
 * Must be called while the `drop` event is handled: a DataTransfer is empty afterwards.
 */
export function filesFromDrop(dataTransfer: DataTransfer): Promise<FileToAdd[]> {
  const entries = [...dataTransfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => {
      const [entry, file] = [item.webkitGetAsEntry(), item.getAsFile()]
      return { entry, file, handle: entry?.isFile && file ? handleOf(item, file) : undefined }
    })
  return Promise.all(
    entries.map(({ entry, file, handle }) => {
      if (entry?.isDirectory) return walk(entry as FileSystemDirectoryEntry)
      return file ? [{ file, handle }] : []
    }),
  ).then((lists) => lists.flat())
}

/** Nobody waits for it here: a file is a file without it. */
function handleOf(item: ItemWithHandle, file: File): FileHandle | undefined {
  if (file.size < LEAST) return undefined
  return item.getAsFileSystemHandle?.().then(
    (handle) => (handle?.kind === 'file' ? (handle as FileSystemFileHandle) : undefined),
    () => undefined,
  )
}

async function walk(directory: FileSystemDirectoryEntry): Promise<FileToAdd[]> {
  const found: FileToAdd[] = []
  for (const entry of await readAll(directory.createReader())) {
    if (entry.isDirectory) {
      found.push(...(await walk(entry as FileSystemDirectoryEntry)))
    } else {
      const file = await read(entry as FileSystemFileEntry)
      found.push({ file, path: entry.fullPath.replace(/^\//, '') })
    }
  }
  return found
}

/** `readEntries` gives about a hundred at a time, and must be called until it gives none. */
async function readAll(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject)
    })
    if (some.length === 0) return all
    all.push(...some)
  }
}

function read(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}
