import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { isProgram, whichAll } from './which.ts'

/** What `pip` installs for the tests, which no package of Debian has. */
const IBM_VERSION = '2.16.2'
/** Where it is put, so that the system's Python stays as it is. */
const IBM_FOLDER = fileURLToPath(
  new URL(`../../node_modules/.cache/ibm-python-${IBM_VERSION}`, import.meta.url),
)
const IBM_PYTHON = `${IBM_FOLDER}/bin/python3`

/** A Python that has boto3: the system's own, to which apt adds it, before any other. */
export function locatePython(): string | undefined {
  const candidates = ['/usr/bin/python3', ...whichAll('python3'), ...whichAll('python')]
  return [...new Set(candidates)].filter(isProgram).find((python) => has(python, 'boto3'))
}

/** Whether it can make a virtual environment with pip in it, which Debian has in a package of its own. */
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

/** A Python that has IBM's SDK, once `installIbmSdk` has made it; `undefined` where it could not. */
export function locateIbmPython(): string | undefined {
  return isProgram(IBM_PYTHON) && has(IBM_PYTHON, 'ibm_boto3') ? IBM_PYTHON : undefined
}

/**
 * Installs IBM's SDK for Python, unless it is there.
 *
 * @returns why it could not be done, as on a machine that does not reach PyPI
 */
export function installIbmSdk(): string | undefined {
  if (locateIbmPython() !== undefined) return undefined
  const steps = [
    [findPython(), '-m', 'venv', '--clear', IBM_FOLDER],
    [
      IBM_PYTHON,
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      `ibm-cos-sdk==${IBM_VERSION}`,
    ],
  ]
  for (const [program = '', ...args] of steps) {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    if (status !== 0) return `${stdout}${stderr}`.trim()
  }
  return undefined
}

function has(python: string, module: string): boolean {
  return spawnSync(python, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0
}
