/**
 * `npm test`: installs what is missing, checks, builds, and runs the tests against a real S3 server
 * and in a real Chromium. Ends with a line `N passed, N failed`.
 *
 * `npm test -- all` adds the other browsers, the package, the other servers and the examples.
 * `npm test -- unit|node|browser|pages|package|servers|examples|lint|types|build` runs a part of it,
 * and `npm test -- FILE…` some test files: it installs and builds only what these need.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { COUNTS_VARIABLE, type Counts } from '../test/support/count-reporter.ts'
import { startCeph } from '../test/support/servers/ceph.ts'
import { CEPH_VARIABLE } from '../test/support/servers/gateways.ts'
import { guarded } from '../test/support/servers/guarded.ts'
import { BROWSERS_VARIABLE, browserNeeds, browsersLine } from './lib/browsers.ts'
import { findChromium } from './lib/chromium.ts'
import { needsOf } from './lib/needs.ts'
import { commandOf, type Stage, selectStages } from './lib/stages.ts'
import { CEPH, CHROMIUM, ensureSystem } from './lib/system.ts'

const guard = guarded('test-')
guard.background()

const total: Required<Counts> = { passed: 0, failed: 0, failures: [] }
const running = new Set<ChildProcess>()
let interrupted: NodeJS.Signals | undefined

/**
 * Installs what the stages need, and starts a Ceph gateway for all of them, unless the environment
 * names another one.
 *
 * @returns settles when the gateway is there, with what stops it
 */
function prepare(stages: Stage[]): Promise<{ stop(): Promise<void> }> {
  const { system, extras } = needsOf(stages.flatMap(({ files }) => files))
  const isGiven = process.env[CEPH_VARIABLE] !== undefined
  if (isGiven) system.delete(CEPH)
  const inBrowsers = stages.some(({ name }) => name === 'browser')
  if (inBrowsers) {
    for (const need of [CEPH, CHROMIUM, ...browserNeeds()]) system.add(need)
  }
  ensureSystem([...system])
  for (const { name, install } of extras) {
    const problem = install()
    // Not every machine reaches the registries of Python and Go.
    if (problem) console.log(`${name} is not tested; it cannot be installed:\n${problem}`)
  }
  if (inBrowsers) console.log(browsersLine())
  if (system.has(CHROMIUM)) process.env.CHROME_PATH ??= findChromium()
  return system.has(CEPH) && !isGiven ? shareCeph() : Promise.resolve({ stop: async () => {} })
}

async function shareCeph() {
  const { stop, ...gateway } = await startCeph()
  process.env[CEPH_VARIABLE] = JSON.stringify(gateway)
  return { stop }
}

/** Runs a stage, and adds up its tests. One that failed, or ran no test, adds a failure at least. */
async function runStage(stage: Stage, isAlone: boolean): Promise<boolean> {
  const start = performance.now()
  const countsFile = join(guard.folder, `${stage.title}.json`)
  const command = commandOf(stage, countsFile)
  if (isAlone) console.log(`\n— ${stage.title} —`)
  const env = {
    [COUNTS_VARIABLE]: countsFile,
    ...(stage.browsers ? { [BROWSERS_VARIABLE]: stage.browsers.join() } : {}),
  }
  const { code, output } = await run(command, env, isAlone)
  if (interrupted !== undefined) return false
  const seconds = Math.round((performance.now() - start) / 1000)
  if (!isAlone) console.log(`\n— ${stage.title} —\n${output.trimEnd()}`)
  const counts: Counts = stage.files.length > 0 ? readCounts(countsFile) : { passed: 0, failed: 0 }
  const isEmpty = stage.files.length > 0 && counts.passed + counts.failed === 0
  if (isEmpty) console.error(`${stage.title}: no test ran`)
  if ((code !== 0 || isEmpty) && counts.failed === 0) counts.failed = 1
  total.passed += counts.passed
  total.failed += counts.failed
  const failures = counts.failures?.length ? counts.failures : ['see its output above']
  if (counts.failed > 0) total.failures.push(...failures.map((each) => `${stage.title}: ${each}`))
  console.log(`${stage.title}: ${counts.failed === 0 ? 'passed' : 'failed'} in ${seconds} s`)
  return counts.failed === 0
}

/** Runs a program, with its output on ours or collected; the exit code is 1 if it did not exit by itself. */
function run([program = '', ...args]: string[], env: NodeJS.ProcessEnv, isAlone: boolean) {
  return new Promise<{ code: number; output: string }>((resolve) => {
    const child = spawn(program, args, {
      stdio: isAlone ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      // Windows starts the .cmd files of node_modules/.bin only through its shell.
      shell: process.platform === 'win32',
    })
    running.add(child)
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    const end = (code: number) => {
      running.delete(child)
      resolve({ code, output })
    }
    child.once('error', (error) => {
      output += error.message
      end(1)
    })
    child.once('close', (code) => end(code ?? 1))
  })
}

function readCounts(file: string): Counts {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { passed: 0, failed: 0 }
  }
}

/** The stages end first; a terminal has told them already, and they may still have to tidy up. */
function interrupt(signal: NodeJS.Signals): void {
  if (interrupted === undefined && !(signal === 'SIGINT' && process.stdin.isTTY)) {
    for (const child of running) child.kill(signal)
  }
  interrupted = signal
}

async function runRows(rows: Stage[][]): Promise<void> {
  const ceph = prepare(rows.flat())
  try {
    for (const [index, row] of rows.entries()) {
      if (index > 0 || !row.some(({ name }) => name === 'build')) await ceph
      if (interrupted !== undefined) return
      const results = await Promise.all(row.map((stage) => runStage(stage, row.length === 1)))
      const build = row.findIndex(({ name }) => name === 'build')
      if (results[build] === false) return
    }
  } finally {
    await (await ceph).stop()
  }
}

async function main(): Promise<void> {
  const selection = process.argv.slice(2)
  if (!selection.includes('all')) process.env[BROWSERS_VARIABLE] ??= 'chromium'
  try {
    await runRows(selectStages(selection))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    total.failed += 1
  } finally {
    await guard.stop()
  }
  if (interrupted !== undefined) console.error(`\nStopped by ${interrupted}`)
  if (total.failures.length > 0) console.log(['\nFailed:', ...total.failures].join('\n  '))
  console.log(`\n${total.passed} passed, ${total.failed} failed`)
  process.exit(interrupted !== undefined ? 130 : total.failed > 0 ? 1 : 0)
}

process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt)
await main()
