import type { FileDescription } from '../../protocol/index.ts'
import type { FileInfo } from '../api/file.ts'

/** The protocol's limits of a name and a path, in characters. */
const MOST_IN_NAME = 1024
const MOST_IN_PATH = 4096

/** The files that this page has compressed. */
export const gzipped = new WeakSet<File>()

/**
 * The description of a file in a request. Of a name or a path over the limit, which only a script can
 * make, the end is kept: it says most, and a refusal could hit the whole call.
 */
export function describeFile({ name, size, type, path, file }: FileInfo): FileDescription {
  const encoding = gzipped.has(file) ? { encoding: 'gzip' as const } : {}
  return {
    name: endOf(name, MOST_IN_NAME),
    size,
    type,
    path: endOf(path, MOST_IN_PATH),
    ...encoding,
  }
}

/** Whether there is more data along with a file than the protocol allows. */
export function isMetaTooLong({ meta }: FileInfo): boolean {
  const entries = Object.entries(meta)
  const isLong = ([name, value]: [string, string]) => name.length > 128 || value.length > 2048
  return entries.length > 64 || entries.some(isLong) || entries.flat().join('').length > 8192
}

/** Leaves no half of a surrogate pair at the cut. */
function endOf(text: string, most: number): string {
  return text.length > most ? text.slice(-most).replace(/^[\udc00-\udfff]/, '') : text
}
