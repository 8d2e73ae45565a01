import type { FileHandle } from './file-handles.ts'
import type { FileToAdd } from './file-to-add.ts'

/** Only in Chromium, and not in TypeScript's DOM types. */
interface ItemWithHandle extends DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>
}

/** An entry to read, and the list for its files. */
interface Task {
  entry: FileSystemEntry
  files: FileToAdd[]
}

/** S3 takes no smaller parts, so a smaller file is sent whole and needs no handle. Bytes. */
const LEAST = 5 * 2 ** 20

/** How many entries to read at the same time, over all folders. */
const AT_ONCE = 32

/** Files that operating systems put into folders. */
const JUNK = ['.DS_Store', 'Thumbs.db', 'desktop.ini']

/**
 * Reads dropped or pasted files, and folders with everything in them. Files of a folder have a path and
 * are sorted by it; the order of the drop is kept otherwise.
 *
 * Files and folders that cannot be read are returned as `isUnreadable`. `.DS_Store`, `Thumbs.db` and
 * `desktop.ini` are left out of folders.
 *
 * Call it in the handler of `drop` or `paste`: the DataTransfer is empty afterwards.
 */
export async function filesFromDrop(dataTransfer: DataTransfer): Promise<FileToAdd[]> {
  const tasks: Task[] = []
  const lists = [...dataTransfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => {
      const [entry, file] = [item.webkitGetAsEntry(), item.getAsFile()]
      const files: FileToAdd[] = []
      // A folder also returns a file, which cannot be read.
      if (file && !entry?.isDirectory) {
        files.push({ file, handle: entry ? handleOf(item, file) : undefined })
      } else if (entry) tasks.push({ entry, files })
      return files
    })
  await readAll(tasks)
  for (const files of lists) files.sort(byPath)
  return lists.flat()
}

/** Not awaited here: a file can be added without its handle. */
function handleOf(item: ItemWithHandle, file: File): FileHandle | undefined {
  if (file.size < LEAST) return undefined
  return item.getAsFileSystemHandle?.().then(
    (handle) => (handle?.kind === 'file' ? (handle as FileSystemFileHandle) : undefined),
    () => undefined,
  )
}

function byPath({ path: a = '' }: FileToAdd, { path: b = '' }: FileToAdd): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Reads all tasks and those that they add, `AT_ONCE` at a time. */
function readAll(tasks: Task[]): Promise<void> {
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
async function read({ entry, files }: Task, tasks: Task[]): Promise<void> {
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
