/**
 * A process of its own that runs the servers a test needs and ends them when the test is gone.
 *
 * Whatever ends the test (a clean stop, an exception, Ctrl-C, even SIGKILL) closes the channel to
 * this process, and that is the one signal it acts on: it kills what it started, which are its own
 * children, and removes their folder. No exit handler in the test could promise as much.
 *
 * Started by `guarded.ts`, with the folder as its only argument.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs'
import type { Command, Ended } from './guarded.ts'

const folder = process.argv[2]
if (folder === undefined || process.send === undefined) {
  throw new Error('guard.ts is started by guarded.ts')
}

const running = new Set<ChildProcess>()

function report(ended: Ended): void {
  // The channel may be gone already; then nobody is waiting for this either.
  if (process.connected) process.send?.(ended, () => undefined)
}

function run({ id, command, args, log }: Command): void {
  const output = openSync(log, 'a')
  const child = spawn(command, args, { stdio: ['ignore', output, output] })
  closeSync(output)
  running.add(child)
  child.once('error', (error) => {
    running.delete(child)
    writeFileSync(log, `${error.message}\n`, { flag: 'a' })
    report({ id, code: 127 })
  })
  child.once('exit', (code) => {
    running.delete(child)
    report({ id, code: code ?? 1 })
  })
}

/** Kills at once: all that these servers hold is in memory or in the folder that goes next. */
async function end(): Promise<void> {
  const ended = [...running].map((child) => new Promise((resolve) => child.once('exit', resolve)))
  for (const child of running) child.kill('SIGKILL')
  await Promise.all(ended)
  rmSync(folder as string, { recursive: true, force: true, maxRetries: 5 })
  process.exit()
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.on('message', (command: Command) => run(command))
process.once('disconnect', end)
