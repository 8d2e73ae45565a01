/** Requests as an attacker would write them: well-formed, nearly so, or not at all. */
import type { Choices } from './random.ts'

/** A request for one op, and whether a signer must refuse it whatever else is in it. */
export interface Asked {
  request: Record<string, unknown>
  /** It has a grant that this caller must not use. */
  forged: boolean
}

/** What is known of grants: those of the caller, and those of others or of other times. */
export interface Pool {
  own: string[]
  foreign: string[]
}

const OPS = ['put', 'create', 'part', 'parts', 'complete', 'abort', 'link']
const OTHER_OPS = ['delete', 'toString', '__proto__', 'constructor', '', 'PUT', 'put ', 'ｐｕｔ']

const NAMES = [
  'cat.jpg',
  '../../users/bob/secret.txt',
  '..',
  '.',
  '',
  '/',
  '//',
  'a//b',
  '/etc/passwd',
  '..\\..\\x',
  '%2e%2e%2fx',
  '%252e%252e/x',
  'a/../../b',
  'a/./b',
  'x\u0000.txt',
  'x\r\nSet-Cookie: a=b',
  '\u202Egnp.exe',
  '\ud800.txt',
  '日本語 ファイル.txt',
  'e\u0301.txt',
  '🧑‍🚀.png',
  '__proto__',
  'a?b#c&d=e+f%',
  '<script>alert(1)</script>',
  '"><img src=x>',
  'x'.repeat(1024),
  'ü'.repeat(600),
  `${'a/'.repeat(400)}b`,
  'users/bob/x',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: S3 replaces it in the key of a form
  '${filename}',
]

const KEYS = [
  'users/ann/a',
  'users/bob/a',
  'users/',
  'users/ann',
  'users/annx/a',
  'users/ann/../bob/a',
  '',
  ...NAMES,
]

const VALUES: unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  9_007_199_254_740_991,
  9_007_199_254_740_992,
  '',
  '1',
  'x',
  [],
  [null],
  [[[]]],
  {},
  { toString: 1 },
  { length: 1e9 },
  JSON.parse('{"then":"x"}'),
  JSON.parse('{"__proto__":{"op":"put","admin":true}}'),
  ...NAMES,
]

const DIGESTS = [
  'XUFAKrxLKna5cZ2REBfFkg==',
  '',
  'x',
  'AAAAAA==',
  'a\r\nb',
  'A'.repeat(44),
  '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
]
const TYPES = [
  'image/jpeg',
  '',
  'text/html',
  'text/html\r\nX: y',
  'a/b; c="d"',
  'x'.repeat(300),
  'IMAGE/PNG',
  '*/*',
  'ü/x',
]
const BAD_NUMBERS = [0, 10_001, -1, 1.5]
const SIZES = [0, 1, 5, 48_211, 5e9, 5e9 + 1, 6e12]

/** One request, mostly well-formed. */
export function randomRequest(random: Choices, pool: Pool, id: string): Asked {
  const op = random.chance(0.95) ? random.pick(OPS) : random.pick(OTHER_OPS)
  const { grant, forged } = randomGrant(random, pool)
  const file = { name: random.pick(NAMES), size: random.pick(SIZES), type: random.pick(TYPES) }
  const some = (share: number, fields: object) => (random.chance(share) ? fields : {})
  const needsGrant = ['part', 'parts', 'complete', 'abort'].includes(op)
  const hasGrant = needsGrant || random.chance(op === 'link' ? 0.6 : 0.2)
  const request = {
    id,
    op,
    ...(op === 'put' || op === 'create' ? { file } : {}),
    ...some(0.3, { file: { ...file, path: random.pick(NAMES) } }),
    ...(hasGrant ? { grant } : {}),
    ...some(0.3, { key: random.pick(KEYS), uploadId: 'other', bucket: 'other' }),
    ...some(0.9, {
      partNumber: random.pick(random.chance(0.03) ? BAD_NUMBERS : [1, 2, 10_000]),
      size: random.pick(SIZES),
    }),
    ...some(0.3, { md5: random.pick(DIGESTS) }),
    ...some(0.6, { sha256: random.pick(DIGESTS) }),
    ...some(0.3, { form: true }),
    ...some(0.2, { meta: { album: random.pick(NAMES), ...some(0.3, { ['__proto__']: 'x' }) } }),
    ...some(0.2, { batch: random.pick(['b'.repeat(16), 'short', ...NAMES]) }),
    ...some(0.2, { nonce: random.pick(['n'.repeat(16), ...NAMES]), again: true }),
    ...some(0.2, { after: random.pick([0, 1, 1000, 1e9]) }),
    ...some(0.2, {
      parts: [{ partNumber: 1, etag: random.pick(['"a"', '<x>&', '', 'a\nb', ...DIGESTS]) }],
    }),
    ...some(0.2, { digests: [{ md5: random.pick(DIGESTS) }] }),
    ...some(0.4, { expiresIn: random.pick([0, 1, 60, 604_800, 1e9]) }),
    ...some(0.3, {
      disposition: random.pick(random.chance(0.05) ? ['x', '\r\n'] : ['inline', 'attachment']),
    }),
  }
  // What the op does not read cannot make it refuse.
  const counts = hasGrant && op !== 'create' && OPS.includes(op)
  return { request, forged: forged && counts }
}

function randomGrant(random: Choices, { own, foreign }: Pool): { grant: unknown; forged: boolean } {
  const known = own.length > 0 && random.chance(0.5)
  if (known) return { grant: random.pick(own), forged: false }
  if (foreign.length > 0 && random.chance(0.4)) return { grant: random.pick(foreign), forged: true }
  const base = random.pick([...own, ...foreign, 'e30.AAAA'])
  const [payload = '', mac = ''] = base.split('.')
  const [otherPayload = '', otherMac = ''] = random
    .pick([...own, ...foreign, 'e30.AAAA'])
    .split('.')
  const at = random.below(payload.length)
  const changed = payload[at] === 'A' ? 'B' : 'A'
  const grant = random.pick([
    base.slice(0, random.below(base.length)),
    `${payload.slice(0, at)}${changed}${payload.slice(at + 1)}.${mac}`,
    `${otherPayload}x.${mac}`,
    `${payload}.${'A'.repeat(43)}`,
    `${payload}.`,
    `.${otherMac}`,
    `${base}.${mac}`,
    `${base} `,
    btoa(JSON.stringify({ purpose: 'file', key: 'users/bob/a', user: 'ann', expires: 1e11 })),
    '',
    '.',
    random.pick(NAMES),
  ])
  return { grant, forged: true }
}

/** Puts something else in a random place of a message. */
export function spoil(random: Choices, message: unknown): unknown {
  if (typeof message !== 'object' || message === null || random.chance(0.15)) {
    return random.pick(VALUES)
  }
  const copy: unknown = Array.isArray(message) ? [...message] : { ...message }
  const names = Object.keys(message)
  const name = random.chance(0.1)
    ? random.pick(['__proto__', 'constructor', 'x'])
    : random.pick(names)
  if (name === undefined) return random.pick(VALUES)
  const value = spoil(random, (message as Record<string, unknown>)[name])
  Object.defineProperty(copy, name, { value, enumerable: true, configurable: true, writable: true })
  return copy
}

/** A body that is far too large, too deep, or no message at all. */
export function monstrousBody(random: Choices): string {
  const wrap = (requests: string) => `{"version":1,"requests":${requests}}`
  return random.pick([
    () => wrap(`[${Array(100_000).fill('{}').join(',')}]`),
    () =>
      wrap(`[${Array.from({ length: 20_000 }, (_, id) => `{"id":"${id}","op":"x"}`).join(',')}]`),
    () => wrap(`[{"id":"1","op":"put","file":{"name":"${'x'.repeat(10_000_000)}","size":1}}]`),
    () => wrap(`${'['.repeat(200_000)}${']'.repeat(200_000)}`),
    () => wrap(`[{"id":"1","op":"put","meta":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}]`),
    () => 'x'.repeat(10_000_000),
  ])()
}

/** A short body that is no message. */
export function brokenBody(random: Choices, whole: string): string {
  return random.pick([
    '',
    'null',
    '[]',
    '{}',
    '{"version":1}',
    '{"version":2,"requests":[]}',
    '{"version":"1","requests":[]}',
    '{"__proto__":{"version":1,"requests":[]}}',
    '\ufeff{"version":1,"requests":[]}',
    whole.slice(0, random.below(whole.length)),
    whole.replaceAll('"', "'"),
    `${whole}${whole}`,
    '\u0000'.repeat(100),
  ])
}
