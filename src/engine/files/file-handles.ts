/** Reads a file again in another page. Or a promise of such a handle. */
export type FileHandle = FileSystemFileHandle | Promise<FileSystemFileHandle | undefined>

const handles = new WeakMap<File, FileHandle>()

/** Keeps the handle of a file for as long as the file is in use. */
export function noteHandle(file: File, handle: FileHandle | undefined): void {
  if (handle) handles.set(file, handle)
}

/** Gives a file the handle of the one that it was made from. */
export function keepHandle(made: File, of: File): void {
  noteHandle(made, handles.get(of))
}

/** The handle that a file was added with, if any. */
export async function handleOf(file: File): Promise<FileSystemFileHandle | undefined> {
  try {
    return await handles.get(file)
  } catch {
    return undefined
  }
}
