/** `node scripts/run.mjs scripts/storybook.ts dev|build`: Storybook, without its telemetry. */
import { spawn } from 'node:child_process'

const COMMANDS: Record<string, string[]> = {
  dev: ['dev', '-p', '6006', '--no-open', '--disable-telemetry'],
  build: ['build', '-o', 'storybook-static', '--disable-telemetry'],
}

const [mode = '', ...more] = process.argv.slice(2)
const command = COMMANDS[mode]
if (command === undefined) {
  console.error('usage: storybook.ts dev|build')
  process.exit(2)
}

const child = spawn('storybook', [...command, ...more], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, STORYBOOK_DISABLE_TELEMETRY: '1' },
})
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // A terminal sends Ctrl-C to Storybook as well.
    if (!stopping && !(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal)
    stopping = true
  })
}
child.once('error', (error) => {
  console.error(error.message)
  process.exitCode = 1
})
child.once('exit', (code) => {
  process.exitCode = stopping ? 0 : (code ?? 1)
})
