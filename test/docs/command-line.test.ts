/** docs/command-line.md has every command, option and error. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { COMMANDS } from '../../src/cli/commands/index.ts'

const root = new URL('../../', import.meta.url).pathname
const docs = readFileSync(join(root, 'docs/command-line.md'), 'utf8')
const source = readdirSync(join(root, 'src/cli'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(join(root, 'src/cli', path), 'utf8'))
  .join('\n')

test('the codes of the document are those of the source', () => {
  const [, table = ''] = docs.split('## Errors')
  const told = [...table.matchAll(/`([a-z]+(?:-[a-z]+)*)`(?=[^|]*\| [\d, ]+ \|)/g)]
  const thrown = [
    ...source.matchAll(/(?:usageError|settingsError|CliError|finding|error)\(\s*'([a-z-]+)'/g),
    ...source.matchAll(/^ {2}\w+: \[\s*'([a-z-]+)',/gm),
  ]
  const sorted = (matches: RegExpMatchArray[]) => [...new Set(matches.map((it) => it[1]))].sort()
  assert.deepEqual(sorted(told), sorted(thrown))
})

test('the document names the Node.js that package.json asks for', () => {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [, version] = /Node\.js (\d+\.\d+) or later/.exec(docs) ?? []
  assert.equal(engines.node, `>=${version}`)
})

for (const { name, options } of COMMANDS) {
  test(`${name} and its options are in the document`, () => {
    assert.match(docs, new RegExp(`^## ${name}$`, 'm'))
    for (const option of Object.keys(options)) assert.ok(docs.includes(`--${option}`), option)
  })
}
