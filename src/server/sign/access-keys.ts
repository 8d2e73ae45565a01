import type { Awaitable } from '../../util/awaitable.ts'
import type { AccessKeys, KeyHolder, KeySource, Keys } from '../api/bucket.ts'
import { checkOptions } from '../api/check-options.ts'

/** Temporary keys are asked for again this long before they end, in ms. */
const MARGIN = 300_000

/** How long keys that name no end are kept, in ms: they may be replaced at any time. */
const KEPT = 60_000

/**
 * What each source returned last. The keys are kept, and not the promise of them: edge workers refuse
 * to await the promise of another request.
 */
const latest = new WeakMap<KeySource, { keys: Keys; until: number }>()

/** The keys that are valid now. Those of a source are kept until they are near their end. */
export function keysOf({ credentials }: KeyHolder, now: Date): Awaitable<Keys> {
  return current('credentials', credentials, now)
}

/** The keys that sign PUTs, forms and parts. */
export function uploadKeysOf({ credentials, uploadKeys }: KeyHolder, now: Date): Awaitable<Keys> {
  if (uploadKeys === undefined) return current('credentials', credentials, now)
  return current('uploadKeys', uploadKeys, now)
}

function current(option: string, source: Keys | KeySource, now: Date): Awaitable<Keys> {
  if (typeof source !== 'function') return source
  const known = latest.get(source)
  return known && now.getTime() < known.until ? known.keys : renew(option, source, now)
}

async function renew(option: string, source: KeySource, now: Date): Promise<Keys> {
  const keys = readKeys(option, await source())
  const until = keys.expiresAt === undefined ? now.getTime() + KEPT : keys.expiresAt - MARGIN
  latest.set(source, { keys, until })
  return keys
}

const FIELDS = ['accessKeyId', 'secretAccessKey', 'sessionToken', 'expiresAt']

/**
 * Checks access keys.
 *
 * @param option what they were given as, for the message
 * @throws {Error} that names what is missing or wrong, and quotes no value
 */
export function readKeys(option: string, keys: AccessKeys): Keys {
  if (typeof keys !== 'object' || keys === null) {
    throw new Error(`"${option}" must give an object with "accessKeyId" and "secretAccessKey".`)
  }
  checkOptions(`"${option}"`, keys, FIELDS)
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = keys
  checkText('accessKeyId', accessKeyId)
  checkText('secretAccessKey', secretAccessKey)
  if (sessionToken !== undefined) checkText('sessionToken', sessionToken)
  const end = expiresAt === undefined ? undefined : new Date(expiresAt).getTime()
  if (Number.isNaN(end)) throw new Error(`"expiresAt" of "${option}" must be a date.`)
  return { accessKeyId, secretAccessKey, sessionToken, expiresAt: end }
}

/**
 * Refuses what is no text, or was pasted with a line break: it signs without complaint, and then every
 * URL is refused.
 *
 * @throws {Error} that names the option
 */
export function checkText(option: string, value: unknown): asserts value is string {
  if (typeof value !== 'string' || value === '') {
    throw new Error(`"${option}" is missing: it must be a text that is not empty.`)
  }
  if (value === value.trim()) return
  throw new Error(`"${option}" begins or ends with white space. Remove it.`)
}

/**
 * The lifetime of a URL, which ends when its keys do: the bucket takes neither longer.
 *
 * @param seconds that are wished for
 * @param start when it is signed, in ms since 1970
 * @throws {Error} when the keys have ended
 */
export function lifetimeOf({ expiresAt }: Keys, seconds: number, start: number): number {
  if (expiresAt === undefined) return seconds
  const left = Math.floor((expiresAt - start) / 1000)
  if (left >= 1) return Math.min(seconds, left)
  throw new Error(
    'The temporary keys of the bucket have ended. "credentials" must return new ones.',
  )
}
