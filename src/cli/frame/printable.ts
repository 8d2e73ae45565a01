/** What a terminal obeys instead of showing it: control characters, and those that turn a line around. */
const OBEYED = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

/** A text of others, such as a key, for one line of a terminal. */
export function printable(text: string): string {
  return text.replace(OBEYED, (character) => {
    return `\\u{${character.codePointAt(0)?.toString(16)}}`
  })
}
