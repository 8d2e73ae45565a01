/** Runs lines of a POSIX shell, such as the commands that the documents and the command line print. */
import { type Ran, type RunOptions, runProgram } from './command.ts'

/** Runs a line, and waits for its end. */
export function runShell(line: string, options?: RunOptions): Promise<Ran> {
  return runProgram('sh', ['-c', line], options)
}
