/** What hostile requests are made of: texts, types, digests and numbers that are wrong in many ways. */

export const NAMES = [
  'cat.jpg',
  'notes.txt',
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
  'incoming/x',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: S3 replaces it in the key of a form
  '${filename}',
]

export const KEYS = [
  'users/ann/a',
  'users/bob/a',
  'users/',
  'users/ann',
  'users/annx/a',
  'users/ann/../bob/a',
  'users/ann/cat.jpg',
  'users/bob/cat.jpg',
  'incoming/cat.jpg',
  '',
  ...NAMES,
]

/** What takes the place of something else in a message. */
export const VALUES: unknown[] = [
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

/** An MD5 in base64. */
export const MD5 = 'XUFAKrxLKna5cZ2REBfFkg=='
/** The MD5 of what an `onUploaded` of the fuzzer refuses: it begins with "bad" in hexadecimal. */
export const BAD_MD5 = Buffer.from('bad'.padEnd(32, '0'), 'hex').toString('base64')
/** The MD5 of what an `onUploaded` of the fuzzer fails at. */
export const FATAL_MD5 = Buffer.from('fa7a1'.padEnd(32, '0'), 'hex').toString('base64')
/** A SHA-256 in base64. */
export const SHA256 = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='

export const DIGESTS = [
  MD5,
  BAD_MD5,
  '',
  'x',
  'AAAAAA==',
  'a\r\nb',
  'A'.repeat(44),
  'A'.repeat(129),
  SHA256,
]

/**
 * Types that a browser may show under the address of the bucket. Written down here once more, and not
 * taken from the signer.
 */
export const HARMLESS = new Set(
  (
    'image/apng image/avif image/bmp image/gif image/heic image/heif image/jp2 image/jpeg image/jpg ' +
    'image/jxl image/pjpeg image/png image/tiff image/vnd.microsoft.icon image/webp image/x-icon ' +
    'audio/3gpp audio/aac audio/ac3 audio/flac audio/midi audio/mp3 audio/mp4 audio/mpeg audio/ogg ' +
    'audio/opus audio/vorbis audio/wav audio/webm audio/x-flac audio/x-m4a audio/x-wav ' +
    'video/3gpp video/h264 video/mp4 video/mpeg video/ogg video/quicktime video/webm video/x-m4v ' +
    'video/x-matroska video/x-msvideo application/pdf text/plain'
  ).split(' '),
)

/** Media types that are stored as they are named. */
export const REAL_TYPES = [
  'image/jpeg',
  'image/png',
  'image/svg+xml',
  'text/html',
  'text/plain; charset=utf-8',
  'application/pdf',
  'application/xhtml+xml',
  'application/octet-stream',
  'text/rdf',
]

export const TYPES = [
  ...REAL_TYPES,
  '',
  'text/html\r\nX: y',
  'a/b; c="d"',
  `image/${'x'.repeat(300)}`,
  'IMAGE/PNG',
  'TEXT/HTML;x=image/png',
  'image/png,text/html',
  '*/*',
  'ü/x',
  'unknown/unknown',
  'application/unknown',
  'multipart/x-mixed-replace; boundary=x',
  'image/png ',
]

export const SIZES = [0, 1, 5, 11, 48_211, 5e9, 5e9 + 1, 5 * 2 ** 30 + 1, 6e12]

/** The essence of a media type: without parameters, in lower case. */
export function essence(type: string): string {
  return (type.split(';')[0] ?? '').trim().toLowerCase()
}

/** Whether a browser may show a file of this type. */
export function isHarmless(type: string): boolean {
  return HARMLESS.has(essence(type))
}
