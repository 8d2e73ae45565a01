/** Requests as an attacker would write them: well-formed, nearly so, or not at all. */
import { countOf, type Granted, partOf } from './ledger.ts'
import type { Choices } from './random.ts'
import {
  BAD_MD5,
  DIGESTS,
  FATAL_MD5,
  KEYS,
  MD5,
  NAMES,
  SHA256,
  SIZES,
  TYPES,
  VALUES,
} from './texts.ts'

/** The grants that an attacker has: those of their own, and those of others or of other signers. */
export interface Pool {
  own: readonly Granted[]
  foreign: readonly Granted[]
  /** The routes of the signer; the one that takes anything comes more often. */
  routes: readonly string[]
}

type Fields = Record<string, unknown>

const OTHER_OPS = ['delete', 'toString', '__proto__', 'constructor', '', 'PUT', 'put ', 'ｐｕｔ']
/** Some come more often than others. */
const OPS = (
  'put put put put create create part part part parts complete complete complete abort ' +
  'link link link link discard discard discard status status'
).split(' ')
const BAD_NUMBERS = [0, 10_001, -1, 1.5, 10_000]
const ALBUMS = ['7', 'trip', 'fatal', 'full', ...NAMES]

/** One request, mostly well-formed. */
export function randomRequest(random: Choices, pool: Pool, id: string): Fields {
  const op = random.chance(0.97) ? random.pick(OPS) : random.pick(OTHER_OPS)
  const shape = SHAPES[OPS.includes(op) ? op : 'put']
  const shaped = shape?.(random, pool) ?? {}
  const isKept = 'route' in shaped && random.chance(0.8)
  const request = { id, op, ...shaped, ...(isKept ? {} : anyRoute(random, pool, op)) }
  return random.chance(0.15) ? { ...request, ...noise(random, pool) } : request
}

/** Mostly one of the signer's, for what begins an upload. A repeated file keeps its own, mostly. */
function anyRoute(random: Choices, { routes }: Pool, op: string): Fields {
  const isNew = op === 'put' || op === 'create'
  if (isNew && routes.length > 0 && random.chance(0.9)) return { route: random.pick(routes) }
  return some(random, 0.03, { route: random.pick(BAD_ROUTES) })
}

const BAD_ROUTES = ['nope', '', '__proto__', 'constructor', 'ANY', 'any ', 'x'.repeat(65), null, 0]

type Shape = (random: Choices, pool: Pool) => Fields

const SHAPES: Record<string, Shape> = {
  put(random, pool) {
    const kind = random.chance(0.9) ? 'put' : 'done'
    const again = random.chance(0.35) ? pickOwn(random, pool, kind) : undefined
    if (again) return repeated(random, again)
    return {
      file: randomFile(random),
      ...some(random, 0.5, { md5: random.pick([MD5, BAD_MD5, FATAL_MD5]) }),
      ...some(random, 0.7, { sha256: SHA256 }),
      ...some(random, 0.4, { form: true }),
      ...some(random, 0.4, { meta: randomMeta(random) }),
      ...some(random, 0.3, { batch: random.pick(['b', 'c']).repeat(16) }),
      ...some(random, 0.1, { grant: anyGrant(random, pool) }),
    }
  },
  create: (random) => ({
    file: randomFile(random),
    ...some(random, 0.4, { meta: randomMeta(random) }),
    ...some(random, 0.3, { batch: random.pick(['b', 'c']).repeat(16) }),
    ...some(random, 0.7, { nonce: random.pick(['n', 'm', 'o', 'p']).repeat(16), again: true }),
  }),
  part(random, pool) {
    const granted = pickOwn(random, pool, 'parts')
    if (granted === undefined || random.chance(0.2)) {
      return { grant: anyGrant(random, pool), partNumber: 1, ...digests(random) }
    }
    const count = countOf(granted)
    const number = 1 + random.below(Math.min(count, 6))
    const partNumber = random.pick([number, number, number, count, count + 1])
    const size = partOf(granted, partNumber)
    return {
      grant: granted.text,
      partNumber: random.chance(0.03) ? random.pick(BAD_NUMBERS) : partNumber,
      ...some(random, 0.7, { size: random.pick([size, size, size, size + 1, 0, 5e9]) }),
      ...digests(random),
    }
  },
  parts: (random, pool) => ({
    grant: random.chance(0.6) ? pickOwn(random, pool, 'parts')?.text : anyGrant(random, pool),
    ...some(random, 0.3, { after: random.pick([0, 1, 1000, 1e9]) }),
  }),
  complete(random, pool) {
    const granted = random.chance(0.8) ? pickOwn(random, pool, 'parts') : undefined
    const honest = granted && countOf(granted) <= 8 ? namedParts(granted, MD5) : []
    return {
      grant: granted?.text ?? anyGrant(random, pool),
      ...some(random, 0.4, { parts: random.chance(0.5) ? honest : randomParts(random) }),
      ...some(random, 0.2, { digests: [{ md5: random.pick(DIGESTS) }] }),
    }
  },
  abort: (random, pool) => ({
    grant: random.chance(0.2) ? pickOwn(random, pool, 'parts')?.text : anyGrant(random, pool),
  }),
  discard: (random, pool) => ({
    grant: random.chance(0.7) ? pickOwn(random, pool, 'discard')?.text : anyGrant(random, pool),
  }),
  status: (random, pool) => ({
    grant: random.chance(0.8)
      ? pickOwn(random, pool, random.chance(0.5) ? 'put' : 'done')?.text
      : anyGrant(random, pool),
  }),
  link: (random, pool) => ({
    ...(random.chance(0.5)
      ? { grant: pickOwn(random, pool, random.chance(0.5) ? 'put' : 'done')?.text }
      : some(random, 0.4, { grant: anyGrant(random, pool) })),
    ...some(random, 0.2, { key: randomKey(random, pool) }),
    ...some(random, 0.4, { expiresIn: random.pick([0, 1, 60, 604_800, 1e9]) }),
    ...some(random, 0.5, { disposition: random.pick(['inline', 'inline', 'attachment', 'x']) }),
  }),
}

/** A further try by a grant: for the same file, or for another one, which must be refused. */
function repeated(random: Choices, { asked, text }: Granted): Fields {
  const { file, meta, md5, sha256, route } = asked
  const same = { file, route, grant: text, md5, sha256, ...(meta === undefined ? {} : { meta }) }
  if (random.chance(0.6)) return random.chance(0.3) ? { ...same, form: true } : same
  return random.pick([
    { ...same, file: { ...(file as Fields), size: random.pick(SIZES) } },
    { ...same, file: { ...(file as Fields), type: random.pick(TYPES) } },
    { ...same, file: { ...(file as Fields), encoding: random.pick(['gzip', undefined]) } },
    { ...same, meta: randomMeta(random) },
    { ...same, meta: undefined },
    { ...same, md5: BAD_MD5 },
  ])
}

function randomFile(random: Choices): Fields {
  return {
    name: random.pick(NAMES),
    size: random.pick(random.chance(0.7) ? SIZES.slice(0, 5) : SIZES),
    type: random.pick(TYPES),
    ...some(random, 0.3, { path: random.pick([...NAMES, ...KEYS]) }),
    ...some(random, 0.1, { encoding: random.pick(['gzip', 'gzip', 'br']) }),
  }
}

function randomMeta(random: Choices): Fields {
  return {
    album: random.pick(random.chance(0.5) ? ALBUMS.slice(0, 4) : ALBUMS),
    ...some(random, 0.1, { ['__proto__']: 'x', [random.pick(NAMES)]: 'y' }),
  }
}

/** The parts of an upload, as a page names them that has sent the same bytes in each. */
export function namedParts(granted: Granted, md5: string): Fields[] {
  const etag = Buffer.from(md5, 'base64').toString('hex')
  return Array.from({ length: countOf(granted) }, (_, index) => ({ partNumber: index + 1, etag }))
}

function randomParts(random: Choices): Fields[] {
  const etag = random.pick(['"a"', '<x>&', '', 'a\nb', ...DIGESTS])
  return [1, 2, 3].slice(random.below(3)).map((partNumber) => ({ partNumber, etag }))
}

function digests(random: Choices): Fields {
  return {
    ...some(random, 0.6, { md5: random.pick(random.chance(0.8) ? [MD5, BAD_MD5] : DIGESTS) }),
    ...some(random, 0.8, { sha256: random.chance(0.9) ? SHA256 : random.pick(DIGESTS) }),
  }
}

/** Fields of other ops, and values of other kinds. */
function noise(random: Choices, pool: Pool): Fields {
  return random.pick([
    { grant: anyGrant(random, pool) },
    { key: randomKey(random, pool), uploadId: 'upload-1', bucket: 'other' },
    { batch: random.pick(NAMES) },
    { nonce: random.pick(NAMES), again: true },
    { md5: random.pick(DIGESTS), sha256: random.pick(DIGESTS) },
    { meta: { album: random.pick(NAMES) }, form: true },
    { expiresIn: random.pick([0, 1, 1e9]), user: 'bob', prefix: 'users/bob/', size: 1 },
    { url: 'https://evil.test/', method: 'DELETE', headers: { Host: 'evil.test' } },
  ])
}

function randomKey(random: Choices, { own, foreign }: Pool): string {
  const all = [...own.slice(-5), ...foreign.slice(-5)]
  return all.length > 0 && random.chance(0.6) ? random.pick(all).key : random.pick(KEYS)
}

/** One of the last grants of a kind, if there is one: work on these is still under way. */
export function pickOwn(
  random: Choices,
  { own }: Pool,
  kind: Granted['kind'],
): Granted | undefined {
  const found: Granted[] = []
  for (let at = own.length - 1; at >= 0 && found.length < 6; at -= 1) {
    const granted = own[at]
    if (granted?.kind === kind) found.push(granted)
  }
  return found.length === 0 ? undefined : random.pick(found)
}

/** A grant of any kind and owner, or what looks like one. */
export function anyGrant(random: Choices, { own, foreign }: Pool): unknown {
  if (own.length > 0 && random.chance(0.3)) return random.pick(own).text
  if (foreign.length > 0 && random.chance(0.5)) return random.pick(foreign).text
  const one = () => random.pick([...own.slice(-3), ...foreign.slice(-3), NO_GRANT]).text
  return random.pick(forgeries(random, one(), one()))
}

const NO_GRANT = { text: 'e30.AAAA' }

/** Grants that are cut, changed, or put together from two. */
export function forgeries(random: Choices, one: string, other: string): unknown[] {
  const [payload = '', mac = ''] = one.split('.')
  const [otherPayload = '', otherMac = ''] = other.split('.')
  const at = random.below(payload.length)
  const changed = payload[at] === 'A' ? 'B' : 'A'
  return [
    one.slice(0, random.below(one.length)),
    `${payload.slice(0, at)}${changed}${payload.slice(at + 1)}.${mac}`,
    `${otherPayload}x.${mac}`,
    `${payload}.${'A'.repeat(43)}`,
    `${payload}.`,
    `.${otherMac}`,
    `${one}.${mac}`,
    `${one} `,
    btoa(JSON.stringify({ purpose: 'file', key: 'users/bob/a', user: 'ann', expires: 1e11 })),
    '',
    '.',
    random.pick(NAMES),
  ]
}

function some(random: Choices, share: number, fields: Fields): Fields {
  return random.chance(share) ? fields : {}
}

/** Puts something else in a random place of a message. */
export function spoil(random: Choices, message: unknown): unknown {
  if (typeof message !== 'object' || message === null || random.chance(0.1)) {
    return random.pick(VALUES)
  }
  const copy: unknown = Array.isArray(message) ? [...message] : { ...message }
  const names = Object.keys(message)
  const name = random.chance(0.1)
    ? random.pick(['__proto__', 'constructor', 'x'])
    : random.pick(names)
  if (name === undefined) return random.pick(VALUES)
  const value = spoil(random, (message as Fields)[name])
  Object.defineProperty(copy, name, { value, enumerable: true, configurable: true, writable: true })
  return copy
}
