/** Writes commands that can be pasted into a shell. */

/** Quotes one word for a POSIX shell. What needs no quotes gets none. */
export function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  return `'${word.replaceAll("'", "'\\''")}'`
}

/** A file name that is never taken for an option, or for "-", which is stdin. */
export function fileArgument(name: string): string {
  return name.startsWith('-') || name === '.' ? `./${name}` : name
}

/** A command of curl for a presigned URL; without "--globoff" curl reads `[` and `{` as patterns. */
export function curlCommand(
  url: string,
  transfer: ['--upload-file' | '--output', string],
  headers: Record<string, string> = {},
): string {
  const [option, file] = transfer
  const named = Object.entries(headers).flatMap(([name, value]) => [
    '--header',
    `${name}: ${value}`,
  ])
  const words = ['curl', '--fail', '--globoff', option, fileArgument(file), ...named, url]
  return words.map(quote).join(' ')
}
