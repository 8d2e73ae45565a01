import { styleText } from 'node:util'
import type { Io } from './command.ts'
import type { Environment } from './environment.ts'

/** Where a command prints: a process has both. */
export type Streams = Pick<NodeJS.Process, 'stdout' | 'stderr'>

/** Makes what a command gets from its process. */
export function processIo(
  args: string[],
  { env, fromFile }: Environment,
  signal: AbortSignal,
  { stdout, stderr }: Streams = process,
): Io {
  const end = args.indexOf('--')
  const json = (end < 0 ? args : args.slice(0, end)).includes('--json')
  const colors = hasColors(env, { stdout, stderr })
  const interactive = Boolean(stderr.isTTY) && !json && env.TERM !== 'dumb'
  let drawn = false
  const draw = (line: string) => {
    if (!interactive || (line === '' && !drawn)) return
    drawn = line !== ''
    // As many letters as fit: a line that breaks could not be drawn over.
    stderr.write(`\r\x1b[K${line.slice(0, (stderr.columns || 80) - 1)}`)
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
    out: (line) => write(stdout, line),
    err: (line) => write(stderr, line),
    style: (style, text) => (colors ? styleText(style, text, { validateStream: false }) : text),
  }
}

/** @see https://no-color.org */
function hasColors({ NO_COLOR, TERM }: Io['env'], { stdout, stderr }: Streams): boolean {
  if (NO_COLOR || TERM === 'dumb') return false
  return Boolean(stdout.isTTY && stderr.isTTY)
}
