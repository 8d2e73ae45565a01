/** S3 servers that nobody here has written: Ceph's, and others that `npm test -- servers` installs. */
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { locateVersitygw } from '../../../scripts/lib/go.ts'
import { locatePythonOf, MOTO } from '../../../scripts/lib/python.ts'
import { answers } from './answers.ts'
import type { RunningGateway } from './ceph.ts'
import { cephGateway } from './gateways.ts'
import { guarded } from './guarded.ts'
import { freePorts } from './ports.ts'

/** How each of them is started; `undefined` where it could not be installed. */
export const SERVERS = {
  ceph: async (): Promise<RunningGateway> => ({ ...(await cephGateway()), stop: async () => {} }),
  moto: ifThere(locatePythonOf(MOTO), startMoto),
  versitygw: ifThere(locateVersitygw(), startVersitygw),
}

function ifThere<T>(program: string | undefined, start: (program: string) => Promise<T>) {
  return program === undefined ? undefined : () => start(program)
}

/** AWS in memory, for tests of programs: it checks no signatures. */
function startMoto(python: string): Promise<RunningGateway> {
  return start('moto-', ({ port }) => {
    return [python, '-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)]
  })
}

/** A gateway whose objects are files in a folder. */
function startVersitygw(program: string): Promise<RunningGateway> {
  return start('versity-', ({ port, folder, accessKeyId, secretAccessKey }) => {
    const [data, sidecar] = ['data', 'sidecar'].map((name) => join(folder, name)) as [
      string,
      string,
    ]
    for (const each of [data, sidecar]) mkdirSync(each)
    const keys = ['--access', accessKeyId, '--secret', secretAccessKey]
    // Beside the files, because not every file system has extended attributes.
    return [program, '--port', `127.0.0.1:${port}`, ...keys, 'posix', '--sidecar', sidecar, data]
  })
}

interface Place {
  port: number
  /** For its data; goes when it is stopped. */
  folder: string
  accessKeyId: string
  secretAccessKey: string
}

async function start(
  prefix: string,
  commandFor: (place: Place) => string[],
): Promise<RunningGateway> {
  const [port = 0] = await freePorts(1)
  const accessKeyId = randomBytes(10).toString('hex')
  const secretAccessKey = randomBytes(20).toString('hex')
  const processes = guarded(prefix)
  const endpoint = `http://127.0.0.1:${port}`
  const place = { port, folder: processes.folder, accessKeyId, secretAccessKey }
  const [program = '', ...args] = commandFor(place)
  try {
    const ended = processes.run(program, ...args).then(() => {
      throw new Error(`${program} stopped by itself`)
    })
    ended.catch(() => undefined)
    await Promise.race([answers(endpoint), ended])
  } catch (error) {
    await processes.stop()
    throw error
  }
  processes.background()
  return { endpoint, region: 'us-east-1', accessKeyId, secretAccessKey, stop: processes.stop }
}
