/** A backslash parts folders on Windows, and what comes before it is in no name on any system. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const NOT_IN_NAMES = /[\\\x00-\x1f]/g
/** A disk of Windows: `C:` leads out of a folder in the middle of a path, too. */
const DISK = /^([a-z]):/i
/** The folder above. Windows ignores dots and blanks at the end of a name. */
const DOTS = /^[. ]+$/

/** A path that stays below the folder into which a zip is unpacked, on each system. */
export function safePath(path: string): string {
  const names = path.split('/').filter(Boolean)
  return names
    .map((name) => name.replace(NOT_IN_NAMES, '_').replace(DISK, '$1_').replace(DOTS, '_'))
    .join('/')
}

/** Gives each path once: the next ones are `a (2).txt`, `a (3).txt`. */
export class UniquePaths {
  readonly #taken = new Set<string>()
  readonly #counts = new Map<string, number>()

  add(path: string): string {
    const [, stem = '', end = ''] = /^(.*?)(\.[^./]*)?$/s.exec(path) ?? []
    let unique = path
    let count = this.#counts.get(path) ?? 1
    while (this.#taken.has(unique)) unique = `${stem} (${++count})${end}`
    this.#counts.set(path, count)
    this.#taken.add(unique)
    return unique
  }
}
