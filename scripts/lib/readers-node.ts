/** The Node.js of those who read the documents, which need not be that of this repository. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isProgram } from './which.ts'

/** Those that npm's registry has as packages, each with the npm that it brings along. */
const PACKAGES = {
  20: ['node@20', 'npm@10'],
  22: ['node@22', 'npm@10'],
}

/** Versions of Node.js that a page can be followed with. */
export type ReadersNode = keyof typeof PACKAGES

const cache = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url))
const folderOf = (version: ReadersNode) => join(cache, `node-${version}`)
const programsOf = (version: ReadersNode) => join(folderOf(version), 'node_modules/.bin')

/**
 * The folder with `node`, `npm` and `npx`; installs them there first if they are missing.
 *
 * @throws {Error} where npm's registry cannot be reached
 */
export function readersNode(version: ReadersNode): string {
  const missing = installReadersNode(version)
  if (missing !== undefined) throw new Error(`There is no Node.js ${version}: ${missing}`)
  return programsOf(version)
}

/**
 * Installs it, unless it is there.
 *
 * @returns why it could not be done
 */
export function installReadersNode(version: ReadersNode): string | undefined {
  const windows = process.platform === 'win32'
  if (isProgram(join(programsOf(version), windows ? 'npx.cmd' : 'npx'))) return undefined
  const cwd = folderOf(version)
  mkdirSync(cwd, { recursive: true })
  // Its script links the program for this system.
  writeFileSync(join(cwd, 'package.json'), '{ "allowScripts": { "node": true } }')
  const args = [
    'install',
    '--prefix',
    cwd,
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...PACKAGES[version],
  ]
  const options = { cwd, encoding: 'utf8', shell: windows } as const
  const { status, stdout, stderr, error } = spawnSync('npm', args, options)
  return status === 0 ? undefined : (error?.message ?? `${stdout}${stderr}`.trim())
}
