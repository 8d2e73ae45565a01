import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from './hex.ts'
import { isAscii } from './utf8.ts'

export { toHex }

const encoder = new TextEncoder()
/** Short texts are encoded in here, and hashed before the next one is. */
const room = new Uint8Array(8192)

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const STANDARD = [...`${BASE64}+/`]
const URL_SAFE = [...`${BASE64}-_`]
/** The value of each digit of either alphabet, by its character code. */
const VALUES = new Uint8Array(128)
for (const digits of [STANDARD, URL_SAFE]) {
  for (const [value, digit] of digits.entries()) VALUES[digit.charCodeAt(0)] = value
}

/** Computes the HMAC-SHA-256 of texts under one secret. */
export type Mac = (text: string) => Uint8Array<ArrayBuffer>

/** UTF-8. Half a surrogate pair becomes U+FFFD. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

const nothing = sha256.create()
/** Used again for each hash: to make one takes as long as to hash two blocks. */
const hash = nothing.clone()
const digest = new Uint8Array(32)

/** SHA-256 of a text, in hexadecimal. */
export function sha256Hex(text: string): string {
  nothing._cloneInto(hash).update(briefly(text)).digestInto(digest)
  return toHex(digest)
}

/** SHA-256 of a text, in base64. */
export function sha256Base64(text: string): string {
  nothing._cloneInto(hash).update(briefly(text)).digestInto(digest)
  return toBase64(digest)
}

/**
 * Reads a secret once, for any number of texts: what HMAC does with the secret is half of the work
 * for a short text.
 */
export function createMac(secret: Uint8Array): Mac {
  const start = hmac.create(sha256, secret)
  const state = start.clone()
  return (text) => {
    const mac = new Uint8Array(32)
    start._cloneInto(state).update(briefly(text)).digestInto(mac)
    return mac
  }
}

/** Whether two lists of bytes are the same, in a time that does not tell where they differ. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false
  let difference = 0
  for (let at = 0; at < one.length; at += 1) difference |= (one[at] ?? 0) ^ (other[at] ?? 0)
  return difference === 0
}

/** Base64 with "+", "/" and padding: RFC 4648, section 4. */
export function toBase64(bytes: Uint8Array): string {
  const text = encode(bytes, STANDARD)
  return text + '='.repeat((4 - (text.length % 4)) % 4)
}

/** Base64 with "-" and "_", without padding: RFC 4648, section 5. */
export function toBase64url(bytes: Uint8Array): string {
  return encode(bytes, URL_SAFE)
}

/** A text in UTF-8, as {@link toBase64} writes it. */
export function base64Of(text: string): string {
  return isAscii(text) ? btoa(text) : toBase64(utf8(text))
}

/** A text in UTF-8, as {@link toBase64url} writes it. */
export function base64urlOf(text: string): string {
  if (!isAscii(text)) return toBase64url(utf8(text))
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/**
 * Reads what {@link toBase64url} wrote.
 *
 * @param text letters, digits, "-" and "_" only: what else it has is read as something
 */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  for (let at = 0, from = 0; at < bytes.length; at += 3, from += 4) {
    const four =
      (valueAt(text, from) << 18) |
      (valueAt(text, from + 1) << 12) |
      (valueAt(text, from + 2) << 6) |
      valueAt(text, from + 3)
    bytes[at] = four >> 16
    bytes[at + 1] = four >> 8
    bytes[at + 2] = four
  }
  return bytes
}

/** UTF-8 that is valid until the next call. */
function briefly(text: string): Uint8Array {
  // A UTF-16 unit takes three bytes at most.
  if (text.length * 3 > room.length) return utf8(text)
  return room.subarray(0, encoder.encodeInto(text, room).written)
}

/** Base64 without padding. */
function encode(bytes: Uint8Array, digits: readonly string[]): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    text += digits[three >> 18]
    text += digits[(three >> 12) & 63]
    if (at + 1 < bytes.length) text += digits[(three >> 6) & 63]
    if (at + 2 < bytes.length) text += digits[three & 63]
  }
  return text
}

function valueAt(text: string, at: number): number {
  return VALUES[text.charCodeAt(at)] ?? 0
}
