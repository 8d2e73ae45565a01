/**
 * Counts in Redis or Valkey, for a signer with several copies.
 *
 * @module
 */
import type { Counter } from '../api/counter.ts'
import { ENDED, GIVE, KEEP, TAKE } from './redis-scripts.ts'

/** The part of a client of `redis` (node-redis) that is used here. */
export interface NodeRedisClient {
  sendCommand(args: string[]): Promise<unknown>
}

/** The part of a client of `ioredis` that is used here. */
export interface IoRedisClient {
  call(command: string, ...args: string[]): Promise<unknown>
}

/** What {@link redisCounter} takes besides the client. */
export interface RedisCounterOptions {
  /**
   * What all keys begin with. What is in braces has all of them in one slot of a cluster.
   *
   * @default '{bucket-upload}:'
   */
  prefix?: string | undefined
}

/**
 * Counts in Redis 6.2 or later, or in Valkey: exactly, for all signers that use the same one, and by its
 * clock. Each question is one script, in one round trip. It must keep what it is told: switch `appendonly`
 * on, and let `maxmemory-policy` be `noeviction`.
 *
 * @param client one of `redis` or of `ioredis`, connected by you
 * @example redisCounter(await createClient({ url }).connect())
 * @example redisCounter(new Redis(url))
 * @throws {Error} when the client is neither
 */
export function redisCounter(
  client: NodeRedisClient | IoRedisClient,
  { prefix = '{bucket-upload}:' }: RedisCounterOptions = {},
): Counter {
  const send = senderOf(client)
  const run = (script: string, ...args: (string | number)[]) =>
    send('EVAL', script, '1', prefix, ...args.map(String))
  return {
    async take(id, amounts, lease) {
      const parts = amounts.flatMap(({ key, amount, limit, window = 0 }) => {
        return [key, amount, limit, window * 1000]
      })
      const answer = await run(TAKE, id, lease * 1000, ...parts)
      const [index, wait] = Array.isArray(answer) ? answer.map(Number) : []
      if (index === 0) return undefined
      // What makes no sense must not let anything be signed.
      if (index === undefined || wait === undefined || !(index <= amounts.length)) {
        throw new Error('Redis gave an answer that makes no sense.')
      }
      return { index: index - 1, retryAfter: wait < 0 ? undefined : wait / 1000 }
    },
    async keep(id) {
      await run(KEEP, id)
    },
    async give(id, ifEnded = false) {
      await run(GIVE, id, ifEnded ? 1 : 0)
    },
    async ended(key, most) {
      const answer = await run(ENDED, key, most)
      if (Array.isArray(answer)) return answer.map(String)
      throw new Error('Redis gave an answer that makes no sense.')
    },
  }
}

function senderOf(
  client: NodeRedisClient | IoRedisClient,
): (...args: [string, ...string[]]) => Promise<unknown> {
  // A client of ioredis has a `sendCommand` too, which takes something else.
  if ('call' in client && typeof client.call === 'function') {
    return (command, ...args) => client.call(command, ...args)
  }
  if ('sendCommand' in client && typeof client.sendCommand === 'function') {
    return (...args) => client.sendCommand(args)
  }
  throw new Error('redisCounter needs a client of "redis" or of "ioredis".')
}
