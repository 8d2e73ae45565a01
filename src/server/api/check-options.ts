import { suggest } from '../../util/suggest.ts'

/**
 * Refuses options that do not exist: a slip such as `maxsize` must not leave a limit out.
 *
 * @param where what they belong to, for the message: `createSigner` or `storj`, for example
 * @throws {Error} that names the option, and the one that was most likely meant
 */
export function checkOptions(where: string, options: object, known: readonly string[]): void {
  for (const option of Object.keys(options)) {
    if (known.includes(option)) continue
    const meant = suggest(option, known)
    throw new Error(`${where} has no "${option}".${meant ? ` Did you mean "${meant}"?` : ''}`)
  }
}
