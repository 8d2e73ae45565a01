import { fork } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What the test asks the guard process to run. */
export interface Command {
  id: number
  command: string
  args: string[]
  /** The file that its output is appended to. */
  log: string
}

/** What the guard process tells when one of its commands is over. */
export interface Ended {
  id: number
  code: number
}

/** A temporary folder and the processes that work in it; both are gone when the test is. */
export interface Guarded {
  /** The temporary folder. */
  folder: string
  /** Runs a command; resolves when it ends well, and rejects with its output when it does not. */
  run(command: string, ...args: string[]): Promise<void>
  /** From here on, what still runs does not keep the test's own process alive. */
  background(): void
  /** Kills all that still runs and removes the folder; resolves when that is done. */
  stop(): Promise<void>
}

const GUARD = fileURLToPath(new URL('./guard.ts', import.meta.url))
const LOG_TAIL = 4000

/** A folder name of eight letters or so keeps the sockets inside it below the limit of 107 bytes. */
export function guarded(prefix: string): Guarded {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  const guard = fork(GUARD, [folder], { detached: true, execArgv: [], stdio: 'ignore' })
  const gone = new Promise<void>((resolve) => guard.once('exit', () => resolve()))
  const waiting = new Map<number, (code: number) => void>()
  guard.on('message', ({ id, code }: Ended) => waiting.get(id)?.(code))
  let commands = 0

  async function run(command: string, ...args: string[]): Promise<void> {
    const id = ++commands
    const log = join(folder, `${id}-${basename(command)}.out`)
    const code = await new Promise<number>((resolve, reject) => {
      waiting.set(id, resolve)
      gone.then(() => reject(new Error(`${command} was stopped`)))
      guard.send({ id, command, args, log } satisfies Command)
    })
    if (code !== 0) throw new Error(`${command} ended with ${code}:\n${tail(log)}`)
  }

  function background(): void {
    guard.unref()
    guard.channel?.unref()
  }

  async function stop(): Promise<void> {
    if (guard.connected) guard.disconnect()
    guard.ref()
    await gone
  }

  return { folder, run, background, stop }
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').slice(-LOG_TAIL)
}
