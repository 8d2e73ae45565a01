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

/** Any error as one to be told. Unexpected ones have their message told, and no stack. */
export function asCliError(error: unknown): CliError {
  return error instanceof CliError ? error : new CliError('unexpected', unexpected(error))
}

/** A presigned URL opens the bucket, and must not come into a log by way of a message. */
function unexpected(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/https?:\/\/\S+/g, '[url]')
}
