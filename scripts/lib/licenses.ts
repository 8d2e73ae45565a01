import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin, Rollup } from 'vite'

/** What other packages are bundled, as their manifests and licenses say. */
interface Bundled {
  name: string
  version: string
  license: string
  text: string
}

/** How packages name the file of their license. */
const FILES = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license', 'license.md']

/**
 * Writes a file with the licenses of all packages whose code is in the built files: they ask that their
 * text goes along with each copy.
 *
 * @param fileName where to write it
 * @param others further modules that are in the built files
 */
export function licenses(fileName: string, others: ReadonlySet<string>): Plugin {
  return {
    name: 'licenses',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((it) => it.type === 'chunk')
      this.emitFile({
        type: 'asset',
        fileName,
        source: licensesOf([...modulesOf(chunks), ...others]),
      })
    },
  }
}

/** The files that chunks are made of. */
export function modulesOf(chunks: Pick<Rollup.OutputChunk, 'moduleIds'>[]): string[] {
  return chunks.flatMap(({ moduleIds }) => moduleIds)
}

/** The licenses of the packages of these modules. */
function licensesOf(modules: string[]): string {
  const folders = new Set(modules.flatMap((id) => packageOf(id) ?? []))
  const packages = [...folders].map(read).sort((one, other) => one.name.localeCompare(other.name))
  const texts = packages.map(
    ({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}`,
  )
  const head = 'These files have code of other packages in them. These are their licenses.\n'
  return `${[head, ...texts].join(`\n${'-'.repeat(72)}\n\n`)}\n`
}

/** The folder of the package that a module belongs to, unless it is ours. */
function packageOf(id: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id.replaceAll('\\', '/'))?.[0]
}

function read(folder: string): Bundled {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = FILES.map((it) => join(folder, it)).find(existsSync)
  const text = file ? readFileSync(file, 'utf8') : inReadme(folder)
  if (text === undefined) throw new Error(`${name} has no text of its license.`)
  return { name, version, license, text: text.trim() }
}

/** Some packages have their license at the end of their README only. */
function inReadme(folder: string): string | undefined {
  const [file] = globSync('{README,readme,Readme}.md', { cwd: folder })
  if (file === undefined) return undefined
  return /^## Licen[cs]e.*\n([\s\S]+)$/im.exec(readFileSync(join(folder, file), 'utf8'))?.[1]
}
