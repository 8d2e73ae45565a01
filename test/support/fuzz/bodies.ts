/** Bodies that are too long, or no call at all, and texts that are long in each field. */
import type { Choices } from './random.ts'
import { MD5, SHA256 } from './texts.ts'

/** Makes a body of about so many bytes. */
export type LongBody = (length: number, grant: string) => string

const fill = (text: string, length: number) =>
  text.repeat(Math.ceil(length / Buffer.byteLength(text)))
const call = (...requests: object[]) =>
  JSON.stringify({ version: 1, requests: requests.map((each, id) => ({ id: `${id}`, ...each })) })

const FILE = { name: 'a.txt', size: 5, type: 'text/plain' }
const DIGESTS = { md5: MD5, sha256: SHA256 }

/** As many requests as fit into a body, each of a size that is allowed. */
function many(length: number, make: (index: number) => object): string {
  const size = JSON.stringify({ id: '999', ...make(999) }).length + 1
  const count = Math.min(1000, Math.max(1, Math.floor((length - 30) / size)))
  return call(...Array.from({ length: count }, (_, index) => make(index)))
}

const NAMED: Record<string, string> = {
  dots: '.',
  'dots and letters': '.a',
  hyphens: '-',
  spaces: ' ',
  slashes: '/',
  backslashes: '\\',
  marks: '\u0301',
  'letters with marks': 'e\u0301',
  'half pairs': '\ud800',
  'right to left': '\u202e',
  percent: '%2e',
  digits: '-0123456789ab',
}

const PATHS: Record<string, string> = {
  folders: 'a/',
  'dot folders': './',
  climbing: '../',
  'dots in folders': '...a/',
  letters: 'ä',
}

const TYPES: Record<string, string> = {
  parameters: '; a=b',
  spaces: ' ',
  letters: 'x',
  semicolons: ';',
  slashes: 'a/b',
}

const put = (file: object, more: object = {}) => ({
  op: 'put',
  file: { ...FILE, ...file },
  ...more,
})

/** One text as long as the body, in each field that has one. */
const FIELDS: Record<string, LongBody> = {
  'meta of many names': (length) =>
    call(put({}, { meta: Object.fromEntries(count(length / 12, (at) => [`n${at}`, 'v'])) })),
  'meta name': (length) => call(put({}, { meta: { [fill('n', length)]: 'v' } })),
  'meta value': (length) => call(put({}, { meta: { album: fill('ü ', length) } })),
  nonce: (length) => call({ op: 'create', file: FILE, nonce: fill('n', length) }),
  batch: (length) => call(put({}, { batch: fill('b', length) })),
  md5: (length) => call(put({}, { md5: fill('A', length) })),
  sha256: (length, grant) =>
    call(put({}, { sha256: fill('=', length) }), { op: 'part', grant, partNumber: 1, md5: '' }),
  grant: (length) => call({ op: 'link', grant: fill('A', length) }),
  'grant of dots': (length) => call({ op: 'complete', grant: fill('A.', length) }),
  'grant with a long beginning': (length, grant) =>
    call({ op: 'part', grant: `${fill('e', length)}.${grant.split('.')[1]}`, partNumber: 1 }),
  'key of folders': (length) => call({ op: 'link', key: `users/ann/${fill('a/', length)}` }),
  'key of dots': (length) => call({ op: 'link', key: fill('.', length), disposition: 'inline' }),
  etag: (length, grant) =>
    call({ op: 'complete', grant, parts: [{ partNumber: 1, etag: fill('"', length) }] }),
  etags: (length, grant) => {
    const parts = count(length / 40, (at) => ({ partNumber: at + 1, etag: '"a"' }))
    return call({ op: 'complete', grant, parts })
  },
  digests: (length, grant) =>
    call({ op: 'complete', grant, digests: count(length / 36, () => ({ md5: MD5 })) }),
  'nested parts': (length, grant) =>
    `{"version":1,"requests":[{"id":"1","op":"complete","grant":"${grant}","parts":${'['.repeat(length / 2)}${']'.repeat(length / 2)}}]}`,
  'nested meta': (length) =>
    `{"version":1,"requests":[{"id":"1","op":"put","meta":${'{"a":'.repeat(length / 6)}1${'}'.repeat(length / 6)}}]}`,
  id: (length) => call({ ...put({}), id: fill('i', length) }),
  op: (length) => call({ op: fill('o', length) }),
  'unknown field': (length) => call(put({}, { extra: fill('x', length) })),
  'unknown fields': (length) =>
    call(put({}, Object.fromEntries(count(length / 12, (at) => [`x${at}`, at])))),
  disposition: (length, grant) => call({ op: 'link', grant, disposition: fill('i', length) }),
  number: (length) => call(put({})).replace('"size":5', `"size":${fill('9', length)}`),
}

/** Many requests, each of the longest texts that are allowed. */
const FULL: Record<string, LongBody> = {
  'many puts': (length) => many(length, (at) => put({ name: `picture ${at}.jpg` }, DIGESTS)),
  'many forms': (length) => many(length, (at) => put({ name: `${at}.jpg` }, { form: true })),
  'many names of dots': (length) => many(length, () => put({ name: `a${'.'.repeat(1000)}b` })),
  'many names of marks': (length) => many(length, () => put({ name: 'e\u0301'.repeat(500) })),
  'many paths': (length) => many(length, () => put({ path: 'ä b/'.repeat(1000) })),
  'many metas': (length) => {
    const meta = Object.fromEntries(count(60, (at) => [`n${at}`, 'v '.repeat(50)]))
    return many(length, () => put({}, { meta }))
  },
  'many types': (length) => many(length, () => put({ type: `a/b${'; a=b'.repeat(50)}` })),
  'many creates': (length) =>
    many(length, (at) => ({ op: 'create', file: FILE, nonce: `nonce-number-${at}` })),
  'many parts': (length, grant) =>
    many(length, (at) => ({ op: 'part', grant, partNumber: at + 1, ...DIGESTS })),
  'many lists': (length, grant) => many(length, (at) => ({ op: 'parts', grant, after: at })),
  'many completes': (length, grant) =>
    many(length, (at) => ({ op: 'complete', grant, digests: [{ md5: `${at}` }] })),
  'many forged grants': (length, grant) =>
    many(length, (at) => ({
      op: 'link',
      grant: `${'A'.repeat(8000)}${at}.${grant.split('.')[1]}`,
    })),
  'many links': (length) =>
    many(length, (at) => ({ op: 'link', key: `users/ann/${at}`, disposition: 'inline' })),
  'many long keys': (length) =>
    many(length, (at) => ({ op: 'link', key: `users/ann/${'é/'.repeat(450)}${at}` })),
  'many unknown ops': (length) => many(length, () => ({ op: 'x' })),
}

function count<T>(length: number, make: (at: number) => T): T[] {
  return Array.from({ length: Math.max(1, Math.floor(length)) }, (_, at) => make(at))
}

function each(texts: Record<string, string>, what: string, make: (text: string) => object) {
  return Object.entries(texts).map(([name, text]): [string, LongBody] => [
    `${what} of ${name}`,
    (length) => call(put(make(fill(text, length)))),
  ])
}

/** Long bodies by what is long in them. */
export const LONG_BODIES: readonly (readonly [name: string, make: LongBody])[] = [
  ...each(NAMED, 'name', (text) => ({ name: `a${text}b.txt` })),
  ...each(NAMED, 'extension', (text) => ({ name: `a.${text}` })),
  ...each({ ...NAMED, ...PATHS }, 'path', (path) => ({ path: `a/${path}/b.txt` })),
  ...each(TYPES, 'type', (text) => ({ type: `text/plain${text}` })),
  ...Object.entries(FIELDS),
  ...Object.entries(FULL),
]

/** A body that is far too large, too deep, or no message at all. */
export const MONSTROUS: readonly (() => string)[] = [
  () => wrap(`[${Array(100_000).fill('{}').join(',')}]`),
  () => wrap(`[${count(20_000, (id) => `{"id":"${id}","op":"x"}`).join(',')}]`),
  () => wrap(`[{"id":"1","op":"put","file":{"name":"${'x'.repeat(10_000_000)}","size":1}}]`),
  () => wrap(`${'['.repeat(200_000)}${']'.repeat(200_000)}`),
  () => 'x'.repeat(10_000_000),
  () => `[${fill(' ', 900_000)}]`,
]

function wrap(requests: string): string {
  return `{"version":1,"requests":${requests}}`
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
