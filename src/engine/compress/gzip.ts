/**
 * Loaded with the first file of an upload that has `compress`.
 *
 * @module
 */

/** Smaller ones fit into one packet in any case. Bytes. */
const LEAST = 1000
/** A browser may hold the result in memory. Bytes. */
const MOST = 256e6

/** What gzip makes much smaller. Photos, films and archives are compressed already. */
const TEXTS =
  /^(text\/.+|image\/svg\+xml|application\/(.+\+)?(json|xml|javascript|ecmascript|yaml|x-yaml|toml|sql|x-ndjson|jsonl|rtf|x-sh|x-tex|x-subrip))(;|$)/i

/**
 * Compresses a text.
 *
 * @param type its media type
 * @returns `undefined` for a file that goes as it is: of another type, too small or too large, one that
 *   gets no smaller, or in a browser that cannot do it. Also for one that cannot be read, of which the
 *   upload tells
 */
export async function gzip(file: File, type: string): Promise<File | undefined> {
  const { name, size, lastModified } = file
  const isText = TEXTS.test(type) && size >= LEAST && size <= MOST
  if (!isText || typeof CompressionStream === 'undefined') return undefined
  try {
    const packed = file.stream().pipeThrough(new CompressionStream('gzip'))
    const blob = await new Response(packed).blob()
    return blob.size < size ? new File([blob], name, { type: file.type, lastModified }) : undefined
  } catch {
    return undefined
  }
}
