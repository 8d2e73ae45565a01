/** The package as npm would publish it, as applications get it. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesIn, type Site, serve } from '../pages/site.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** An application that has it. */
export interface Application {
  folder: string
  /** The package itself, as npm publishes it. */
  tarball: string
  /** Where it is installed. */
  library: string
  /** Writes a file of the application. */
  write(path: string, content: string): string
  remove(): void
}

/** Packs what is built into a folder. */
export function pack(folder: string): string {
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder]
  const name = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' }).trim()
  return join(folder, name)
}

/** The package as npm publishes it, and at a CDN. */
export interface Published {
  tarball: string
  cdn: Site
}

/** Packs what is built into a folder, and serves the files of the package from there, to any page. */
export async function publish(folder: string): Promise<Published> {
  const tarball = pack(folder)
  const unpacked = join(folder, 'cdn')
  mkdirSync(unpacked)
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', unpacked])
  const cdn = await serve(filesIn(unpacked, { 'Access-Control-Allow-Origin': '*' }))
  return { tarball, cdn }
}

/**
 * Makes an application with the package in it. It is inside the project's node_modules, so that all
 * that it needs besides is there.
 */
export function application(): Application {
  const cache = join(ROOT, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'application-'))
  const library = join(folder, 'node_modules/bucket-upload')
  mkdirSync(library, { recursive: true })
  const tarball = pack(folder)
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', library])
  writeFileSync(join(folder, 'package.json'), '{ "name": "application", "type": "module" }')
  return {
    ...{ folder, tarball, library },
    write(path, content) {
      writeFileSync(join(folder, path), content)
      return join(folder, path)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
