import type { FileToAdd } from './file-to-add.ts'

/** An entry to read, and the list for its files. */
export interface FolderTask {
  entry: FileSystemEntry
  files: FileToAdd[]
}

/** How many entries to read at the same time, over all folders. */
const AT_ONCE = 32

/** Files that operating systems put into folders. */
const JUNK = ['.DS_Store', 'Thumbs.db', 'desktop.ini']

/** Reads all tasks and those that they add, `AT_ONCE` at a time. */
export function readAll(tasks: FolderTask[]): Promise<void> {
  return new Promise((resolve) => {
    let active = 0
    const next = () => {
      if (active === 0 && tasks.length === 0) resolve()
      while (active < AT_ONCE) {
        const task = tasks.pop()
        if (!task) return
        active++
        void read(task, tasks).then(() => {
          active--
          next()
        })
      }
    }
    next()
  })
}

/** Never rejects: an unreadable entry must not lose the others. */
async function read({ entry, files }: FolderTask, tasks: FolderTask[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '')
  try {
    if (entry.isDirectory) {
      for await (const inside of entriesOf(entry as FileSystemDirectoryEntry)) {
        if (!JUNK.includes(inside.name)) tasks.push({ entry: inside, files })
      }
    } else files.push({ file: await fileOf(entry as FileSystemFileEntry), path })
  } catch {
    files.push({ file: new File([], entry.name), path, isUnreadable: true })
  }
}

/** `readEntries` returns about a hundred entries a call, and none at the end. */
async function* entriesOf(directory: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry> {
  const reader = directory.createReader()
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject)
    })
    if (some.length === 0) return
    yield* some
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}
