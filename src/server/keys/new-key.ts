import { sha256Hex } from '../../util/bytes.ts'
import { cutToBytes, splitExtension } from '../../util/utf8.ts'
import type { KeyInput } from '../api/options.ts'

/** So many hexadecimal digits tell apart paths that are the same when they are cleaned. */
const DIGITS = 12

/** What {@link unique} writes, which therefore nothing else may look like. */
const MARKED = /-[0-9a-f]{12}(\.[^./]{1,19})?$/

/** `<prefix><id>/<name>` */
export function keyWithName({ prefix, id, name }: KeyInput): string {
  return `${prefix}${id}/${name}`
}

/** `<prefix><batch>/<path>`, with a path that no other file of the folder has. */
export function keyWithPath({ prefix, batch, path, file }: KeyInput): string {
  return `${prefix}${batch}/${unique(path, file.path ?? file.name)}`
}

/**
 * A text for a key that no other text gets. Cleaning makes "a b" and "a-b" the same: so what it has
 * changed is marked with 12 digits of a hash of what it was, and so is what looks like it.
 */
export function unique(clean: string, given: string): string {
  if (clean === given && !MARKED.test(given)) return clean
  const folder = clean.slice(0, clean.lastIndexOf('/') + 1)
  const [stem, extension] = splitExtension(clean.slice(folder.length))
  const digits = sha256Hex(given).slice(0, DIGITS)
  return `${folder}${cutToBytes(stem, 100)}-${digits}${extension}`
}
