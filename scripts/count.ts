/**
 * Attacks two signers that count in one Redis, and measures what counting costs.
 *
 *     node scripts/run.mjs scripts/count.ts --seconds 300 --users 200
 *     node scripts/run.mjs scripts/count.ts --speed --signers 2
 */
import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { Pool } from 'pg'
import { createClient } from 'redis'
import { postgresTables } from '../src/server/counters/postgres.ts'
import { redisCounter } from '../src/server/counters/redis.ts'
import { startPostgres } from '../test/support/servers/postgres.ts'
import { startRedis } from '../test/support/servers/redis.ts'
import { attack } from '../test/support/signer/limit-attack.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    users: { type: 'string', default: '200' },
    signers: { type: 'string', default: '2' },
    speed: { type: 'boolean', default: false },
  },
})

const redis = await startRedis()
const clients = [0, 1].map(() =>
  createClient({ url: `redis://127.0.0.1:${redis.port}` }).on('error', () => {}),
)
await Promise.all(clients.map((client) => client.connect()))
const [client] = clients
if (!client) throw new Error('There is no client.')
if (values.speed) await measure()
else await run()
for (const each of clients) each.destroy()
await redis.stop()

async function run(): Promise<void> {
  const seen = await attack({
    counters: clients.map((each) => redisCounter(each)),
    users: Number(values.users),
    seconds: Number(values.seconds),
    async inTheMiddle() {
      await redis.kill()
      await sleep(1000)
      await redis.start()
    },
  })
  console.log(JSON.stringify(seen, undefined, 2))
  if (seen.faults.length > 0) process.exitCode = 1
}

/** What one copy of a signer has signed. */
interface Signed {
  /** Files before the measuring. */
  warm: number
  files: number
  seconds: number
  /** Seconds of a core. */
  cpu: number
}

/** What counting costs, with one copy of the signer and with more, each a process of its own. */
async function measure(): Promise<void> {
  await speedOf('none')
  await speedOf('memory')
  const url = `redis://127.0.0.1:${redis.port}`
  for (let copies = 1; copies <= Number(values.signers); copies += 1) {
    const before = await cpuOfRedis()
    const files = await speedOf('redis', url, copies)
    const each = ((await cpuOfRedis()) - before) / files
    console.log(`  Redis: ${(each * 1e6).toFixed(0)} µs of its core a file`)
    console.log(`  computed: one core of Redis counts ${(60 / each).toFixed(0)} files a minute`)
  }
  const postgres = await startPostgres()
  const { host, port, user, database } = postgres.connection
  const address = `postgres://${user}@${host}:${port}/${database}`
  const pool = new Pool({ connectionString: address })
  await pool.query(postgresTables())
  await pool.end()
  await speedOf('postgres', address)
  await postgres.stop()
}

async function cpuOfRedis(): Promise<number> {
  const info = String(await client?.sendCommand(['INFO', 'cpu']))
  const of = (name: string) =>
    Number(new RegExp(`used_cpu_${name}_main_thread:(\\S+)`).exec(info)?.[1])
  return of('user') + of('sys')
}

/** Prints how fast it is, and returns how many files were signed, with those before the measuring. */
async function speedOf(kind: string, url = '', copies = 1): Promise<number> {
  const all = await Promise.all(Array.from({ length: copies }, () => signed(kind, url)))
  const files = all.reduce((sum, each) => sum + each.files, 0)
  const cpu = all.reduce((sum, each) => sum + each.cpu, 0)
  const rate = all.reduce((sum, each) => sum + each.files / each.seconds, 0)
  const each = ((cpu / files) * 1e6).toFixed(0)
  console.log(
    `${kind}, signers: ${copies}: ${rate.toFixed(0)} files a second, ${each} µs of a signer's core a file`,
  )
  return files + all.reduce((sum, each) => sum + each.warm, 0)
}

async function signed(kind: string, url: string): Promise<Signed> {
  const program = fileURLToPath(new URL('lib/signing-speed.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [program, kind, url])
  return JSON.parse(stdout)
}
