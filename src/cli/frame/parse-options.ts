import { parseArgs } from 'node:util'
import { didYouMean } from '../../util/suggest.ts'
import { usageError } from './cli-error.ts'
import type { Command, Option, Values } from './command.ts'

/** What every command takes. */
export const COMMON_OPTIONS: Readonly<Record<string, Option>> = {
  json: { type: 'boolean', help: 'write one JSON value, for programs' },
  help: { type: 'boolean', short: 'h', help: 'show this' },
}

/** Names under which other tools take a key as an argument. */
const SECRETS =
  /^(?:aws[-_])?(?:secret(?:[-_]access)?[-_]?key|secret|access[-_]?key(?:[-_]id)?|session[-_]token)$/

/**
 * Reads what comes after the name of a command.
 *
 * @throws {CliError} `secret-in-arguments`, `unknown-option`, or `bad-option`
 */
export function parseOptions(
  command: Command,
  args: string[],
): { values: Values; positionals: string[] } {
  const options = { ...command.options, ...COMMON_OPTIONS }
  const { tokens } = parseArgs({
    args,
    options: toNode(options),
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const values: Values = {}
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined
    if (option === undefined) throw unknown(command, token.name, token.rawName, options)
    const value = readValue(option, token)
    if (option.multiple) values[token.name] = [...list(values[token.name]), String(value)]
    else values[token.name] = value
  }
  return { values, positionals }
}

function toNode(options: Record<string, Option>) {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type, short }]) => [
      name,
      { type, ...(short ? { short } : {}) },
    ]),
  )
}

function list(value: Values[string]): string[] {
  return Array.isArray(value) ? value : []
}

function readValue(
  { type, value: placeholder = 'VALUE' }: Option,
  token: { rawName: string; value?: string | undefined; inlineValue?: boolean | undefined },
): string | boolean {
  const { rawName, value, inlineValue } = token
  if (type === 'boolean') {
    if (value === undefined) return true
    throw usageError('bad-option', `"${rawName}" takes no value: leave out what follows "=".`)
  }
  // What looks like the next option is not a value, unless it is a number below zero.
  const isValue = value !== undefined && (inlineValue || !/^-\D/.test(value))
  if (isValue) return value
  throw usageError('bad-option', `"${rawName}" needs a value: write "${rawName} ${placeholder}".`)
}

function unknown(command: Command, name: string, rawName: string, options: object) {
  if (SECRETS.test(name)) {
    return usageError(
      'secret-in-arguments',
      `"${rawName}" is not taken: everybody on this machine can read the arguments of a command, and the shell keeps them. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment or in .env, or use "--profile".`,
    )
  }
  const prefix = rawName.startsWith('--') ? '--' : '-'
  const guess = didYouMean(name, Object.keys(options), prefix)
  return usageError(
    'unknown-option',
    `"${rawName}" is not an option of "${command.name}".${guess || ` "bucket-upload help ${command.name}" lists them.`}`,
  )
}
