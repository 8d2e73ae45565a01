import type { KeyInput } from './config.ts'
import { cutToBytes, splitExtension } from './utf8.ts'

/** So many hexadecimal digits tell apart paths that are the same when they are cleaned. */
const DIGITS = 12

/** `<prefix><id>/<name>` */
export function keyWithName({ prefix, id, name }: KeyInput): string {
  return `${prefix}${id}/${name}`
}

/**
 * `<prefix><batch>/<path>`. Cleaning makes "a b" and "a-b" the same, and two files of a folder must
 * not get the same key: so a path that cleaning has changed is marked with a hash of what it was.
 */
export async function keyWithPath({ prefix, batch, path, file }: KeyInput): Promise<string> {
  const given = file.path ?? file.name
  const unique = given === path ? path : await marked(path, given)
  return `${prefix}${batch}/${unique}`
}

/** A path with 12 digits of a hash of what it was before it was cleaned. */
export async function marked(path: string, given: string): Promise<string> {
  const hash = new Uint8Array(
    await crypto.subtle.digest('SHA-256', new TextEncoder().encode(given)),
  )
  const digits = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const [stem, extension] = splitExtension(path.slice(folder.length))
  return `${folder}${cutToBytes(stem, 100)}-${digits.slice(0, DIGITS)}${extension}`
}
