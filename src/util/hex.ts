const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Hexadecimal, in lower case. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 1) text += DIGITS[bytes[at] ?? 0]
  return text
}

/** Base64 as hexadecimal: an MD5 header as an ETag has it. */
export function base64ToHex(base64: string): string {
  return toHex(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))
}
