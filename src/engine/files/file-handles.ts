import { UploadError } from '../api/errors.ts'

/** Reads a file again in another page. Or a promise of such a handle. */
export type FileHandle = FileSystemFileHandle | Promise<FileSystemFileHandle | undefined>

/** Only in Chromium, and not in TypeScript's DOM types. */
interface HandleWithPermission extends FileSystemFileHandle {
  requestPermission?(options: { mode: 'read' }): Promise<PermissionState>
}

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

/**
 * Reads a file by its handle. The browser may ask for permission, which needs a click.
 *
 * @throws {UploadError} `file-not-allowed` or `file-unreadable`
 */
export async function readByHandle(handle: HandleWithPermission, name: string): Promise<File> {
  try {
    // In other browsers handles need no permission.
    const permission = (await handle.requestPermission?.({ mode: 'read' })) ?? 'granted'
    if (permission === 'granted') return await handle.getFile()
  } catch (error) {
    const isRefused = /^(NotAllowed|Security)Error$/.test((error as Error).name)
    if (!isRefused) throw new UploadError('file-unreadable', name)
  }
  throw new UploadError('file-not-allowed', name)
}
