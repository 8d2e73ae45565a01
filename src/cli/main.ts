#!/usr/bin/env node
/** The `bucket-upload` command. */
import { createRequire } from 'node:module'
import { COMMANDS } from './commands/index.ts'
import { CliError } from './frame/cli-error.ts'
import { EXIT } from './frame/command.ts'
import { readEnvironment } from './frame/environment.ts'
import { useProxy } from './frame/proxy.ts'
import { run } from './frame/run.ts'
import { processIo } from './frame/terminal.ts'

const { version } = createRequire(import.meta.url)('bucket-upload/package.json')
const stopped = new AbortController()
const exits = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const
for (const [signal, exit] of Object.entries(exits)) {
  process.once(signal, () => stopped.abort(new CliError('interrupted', 'Stopped.', exit)))
}
// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

const args = process.argv.slice(2)
const io = processIo(args, readEnvironment(process.env, process.cwd()), stopped.signal)
useProxy(process.env, (sentence) => io.err(`${io.style('yellow', 'Note:')} ${sentence}`))
process.exitCode = await run(args, COMMANDS, version, io)
