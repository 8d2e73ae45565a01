import { usageError } from '../frame/cli-error.ts'
import { type Option, textOption, type Values } from '../frame/command.ts'

/** How many files are on their way at a time, unless something else is said. */
const DEFAULT = 16

/** More would only make the bucket ask for fewer. */
const MOST = 64

/** The option for files side by side. */
export const PARALLEL: Option = {
  type: 'string',
  value: 'N',
  help: `how many files are on their way at a time, 1 to ${MOST} (default ${DEFAULT})`,
}

/**
 * Reads `--parallel`.
 *
 * @throws {CliError} `bad-option`
 */
export function readParallel(values: Values): number {
  const text = textOption(values, 'parallel')
  if (text === undefined) return DEFAULT
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST) return Number(text)
  throw usageError('bad-option', `"--parallel" is "${text}": write a number from 1 to ${MOST}.`)
}
