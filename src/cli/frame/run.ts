import { didYouMean } from '../../util/suggest.ts'
import { asCliError, usageError } from './cli-error.ts'
import { type Command, EXIT, type Io } from './command.ts'
import { commandHelp, overview } from './help.ts'
import { parseOptions } from './parse-options.ts'

/**
 * Runs one command line.
 *
 * @param args without the names of Node.js and of the script
 * @param version of the package
 * @returns the exit code; it never rejects
 */
export async function run(
  args: string[],
  commands: readonly Command[],
  version: string,
  io: Io,
): Promise<number> {
  try {
    return await dispatch(args, commands, version, io)
  } catch (error) {
    return tell(io.signal.aborted ? io.signal.reason : error, io)
  }
}

async function dispatch(
  [first = '', ...rest]: string[],
  commands: readonly Command[],
  version: string,
  io: Io,
): Promise<number> {
  if (first === '--version' || first === '-V') return print(version, io)
  if (first === 'help' || first === '--help' || first === '-h') return help(rest, commands, io)
  if (first === '') {
    io.err(overview(commands, io))
    return EXIT.usage
  }
  const command = find(first, commands)
  const { values, positionals } = parseOptions(command, rest)
  if (values.help) return print(commandHelp(command, io), io)
  return command.run(values, positionals, io)
}

function help([name]: string[], commands: readonly Command[], io: Io): number {
  const plain = name === undefined || name.startsWith('-')
  return print(plain ? overview(commands, io) : commandHelp(find(name, commands), io), io)
}

function find(name: string, commands: readonly Command[]): Command {
  const command = commands.find((each) => each.name === name)
  if (command) return command
  const names = ['help', ...commands.map((each) => each.name)]
  const what = name.startsWith('-') ? 'Begin with a command' : `"${name}" is not a command`
  throw usageError(
    'unknown-command',
    `${what}.${didYouMean(name, names) || ' "bucket-upload help" lists them.'}`,
  )
}

function print(text: string, io: Io): number {
  io.out(text)
  return EXIT.ok
}

function tell(error: unknown, io: Io): number {
  const { code, message, exit } = asCliError(error)
  if (io.json) io.out(JSON.stringify({ error: { code, message } }))
  else io.err(`${io.style('red', 'Error:')} ${message} (${code})`)
  return exit
}
