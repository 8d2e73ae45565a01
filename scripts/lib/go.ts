import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isProgram } from './which.ts'

/** An S3 gateway that is a Go module. */
const VERSITYGW = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0'
const FOLDER = fileURLToPath(new URL('../../node_modules/.cache/versitygw-1.8.0', import.meta.url))

/** The gateway, once `installVersitygw` has made it; `undefined` where it could not. */
export function locateVersitygw(): string | undefined {
  const program = join(FOLDER, process.platform === 'win32' ? 'versitygw.exe' : 'versitygw')
  return isProgram(program) ? program : undefined
}

/**
 * Builds the gateway, unless it is there.
 *
 * @returns why it could not be done, as on a machine that does not reach the proxy of Go's modules
 */
export function installVersitygw(): string | undefined {
  if (locateVersitygw() !== undefined) return undefined
  // It wants Go 1.25; an older one, from 1.21 on, fetches that by itself.
  const env = { ...process.env, GOBIN: FOLDER, GOTOOLCHAIN: 'auto' }
  const { status, stdout, stderr, error } = spawnSync('go', ['install', VERSITYGW], {
    env,
    encoding: 'utf8',
  })
  return status === 0 ? undefined : (error?.message ?? `${stdout}${stderr}`.trim())
}
