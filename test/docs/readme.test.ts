/** The README is short, and its figures are those that were measured. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { figures, VERSION, VERSIONED } from '../../scripts/lib/figures.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const README = readFileSync(join(root, 'README.md'), 'utf8')

test('it has at most 120 lines and 900 words', () => {
  assert.ok(README.trimEnd().split('\n').length <= 120)
  assert.ok(README.split(/\s+/).length <= 900)
})

test('who looks at a clone sees its two commands first', () => {
  const [first = ''] = README.split('## ')
  assert.match(
    README.slice(0, README.indexOf('\n## ')),
    /^npm start {3}# .+\nnpm test {4}# /m,
    first,
  )
})

test('its picture moves, except for readers who want no motion', () => {
  const [, picture = ''] = /<picture>([\s\S]*?)<\/picture>/.exec(README) ?? []
  const files = [...picture.matchAll(/src(?:set)?="([^"]+)"/g)].map(([, file = '']) => file)
  const moves = (file: string) => readFileSync(join(root, file)).includes('acTL')
  assert.deepEqual(files.map(moves), [false, false, true, true])
  assert.equal(picture.match(/\(prefers-reduced-motion\)/g)?.length, 2)
})

test('it has no address that package.json does not have', () => {
  const { repository, homepage, bugs } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  const known = JSON.stringify([repository, homepage, bugs])
  for (const [address] of README.matchAll(/https?:\/\/[^\s)"'`]+/g)) {
    const { hostname, origin } = new URL(address)
    assert.ok(hostname === 'localhost' || known.includes(origin), address)
  }
})

for (const { path, pattern, value } of figures(root)) {
  test(`${path}: ${pattern.source}`, () => {
    const [, number] = pattern.exec(readFileSync(join(root, path), 'utf8')) ?? []
    assert.equal(number, value, 'Run: node scripts/figures.ts')
  })
}

test('documents that name a version name this one', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const path of globSync(VERSIONED, { cwd: root })) {
    const named = readFileSync(join(root, path), 'utf8').match(VERSION) ?? []
    assert.ok(named.length > 0, path)
    for (const each of named) assert.equal(each, version, `${path}: run node scripts/figures.ts`)
  }
})
