import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../frame/package-root.ts'

/** The signer of each back end: the example of that name, which comes with the package. */
export interface SignerTemplate {
  /** For the question. */
  title: string
  /** Its address, as the page has it. */
  address: string
  /** How it is started. */
  start: string
  /** How it is started where there is no POSIX shell, if that is not the same. */
  startOnWindows?: string
  /** Where its files go; by default into a folder `signer`. */
  folder?: string
  /** Whether it needs a secret of its own, and does not make one of the bucket's key. */
  needsSecret?: true
}

/**
 * Starts a program with the variables of `.env`. The shells of Windows cannot read that file; Node.js,
 * which is there, can.
 */
const withEnvFile = (program: string, ...args: string[]) => {
  const words = `'${program}', [${args.map((it) => `'${it}'`).join(', ')}], { stdio: 'inherit' }`
  return `node --env-file=../.env -e "process.env.PORT = 3000; require('child_process').spawnSync(${words})"`
}

/** By the names that `--backend` takes. */
export const SIGNERS: Readonly<Record<string, SignerTemplate>> = {
  node: {
    title: 'Node.js',
    address: 'http://localhost:3000',
    start: 'npm install && node --env-file=../.env server.js',
  },
  express: {
    title: 'Express',
    address: 'http://localhost:3000/sign',
    start: 'npm install && node --env-file=../.env server.js',
  },
  hono: {
    title: 'Hono',
    address: 'http://localhost:3000/sign',
    start: 'npm install && node --env-file=../.env server.js',
  },
  nextjs: { title: 'a route of Next.js', address: '/api/sign', start: 'npm run dev', folder: '.' },
  cloudflare: {
    title: 'Cloudflare Workers',
    address: 'http://localhost:8787',
    start: 'npm install && npx wrangler dev',
  },
  deno: {
    title: 'Deno',
    address: 'http://localhost:3000',
    start: 'deno run --env-file=../.env -NE server.ts',
  },
  bun: {
    title: 'Bun',
    address: 'http://localhost:3000',
    start: 'bun install && bun --env-file=../.env server.ts',
  },
  // Flask reads the `.env` above by python-dotenv.
  python: {
    title: 'Python',
    address: 'http://localhost:3000/sign',
    start: [
      'python3 -m venv .venv && .venv/bin/pip install -r requirements.txt',
      '.venv/bin/flask --app signer run --port 3000',
    ].join(' && '),
    startOnWindows: [
      String.raw`python -m venv .venv && .venv\Scripts\pip install -r requirements.txt`,
      String.raw`.venv\Scripts\flask --app signer run --port 3000`,
    ].join(' && '),
    needsSecret: true,
  },
  go: {
    title: 'Go',
    address: 'http://localhost:3000',
    start: 'set -a && . ../.env && PORT=3000 go run .',
    startOnWindows: withEnvFile('go', 'run', '.'),
  },
  php: {
    title: 'PHP',
    address: 'http://localhost:3000',
    start: 'set -a && . ../.env && php -S 127.0.0.1:3000 signer.php',
    startOnWindows: withEnvFile('php', '-S', '127.0.0.1:3000', 'signer.php'),
  },
}

/** The files of a signer, by their paths, as they are in the package. */
export function signerFiles(name: string): Map<string, string> {
  const folder = join(packageRoot(), 'examples/signers', name)
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    // Its README leads to the documents beside it, which are not in a project.
    .filter((entry) => entry.isFile() && entry.name !== 'README.md')
    .map((entry) => join(entry.parentPath, entry.name))
  return new Map(files.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]))
}
