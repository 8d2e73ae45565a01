/**
 * `node scripts/run.mjs <script.ts> [arguments]` runs one of the project's scripts on the project's
 * own Node.js, and installs what package-lock.json names first if that is not there yet. A fresh
 * clone needs no other step. This file alone has to run on an older Node.js, with nothing installed.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const windows = process.platform === 'win32'
const nodeBinary = join(modules, 'node', 'bin', windows ? 'node.exe' : 'node')

/** The packages of a lockfile; undefined if it is missing or broken. */
function packagesOf(lockfile) {
  try {
    return JSON.parse(readFileSync(lockfile, 'utf8')).packages
  } catch {
    return undefined
  }
}

/** Compared by content: a checkout gives every file a new date. */
function isInstalled() {
  const wanted = packagesOf(join(root, 'package-lock.json')) ?? {}
  const installed = packagesOf(join(modules, '.package-lock.json'))
  if (installed === undefined || !existsSync(nodeBinary)) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true
    const found = installed[path]
    // What is optional is often for another system, and then rightly missing.
    if (found === undefined) return entry.optional === true
    return found.version === entry.version && found.integrity === entry.integrity
  })
}

/**
 * The npm that started this, run by the Node.js it runs on itself: that one is not in node_modules,
 * and so survives that folder being replaced.
 */
function npm(args) {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env
  const options = { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' }
  if (cli && node && cli.endsWith('.js')) return spawnSync(node, [cli, ...args], options)
  return spawnSync('npm', args, { ...options, shell: windows })
}

function install() {
  console.error('Installing the packages of package-lock.json (npm ci) …')
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const { status, signal, stdout, stderr, error } = npm(args)
  if (signal === 'SIGINT' || signal === 'SIGTERM') process.exit(128 + constants.signals[signal])
  if (status === 0 && existsSync(nodeBinary)) return
  console.error(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trim())
  console.error(
    status === 0
      ? `npm ci left no Node.js at ${nodeBinary}: its install script did not run. Run: npm rebuild node`
      : 'npm ci failed. Mend what it says above, or run it yourself, and try again.',
  )
  process.exit(1)
}

function run(script, args) {
  const path = [join(modules, '.bin'), dirname(nodeBinary), process.env.PATH].join(delimiter)
  // Windows spells it Path; two spellings at once would leave the choice to chance.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^path$/i.test(key)),
  )
  env.PATH = path
  const child = spawn(nodeBinary, [join(root, script), ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
  let stopping = false
  const forward = (signal) => {
    // A terminal sends Ctrl-C to the child as well, and npm passes it on once more.
    const again = stopping || (signal === 'SIGINT' && process.stdin.isTTY)
    stopping = true
    if (!again) child.kill(signal)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward)
  // A SIGTERM for npm ends only the shell between npm and this process, which would go on alone.
  if (process.env.npm_lifecycle_event) whenOrphaned(() => forward('SIGTERM'))
  child.on('error', (error) => {
    console.error(error.message)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    // A server that Ctrl-C stopped did what it was asked to: npm has no failure to report.
    const stopped = signal === 'SIGINT' && stopping
    process.exit(code ?? (stopped ? 0 : 128 + constants.signals[signal]))
  })
}

/** Calls back once when the parent process is gone. Windows keeps its id, and so never does. */
function whenOrphaned(callback) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    callback()
  }, 1000)
  timer.unref()
}

const [script, ...args] = process.argv.slice(2)
if (script === undefined) {
  console.error('usage: node scripts/run.mjs <script.ts> [arguments]')
  process.exit(2)
}
if (!isInstalled()) install()
run(script, args)
