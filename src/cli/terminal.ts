import { styleText } from 'node:util'
import type { Io } from './command.ts'

/** Makes what a command gets from this process. */
export function processIo(args: string[], env: Io['env'], signal: AbortSignal): Io {
  const end = args.indexOf('--')
  const json = (end < 0 ? args : args.slice(0, end)).includes('--json')
  const colours = hasColours(env)
  return {
    env,
    json,
    signal,
    interactive: Boolean(process.stderr.isTTY) && !json && env.TERM !== 'dumb',
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    style: (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text),
  }
}

/** @see https://no-color.org */
function hasColours({ NO_COLOR, TERM }: Io['env']): boolean {
  if (NO_COLOR || TERM === 'dumb') return false
  return Boolean(process.stdout.isTTY && process.stderr.isTTY)
}
