/**
 * `npm test`: installs what is missing, checks, builds, and runs every test against real S3 servers
 * and a real browser. Ends with a line `N passed, N failed`.
 *
 * `npm test -- node|browser|pages|servers|examples|check|build [file…]` runs a part of it. What the
 * tests load is built first.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { COUNTS_VARIABLE, type Counts } from '../test/support/count-reporter.ts'
import { type RunningGateway, startCeph } from '../test/support/servers/ceph.ts'
import { CEPH_VARIABLE } from '../test/support/servers/gateways.ts'
import { guarded } from '../test/support/servers/guarded.ts'
import { browserNeeds, browsersLine } from './lib/browsers.ts'
import { findChromium } from './lib/chromium.ts'
import { installVersitygw } from './lib/go.ts'
import { IBM_SDK, installWithPip, MOTO } from './lib/python.ts'
import { allStages, type Stage } from './lib/stages.ts'
import { CEPH, CHROMIUM, ensureSystem, LANGUAGES, PRESIGNERS, PYTHON, VENV } from './lib/system.ts'

/** They load what is built, and upload to the servers. */
const TESTS = ['node', 'browser', 'pages', 'servers', 'examples']

const guard = guarded('test-')
guard.background()
const countsFile = join(guard.folder, 'counts.json')

const total: Counts = { passed: 0, failed: 0 }
let current: ChildProcess | undefined
let interrupted: NodeJS.Signals | undefined

/** The stages that the command line selects; all of them if it selects none. */
function selectedStages(): Stage[] {
  const [selection, ...files] = process.argv.slice(2)
  const stages = allStages(countsFile, files)
  if (selection === undefined) return stages
  const names = TESTS.includes(selection) ? ['build', selection] : [selection]
  const selected = stages.filter((stage) => names.includes(stage.name))
  if (selected.length > 0) return selected
  const known = [...new Set(stages.map((stage) => stage.name))].join(', ')
  throw new Error(`There is no stage ${selection}, only: ${known}`)
}

/** What all stages share: browsers, and a Ceph gateway unless the environment names another one. */
async function prepare(stages: Stage[]): Promise<RunningGateway | undefined> {
  if (!stages.some((stage) => TESTS.includes(stage.name))) return undefined
  const given = process.env[CEPH_VARIABLE] !== undefined
  const inBrowsers = stages.some((stage) => stage.name === 'browser')
  const browsers = new Set([CHROMIUM, ...(inBrowsers ? browserNeeds() : [])])
  const has = (name: Stage['name']) => stages.some((stage) => stage.name === name)
  const inPython = has('node') || has('pages') || has('servers')
  const others = [
    ...(has('pages') ? [PRESIGNERS] : []),
    ...(has('node') || has('servers') ? [LANGUAGES] : []),
    ...(inPython ? [VENV] : []),
  ]
  ensureSystem([...browsers, PYTHON, ...others, ...(given ? [] : [CEPH])])
  if (has('node') || has('pages')) install(IBM_SDK.name, () => installWithPip(IBM_SDK))
  if (has('servers')) {
    install(MOTO.name, () => installWithPip(MOTO))
    install('versitygw', installVersitygw)
  }
  if (inBrowsers) console.log(browsersLine())
  process.env.CHROME_PATH ??= findChromium()
  if (given) return undefined
  const ceph = await startCeph()
  const { stop: _, ...gateway } = ceph
  process.env[CEPH_VARIABLE] = JSON.stringify(gateway)
  return ceph
}

/** Not every machine reaches the registries of Python and Go; what is left out then is said. */
function install(name: string, attempt: () => string | undefined): void {
  const problem = attempt()
  if (problem) console.log(`${name} is not tested; it cannot be installed:\n${problem}`)
}

/** Runs a program with its output on ours; the exit code, or 1 if it did not exit by itself. */
function run([program = '', ...args]: string[]): Promise<number> {
  return new Promise((resolve) => {
    const env = { ...process.env, [COUNTS_VARIABLE]: countsFile }
    // Windows starts the .cmd files of node_modules/.bin only through its shell.
    const shell = process.platform === 'win32'
    current = spawn(program, args, { stdio: 'inherit', env, shell })
    current.once('error', (error) => {
      console.error(error.message)
      resolve(1)
    })
    current.once('exit', (code) => resolve(code ?? 1))
  })
}

function readCounts(): Counts {
  try {
    return JSON.parse(readFileSync(countsFile, 'utf8'))
  } catch {
    return { passed: 0, failed: 0 }
  }
}

/** What a stage adds to the sum. One that failed, or ran no test at all, adds a failure at least. */
async function runStage(stage: Stage): Promise<void> {
  console.log(`\n— ${stage.title}: ${stage.command[0]} —`)
  rmSync(countsFile, { force: true })
  const code = await run(stage.command)
  if (interrupted !== undefined) return
  const counts = stage.counts ? readCounts() : { passed: 0, failed: 0 }
  const empty = stage.counts && counts.passed + counts.failed === 0
  if (empty) console.error(`${stage.title}: no test ran`)
  if ((code !== 0 || empty) && counts.failed === 0) counts.failed = 1
  total.passed += counts.passed
  total.failed += counts.failed
}

/** The stage ends first; a terminal has told it already, and it may still have to tidy up. */
function interrupt(signal: NodeJS.Signals): void {
  if (interrupted === undefined && !(signal === 'SIGINT' && process.stdin.isTTY)) {
    current?.kill(signal)
  }
  interrupted = signal
}

async function main(): Promise<void> {
  let ceph: RunningGateway | undefined
  try {
    const stages = selectedStages()
    ceph = await prepare(stages)
    for (const stage of stages) {
      if (interrupted === undefined) await runStage(stage)
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    total.failed += 1
  } finally {
    await ceph?.stop()
    await guard.stop()
  }
  if (interrupted !== undefined) console.error(`\nStopped by ${interrupted}`)
  console.log(`\n${total.passed} passed, ${total.failed} failed`)
  process.exit(interrupted !== undefined ? 130 : total.failed > 0 ? 1 : 0)
}

process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt)
await main()
