import { joinWords } from './list-format.ts'

const KINDS: Record<string, string> = {
  'image/*': 'images',
  'video/*': 'videos',
  'audio/*': 'audio files',
  'text/*': 'text files',
}

/**
 * Describes an `accept` attribute in words: `image/*,.pdf` becomes "images and PDF".
 *
 * @param kinds words for whole kinds of types, in the user's language
 * @param join joins the words
 */
export function describeAccept(
  accept: string,
  kinds: Record<string, string> = KINDS,
  join = (words: string[]) => joinWords(words, 'en', 'conjunction'),
): string {
  const words = accept
    .split(',')
    .map((token) => token.trim())
    .filter(Boolean)
    .map((token) => kinds[token.toLowerCase()] ?? shorten(token))
  return join([...new Set(words)])
}

function shorten(token: string): string {
  const end = token.startsWith('.') ? token.slice(1) : (token.split('/')[1] ?? token)
  // Users do not know the long media types of office formats.
  return end.length > 10 ? token : end.toUpperCase()
}
