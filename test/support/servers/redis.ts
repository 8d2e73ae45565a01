/** A Redis of its own, which can be stopped and started again in the middle. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { REDIS } from '../../../scripts/lib/system.ts'
import { which } from '../../../scripts/lib/which.ts'
import { freePorts } from './ports.ts'

/** Why there is none to test with; `false` if there is one. */
export const withoutRedis = REDIS.isThere() ? false : 'needs redis-server'

/** A Redis that writes all it is told at once, so that it forgets nothing. */
export interface RunningRedis {
  port: number
  /** Ends it as a failure of power does. */
  kill(): Promise<void>
  /** Starts it again with what it had written. */
  start(): Promise<void>
  stop(): Promise<void>
}

export async function startRedis(): Promise<RunningRedis> {
  const [port = 0] = await freePorts(1)
  const folder = mkdtempSync(join(tmpdir(), 'redis-'))
  let child: ChildProcess | undefined
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  const start = async () => {
    const keeps = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']
    const where = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder]
    child = spawn(which('redis-server') ?? 'redis-server', [...where, ...keeps], {
      stdio: 'ignore',
    })
    await untilReady(port, child)
  }
  await start()
  const stop = async () => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', () => child?.kill('SIGKILL'))
  return { port, kill, start, stop }
}

/** While it reads what it had written, it answers with an error. */
async function untilReady(port: number, child: ChildProcess): Promise<void> {
  for (let time = 0; time < 200; time += 1) {
    if (child.exitCode !== null) throw new Error('redis-server has ended.')
    if ((await ping(port)).startsWith('+PONG')) return
    await sleep(50)
  }
  throw new Error('redis-server does not answer.')
}

function ping(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.setEncoding('utf8')
    socket.once('data', (text: string) => {
      socket.destroy()
      resolve(text)
    })
    socket.once('error', () => resolve(''))
  })
}
