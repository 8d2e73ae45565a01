import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  checkKey,
  cleanName,
  cleanPath,
  encodeKey,
  encodeRfc3986,
  lastSegment,
} from '../../../src/server/keys/key.ts'
import { contentDisposition, downloadName } from '../../../src/server/links/disposition.ts'
import { splitExtension } from '../../../src/util/utf8.ts'
import { putRequest, startSigner } from '../../support/signer/signer-server.ts'

/** What a hostile or careless client names a file, and the end of the key that it gets. */
const NAMES: [name: string, cleaned: string][] = [
  ['../../etc/passwd', 'passwd'],
  ['..\\..\\boot.ini', 'boot.ini'],
  ['..', 'file'],
  ['', 'file'],
  ['/', 'file'],
  ['a "quoted" name.txt', 'a-quoted-name.txt'],
  ["it's.txt", 'it-s.txt'],
  ['😀.png', 'file.png'],
  ['❤️ love ❤️.png', 'love.png'],
  ['invoice\u202Egpj.exe', 'invoice-gpj.exe'],
  ['a\u0000b\u0007c\nd.txt', 'a-b-c-d.txt'],
  ['half\uD800pair.txt', 'half-pair.txt'],
  ['<img src=x onerror=alert(1)>.png', 'img-src-x-onerror-alert-1.png'],
  ['%2e%2e%2fx', '2e-2e-2fx'],
  ['.htaccess', 'htaccess'],
  ['...', 'file'],
  ['name.', 'name'],
  ['name.a.--..', 'name.a'],
  ['.-.-hidden', 'hidden'],
  ['a - b -- c.tar.gz', 'a-b-c.tar.gz'],
  ['e\u0301te\u0301.jpg', 'été.jpg'],
  ['हिन्दी.pdf', 'हिन्दी.pdf'],
  ['写真 2026.jpg', '写真-2026.jpg'],
  ['under_score.JPG', 'under_score.JPG'],
  ['?query#hash&x=1.txt', 'query-hash-x-1.txt'],
  ['\u3164\u200D\u2066.txt', 'file.txt'],
]

/** All texts of so many pieces, and of fewer. */
function words(pieces: string[], most: number): string[] {
  if (most === 0) return ['']
  const shorter = words(pieces, most - 1)
  return [...new Set([...shorter, ...shorter.flatMap((word) => pieces.map((each) => word + each))])]
}

describe('a file name in a key', () => {
  for (const [name, cleaned] of NAMES) {
    it(`${JSON.stringify(name)} becomes ${cleaned}`, () => assert.equal(cleanName(name), cleaned))
  }

  it('has at most 120 bytes, whole characters, and its extension', () => {
    assert.equal(cleanName(`${'a'.repeat(300)}.jpeg`), `${'a'.repeat(115)}.jpeg`)
    assert.equal(cleanName(`${'中'.repeat(300)}.jpeg`), `${'中'.repeat(38)}.jpeg`)
    assert.equal(cleanName(`${'𠀀'.repeat(300)}`), '𠀀'.repeat(30))
    assert.equal(cleanName(`a.${'b'.repeat(300)}`), `a.${'b'.repeat(118)}`)
  })

  it('has its extension told apart by its last dot', () => {
    for (const [name, stem, extension] of [
      ['photo.jpg', 'photo', '.jpg'],
      ['a.b', 'a', '.b'],
      ['archive.tar.gz', 'archive.tar', '.gz'],
      ['.htaccess', '.htaccess', ''],
      ['name.', 'name.', ''],
      ['name', 'name', ''],
      ['', '', ''],
      [`a.${'x'.repeat(19)}`, 'a', `.${'x'.repeat(19)}`],
      [`a.${'x'.repeat(20)}`, `a.${'x'.repeat(20)}`, ''],
      [`a.x${'é'.repeat(9)}`, 'a', `.x${'é'.repeat(9)}`],
      [`a.xx${'é'.repeat(9)}`, `a.xx${'é'.repeat(9)}`, ''],
    ] as const) {
      assert.deepEqual(splitExtension(name), [stem, extension])
    }
  })

  it('is looked at by its first 1,000 characters and its last 24', () => {
    assert.equal(lastSegment(`${'a'.repeat(1024)}`), 'a'.repeat(1024))
    const long = `${'a'.repeat(1000)}${'b'.repeat(100)}${'c'.repeat(24)}`
    assert.equal(lastSegment(`folder/${long}//`), `${'a'.repeat(1000)}${'c'.repeat(24)}`)
    assert.equal(lastSegment('///'), '')
    assert.equal(lastSegment('a\\b/'), 'b')
  })

  it('stays as it is when it is cleaned again', () => {
    for (const [name] of NAMES) assert.equal(cleanName(cleanName(name)), cleanName(name))
  })

  it('is cleaned by the same rules, whether or not all of it is ASCII', () => {
    for (const name of words(['a', 'Z9', '_', '.', '-', ' ', '~(', '\n', '\u007F', '.jpg'], 4)) {
      const pairs = [
        [`e${name}`, `é${name}`],
        [`${name}e`, `${name}é`],
      ]
      for (const [ascii = '', other = ''] of pairs) {
        assert.equal(cleanName(ascii), cleanName(other).replace('é', 'e'), JSON.stringify(ascii))
      }
    }
  })

  it('is cut at both ends before anything is looked for in it', () => {
    const long = `${'x'.repeat(2000)}${'\u0301\u0316'.repeat(5000)}.jpeg`
    assert.equal(cleanName(long), `${'x'.repeat(115)}.jpeg`)
    assert.equal(cleanName(`${'😀'.repeat(5000)}.png`), 'file.png')
    assert.equal(cleanName(`a${'/'.repeat(5000)}b.txt${'\\'.repeat(5000)}`), 'b.txt')
  })

  it('keeps a path that is too long for a key too long', () => {
    const path = cleanPath('ab/'.repeat(100_000))
    assert.ok(path.startsWith('ab/ab/'))
    assert.throws(() => checkKey(path), { code: 'invalid-key' })
    assert.equal(cleanPath(`${'../'.repeat(100_000)}a.txt`), 'a.txt')
  })

  it('keeps the folders of a path, and none that climb', () => {
    assert.equal(cleanPath('../my pets/./cats/../a b.jpg'), 'my-pets/cats/a-b.jpg')
    assert.equal(cleanPath('a\\b//c'), 'a/b/c')
    assert.equal(cleanPath('../..'), 'file')
  })

  it('comes out of a signer in a key that URL parsers leave alone', async (test) => {
    const signer = await startSigner(test)
    const names = [...NAMES.map(([name]) => name), 'x'.repeat(300), 'twin.txt', 'twin.txt']
    const responses = await signer.call(
      names.map((name, index) => putRequest(`${index}`, { name })),
    )
    for (const { key = '', url = '', downloadUrl = '' } of responses) {
      checkKey(key)
      assert.equal(new URL(url).pathname, `/photos/${encodeKey(key)}`)
      assert.equal(new URL(downloadUrl).pathname, `/photos/${encodeKey(key)}`)
      assert.ok(downloadUrl.length < 4096)
    }
    const [one, other] = responses.slice(-2)
    assert.ok(one?.key?.endsWith('/twin.txt') && other?.key?.endsWith('/twin.txt'))
    assert.notEqual(one?.key, other?.key)
  })
})

describe('a path in a key, with keepPaths', () => {
  /** The keys of files that are added together, without what all of them begin with. */
  async function keysOf(test: Parameters<typeof startSigner>[0], paths: string[]) {
    const authorize = () => ({ user: '7', prefix: 'u/7' })
    const signer = await startSigner(test, { keepPaths: true, authorize })
    const responses = await signer.call(
      paths.map((path, index) =>
        putRequest(`${index}`, { name: path.split('/').at(-1), path }, { batch: '5f'.repeat(16) }),
      ),
    )
    assert.ok(responses.every(({ key }) => key))
    const keys = responses.map(({ key = '' }) => /^(u\/7\/[^/]+\/)(.*)$/.exec(key) ?? [])
    assert.equal(new Set(keys.map(([, start]) => start)).size, 1, 'one folder for all')
    return keys.map(([, , path = '']) => path)
  }

  it('is kept', async (test) => {
    const paths = ['archive/a.txt', 'archive/2026/a.txt', 'b.txt']
    assert.deepEqual(await keysOf(test, paths), paths)
  })

  it('leads nowhere else, and makes no two files one', async (test) => {
    const keys = await keysOf(test, [
      '../../x/a.txt',
      'x/a.txt',
      'x/a?.txt',
      'x/a#.txt',
      '/x/a.txt',
    ])
    assert.equal(new Set(keys).size, keys.length)
    for (const key of keys) assert.match(key, /^x\/(?:[^/]+\/)?[\w-]+(?:\.txt)?[\w.-]*$/)
    assert.equal(keys[1], 'x/a.txt')
  })

  it('is no key where it could be one of another user', async (test) => {
    const [key] = await keysOf(test, ['../8/a.txt'])
    assert.doesNotMatch(key ?? '', /\.\./)
  })
})

describe('a key', () => {
  const refused = [
    '',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    'a/../b',
    'a/./b',
    'a\u0000',
    'a\u007F',
    'a\u0085',
    '\uD800',
    'é'.repeat(513),
  ]
  for (const key of refused) {
    it(`is refused when it is ${JSON.stringify(key.slice(0, 20))}`, () => {
      assert.throws(() => checkKey(key), { name: 'SignerError', code: 'invalid-key' })
    })
  }

  for (const key of ['a', 'a/b', '...', 'a/..b', '%2e%2e/a', ' ', '😀', 'é'.repeat(512)]) {
    it(`may be ${JSON.stringify(key.slice(0, 20))}`, () => checkKey(key))
  }

  it('has at most 1,024 bytes, and is a text', () => {
    for (const letter of ['a', 'é', '😀']) {
      const size = Buffer.byteLength(letter)
      checkKey(letter.repeat(1024 / size))
      const code = { code: 'invalid-key' }
      assert.throws(() => checkKey(`${letter.repeat(1024 / size)}a`), code)
    }
    for (const key of [undefined, null, 7, {}, ['a']]) {
      assert.throws(() => checkKey(key as never), { code: 'invalid-key' })
    }
  })

  it('is percent-encoded by RFC 3986, except for its slashes', () => {
    assert.equal(encodeKey("a b/+%?#~'()*!é"), 'a%20b/%2B%25%3F%23~%27%28%29%2A%21%C3%A9')
    assert.equal(encodeKey('a%2Fb/c'), 'a%252Fb/c')
    assert.equal(encodeKey('Plain/key_1.2-3~4.txt'), 'Plain/key_1.2-3~4.txt')
  })

  it('has each character of ASCII encoded unless it is unreserved', () => {
    for (let code = 0; code < 128; code += 1) {
      const character = String.fromCharCode(code)
      const digits = code.toString(16).toUpperCase().padStart(2, '0')
      const expected = /[\w.~-]/.test(character) ? character : `%${digits}`
      assert.equal(encodeRfc3986(character), expected)
      assert.equal(encodeRfc3986(`é${character}`), `%C3%A9${expected}`)
      const inKey = character === '/' ? '/' : expected
      assert.equal(encodeKey(character), inKey)
      assert.equal(encodeKey(character.repeat(3)), inKey.repeat(3))
    }
  })

  it('has half a surrogate pair encoded as UTF-8 has it', () => {
    assert.equal(encodeRfc3986('a\uD800b😀\uDC00'), 'a%EF%BF%BDb%F0%9F%98%80%EF%BF%BD')
  })
})

describe('the name under which a file is saved', () => {
  it('is quoted so that no name can add a parameter', () => {
    assert.equal(
      contentDisposition('attachment', 'a"; x="b.txt'),
      `attachment; filename="a_; x=_b.txt"; filename*=UTF-8''a%22%3B%20x%3D%22b.txt`,
    )
  })

  it('has no control characters, bidi overrides, half characters or folders', () => {
    assert.equal(downloadName('../a\r\nSet-Cookie: b\u202Egpj\uDC00.exe'), 'aSet-Cookie: bgpj.exe')
    assert.equal(downloadName('\u0000'), 'file')
  })

  it('encodes what RFC 8187 does not allow', () => {
    assert.match(contentDisposition('inline', "it's (1)*.txt"), /UTF-8''it%27s%20%281%29%2A\.txt$/)
  })

  it('is the same, whether or not it needs to be looked at', () => {
    for (const name of ['a', '_', 'cat.jpg', 'a-b.c_d.tar.gz', `${'a'.repeat(116)}.txt`]) {
      assert.equal(downloadName(name), name)
      assert.equal(downloadName(`é${name}`), `é${name}`)
      assert.equal(
        contentDisposition('inline', name),
        `inline; filename="${name}"; filename*=UTF-8''${name}`,
      )
    }
  })

  it('is cut to 180 bytes and keeps its extension', () => {
    assert.equal(downloadName(`${'é'.repeat(300)}.jpeg`), `${'é'.repeat(80)}.jpeg`)
  })
})
