/** What a command is made of, and what it gets from the outside. */

/** One option of a command, as `--name` on the command line. */
export interface Option {
  type: 'string' | 'boolean'
  /** One letter, for `-n`. */
  short?: string
  /** May be given more than once; the value is then a list. */
  multiple?: boolean
  /** What stands for the value in the help, for example `DURATION`. */
  value?: string
  /** A phrase for the help. */
  help: string
}

/** The options that were given: a text, `true`, or a list of texts. */
export type Values = Record<string, string | boolean | string[] | undefined>

/** What {@link Io.style} knows. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** All that a command knows of the world. */
export interface Io {
  /** The environment, with what `.env` in the current folder adds to it. */
  env: Record<string, string | undefined>
  /** The names in it that come from `.env`. */
  fromFile: ReadonlySet<string>
  /** Whether `--json` was given: then one JSON value is all that stdout gets. */
  json: boolean
  /** Whether stderr is a terminal, and so may have a progress bar. */
  interactive: boolean
  /** Whether it runs on Windows, which has other shells, and forbids more in names of files. */
  windows: boolean
  /** Aborted by Ctrl-C and by SIGTERM, with the {@link CliError} that is then told. */
  signal: AbortSignal
  /** Writes a line to stdout: the result, and nothing else. */
  out(line: string): void
  /** Writes a line to stderr: what people want to know and programs do not. */
  err(line: string): void
  /** Shows a line on the terminal that the next one takes the place of; "" takes it away. */
  draw(line: string): void
  /** Colors a text, where there are colors. */
  style(style: Style, text: string): string
}

/** One command. Each is a module in `commands`. */
export interface Command {
  name: string
  /** A phrase for the list of commands. */
  summary: string
  /** Each way to call it, without `bucket-upload`. */
  usage: readonly string[]
  /** More lines for its help. */
  about?: string
  options: Readonly<Record<string, Option>>
  /**
   * Does it.
   *
   * @returns an exit code, see {@link EXIT}
   * @throws {CliError} which is told to the user
   */
  run(values: Values, positionals: string[], io: Io): Promise<number>
}

/** The exit codes of every command. */
export const EXIT = {
  /** It is done. */
  ok: 0,
  /** It did not work: the bucket, the network or a file said no, or a check failed. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** Credentials or settings are missing or wrong. */
  settings: 3,
  /** Stopped by Ctrl-C. */
  interrupted: 130,
  /** Stopped by SIGTERM, as by `kill`, or by a system that shuts down. */
  terminated: 143,
} as const

/** The value of an option that takes a text. */
export function textOption(values: Values, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

/** The values of an option that may be given more than once. */
export function listOption(values: Values, name: string): string[] {
  const value = values[name]
  return Array.isArray(value) ? value : []
}
