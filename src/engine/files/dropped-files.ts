import { loadModule } from '../../util/load-module.ts'
import type { FileHandle } from './file-handles.ts'
import type { FileToAdd } from './file-to-add.ts'
import type { FolderTask } from './read-folders.ts'

/** Only in Chromium, and not in TypeScript's DOM types. */
interface ItemWithHandle extends DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>
}

/** S3 takes no smaller parts, so a smaller file is sent whole and needs no handle. Bytes. */
const LEAST = 5 * 2 ** 20

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
  const tasks: FolderTask[] = []
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
  if (tasks.length > 0) await readFolders(tasks)
  for (const files of lists) files.sort(byPath)
  return lists.flat()
}

/** The code for folders is loaded with the first one. Without it, none can be read. */
async function readFolders(tasks: FolderTask[]): Promise<void> {
  try {
    const { readAll } = await loadModule(() => import('./read-folders.ts'))
    await readAll(tasks)
  } catch {
    for (const { entry, files } of tasks) {
      files.push({ file: new File([], entry.name), path: entry.name, isUnreadable: true })
    }
  }
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
