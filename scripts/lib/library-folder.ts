import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** All that the built files come from. */
const SOURCES = ['src/**/*.ts', 'scripts/lib/*.ts', 'package-lock.json', 'vite.config.ts']

/**
 * The folder beside `bucket-upload.js` that has all other files, such as `bucket-upload-1a2b3c4d`. It is
 * named by what they are made of, so that files of two versions never meet.
 */
export function libraryFolder(): string {
  const hash = createHash('sha256')
  for (const path of globSync(SOURCES, { cwd: root }).sort()) {
    hash.update(path).update(readFileSync(join(root, path)))
  }
  return `bucket-upload-${hash.digest('hex').slice(0, 8)}`
}
