import { spawnSync } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where servers are installed; not every user has it in PATH. */
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin']

/** The paths of all programs of that name, in the order of PATH. */
export function whichAll(name: string): string[] {
  const file = process.platform === 'win32' ? `${name}.exe` : name
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS]
  return folders.map((folder) => join(folder, file)).filter(isProgram)
}

/** The path of the program that a shell would run. */
export function which(name: string): string | undefined {
  return whichAll(name)[0]
}

/** Whether there is a file that may be run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** An aws-cli that runs. */
export function locateAwsCli(): string {
  const runs = (path: string) => spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0
  return whichAll('aws').find(runs) ?? ''
}
