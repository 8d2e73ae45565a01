/**
 * Attacks two signers that count in one Redis, and measures what counting costs.
 *
 *     node scripts/run.mjs scripts/count.ts --seconds 300 --users 200
 *     node scripts/run.mjs scripts/count.ts --speed
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createClient } from 'redis'
import { redisCounter } from '../src/server/counters/redis.ts'
import { createSigner, type SignerConfig, type UploadLimit } from '../src/server/index.ts'
import { startRedis } from '../test/support/servers/redis.ts'
import { attack } from '../test/support/signer/limit-attack.ts'
import { BUCKET, putRequest } from '../test/support/signer/signer-server.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    users: { type: 'string', default: '200' },
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

/** Calls of one file, 64 at a time, of 1,000 users. */
async function measure(): Promise<void> {
  const limits: UploadLimit[] = [
    { per: 'user', files: 1_000_000, every: '1m' },
    { per: 'user', bytes: '1TB', every: '1d' },
  ]
  if (!client) return
  await speedOf('without limits', {})
  await speedOf('in memory', { limits })
  const before = await cpuOfRedis()
  const files = await speedOf('in Redis', { limits, counter: redisCounter(client) })
  const each = ((await cpuOfRedis()) - before) / files
  console.log(`Redis: ${(each * 1e6).toFixed(0)} µs of its core a file`)
}

async function cpuOfRedis(): Promise<number> {
  const info = String(await client?.sendCommand(['INFO', 'cpu']))
  const of = (name: string) =>
    Number(new RegExp(`used_cpu_${name}_main_thread:(\\S+)`).exec(info)?.[1])
  return of('user') + of('sys')
}

async function speedOf(name: string, config: Partial<SignerConfig>): Promise<number> {
  const signer = createSigner({
    bucket: BUCKET,
    authorize: (request) => ({ user: request.headers.get('user') ?? '' }),
    ...config,
  })
  const body = JSON.stringify({ version: 1, requests: [putRequest('1')] })
  let files = 0
  const work = async (until: number) => {
    while (Date.now() < until) {
      files += 1
      const headers = { 'Content-Type': 'application/json', user: `u${files % 1000}` }
      const request = new Request('http://localhost/sign', { method: 'POST', headers, body })
      const response = await signer(request)
      if (!response.ok) throw new Error(await response.text())
      await response.arrayBuffer()
    }
  }
  const all = (ms: number) => {
    const until = Date.now() + ms
    return Promise.all(Array.from({ length: 64 }, () => work(until)))
  }
  await all(1000)
  const warm = files
  const [cpu, start] = [process.cpuUsage(), Date.now()]
  await all(5000)
  const spent = process.cpuUsage(cpu)
  const measured = files - warm
  const rate = measured / ((Date.now() - start) / 1000)
  const each = (spent.user + spent.system) / measured
  console.log(`${name}: ${rate.toFixed(0)} files a second, ${each.toFixed(0)} µs of CPU a file`)
  return files
}
