import { acceptsFile, type FileDescription, parseSize } from '../../protocol/index.ts'
import { formatSize } from '../../util/format-size.ts'
import type { Caller } from '../api/caller.ts'
import type { Limits, Settings } from '../api/context.ts'
import { SignerError } from '../api/signer-error.ts'
import { MAX_COUNTED } from './quota.ts'

/**
 * The signer's limits, narrowed to those of a caller: they can never be widened.
 *
 * @throws {Error} when a limit of the caller's is none
 */
export function limitsOf(settings: Settings, caller: Caller): Limits {
  const { minSize, maxSize, accept } = caller
  return {
    minSize:
      minSize === undefined ? settings.minSize : Math.max(settings.minSize, parseSize(minSize)),
    maxSize:
      maxSize === undefined ? settings.maxSize : Math.min(settings.maxSize, parseSize(maxSize)),
    accept: accept === undefined ? [settings.accept] : [settings.accept, accept],
    maxFiles: checkMaxFiles(caller),
  }
}

function checkMaxFiles({ maxFiles, prefix }: Caller): number | undefined {
  if (maxFiles === undefined) return undefined
  if (!Number.isSafeInteger(maxFiles) || maxFiles < 0 || maxFiles > MAX_COUNTED) {
    throw new RangeError(`"maxFiles" must be a whole number from 0 to ${MAX_COUNTED}.`)
  }
  if (prefix) return maxFiles
  throw new Error('"maxFiles" needs a "prefix", below which the files are counted.')
}

/**
 * Refuses a file that is not allowed.
 *
 * @throws {SignerError} `too-large`, `too-small` or `type-not-allowed`, with the limit in its message
 */
export function checkLimits(
  file: FileDescription,
  { minSize, maxSize, accept }: Omit<Limits, 'maxFiles'>,
): void {
  if (file.size > maxSize) {
    throw new SignerError('too-large', `The file is too large: at most ${formatSize(maxSize)}.`)
  }
  if (file.size < minSize) {
    throw new SignerError('too-small', `The file is too small: at least ${formatSize(minSize)}.`)
  }
  const refusing = accept.find((list) => !acceptsFile(file, list))
  if (refusing === undefined) return
  const list = typeof refusing === 'string' ? refusing : refusing.join(', ')
  throw new SignerError('type-not-allowed', `Files of this type are not accepted, only: ${list}.`)
}
