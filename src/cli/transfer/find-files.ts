import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError } from '../frame/cli-error.ts'

/** What is in a folder. */
export interface Found {
  /** Paths of files from the folder on, with slashes, in order. */
  files: string[]
  /** How many are neither files nor folders: links, which may lead out of it, devices, sockets. */
  others: number
}

/**
 * Finds the files in a folder, and in those in it. Symbolic links are not followed.
 *
 * @throws {CliError} `file-unreadable`
 */
export async function findFiles(folder: string): Promise<Found> {
  const found: Found = { files: [], others: 0 }
  await look(folder, '', found)
  return found
}

async function look(root: string, path: string, found: Found): Promise<void> {
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch((error) => {
    throw new CliError(
      'file-unreadable',
      `The folder "${join(root, path)}" cannot be read (${error.code}): check its name and its rights.`,
    )
  })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const inner = `${path}${entry.name}`
    if (entry.isDirectory()) await look(root, `${inner}/`, found)
    else if (entry.isFile()) found.files.push(inner)
    else found.others += 1
  }
}
