import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { CliError } from './cli-error.ts'

/**
 * Writes a file, and the folders that it is in.
 *
 * @throws {CliError} `cannot-write`
 */
export function writeFile(path: string, content: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CliError(
      'cannot-write',
      `"${path}" cannot be written (${code}): choose another folder.`,
    )
  }
}
