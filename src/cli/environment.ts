import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

/** The environment, and what `.env` in a folder adds to it: what is set already stays. */
export function readEnvironment(
  env: Record<string, string | undefined>,
  folder: string,
): Record<string, string | undefined> {
  return { ...parseEnv(readIfThere(join(folder, '.env'))), ...env }
}

/** A file that is not there is empty; so is a folder of that name. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
