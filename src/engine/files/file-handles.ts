import { UploadError } from '../api/errors.ts'

/** By which a file can be read again in another page, or what will come to be it. */
export type FileHandle = FileSystemFileHandle | Promise<FileSystemFileHandle | undefined>

/** What only Chromium has, and TypeScript does not know. */
interface HandleWithPermission extends FileSystemFileHandle {
  requestPermission?(options: { mode: 'read' }): Promise<PermissionState>
}

const handles = new WeakMap<File, FileHandle>()

/** Remembers for as long as the file is in use what it came with. */
export function noteHandle(file: File, handle: FileHandle | undefined): void {
  if (handle) handles.set(file, handle)
}

/** The handle that a file came with, if it came with one. */
export async function handleOf(file: File): Promise<FileSystemFileHandle | undefined> {
  try {
    return await handles.get(file)
  } catch {
    return undefined
  }
}

/**
 * Reads a file by its handle. The browser may ask whether it may, for which it needs a click.
 *
 * @throws {UploadError} `file-not-allowed` or `file-unreadable`
 */
export async function readByHandle(handle: HandleWithPermission, name: string): Promise<File> {
  try {
    // Other browsers only have handles that need no permission.
    const permission = (await handle.requestPermission?.({ mode: 'read' })) ?? 'granted'
    if (permission === 'granted') return await handle.getFile()
  } catch (error) {
    const isRefused = /^(NotAllowed|Security)Error$/.test((error as Error).name)
    if (!isRefused) throw new UploadError('file-unreadable', name)
  }
  throw new UploadError('file-not-allowed', name)
}
