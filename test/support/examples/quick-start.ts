/** Follows a quick start of the documents to the letter: its commands are run, its files are written. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ReadersNode, readersNode } from '../../../scripts/lib/readers-node.ts'

type Step =
  | { kind: 'run'; commands: string[] }
  | { kind: 'start'; commands: string[]; listensOn?: string }
  | { kind: 'write'; path: string; content: string }

/** What the reader puts in the place of what the page cannot know. */
export interface Reader {
  /** An empty folder. */
  folder: string
  /** Instead of `bucket-upload` from the registry. */
  tarball: string
  /** Where the files of the package are, instead of at a CDN. */
  cdn: string
  /** Instead of `my-bucket`. */
  bucket: string
  /** What is in `.env`. */
  settings: Record<string, string>
  /** A virtual environment of Python that has what the page installs. */
  venv?: string
  /** A file for what the programs print that are left running. */
  log?: string
}

/** What came of it. */
export interface Followed {
  /** The address that the page says to open. */
  address: string
  stop(): Promise<void>
}

/** Commands take some minutes at most, in ms. */
const LIMIT = 180_000

/** The folder of the package that is installed instead of `bucket-upload-signer` from PyPI. */
export const PYTHON_PACKAGE = fileURLToPath(new URL('../../../python', import.meta.url))

/** The package at a CDN. */
const AT_CDN = /https:\/\/cdn\.jsdelivr\.net\/npm\/bucket-upload@[\d.]+/g

/** The text of a quick start, by its path in the documents without its ending. */
export function quickStart(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../../docs/${name}.md`, import.meta.url)), 'utf8')
}

/** A code block, with the line before, and where it says next that a program listens. */
const BLOCK = /^(.*)\n\n```(\w+)\n([\s\S]*?)^```$(?:\n\nIt listens on (http:\/\/localhost:\d+))?/gm

/** The code blocks of a page, in their order; the line before says what to do with each. */
export function stepsOf(page: string): Step[] {
  return [...page.matchAll(BLOCK)].flatMap(
    ([, before = '', language = '', content = '', listensOn]): Step[] => {
      const [, path] = /`([^`]+)`:$/.exec(before) ?? []
      if (!['sh', 'bash'].includes(language))
        return path === undefined ? [] : [{ kind: 'write', path, content }]
      const commands = content.trim().split('\n')
      if (!before.endsWith('leave it running:')) return [{ kind: 'run', commands }]
      return [{ kind: 'start', commands, ...(listensOn === undefined ? {} : { listensOn }) }]
    },
  )
}

/** What a machine of today has at least, unless the page says that it needs more. */
export function nodeOf(page: string): ReadersNode {
  return /needs Node\.js 2[1-9]/.test(page) ? 22 : 20
}

/**
 * Does what a page says, with the oldest Node.js that it allows.
 *
 *
 * @throws {Error} with the output of a command that fails
 */
export async function follow(page: string, reader: Reader): Promise<Followed> {
  const started: ChildProcess[] = []
  const stop = () => Promise.all(started.map(end)).then(() => {})
  let folder = reader.folder
  const env = environment(readersNode(nodeOf(page)))
  try {
    for (const step of stepsOf(page)) {
      if (step.kind === 'write') write(join(folder, step.path), step, reader)
      else {
        for (const line of step.commands) {
          const command = commandOf(line, folder, reader)
          if (command.startsWith('cd ')) folder = join(folder, command.slice(3))
          else if (step.kind === 'run') run(command, folder, env)
          else started.push(start(command, folder, env, reader.log))
        }
        if (step.kind === 'start' && step.listensOn) await answers(step.listensOn)
      }
    }
  } catch (error) {
    await stop()
    throw error
  }
  const [, address = ''] = /^Open (http:\/\/localhost:\d+[\w./]*)/m.exec(page) ?? []
  return { address, stop }
}

/**
 * People type the next command once the one before has said that it listens: on a slow line npx loads
 * the package first, and two that load the same one at the same time are in each other's way.
 */
export async function answers(server: string): Promise<void> {
  const end = Date.now() + LIMIT
  while (!(await fetch(server).catch(() => undefined))) {
    if (Date.now() > end) throw new Error(`Nothing answers at ${server}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** A line of the page, as this reader types it. */
function commandOf(line: string, folder: string, { tarball, bucket, venv }: Reader): string {
  const isInstalled = existsSync(join(folder, 'node_modules/bucket-upload'))
  return line
    .replace(/^(npm install .*)\bbucket-upload\b/, `$1${tarball}`)
    .replace(/^(\S*pip install .*)\bbucket-upload-signer\b/, `$1${PYTHON_PACKAGE}`)
    .replace(/^npx (?=bucket-upload\b)/, isInstalled ? 'npx ' : `npx --package=${tarball} `)
    .replace(/^python3 -m venv (?=\S+$)/, venv ? `ln -s ${venv} ` : '$&')
    .replaceAll('my-bucket', bucket)
}

function write(
  path: string,
  { path: name, content }: Step & { kind: 'write' },
  reader: Reader,
): void {
  mkdirSync(dirname(path), { recursive: true })
  const isSettings = name === '.env'
  writeFileSync(
    path,
    isSettings ? withSettings(content, reader) : content.replace(AT_CDN, reader.cdn),
  )
}

/** What the page says about itself stays: only the bucket is another one. */
function withSettings(content: string, { settings }: Reader): string {
  const others = content.split('\n').filter((line) => {
    const [name = '', value] = line.split('=')
    return !(name in settings) && value !== '…'
  })
  const own = Object.entries(settings).map(([key, value]) => `${key}=${value}`)
  return [...own, ...others].join('\n')
}

/**
 * Runs a command of a reader.
 *
 * @throws {Error} with its output, if it fails
 */
export function run(command: string, cwd: string, env: NodeJS.ProcessEnv = environment()): void {
  const stdio = ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe']
  const options = { cwd, env, shell: true, encoding: 'utf8', timeout: LIMIT, stdio } as const
  const { status, stdout, stderr } = spawnSync(command, options)
  if (status !== 0) throw new Error(`${command}\n${stdout}${stderr}`)
}

/** In a group of its own, so that all that it starts ends with it. */
function start(command: string, cwd: string, env: NodeJS.ProcessEnv, log?: string): ChildProcess {
  const output = log === undefined ? 'ignore' : openSync(log, 'a')
  const stdio = ['ignore', output, output] as ['ignore', 'ignore' | number, 'ignore' | number]
  const child = spawn(command, { cwd, env, shell: true, detached: true, stdio })
  if (typeof output === 'number') closeSync(output)
  return child
}

async function end(child: ChildProcess): Promise<void> {
  const { pid } = child
  if (pid === undefined || child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  process.kill(-pid, 'SIGKILL')
  await ended
}

/**
 * What a reader's shell has. The programs of this repository are not among it, but for Node.js itself,
 * unless another is named by its folder. Nobody asks them, and nobody counts them.
 */
function environment(node = dirname(process.execPath)): NodeJS.ProcessEnv {
  const { PATH = '', ...inherited } = process.env
  const ours =
    /^npm_(?!config_)|^npm_config_local_prefix$|^NODE_(?:TEST|OPTIONS|PATH|ENV)|^INIT_CWD$/
  const others = Object.entries(inherited).filter(([name]) => !ours.test(name))
  const paths = PATH.split(':').filter((path) => !path.endsWith('node_modules/.bin'))
  return {
    ...Object.fromEntries(others),
    PATH: [node, ...paths].join(':'),
    ...{ npm_config_yes: 'true', npm_config_audit: 'false', npm_config_fund: 'false', CI: '1' },
    ...{ NG_CLI_ANALYTICS: 'false', NEXT_TELEMETRY_DISABLED: '1', NUXT_TELEMETRY_DISABLED: '1' },
  }
}
