/** Runs the command line and other programs, and collects what they print. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { readEnvironment } from '../../src/cli/frame/environment.ts'
import { run } from '../../src/cli/frame/run.ts'
import { processIo, type Streams } from '../../src/cli/frame/terminal.ts'

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
const PACKAGE = new URL('../../package.json', import.meta.url)
const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8'))

/**
 * Runs `bucket-upload` with these arguments, and waits for its end. It runs in the process of the
 * test, which takes milliseconds, but where the test stops it or changes Node.js itself.
 * {@link bucketUploadProcess} is for the other cases that need a process: bytes on stdout, and
 * libraries that read the environment of the process.
 */
export async function bucketUpload(args: string[], options: RunOptions = {}): Promise<Ran> {
  const { env = {}, cwd = tmpdir(), started } = options
  if (started || env.NODE_OPTIONS !== undefined) return bucketUploadProcess(args, options)
  const leave = await enter(cwd)
  const [stdout, stderr] = [new Collected(), new Collected()]
  try {
    const streams = { stdout, stderr } as unknown as Streams
    const environment = readEnvironment(ownEnvironment(env), cwd)
    const io = processIo(args, environment, new AbortController().signal, streams)
    const code = await run(args, COMMANDS, version, io)
    return { code, stdout: stdout.text, stderr: stderr.text }
  } finally {
    leave()
  }
}

/** Runs `bucket-upload` as people do: as a process. */
export function bucketUploadProcess(args: string[], options: RunOptions = {}): Promise<Ran> {
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
      env: ownEnvironment(env) as NodeJS.ProcessEnv,
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

/** The settings of whoever runs the tests must not come in. */
function ownEnvironment(env: RunOptions['env']) {
  return { PATH: process.env.PATH, HOME: '/nonexistent', ...env }
}

class Collected extends Writable {
  text = ''

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk
    done()
  }
}

const home = process.cwd()
/** Where commands run now, and how many do: a process is in one folder at a time. */
let [folder, running] = [home, 0]
let idle = Promise.resolve()
let becomeIdle = () => {}

/** Waits until the process can be in a folder. What it returns is to be called in the end. */
async function enter(wanted: string): Promise<() => void> {
  while (running > 0 && folder !== wanted) await idle
  if (running === 0) {
    process.chdir(wanted)
    folder = wanted
    idle = new Promise((resolve) => {
      becomeIdle = resolve
    })
  }
  running += 1
  return () => {
    running -= 1
    if (running > 0) return
    process.chdir(home)
    becomeIdle()
  }
}
