import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from '../frame/cli-error.ts'
import { packageRoot, packageVersion } from '../frame/package-root.ts'
import { writeFile } from '../frame/write-file.ts'

/** The folder that has the files of this version: another version never meets them. */
export function libraryFolder(): string {
  return `bucket-upload-${packageVersion()}`
}

/**
 * Copies the files for pages into a folder of their version, without their source maps.
 *
 * @param folder where that folder is made
 * @returns the folder of the version, and the names of the files in it
 * @throws {CliError} `cannot-write`, or `file-unreadable` where the package is not complete
 */
export function copyLibrary(folder: string): { target: string; files: string[] } {
  const source = join(packageRoot(), 'dist/cdn')
  const all = existsSync(source) ? readdirSync(source, { recursive: true, encoding: 'utf8' }) : []
  const files = all.filter((name) => name.endsWith('.js')).sort()
  if (files.length === 0) {
    throw new CliError('file-unreadable', `"${source}" has no files: install the package again.`)
  }
  const target = join(folder, libraryFolder())
  for (const name of files) {
    const code = readFileSync(join(source, name), 'utf8')
    writeFile(join(target, name), code.replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, '\n'))
  }
  return { target, files }
}
