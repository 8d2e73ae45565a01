import { styleText } from 'node:util'
import type { Io } from './command.ts'
import type { Environment } from './environment.ts'

/** Makes what a command gets from this process. */
export function processIo(args: string[], { env, fromFile }: Environment, signal: AbortSignal): Io {
  const end = args.indexOf('--')
  const json = (end < 0 ? args : args.slice(0, end)).includes('--json')
  const colours = hasColours(env)
  const interactive = Boolean(process.stderr.isTTY) && !json && env.TERM !== 'dumb'
  let drawn = false
  const draw = (line: string) => {
    if (!interactive || (line === '' && !drawn)) return
    drawn = line !== ''
    // As many letters as fit: a line that breaks could not be drawn over.
    process.stderr.write(`\r\x1b[K${line.slice(0, (process.stderr.columns || 80) - 1)}`)
  }
  const write = (stream: NodeJS.WriteStream, line: string) => {
    draw('')
    stream.write(`${line}\n`)
  }
  return {
    env,
    fromFile,
    json,
    windows: process.platform === 'win32',
    signal,
    interactive,
    draw,
    out: (line) => write(process.stdout, line),
    err: (line) => write(process.stderr, line),
    style: (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text),
  }
}

/** @see https://no-color.org */
function hasColours({ NO_COLOR, TERM }: Io['env']): boolean {
  if (NO_COLOR || TERM === 'dumb') return false
  return Boolean(process.stdout.isTTY && process.stderr.isTTY)
}
