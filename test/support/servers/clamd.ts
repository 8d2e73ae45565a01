/** A ClamAV that knows one virus: the test file of EICAR, which harms nobody. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CLAMAV } from '../../../scripts/lib/system.ts'
import { which } from '../../../scripts/lib/which.ts'
import { freePorts } from './ports.ts'

/** Why there is none to test with; `false` if there is one. */
export const withoutClamd = CLAMAV.isThere() ? false : 'needs clamd'

/** In two pieces, or scanners would find it in this file. */
export const EICAR = `X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-${'ANTIVIRUS-TEST-FILE!$H+H*'}`

/** @returns its port, and what stops it */
export async function startClamd(): Promise<{ port: number; stop: () => Promise<void> }> {
  const [port = 0] = await freePorts(1)
  const folder = mkdtempSync(join(tmpdir(), 'clamd-'))
  const md5 = createHash('md5').update(EICAR).digest('hex')
  writeFileSync(join(folder, 'own.hdb'), `${md5}:${EICAR.length}:Eicar-Test-Signature\n`)
  const settings = [`DatabaseDirectory ${folder}`, `TCPSocket ${port}`, 'TCPAddr 127.0.0.1']
  const config = join(folder, 'clamd.conf')
  writeFileSync(config, [...settings, 'Foreground yes', 'MaxThreads 2', ''].join('\n'))
  const program = which('clamd') ?? '/usr/sbin/clamd'
  const child = spawn(program, ['--config-file', config], { stdio: 'ignore' })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = once(child, 'exit')
  while ((await ping(port)) !== 'PONG\0') {
    if (child.exitCode !== null) throw new Error('clamd has ended.')
    await sleep(50)
  }
  return {
    port,
    async stop() {
      process.off('exit', kill)
      kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function ping(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('zPING\0'))
    socket.setEncoding('utf8')
    socket.once('data', (text: string) => {
      socket.destroy()
      resolve(text)
    })
    socket.once('error', () => resolve(''))
  })
}
