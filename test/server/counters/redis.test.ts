import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { redisCounter } from '../../../src/server/counters/redis.ts'
import { type RunningRedis, startRedis, withoutRedis } from '../../support/servers/redis.ts'
import { testCounter } from '../../support/signer/counter-rules.ts'
import { attack } from '../../support/signer/limit-attack.ts'

let redis: RunningRedis
let nodeRedis: ReturnType<typeof createClient>
let ioRedis: Redis

let tests = 0
/** Each test has keys of its own. */
const own = () => {
  tests += 1
  return { prefix: `test-${tests}:` }
}

describe('redisCounter', { skip: withoutRedis }, () => {
  before(async () => {
    redis = await startRedis()
    nodeRedis = createClient({ url: `redis://127.0.0.1:${redis.port}` })
    // Without a listener an error ends the process.
    nodeRedis.on('error', () => {})
    await nodeRedis.connect()
    ioRedis = new Redis(redis.port, '127.0.0.1')
    ioRedis.on('error', () => {})
  })
  after(async () => {
    nodeRedis.destroy()
    ioRedis.disconnect()
    await redis.stop()
  })

  describe('with redis', () => {
    testCounter(async () => {
      return { counter: redisCounter(nodeRedis, own()), pass: (seconds) => sleep(seconds * 1000) }
    })
  })

  describe('with ioredis', () => {
    testCounter(async () => {
      return { counter: redisCounter(ioRedis, own()), pass: (seconds) => sleep(seconds * 1000) }
    })
  })

  it('leaves nothing behind but what is taken', async () => {
    const counter = redisCounter(nodeRedis, { prefix: 'rest:' })
    const amounts = [
      { key: 'all', amount: 3, limit: 9, window: undefined },
      { key: 'day', amount: 3, limit: 9, window: 86_400 },
    ]
    for (const id of ['a', 'b', 'c']) await counter.take(id, amounts, 60)
    await counter.keep('a')
    await counter.give('b')
    const keys = (await nodeRedis.keys('rest:*')).sort()
    const seconds = Object.fromEntries(
      await Promise.all(keys.map(async (key) => [key, await nodeRedis.ttl(key)])),
    )
    assert.deepEqual(Object.keys(seconds), [
      ...['rest:claim:a', 'rest:claim:b', 'rest:claim:c'],
      ...['rest:open:all', 'rest:open:day', 'rest:used:all', 'rest:used:day'],
    ])
    assert.equal(await nodeRedis.get('rest:used:all'), '6')
    for (const key of ['rest:claim:a', 'rest:claim:b']) assert.ok(seconds[key] <= 3600, key)
    for (const key of ['rest:open:day', 'rest:used:day']) {
      assert.ok(seconds[key] > 86_000 && seconds[key] <= 86_400, key)
    }
    for (const key of ['rest:claim:c', 'rest:used:all']) assert.equal(seconds[key], -1, key)
  })

  it('takes only a client of redis or ioredis', () => {
    assert.throws(() => redisCounter({} as never), { message: /of "redis" or of "ioredis"/ })
  })

  it('counts for two signers behind a proxy, whatever comes at once, and while Redis is killed', async () => {
    const seen = await attack({
      counters: [
        redisCounter(nodeRedis, { prefix: 'x:' }),
        redisCounter(ioRedis, { prefix: 'x:' }),
      ],
      users: 20,
      seconds: 4,
      atLeast: 20,
      async inTheMiddle() {
        await redis.kill()
        await sleep(300)
        await redis.start()
      },
    })
    assert.deepEqual(seen.faults, [])
    assert.ok(Math.min(seen.stored, seen.refused, seen.aborted) >= 20, JSON.stringify(seen))
  })
})
