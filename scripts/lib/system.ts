/** Finds what the tests need outside of node_modules, and installs it where that can be done. */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { locateChromium } from './chromium.ts'
import { locateFirefox } from './firefox.ts'
import { canMakeVenv, locatePython } from './python.ts'
import { locateAwsCli, which } from './which.ts'

/** Something that the tests run, and that npm cannot install. */
export interface Need {
  name: string
  /** Its packages in Debian and Ubuntu. */
  debian: string[]
  /** How Homebrew installs it; absent where there is no such thing for macOS. */
  brew?: string
  isThere(): boolean
}

const WEBKIT_PROGRAMS = ['WebKitWebDriver', 'Xvfb']
const CEPH_PROGRAMS = ['ceph', 'ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin']

export const CHROMIUM: Need = {
  name: 'Chromium or Chrome',
  debian: ['chromium'],
  brew: 'brew install --cask google-chrome',
  isThere: () => locateChromium() !== undefined,
}

export const FIREFOX: Need = {
  name: 'Firefox',
  debian: ['firefox-esr'],
  brew: 'brew install --cask firefox',
  isThere: () => locateFirefox() !== undefined,
}

/** The driver brings the browser with it, which needs a display to draw on. */
export const WEBKIT: Need = {
  name: 'WebKitGTK',
  debian: ['webkit2gtk-driver', 'xvfb'],
  isThere: () => WEBKIT_PROGRAMS.every((program) => which(program) !== undefined),
}

export const CEPH: Need = {
  name: "Ceph's RADOS gateway",
  debian: ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common'],
  isThere: () => CEPH_PROGRAMS.every((program) => which(program) !== undefined),
}

export const PYTHON: Need = {
  name: 'Python with boto3',
  debian: ['python3', 'python3-boto3'],
  brew: 'brew install python && python3 -m pip install --break-system-packages boto3',
  isThere: () => locatePython() !== undefined,
}

/** By which IBM's SDK for Python is installed. */
export const VENV: Need = {
  name: "Python's venv",
  debian: ['python3-venv'],
  brew: 'brew install python',
  isThere: canMakeVenv,
}

/** Other tools that presign: what they make has to go through the widget. */
export const PRESIGNERS: Need = {
  name: 'aws-cli and s3cmd',
  debian: ['awscli', 's3cmd'],
  brew: 'brew install awscli s3cmd',
  isThere: () => locateAwsCli() !== '' && which('s3cmd') !== undefined,
}

/** In which there are example signers. */
export const LANGUAGES: Need = {
  name: 'Go, PHP and Ruby',
  debian: ['golang-go', 'php-cli', 'php-xml', 'ruby'],
  brew: 'brew install go php ruby',
  isThere: () =>
    ['go', 'php', 'ruby'].every((program) => which(program) !== undefined) &&
    runs('php', '-r', "exit(function_exists('simplexml_load_string') ? 0 : 1);"),
}

/** For the recipe of the documents. Its links are made by the SDK. */
export const RAILS: Need = {
  name: 'Rails',
  debian: ['ruby', 'ruby-rails', 'ruby-sqlite3', 'ruby-webrick', 'ruby-aws-sdk-s3'],
  isThere: () =>
    runs('ruby', '-e', '%w[rails sqlite3 webrick aws-sdk-s3].each { |it| require it }'),
}

/** For the recipe of the documents. */
export const LARAVEL: Need = {
  name: 'Laravel',
  debian: ['php-cli', 'php-sqlite3', 'php-laravel-framework'],
  isThere: () =>
    runs('php', '-r', "require 'Illuminate/autoload.php'; new PDO('sqlite::memory:');"),
}

/** Writes metadata into photos, and finds what is left of it. */
export const EXIFTOOL: Need = {
  name: 'ExifTool',
  debian: ['libimage-exiftool-perl'],
  brew: 'brew install exiftool',
  isThere: () => which('exiftool') !== undefined,
}

/** For the commands that the command line and the documents print. */
export const POSIX: Need = {
  name: 'a POSIX shell, curl and openssl',
  debian: ['dash', 'curl', 'openssl'],
  isThere: () => ['sh', 'curl', 'openssl'].every((program) => which(program) !== undefined),
}

/** For the settings of a proxy in the documents. */
export const NGINX: Need = {
  name: 'nginx',
  debian: ['nginx'],
  brew: 'brew install nginx',
  isThere: () => which('nginx') !== undefined,
}

/** Counts for signers with several copies. */
export const REDIS: Need = {
  name: 'Redis',
  debian: ['redis-server'],
  brew: 'brew install redis',
  isThere: () => which('redis-server') !== undefined,
}

/** Looks for viruses, by signatures that a test brings. */
export const CLAMAV: Need = {
  name: 'ClamAV',
  debian: ['clamav-daemon'],
  brew: 'brew install clamav',
  isThere: () => which('clamd') !== undefined || existsSync('/usr/sbin/clamd'),
}

/** Counts for signers with several copies. */
export const POSTGRES: Need = {
  name: 'Postgres',
  debian: ['postgresql'],
  brew: 'brew install postgresql',
  isThere: () => locatePostgres() !== undefined,
}

/** Debian has it outside of the PATH, in a folder of its version. */
export function locatePostgres(): string | undefined {
  return which('postgres') ?? globSync('/usr/lib/postgresql/*/bin/postgres').at(-1)
}

/** Whether a program is there, and does this without an error. */
function runs(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}

/** The tests in a container that can install all they need: for systems without a Ceph gateway. */
const CONTAINER =
  'docker run --rm -it --init -v "$PWD":/project -v /project/node_modules -w /project ' +
  'node:24-trixie npm test'

/** Whether this is Debian itself or something made from it, or something else. */
type System = 'debian' | 'debian-like' | 'other'

/**
 * Makes sure that all of it is there. As root on Debian it installs what is missing; anywhere else
 * it throws an error that names the one command to run. Nothing is left out of the tests silently.
 */
export function ensureSystem(needs: Need[]): void {
  const missing = needs.filter((need) => !need.isThere())
  if (missing.length === 0) return
  const names = missing.map((need) => need.name).join(', ')
  const packages = missing.flatMap((need) => need.debian)
  if (thisSystem() !== 'debian' || process.getuid?.() !== 0) {
    throw new Error(`The tests need ${names}. Run this:\n\n  ${remedy(missing)}\n`)
  }
  console.log(`Installing ${names}: apt-get install ${packages.join(' ')} …`)
  aptInstall(packages)
  const absent = missing.filter((need) => !need.isThere()).map((need) => need.name)
  if (absent.length > 0) throw new Error(`Installed, and still not found: ${absent.join(', ')}`)
}

/**
 * As `ensureSystem`, for what the tests can do without.
 *
 * @returns why it could not be installed
 */
export function tryInstall(need: Need): string | undefined {
  try {
    ensureSystem([need])
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** The one command that installs what is missing. */
function remedy(missing: Need[]): string {
  if (thisSystem() !== 'other') {
    const packages = missing.flatMap((need) => need.debian).join(' ')
    const install = `apt-get install -y --no-install-recommends ${packages}`
    return `sudo apt-get update && sudo ${install}`
  }
  const commands = missing.map((need) => need.brew)
  const allByBrew = process.platform === 'darwin' && commands.every((one) => one !== undefined)
  return allByBrew ? commands.join(' && ') : CONTAINER
}

function thisSystem(): System {
  if (process.platform !== 'linux') return 'other'
  const ids = releaseIds()
  if (ids[0] === 'debian') return 'debian'
  return ids.includes('debian') ? 'debian-like' : 'other'
}

/** The system's own id, and then those it is like. */
function releaseIds(): string[] {
  try {
    const release = readFileSync('/etc/os-release', 'utf8')
    return ['ID', 'ID_LIKE'].flatMap((key) => {
      const value = new RegExp(`^${key}=(.*)$`, 'm').exec(release)?.[1] ?? ''
      return value.replaceAll('"', '').split(' ')
    })
  } catch {
    return []
  }
}

/** An update that fails may leave lists that are good enough, so only the install decides. */
function aptInstall(packages: string[]): void {
  const updated = apt(['update'])
  const installed = apt(['install', '-y', '--no-install-recommends', ...packages])
  if (!installed.ok) {
    throw new Error(
      `apt-get install failed:\n${updated.ok ? '' : updated.output}${installed.output}`,
    )
  }
}

function apt(args: string[]): { ok: boolean; output: string } {
  // Another apt may be at work for a while on a machine that has just started.
  const options = ['-qq', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3']
  const { status, stdout, stderr } = spawnSync('apt-get', [...options, ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  return { ok: status === 0, output: `${stdout}${stderr}` }
}
