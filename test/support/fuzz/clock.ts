/** Time of a run: that of the world stands still but where the fuzzer moves it, and CPU time is counted. */
import { BODY_LIMIT } from './judge-calls.ts'
import type { World } from './world.ts'

/** CPU time that a call may take for each 100 kB of its body, and at least, in ms. */
const LIMIT = 100
/** What one request may take, in ms: on a slow machine its two URLs and its grant take a third of that. */
const LIMIT_OF_ONE = 0.4

/** How much CPU time a call may take, in ms. More bytes than are read do not count. */
export function allowedTime(bytes: number, requests: number): number {
  return Math.max(
    LIMIT,
    (LIMIT * Math.min(bytes, BODY_LIMIT)) / 100_000,
    LIMIT_OF_ONE * Math.min(requests, 1000),
  )
}

/**
 * Runs something, and counts the CPU time of this thread: on a busy machine a call waits, but it does
 * not take more of that. What other threads do, as for garbage and the compiler, is not its own.
 *
 * @returns what came of it, and ms
 */
export async function timed<T>(world: World, act: () => Promise<T>): Promise<[T, number]> {
  world.othersTime = 0
  const before = process.threadCpuUsage()
  const result = await act()
  const { user, system } = process.threadCpuUsage(before)
  return [result, (user + system - world.othersTime) / 1000]
}

/**
 * Has the signer wait for nothing, and take its random ids from the run's own chance, so that the same
 * seed does the same things.
 */
export async function inStillTime<T>(world: () => World, act: () => Promise<T>): Promise<T> {
  const { setTimeout: waits } = globalThis
  const wait = (then: () => void) => {
    world().now += 200
    queueMicrotask(then)
  }
  const randomUUID = () => {
    const digits = Array.from({ length: 32 }, () => world().random.below(16).toString(16)).join('')
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  }
  const replace = (value: unknown) => ({ value, configurable: true, writable: true })
  Object.defineProperty(globalThis, 'setTimeout', replace(wait))
  Object.defineProperty(crypto, 'randomUUID', replace(randomUUID))
  try {
    return await act()
  } finally {
    globalThis.setTimeout = waits
    Reflect.deleteProperty(crypto, 'randomUUID')
  }
}
