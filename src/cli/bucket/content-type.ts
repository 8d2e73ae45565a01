import { cleanMediaType } from '../../server/internal.ts'
import { usageError } from '../frame/cli-error.ts'
import { textOption, type Values } from '../frame/command.ts'

/**
 * Reads `--content-type`.
 *
 * @throws {CliError} `bad-option`
 */
export function readType(values: Values): string | undefined {
  const type = textOption(values, 'content-type')
  if (type === undefined || cleanMediaType(type) === type) return type
  throw usageError(
    'bad-option',
    `"--content-type" is "${type}", which is not a media type: write one such as "image/jpeg".`,
  )
}
