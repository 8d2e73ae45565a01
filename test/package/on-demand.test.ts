/**
 * What an application loads later imports only what its page has loaded. A file that could not be loaded is
 * loaded again by another address: a file that imports it by the first one would fail, or load it twice.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { build, type Rollup } from 'vite'
import { DIST } from '../support/built.ts'

test('in an application that bundles the package', async () => {
  const chunks = await bundle(`${DIST}/define.js`)
  const loaded = new Set<string>()
  const load = (name: string) => {
    if (loaded.has(name)) return
    loaded.add(name)
    for (const each of chunks.get(name)?.imports ?? []) load(each)
  }
  for (const { isEntry, fileName } of chunks.values()) if (isEntry) load(fileName)
  const later = [...chunks.values()].filter(({ fileName }) => !loaded.has(fileName))
  assert.ok(later.length > 5)
  const own = later.flatMap(({ name, imports }) =>
    imports.filter((it) => !loaded.has(it)).map((it) => `${name} imports ${it}`),
  )
  assert.deepEqual(own, [])
})

/** The files that Vite makes of an entry, by their names. */
async function bundle(input: string): Promise<Map<string, Rollup.OutputChunk>> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, target: 'es2022', rolldownOptions: { input } },
  })
  const outputs = [result].flat() as Rollup.RollupOutput[]
  const chunks = outputs.flatMap(({ output }) => output).filter((it) => it.type === 'chunk')
  return new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
}
