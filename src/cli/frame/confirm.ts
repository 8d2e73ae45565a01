import { createInterface } from 'node:readline/promises'
import { usageError } from './cli-error.ts'
import type { Io } from './command.ts'

/**
 * Asks the person at the terminal.
 *
 * @returns whether the answer is yes
 * @throws {CliError} `missing-argument` where there is no terminal
 */
export async function confirm(question: string, io: Io): Promise<boolean> {
  if (!io.interactive || !process.stdin.isTTY) {
    throw usageError('missing-argument', `${question} Nobody can be asked here: add "--yes".`)
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  // While a line is read the terminal sends no signal by itself.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    const line = await terminal.question(`${question} [y/N] `, { signal: io.signal })
    return /^y(?:es)?$/i.test(line.trim())
  } finally {
    terminal.close()
  }
}
