/**
 * Whether a file matches a list of types, as in the `accept` attribute of a file input: `image/*`,
 * `application/pdf` or `.pdf`. Without a list, every file matches.
 *
 * Compares an extension with the end of the name, and a media type with `type`, ignoring case.
 *
 * @see https://html.spec.whatwg.org/multipage/input.html#attr-input-accept
 */
export function acceptsFile(
  file: { name: string; type: string },
  accept: readonly string[] | string | undefined,
): boolean {
  const tokens = (typeof accept === 'string' ? accept.split(',') : (accept ?? []))
    .map((token) => token.trim().toLowerCase())
    .filter(Boolean)
  if (tokens.length === 0) return true
  const name = file.name.toLowerCase()
  // "text/html; charset=utf-8" is "text/html".
  const type = (file.type.split(';')[0] ?? '').trim().toLowerCase()
  return tokens.some((token) => {
    if (token === '*/*' || token === '*') return true
    if (token.startsWith('.')) return name.endsWith(token)
    if (token.endsWith('/*')) return type.startsWith(token.slice(0, -1))
    return type === token
  })
}
