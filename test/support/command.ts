/** Runs the command line as people do: as a process of its own. */
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'

/** What became of a command. */
export interface Ran {
  /** Exit code; `null` where a signal ended it. */
  code: number | null
  stdout: string
  stderr: string
}

/** How a command is run. */
export interface RunOptions {
  /** The whole environment, besides PATH and HOME. */
  env?: Record<string, string | undefined>
  /** Where it runs: by default where there is no `.env`. */
  cwd?: string
  /** Called with the process, to stop it for instance. */
  started?: (child: ReturnType<typeof spawn>) => void
}

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** Runs `bucket-upload` with these arguments, and waits for its end. */
export function bucketUpload(args: string[], options: RunOptions = {}): Promise<Ran> {
  return runProgram(process.execPath, [MAIN, ...args], options)
}

/** Runs any program, and waits for its end. */
export function runProgram(
  program: string,
  args: string[],
  { env = {}, cwd = tmpdir(), started }: RunOptions = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      // Nobody's own settings must come in.
      env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env } as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const read = (stream: NodeJS.ReadableStream) => {
      let text = ''
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      return () => text
    }
    const [stdout, stderr] = [read(child.stdout), read(child.stderr)]
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout: stdout(), stderr: stderr() }))
    started?.(child)
  })
}
