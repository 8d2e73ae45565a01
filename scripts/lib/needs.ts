/** Finds out what a test file needs besides node_modules, by what it imports. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installVersitygw } from './go.ts'
import {
  IBM_SDK,
  installWithPip,
  JUPYTER,
  MOTO,
  SCHEMATHESIS,
  SIGNER_TOOLS,
  STREAMLIT,
} from './python.ts'
import { installReadersNode, type ReadersNode } from './readers-node.ts'
import {
  CEPH,
  CHROMIUM,
  CLAMAV,
  EXIFTOOL,
  LANGUAGES,
  LARAVEL,
  type Need,
  NGINX,
  POSIX,
  POSTGRES,
  PRESIGNERS,
  PYTHON,
  RAILS,
  REDIS,
  tryInstall,
  VENV,
} from './system.ts'

/** Something that not every machine can install. */
export interface Extra {
  name: string
  /** @returns why it could not be done */
  install(): string | undefined
}

/** What test files need. */
export interface Needs {
  system: Set<Need>
  extras: Set<Extra>
  /** Whether they load what `npm run build` makes. */
  build: boolean
}

const IBM: Extra = { name: IBM_SDK.name, install: () => installWithPip(IBM_SDK) }
const PYTHON_SIGNER: Extra = {
  name: SIGNER_TOOLS.name,
  install: () => installWithPip(SIGNER_TOOLS),
}
const OPENAPI: Extra = { name: SCHEMATHESIS.name, install: () => installWithPip(SCHEMATHESIS) }
const MOTO_SERVER: Extra = { name: MOTO.name, install: () => installWithPip(MOTO) }
const NOTEBOOKS: Extra[] = [STREAMLIT, JUPYTER].map((packages) => ({
  name: packages.name,
  install: () => installWithPip(packages),
}))
const NODES: Extra[] = ([20, 22] satisfies ReadersNode[]).map((version) => ({
  name: `Node.js ${version}`,
  install: () => installReadersNode(version),
}))
const VERSITYGW: Extra = { name: 'versitygw', install: installVersitygw }

const FRAMEWORKS: Extra[] = [RAILS, LARAVEL].map((need) => ({
  name: need.name,
  install: () => tryInstall(need),
}))

const PROXY: Extra = { name: NGINX.name, install: () => tryInstall(NGINX) }

/** The modules by which tests come to each thing. */
const DOORS: Record<string, { system?: Need[]; extras?: Extra[]; build?: true }> = {
  'test/support/built.ts': { build: true },
  'test/support/examples/packed.ts': { build: true },
  'test/support/examples/copied-signers.ts': { build: true },
  'test/support/shell.ts': { system: [POSIX] },
  'test/support/docs/nginx.ts': { extras: [PROXY] },
  'test/support/photos/photos.ts': { system: [EXIFTOOL] },
  'test/support/servers/ceph.ts': { system: [CEPH] },
  'test/support/servers/postgres.ts': { system: [POSTGRES] },
  'test/support/servers/redis.ts': { system: [REDIS] },
  'test/support/servers/clamd.ts': { system: [CLAMAV] },
  'test/support/servers/certificate.ts': { system: [POSIX] },
  'scripts/lib/chromium.ts': { system: [CHROMIUM] },
  'scripts/lib/python.ts': { system: [PYTHON] },
  'scripts/lib/which.ts': { system: [PRESIGNERS, VENV], extras: [IBM] },
  'test/support/examples/quick-start.ts': { system: [PYTHON, VENV], extras: NODES },
  'test/support/examples/notebooks.ts': { system: [VENV], extras: NOTEBOOKS },
  'test/support/examples/recipes.ts': { extras: FRAMEWORKS },
  'test/support/examples/example-commands.ts': { system: [LANGUAGES] },
  'test/support/examples/python-signer.ts': { system: [PYTHON, VENV], extras: [PYTHON_SIGNER] },
  'test/support/examples/schemathesis.ts': { system: [PYTHON, VENV], extras: [OPENAPI] },
  'test/support/servers/other-servers.ts': {
    system: [LANGUAGES, VENV],
    extras: [MOTO_SERVER, VERSITYGW],
  },
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What test files need together. */
export function needsOf(files: readonly string[]): Needs {
  const needs: Needs = { system: new Set(), extras: new Set(), build: false }
  for (const module of modulesOf(files)) {
    const { system = [], extras = [], build = module.startsWith('dist/') } = DOORS[module] ?? {}
    for (const each of system) needs.system.add(each)
    for (const each of extras) needs.extras.add(each)
    needs.build ||= build
  }
  return needs
}

/** Whether a test file runs on any machine, with nothing built, and starts no program, which takes long. */
export function needsNothing(file: string): boolean {
  const { system, build } = needsOf([file])
  return system.size === 0 && !build && !startsPrograms(file)
}

function startsPrograms(file: string): boolean {
  return /\b(?:bucketUploadProcess|runProgram)\(/.test(readFileSync(join(root, file), 'utf8'))
}

/** The files, and all that they load. What is behind a door is the business of that door. */
function modulesOf(files: readonly string[]): Set<string> {
  const found = new Set<string>()
  const visit = (file: string) => {
    if (found.has(file)) return
    found.add(file)
    if (!(file in DOORS)) importsOf(file).forEach(visit)
  }
  for (const file of files) visit(file)
  return found
}

const known = new Map<string, string[]>()

/** The files of the project that a file imports as values, as paths from the root. */
function importsOf(file: string): string[] {
  const before = known.get(file)
  if (before) return before
  // A text with an import in it, of which code is generated, may look like one of a file that is not there.
  const isCode = file.endsWith('.ts') && existsSync(join(root, file))
  const text = isCode ? readFileSync(join(root, file), 'utf8') : ''
  const imports = [...text.matchAll(/^(?:import|export)(?! type\b)[^'"]*?from '(\.[^']+)'/gm)]
    // `import { type A }` loads nothing that a test could run.
    .filter(([line]) => !/^import \{(?:\s*type \w+(?: as \w+)?,?)+\s*\}/.test(line))
    .concat([...text.matchAll(/(?:import\(|new URL\()'(\.[^']+\.ts)'/g)])
    .map(([, path = '']) => relative(root, join(root, dirname(file), path)).replaceAll('\\', '/'))
  known.set(file, imports)
  return imports
}
