import { byteLength, cutToBytes, isAscii, splitExtension } from '../../util/utf8.ts'
import { SignerError } from '../api/signer-error.ts'

/**
 * The longest object key, in UTF-8 bytes.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
export const MAX_KEY_BYTES = 1024

const MAX_NAME_BYTES = 120

/** Of a longer name only the two ends are read, as no more of it could be kept: UTF-16 units. */
const NAME_START = 1000
const NAME_END = 24

/** A name that cleaning leaves as it is, unless it is too long. Most are like this. */
const PLAIN_NAME = /^\w+(?:[.-]\w+)*$/

/** A key of which there is nothing to say, unless it is too long. Most are like this. */
const PLAIN_KEY = /^[\w~-][\w.~-]*(?:\/[\w~-][\w.~-]*)*$/

/**
 * Makes a file name safe as the last segment of a key, in a URL, a shell or a page: letters and
 * digits of any script stay, as do `.`, `_` and `-`; all else becomes one `-`.
 *
 * @returns at most 120 UTF-8 bytes with the extension kept; "file" when nothing is left
 */
export function cleanName(name: string): string {
  if (isPlainName(name)) return name
  const cleaned = replaceUnsafe(lastSegment(name)).replace(/^\.[.-]*/, '')
  const [stem, extension] = splitExtension(cleaned)
  const end = extension.replace(/[.-]+$/, '')
  return `${trim(cutToBytes(trim(stem), MAX_NAME_BYTES - byteLength(end))) || 'file'}${end}`
}

/** Whether a name is fine as it is, wherever it goes: in a key, in a URL and in a header. */
export function isPlainName(name: string): boolean {
  return name.length <= MAX_NAME_BYTES && PLAIN_NAME.test(name)
}

/** What comes after the last slash of either kind, but for those at the end; of a long one both ends. */
export function lastSegment(name: string): string {
  let end = name.length
  while (end > 0 && isSlash(name, end - 1)) end -= 1
  let start = end
  while (start > 0 && !isSlash(name, start - 1)) start -= 1
  if (end - start <= NAME_START + NAME_END) return name.slice(start, end)
  return name.slice(start, start + NAME_START) + name.slice(end - NAME_END, end)
}

function isSlash(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit === 0x2f || unit === 0x5c
}

function replaceUnsafe(text: string): string {
  if (isAscii(text)) return text.replace(/[^\w.]+/g, '-')
  return (
    text
      .normalize('NFC')
      // Bidi overrides, joiners and variation selectors: invisible, and some count as letters.
      .replace(/\p{Default_Ignorable_Code_Point}+/gu, '-')
      // A mark stays with its letter: many scripts cannot be written without.
      .replace(/([\p{L}\p{N}]\p{M}*|[._])|./gsu, (_, kept?: string) => kept ?? '-')
      .replace(/-+/g, '-')
  )
}

/**
 * Cleans each segment of a path by {@link cleanName}, and drops those that are empty, `.` or `..`.
 *
 * @returns segments joined by `/`; "file" when nothing is left. What comes after the length of the
 *   longest key is left out, so that it still is too long for a key
 */
export function cleanPath(path: string): string {
  let cleaned = ''
  for (let start = 0; start < path.length && cleaned.length <= MAX_KEY_BYTES; ) {
    let end = start
    while (end < path.length && !isSlash(path, end)) end += 1
    const segment = path.slice(start, end)
    if (!/^\.{0,2}$/.test(segment)) cleaned += `${cleaned && '/'}${cleanName(segment)}`
    start = end + 1
  }
  return cleaned || 'file'
}

/**
 * Refuses a key that is not safe in a URL.
 *
 * The URL standard resolves the segments `.` and `..`, and their percent-encoded forms too, so a URL
 * for such a key would name another object than the one that was checked.
 *
 * @see https://url.spec.whatwg.org/#double-dot-path-segment
 * @throws {SignerError} `invalid-key`
 */
export function checkKey(key: string): void {
  const problem = findProblem(key)
  if (problem) throw new SignerError('invalid-key', `The key ${problem}.`)
}

function findProblem(key: string): string | undefined {
  if (typeof key !== 'string' || key === '') return 'is empty'
  if (key.length <= MAX_KEY_BYTES && PLAIN_KEY.test(key)) return undefined
  if (byteLength(key) > MAX_KEY_BYTES) return `is longer than ${MAX_KEY_BYTES} bytes`
  if (/\p{Cc}/u.test(key)) return 'has a control character'
  if (/\p{Cs}/u.test(key)) return 'has half a surrogate pair'
  if (key.startsWith('/')) return 'begins with "/"'
  const segments = key.split('/')
  if (segments.includes('')) return 'has an empty segment'
  if (segments.includes('.') || segments.includes('..')) return 'has a segment "." or ".."'
  return undefined
}

/** Percent-encodes a key for the path of a URL by RFC 3986; the slashes stay. */
export function encodeKey(key: string): string {
  if (/^[\w.~/-]*$/.test(key)) return key
  return encodeRfc3986(key).replaceAll('%2F', '/')
}

/**
 * Percent-encodes all but the unreserved characters of RFC 3986, section 2.3. Half a surrogate pair
 * becomes U+FFFD, as in UTF-8.
 */
export function encodeRfc3986(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text
  return encodeComponent(text).replace(/[!'()*]/g, (character) => RESERVED[character] ?? '')
}

/** What encodeURIComponent leaves as it is, since it is older. */
const RESERVED: Record<string, string> = {
  '!': '%21',
  "'": '%27',
  '(': '%28',
  ')': '%29',
  '*': '%2A',
}

function encodeComponent(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    return encodeURIComponent(text.replace(/\p{Cs}/gu, '\uFFFD'))
  }
}

/** By hand: a regular expression for the end of a text begins to look at each of its dots. */
function trim(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isTrimmed(text, start)) start += 1
  while (end > start && isTrimmed(text, end - 1)) end -= 1
  return text.slice(start, end)
}

function isTrimmed(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit === 0x2d || unit === 0x2e
}
