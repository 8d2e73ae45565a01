const encoder = new TextEncoder()

/** Whether a text has ASCII only, as most have: then its characters are its bytes. */
export function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text)
}

/** Length of a text in UTF-8, in bytes. */
export function byteLength(text: string): number {
  return isAscii(text) ? text.length : encoder.encode(text).length
}

/** The longest beginning of a text that fits into `limit` UTF-8 bytes, in whole code points. */
export function cutToBytes(text: string, limit: number): string {
  if (isAscii(text)) return text.slice(0, limit)
  let used = 0
  let kept = ''
  for (const character of text) {
    used += byteLength(character)
    if (used > limit) break
    kept += character
  }
  return kept
}

/**
 * Splits a file name before its extension: "photo.jpg" into "photo" and ".jpg".
 * What is longer than 20 bytes is no extension but part of the name.
 */
export function splitExtension(name: string): [stem: string, extension: string] {
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 ? name.slice(dot) : ''
  if (extension.length < 2 || byteLength(extension) > 20) return [name, '']
  return [name.slice(0, dot), extension]
}
