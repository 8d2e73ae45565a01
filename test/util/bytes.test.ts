import assert from 'node:assert/strict'
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import {
  base64Of,
  base64urlOf,
  createMac,
  fromBase64url,
  sameBytes,
  sha256Hex,
  toBase64,
  toBase64url,
  toHex,
  utf8,
} from '../../src/util/bytes.ts'

/** Texts around the lengths of a block, of what is encoded in one place, and beyond; in any script. */
const TEXTS = [0, 1, 55, 56, 63, 64, 65, 119, 128, 2730, 2731, 8191, 8192, 8193, 30_000].flatMap(
  (length) => ['a', 'é', '中', '😀', '\uD800'].map((letter) => letter.repeat(length)),
)

describe('hashes', () => {
  it('are those of Node.js, for texts of any length', () => {
    for (const text of TEXTS) {
      assert.equal(sha256Hex(text), createHash('sha256').update(text).digest('hex'))
    }
  })

  it('are those of Node.js under secrets of any length', () => {
    for (const length of [0, 1, 32, 63, 64, 65, 200]) {
      const secret = randomBytes(length)
      const mac = createMac(secret)
      for (const text of TEXTS) {
        assert.equal(toHex(mac(text)), createHmac('sha256', secret).update(text).digest('hex'))
      }
    }
  })

  it('stay apart where several secrets are used in turn, and earlier ones are still held', () => {
    const [one, other] = [createMac(utf8('one')), createMac(utf8('other'))]
    const held = [one('a'), other('a'), one('b'), one('a'), other('a')].map(toHex)
    const byNode = (secret: string, text: string) =>
      createHmac('sha256', secret).update(text).digest('hex')
    const [ones, others] = [byNode('one', 'a'), byNode('other', 'a')]
    assert.deepEqual(held, [ones, others, byNode('one', 'b'), ones, others])
    const bytes = one('a')
    other('b')
    one('c')
    assert.equal(toHex(bytes), ones)
  })
})

describe('texts for bytes', () => {
  it('are those of Node.js, for any bytes and any length', () => {
    for (let length = 0; length < 300; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, at) => (at * 7 + length) % 256)
      const buffer = Buffer.from(bytes)
      assert.equal(toHex(bytes), buffer.toString('hex'))
      assert.equal(toBase64(bytes), buffer.toString('base64'))
      assert.equal(toBase64url(bytes), buffer.toString('base64url'))
      assert.deepEqual(fromBase64url(toBase64url(bytes)), bytes)
    }
  })

  it('are those of Node.js, for any text', () => {
    for (const text of [...TEXTS, '>>>???', '~~~ÿÿÿ']) {
      const buffer = Buffer.from(text)
      assert.equal(base64Of(text), buffer.toString('base64'))
      assert.equal(base64urlOf(text), buffer.toString('base64url'))
    }
  })

  it('are read whatever they are', () => {
    for (const text of ['!', '====', 'é€😀é', 'A', 'AA', '\u0000'.repeat(5)]) {
      assert.ok(fromBase64url(text).length < text.length)
    }
  })
})

describe('comparing bytes', () => {
  it('finds each difference, and none where there is none', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, at) => at)
    assert.ok(sameBytes(bytes, bytes.slice()))
    assert.ok(sameBytes(new Uint8Array(0), new Uint8Array(0)))
    for (let at = 0; at < 32; at += 1) {
      for (const bit of [1, 128]) {
        const other = bytes.slice()
        other[at] = (other[at] ?? 0) ^ bit
        assert.ok(!sameBytes(bytes, other))
      }
    }
    assert.ok(!sameBytes(bytes, bytes.slice(0, 31)))
    assert.ok(!sameBytes(new Uint8Array(2), new Uint8Array(1)))
    assert.ok(!sameBytes(new Uint8Array(1), new Uint8Array(2)))
  })
})
