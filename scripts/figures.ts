/**
 * `node scripts/figures.ts`: writes the numbers of the README and of other pages that are measured or
 * counted elsewhere. A test compares them.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { figures, VERSION, VERSIONED } from './lib/figures.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
for (const { path, pattern, value } of figures(root)) {
  const text = readFileSync(join(root, path), 'utf8')
  const [found, number = ''] = pattern.exec(text) ?? []
  if (found === undefined) throw new Error(`${path} has no place for ${pattern}.`)
  if (number === value) continue
  console.log(`${path}: ${number} is ${value}`)
  writeFileSync(join(root, path), text.replace(found, found.replace(number, value)))
}

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
for (const path of globSync(VERSIONED, { cwd: root })) {
  const text = readFileSync(join(root, path), 'utf8')
  writeFileSync(join(root, path), text.replace(VERSION, version))
}
