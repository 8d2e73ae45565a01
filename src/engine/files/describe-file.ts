import type { FileDescription } from '../../protocol/index.ts'
import type { FileInfo } from '../api/file.ts'

/** The most characters of a name and of a path in a request, by the protocol. */
const MOST_IN_NAME = 1024
const MOST_IN_PATH = 4096

/**
 * What a signer is told of a file. Of a name or a path that is longer than a request may have it, which
 * only a script can make, the end is told, since it says most: a refusal could hit the whole call.
 */
export function describeFile({ name, size, type, path }: FileInfo): FileDescription {
  return { name: endOf(name, MOST_IN_NAME), size, type, path: endOf(path, MOST_IN_PATH) }
}

/** A cut must leave no half of a surrogate pair. */
function endOf(text: string, most: number): string {
  return text.length > most ? text.slice(-most).replace(/^[\udc00-\udfff]/, '') : text
}
