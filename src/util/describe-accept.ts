const KINDS: Record<string, string> = {
  'image/*': 'images',
  'video/*': 'videos',
  'audio/*': 'audio files',
  'text/*': 'text files',
}

/**
 * Says in words what an `accept` attribute takes: `image/*,.pdf` becomes "images, PDF".
 *
 * @param kinds words for whole kinds of types, in the reader's language
 * @param comma what stands between two of them
 */
export function describeAccept(
  accept: string,
  kinds: Record<string, string> = KINDS,
  comma = ', ',
): string {
  const words = accept
    .split(',')
    .map((token) => token.trim())
    .filter(Boolean)
    .map((token) => kinds[token.toLowerCase()] ?? shorten(token))
  return [...new Set(words)].join(comma)
}

function shorten(token: string): string {
  const end = token.startsWith('.') ? token.slice(1) : (token.split('/')[1] ?? token)
  // The long names of office formats say nothing to people; their extensions would.
  return end.length > 10 ? token : end.toUpperCase()
}
