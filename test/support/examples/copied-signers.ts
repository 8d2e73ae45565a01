/** Copies the signers in JavaScript, as somebody would who starts from one, and installs the library. */
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exampleFolder } from './example-signer.ts'
import { pack } from './packed.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** Examples that were copied. */
export interface CopiedSigners {
  /** Where the copy of an example is. */
  folder(example: string): string
  remove(): void
}

/**
 * Copies examples, each with the packed library and what its manifest names, and with nothing else of
 * this project. What the project has of it is linked; Next.js and wrangler it has not.
 */
export function copySigners(examples: string[]): CopiedSigners {
  const root = mkdtempSync(join(tmpdir(), 'signers-'))
  const tarball = pack(root)
  for (const example of examples) {
    const folder = join(root, example)
    const filter = (path: string) => basename(path) !== 'node_modules'
    cpSync(exampleFolder(example), folder, { recursive: true, filter })
    const library = join(folder, 'node_modules/bucket-upload')
    mkdirSync(library, { recursive: true })
    execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', library])
    for (const name of [...dependencies(library), ...dependencies(folder)]) link(name, folder)
  }
  return {
    folder: (example) => join(root, example),
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

function dependencies(folder: string): string[] {
  const manifest = join(folder, 'package.json')
  if (!existsSync(manifest)) return []
  return Object.keys(JSON.parse(readFileSync(manifest, 'utf8')).dependencies)
}

function link(name: string, folder: string): void {
  const [from, to] = [ROOT, folder].map((place) => join(place, 'node_modules', name)) as [
    string,
    string,
  ]
  if (!existsSync(from) || existsSync(to)) return
  mkdirSync(dirname(to), { recursive: true })
  symlinkSync(from, to, 'junction')
}
