import { acceptsFile, type FileDescription } from '../protocol/index.ts'
import type { Settings } from './config.ts'
import { SignerError } from './signer-error.ts'

/**
 * Refuses a file that the configuration does not allow.
 *
 * @throws {SignerError} `too-large`, `too-small` or `type-not-allowed`, with the limit in its message
 */
export function checkFile(file: FileDescription, settings: Settings): void {
  const { minSize, maxSize, accept } = settings
  if (file.size > maxSize) {
    throw new SignerError('too-large', `The file is too large: at most ${formatSize(maxSize)}.`)
  }
  if (file.size < minSize) {
    throw new SignerError('too-small', `The file is too small: at least ${formatSize(minSize)}.`)
  }
  if (acceptsFile(file, accept)) return
  const list = typeof accept === 'string' ? accept : accept.join(', ')
  throw new SignerError('type-not-allowed', `Files of this type are not accepted, only: ${list}.`)
}

/** Writes a size in bytes for people, such as "25 MB". Powers of 1000, as in `parseSize`. */
export function formatSize(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let unit = 0
  let amount = bytes
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000
    unit += 1
  }
  return `${Math.floor(amount * 100) / 100} ${units[unit]}`
}
