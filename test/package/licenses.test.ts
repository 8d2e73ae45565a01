/** The licenses of other packages go along with the files that have their code in them. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { DIST as dist } from '../support/built.ts'

/** The packages whose code is in these files, by their source maps. */
function packagesIn(files: string): Set<string> {
  const maps = globSync(files, { cwd: dist })
  assert.ok(maps.length > 0, files)
  const sources = maps.flatMap<string>(
    (map) => JSON.parse(readFileSync(join(dist, map), 'utf8')).sources,
  )
  return new Set(
    sources.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  )
}

for (const [name, files, most] of [
  ['the files for pages without a bundler', 'cdn/**/*.map', 'lit-html'],
  ['the entries', '{,shared/}*.map', '@noble/hashes'],
] as const) {
  test(`${name} have a file with the licenses of what is in them`, () => {
    const packages = packagesIn(files)
    assert.ok(packages.has(most))
    const [file = ''] = globSync(files.startsWith('cdn') ? 'cdn/*/licenses.txt' : 'licenses.txt', {
      cwd: dist,
    })
    const [, ...entries] = readFileSync(join(dist, file), 'utf8').split(/^-{72}$/m)
    const texts = new Map(
      entries.map((entry) => [/^(\S+) [\d.]+ \(\S+\)$/m.exec(entry)?.[1], entry] as const),
    )
    for (const each of packages) assert.match(texts.get(each) ?? '', /copyright/i, each)
  })
}

test('the signer uses one package only, as docs/review.md says', () => {
  const seen = new Set<string>()
  const packages = new Set<string>()
  const visit = (file: string) => {
    if (seen.has(file)) return
    seen.add(file)
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/\bfrom ?["']([^"']+)["']/g)) {
      if (path.startsWith('.')) visit(join(dirname(file), path))
      else packages.add(path.split('/').slice(0, 2).join('/'))
    }
  }
  visit(join(dist, 'server.js'))
  assert.ok(seen.size > 1)
  assert.deepEqual([...packages], ['@noble/hashes'])
})
