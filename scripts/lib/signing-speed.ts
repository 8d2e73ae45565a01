/**
 * Signs for some seconds, as one copy of a signer: calls of one file each, 64 at a time, of 1,000 users. The
 * arguments are what counts (`none`, `memory`, `redis` or `postgres`), where it is, and how many seconds.
 * Prints `{ warm, files, seconds, cpu }` as JSON: the files of the first second, which is not measured, the
 * files after it, and the seconds of a core.
 */
import { Pool } from 'pg'
import { createClient } from 'redis'
import { postgresCounter } from '../../src/server/counters/postgres.ts'
import { redisCounter } from '../../src/server/counters/redis.ts'
import { type Counter, createSigner, memoryCounter } from '../../src/server/index.ts'
import { BUCKET, putRequest } from '../../test/support/signer/signer-server.ts'

const [kind = '', url = '', seconds = '5'] = process.argv.slice(2)

const COUNTERS: Record<string, () => Promise<Counter | undefined>> = {
  none: async () => undefined,
  memory: async () => memoryCounter(),
  redis: async () => redisCounter(await createClient({ url }).connect()),
  postgres: async () => postgresCounter(new Pool({ connectionString: url, max: 10 })),
}

const counter = await COUNTERS[kind]?.()
const limits = [
  { per: 'user', files: 1_000_000, every: '1m' },
  { per: 'user', bytes: '1TB', every: '1d' },
] as const
const signer = createSigner({
  bucket: BUCKET,
  authorize: (request) => ({ user: request.headers.get('user') ?? '' }),
  ...(counter && { limits, counter }),
})
const body = JSON.stringify({ version: 1, requests: [putRequest('1')] })
let files = 0

async function signUntil(end: number): Promise<void> {
  while (Date.now() < end) {
    files += 1
    const headers = { 'Content-Type': 'application/json', user: `u${files % 1000}` }
    const response = await signer(
      new Request('http://localhost/sign', { method: 'POST', headers, body }),
    )
    if (!response.ok) throw new Error(await response.text())
    await response.arrayBuffer()
  }
}

const all = (ms: number) => {
  const end = Date.now() + ms
  return Promise.all(Array.from({ length: 64 }, () => signUntil(end)))
}

// The first second is for the compiler.
await all(1000)
const warm = files
files = 0
const [before, start] = [process.cpuUsage(), Date.now()]
await all(Number(seconds) * 1000)
const { user, system } = process.cpuUsage(before)
const past = (Date.now() - start) / 1000
console.log(JSON.stringify({ warm, files, seconds: past, cpu: (user + system) / 1e6 }))
process.exit()
