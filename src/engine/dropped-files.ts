import type { FileToAdd } from './upload-engine.ts'

/**
 * Reads what was dropped, with whole folders and the path of each file.
 *
 * Must be called while the `drop` event is handled: a DataTransfer is empty afterwards.
 */
export function filesFromDrop(dataTransfer: DataTransfer): Promise<FileToAdd[]> {
  const entries = [...dataTransfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  return Promise.all(
    entries.map(({ entry, file }) => {
      if (entry?.isDirectory) return walk(entry as FileSystemDirectoryEntry)
      return file ? [{ file }] : []
    }),
  ).then((lists) => lists.flat())
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
