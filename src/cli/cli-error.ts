import { EXIT } from './command.ts'

/** Something that the user is told in one sentence, with what to do about it. */
export class CliError extends Error {
  override name = 'CliError'
  /** For programs. Listed in `docs/command-line.md`, and never renamed. */
  readonly code: string
  /** The exit code. */
  readonly exit: number

  /** @param message without URLs and secrets */
  constructor(code: string, message: string, exit: number = EXIT.failed) {
    super(message)
    this.code = code
    this.exit = exit
  }
}

/** For a command line that is wrong. */
export function usageError(code: string, message: string): CliError {
  return new CliError(code, message, EXIT.usage)
}

/** For a setting that is missing or wrong. */
export function settingsError(code: string, message: string): CliError {
  return new CliError(code, message, EXIT.settings)
}
