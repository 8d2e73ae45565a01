import { lstat, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError } from '../frame/cli-error.ts'

/** Names that are devices on Windows, whatever follows the first dot. */
const DEVICES = /^(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])(?=\s*(?:\.|$))/i

/**
 * The name of a file for one part of a key. Characters that a name cannot have become `_`: backslashes,
 * and on Windows also `<>:"|?*`, and dots and spaces at the end, which it drops.
 */
export function fileName(part: string, windows: boolean): string {
  // On Windows a backslash would be a folder, and a colon a stream that no listing shows.
  if (!windows) return part.replaceAll('\\', '_')
  return part
    .replace(/[\\<>:"|?*]/g, '_')
    .replace(/[. ]+$/, (end) => '_'.repeat(end.length))
    .replace(DEVICES, '$&_')
}

/**
 * Makes the folders of a file below another folder, and nowhere else: a link in between is not followed.
 *
 * @param parts names of folders, by {@link fileName}
 * @returns the innermost
 * @throws {CliError} `file-unwritable`
 */
export async function makeFolders(root: string, parts: readonly string[]): Promise<string> {
  let path = root
  for (const part of parts) {
    path = join(path, part)
    await mkdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw unwritable(path, error.code)
    })
    const found = await lstat(path).catch((error) => {
      throw unwritable(path, error.code)
    })
    if (found.isDirectory()) continue
    throw new CliError(
      'file-unwritable',
      `"${path}" is not a folder, or is a link to one, which may lead elsewhere: move it away.`,
    )
  }
  return path
}

/** It could not be written, for a reason of the system. */
export function unwritable(path: string, code: string | undefined): CliError {
  return new CliError(
    'file-unwritable',
    `"${path}" cannot be written (${code}): check the folder, its rights and its room.`,
  )
}
