import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

/** What the settings are. */
export interface Environment {
  env: Record<string, string | undefined>
  /** The names that `.env` has added. */
  fromFile: ReadonlySet<string>
}

/**
 * Names that lead to files of aws-cli, which may run programs. A folder that came from elsewhere must
 * not be able to choose them.
 */
const NOT_FROM_FILE = new Set([
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'HOME',
  'USERPROFILE',
])

/** The environment, and what `.env` in a folder adds to it: what is set already stays. */
export function readEnvironment(
  env: Record<string, string | undefined>,
  folder: string,
): Environment {
  const added = Object.entries(parseEnv(readIfThere(join(folder, '.env')))).filter(
    ([name]) => env[name] === undefined && !NOT_FROM_FILE.has(name),
  )
  return {
    env: { ...Object.fromEntries(added), ...env },
    fromFile: new Set(added.map(([name]) => name)),
  }
}

/** A file that is not there is empty; so is a folder of that name. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
