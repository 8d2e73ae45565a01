import { UploadError } from '../api/errors.ts'

/** Only in Chromium, and not in TypeScript's DOM types. */
interface HandleWithPermission extends FileSystemFileHandle {
  requestPermission?(options: { mode: 'read' }): Promise<PermissionState>
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
