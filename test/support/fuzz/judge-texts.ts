/** What keys, texts and types must be, whichever answer they are in. */

import { SECRET } from './signers.ts'
import type { Site } from './site.ts'
import { SECRET_KEY, type World } from './world.ts'

/** A key is below the prefix of the caller, and names the same object to each program that reads it. */
export function checkKey({ who, world, facts }: Site, key: string): void {
  const { prefix } = who
  if (facts.hasPrefixes && !key.startsWith(prefix)) {
    world.fail(`A key outside the prefix: ${key}`)
  }
  if (key.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    world.fail(`A key that climbs: ${key}`)
  }
  if (/\p{Cc}/u.test(key) || Buffer.byteLength(key) > 1024) world.fail(`A bad key: ${key}`)
}

/** No secret and no line of code is in an answer. */
export function lookForLeaks(world: World, text: string): void {
  if (text.includes(SECRET_KEY) || text.includes(SECRET)) world.fail('A secret is in the answer.')
  if (/\n\s+at |node:internal|\.ts:\d+/.test(text)) world.fail('A stack trace is in the answer.')
}

/** Whether two media types are the same, however they are written. */
export function sameType(one: string, other: string): boolean {
  return one === other || plain(one) === plain(other)
}

function plain(type: string): string {
  return type.replace(/\s+/g, '').toLowerCase()
}

/** The most characters of each text, by the protocol. */
const LONGEST = { name: 1024, path: 4096, random: 64, grant: 8192, key: 1024, digest: 128 }
const MOST_META = { names: 64, name: 128, value: 2048, all: 8192 }

type Fields = Readonly<Record<string, unknown>>

/** Names a text in a request that is longer than the protocol allows; only those that its op reads. */
export function findTooLong({ op, ...request }: Fields): string | undefined {
  const file = (request.file ?? {}) as Fields
  const isNew = op === 'put' || op === 'create'
  const checks: [boolean, unknown, number, string][] = [
    [isNew, file.name, LONGEST.name, 'name'],
    [isNew, file.path, LONGEST.path, 'path'],
    [isNew, request.batch, LONGEST.random, 'batch'],
    [isNew, request.route, LONGEST.random, 'route'],
    [op === 'create', request.nonce, LONGEST.random, 'nonce'],
    [op !== 'create', request.grant, LONGEST.grant, 'grant'],
    [op === 'link', request.key, LONGEST.key, 'key'],
    [op === 'put' || op === 'part', request.md5, LONGEST.digest, 'md5'],
    [op === 'put' || op === 'part', request.sha256, LONGEST.digest, 'sha256'],
    [op === 'complete', lengthOf(request.parts), 10_000, 'parts'],
    [op === 'complete', lengthOf(request.digests), 10_000, 'digests'],
  ]
  const found = checks.find(([isRead, text, most]) => isRead && sizeOf(text) > most)
  return found?.[3] ?? (isNew && isLongMeta(request.meta) ? 'meta' : undefined)
}

/** Characters of a text as JSON Schema counts them; or a number as it is. */
function sizeOf(text: unknown): number {
  if (typeof text === 'number') return text
  return typeof text === 'string' ? [...text].length : 0
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0
}

function isLongMeta(meta: unknown): boolean {
  if (typeof meta !== 'object' || meta === null) return false
  const entries = Object.entries(meta)
  const sizes = entries.map(([name, value]) => [sizeOf(name), sizeOf(value)] as const)
  const all = entries.reduce((sum, [name, value]) => sum + name.length + String(value).length, 0)
  return (
    entries.length > MOST_META.names ||
    all > MOST_META.all ||
    sizes.some(([name, value]) => name > MOST_META.name || value > MOST_META.value)
  )
}
