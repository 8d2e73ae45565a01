/** A Postgres of its own, which can be stopped and started again in the middle. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { locatePostgres, POSTGRES } from '../../../scripts/lib/system.ts'
import { freePorts } from './ports.ts'

/** Why there is none to test with; `false` if there is one. */
export const withoutPostgres = POSTGRES.isThere() ? false : 'needs Postgres'

/** A Postgres that writes all it is told at once, so that it forgets nothing. */
export interface RunningPostgres {
  /** For a client of `pg`. */
  connection: { host: string; port: number; user: string; database: string }
  /** Ends it as a failure of power does. */
  kill(): Promise<void>
  /** Starts it again with what it had written. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** Postgres does not run as root. */
const USER = process.getuid?.() === 0 ? idsOf('postgres') : {}

export async function startPostgres(): Promise<RunningPostgres> {
  const [port = 0] = await freePorts(1)
  const programs = dirname(locatePostgres() ?? '')
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  if (USER.uid !== undefined && USER.gid !== undefined) chownSync(folder, USER.uid, USER.gid)
  const made = spawnSync(
    join(programs, 'initdb'),
    [
      '--pgdata',
      folder,
      '--username',
      'test',
      '--auth',
      'trust',
      '--encoding',
      'UTF8',
      '--no-sync',
    ],
    { ...USER, cwd: folder, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb has failed: ${made.error ?? made.stderr}`)
  const connection = { host: '127.0.0.1', port, user: 'test', database: 'postgres' }
  let child: ChildProcess | undefined
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    // At once, without writing anything more. SIGKILL would leave its children.
    child.kill('SIGQUIT')
    await ended
  }
  const start = async () => {
    const where = ['-D', folder, '-p', String(port), '-h', '127.0.0.1', '-k', folder]
    child = spawn(join(programs, 'postgres'), where, { ...USER, cwd: folder, stdio: 'ignore' })
    await untilReady(connection, child)
  }
  await start()
  const stop = async () => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', () => child?.kill('SIGQUIT'))
  return { connection, kill, start, stop }
}

function idsOf(user: string): { uid?: number; gid?: number } {
  const [uid, gid] = ['-u', '-g'].map((which) =>
    Number.parseInt(spawnSync('id', [which, user], { encoding: 'utf8' }).stdout, 10),
  )
  return uid && gid ? { uid, gid } : {}
}

/** While it reads what it had written, it answers with an error. */
async function untilReady(
  connection: RunningPostgres['connection'],
  child: ChildProcess,
): Promise<void> {
  for (let time = 0; time < 600; time += 1) {
    if (child.exitCode !== null) throw new Error('Postgres has ended.')
    const client = new Client(connection)
    client.on('error', () => {})
    const isReady = await client.connect().then(
      () => true,
      () => false,
    )
    await client.end().catch(() => {})
    if (isReady) return
    await sleep(50)
  }
  throw new Error('Postgres does not answer.')
}
