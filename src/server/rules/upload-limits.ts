import { parseSize } from '../../protocol/index.ts'
import { parseDuration } from '../../util/duration.ts'
import { formatSize } from '../../util/format-size.ts'
import { checkOptions } from '../api/check-options.ts'
import type { ReadLimit } from '../api/context.ts'
import type { Amount, CountedBy, Counter, UploadLimit } from '../api/counter.ts'
import type { SignerConfig } from '../api/options.ts'
import { networkOf } from './address.ts'

const OPTIONS: readonly (keyof UploadLimit)[] = ['per', 'route', 'files', 'bytes', 'every']
const COUNTED_BY: readonly CountedBy[] = ['user', 'route', 'address']
const METHODS: readonly (keyof Counter)[] = ['take', 'keep', 'give', 'ended']

/** Seconds in each time that has a name of its own. */
const TIMES: Record<number, string> = { 60: 'a minute', 3600: 'an hour', 86400: 'a day' }

/** Whose upload it is. */
export interface Uploader {
  user: string | null
  route: string | undefined
  /** IP address. */
  address: string | undefined
}

/**
 * Checks `limits` and `counter`.
 *
 * @throws {Error} with a sentence that names what is wrong
 */
export function readUploadLimits(config: SignerConfig): ReadLimit[] | undefined {
  const { limits, counter, routes } = config
  if (counter !== undefined && !METHODS.every((name) => typeof counter?.[name] === 'function')) {
    throw new Error(
      '"counter" must be made by memoryCounter, redisCounter or another of them, or be like them.',
    )
  }
  if (limits === undefined) {
    if (counter === undefined) return undefined
    throw new Error('"counter" has nothing to count: set "limits".')
  }
  if (!Array.isArray(limits)) throw new Error('"limits" must be a list.')
  const read = limits.flatMap((limit, index) => readLimit(limit, index + 1, routes))
  checkOnce(read)
  return read.length > 0 ? read : undefined
}

/** Two that count the same would count each upload twice. */
function checkOnce(limits: readonly ReadLimit[]): void {
  const seen = new Set<string>()
  for (const { limit, ...rest } of limits) {
    const counted = JSON.stringify(rest)
    if (seen.has(counted)) {
      throw new Error(`"limits" limits the same ${rest.counts} twice: keep the smaller limit.`)
    }
    seen.add(counted)
  }
}

/** @throws {Error} that says which limit it is, counted from 1 */
function readLimit(
  limit: UploadLimit,
  position: number,
  routes: SignerConfig['routes'],
): ReadLimit[] {
  const where = `Limit ${position} of "limits"`
  if (typeof limit !== 'object' || limit === null) throw new Error(`${where} is no object.`)
  checkOptions(where, limit, OPTIONS)
  const { route, files, bytes, every } = limit
  const per = COUNTED_BY.filter((each) => [limit.per ?? []].flat().includes(each))
  if (per.length !== [limit.per ?? []].flat().length) {
    throw new Error(`${where}: "per" must be "user", "route", "address" or a list of these.`)
  }
  if (route !== undefined && !Object.hasOwn(routes ?? {}, route)) {
    throw new Error(`${where}: there is no route "${route}".`)
  }
  if (files !== undefined && !(Number.isSafeInteger(files) && files >= 0)) {
    throw new Error(`${where}: "files" must be a whole number.`)
  }
  if (files === undefined && bytes === undefined) {
    throw new Error(`${where} limits nothing: set "files" or "bytes".`)
  }
  try {
    const window = every === undefined ? undefined : parseDuration(every)
    const rest = { per, route, window }
    return [
      ...(files === undefined ? [] : [{ ...rest, counts: 'files' as const, limit: files }]),
      ...(bytes === undefined
        ? []
        : [{ ...rest, counts: 'bytes' as const, limit: parseSize(bytes) }]),
    ]
  } catch (error) {
    throw new Error(`${where}: ${error instanceof Error ? error.message : error}`)
  }
}

/** The limits that hold for an upload by a route. */
export function limitsFor(
  limits: readonly ReadLimit[],
  route: string | undefined,
): readonly ReadLimit[] {
  return limits.filter((limit) => limit.route === undefined || limit.route === route)
}

/**
 * What an upload takes of a limit.
 *
 * @throws {Error} where addresses are counted, and `authorize` has named none
 */
export function amountOf(limit: ReadLimit, uploader: Uploader, size: number): Amount {
  const { counts, per, route, window } = limit
  // All that makes it another limit but how much there is: who raises a limit does not begin anew.
  const parts: [string, string | number | null | undefined][] = [
    [counts, window ?? 'in-all'],
    ...(route === undefined ? [] : [['only', route] as [string, string]]),
    ...per.map((each): [string, string | null | undefined] => {
      return [each, each === 'address' ? addressOf(uploader) : uploader[each]]
    }),
  ]
  // No user, which is nothing, is kept apart from each text.
  const key = parts
    .map(([name, value]) => (value === null ? name : `${name}=${encodeURIComponent(value ?? '')}`))
    .join('&')
  return { key, amount: counts === 'files' ? 1 : size, limit: limit.limit, window }
}

function addressOf({ address }: Uploader): string {
  if (address !== undefined) return networkOf(address)
  throw new Error('"limits" counts by address, and authorize returned no "address".')
}

/** A limit in words, for people: `5 files a day`. */
export function describeLimit({ counts, limit, window }: ReadLimit): string {
  const much = counts === 'bytes' ? formatSize(limit) : `${limit} ${limit === 1 ? 'file' : 'files'}`
  if (window === undefined) return much
  return `${much} ${TIMES[window] ?? `in ${window} seconds`}`
}
