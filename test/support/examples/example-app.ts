/** Makes an application of a folder of `examples`, as somebody would who copies it. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './quick-start.ts'

/**
 * Copies an example, and installs what it needs, and the packed library.
 *
 * @param versions of packages, instead of those that it names
 */
export function copyExample(
  example: string,
  root: string,
  tarball: string,
  versions: Record<string, string> = {},
): string {
  const folder = join(root, example)
  cpSync(fileURLToPath(new URL(`../../../examples/${example}`, import.meta.url)), folder, {
    recursive: true,
    filter: (path) => !['node_modules', 'dist'].includes(basename(path)),
  })
  const manifest = join(folder, 'package.json')
  const content = JSON.parse(readFileSync(manifest, 'utf8'))
  for (const list of [content.dependencies, content.devDependencies ?? {}]) {
    for (const name of Object.keys(list)) list[name] = versions[name] ?? list[name]
  }
  content.dependencies['bucket-upload'] = `file:${tarball}`
  writeFileSync(manifest, JSON.stringify(content))
  run('npm install', folder)
  return folder
}
