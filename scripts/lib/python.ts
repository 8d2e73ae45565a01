import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { isProgram, whichAll } from './which.ts'

/** What `pip` installs for the tests, which no package of Debian has. */
export interface PipPackages {
  name: string
  /** With their versions. */
  packages: string[]
  /** What can be imported then. */
  module: string
}

export const IBM_SDK: PipPackages = {
  name: "IBM's SDK for Python",
  packages: ['ibm-cos-sdk==2.16.2'],
  module: 'ibm_boto3',
}

/** An S3 server, without what it needs for the other services of AWS. */
export const MOTO: PipPackages = {
  name: 'moto',
  packages: ['moto==5.2.5', 'flask==3.1.3', 'flask-cors==6.0.5'],
  module: 'moto',
}

export const STREAMLIT: PipPackages = {
  name: 'Streamlit',
  packages: ['streamlit==1.67.0'],
  module: 'streamlit',
}

export const JUPYTER: PipPackages = {
  name: 'JupyterLab with anywidget',
  packages: ['jupyterlab==4.6.6', 'anywidget==0.11.0'],
  module: 'anywidget',
}

/** What the package in `python` is tested with: both SDKs, a counter, frameworks and checkers. */
export const SIGNER_TOOLS: PipPackages = {
  name: 'the signer for Python',
  packages: [
    ...['boto3==1.44.8', 'ibm-cos-sdk==2.16.2', 'redis==8.1.0'],
    ...['fastapi==0.165.0', 'uvicorn==0.54.0', 'flask==3.1.3', 'django==5.2.19'],
    ...['pytest==9.2.0', 'ruff==0.17.6', 'mypy==2.4.1'],
  ],
  module: 'mypy',
}

/** Asks a server what its OpenAPI document allows, and much that it does not. */
export const SCHEMATHESIS: PipPackages = {
  name: 'Schemathesis',
  packages: ['schemathesis==4.32.5'],
  module: 'schemathesis',
}

/** A Python that has boto3: the system's own, to which apt adds it, before any other. */
export function locatePython(): string | undefined {
  const candidates = ['/usr/bin/python3', ...whichAll('python3'), ...whichAll('python')]
  return [...new Set(candidates)].filter(isProgram).find((python) => has(python, 'boto3'))
}

/** Whether it can make a virtual environment with pip in it, which Debian has in a separate package. */
export function canMakeVenv(): boolean {
  const python = locatePython()
  return python !== undefined && has(python, 'ensurepip')
}

/** Like `locatePython`, for what cannot go on without. */
export function findPython(): string {
  const path = locatePython()
  if (path === undefined) throw new Error('No Python with boto3 found: pip install boto3')
  return path
}

/** A Python that has the packages, once `installWithPip` has made it; `undefined` where it could not. */
export function locatePythonOf(packages: PipPackages): string | undefined {
  const python = pythonOf(packages)
  return isProgram(python) && has(python, packages.module) ? python : undefined
}

/** The virtual environment that has the packages, as `locatePythonOf`. */
export function locateVenvOf(packages: PipPackages): string | undefined {
  return locatePythonOf(packages) && folderOf(packages)
}

/**
 * Installs packages, unless they are there.
 *
 * @returns why it could not be done, as on a machine that does not reach PyPI
 */
export function installWithPip(packages: PipPackages): string | undefined {
  if (locatePythonOf(packages) !== undefined) return undefined
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
  const steps = [
    [findPython(), '-m', 'venv', '--clear', folderOf(packages)],
    [pythonOf(packages), ...pip, ...packages.packages],
  ]
  for (const [program = '', ...args] of steps) {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    if (status !== 0) return `${stdout}${stderr}`.trim()
  }
  return undefined
}

/** Each in a separate folder, so that the system's Python stays as it is. */
function folderOf({ packages: [main = ''] }: PipPackages): string {
  const name = `python-${main.replace('==', '-')}`
  return fileURLToPath(new URL(`../../node_modules/.cache/${name}`, import.meta.url))
}

function pythonOf(packages: PipPackages): string {
  return `${folderOf(packages)}/bin/python3`
}

function has(python: string, module: string): boolean {
  return spawnSync(python, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0
}
