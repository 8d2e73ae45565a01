/** The custom-elements manifest says all that a page can use of our elements, and nothing else. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type ElementDeclaration, elementsManifest } from '../../scripts/lib/manifest.ts'
import { UPLOAD_EVENTS } from '../../src/engine/index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')
const source = globSync('src/elements/**/*.ts', { cwd: root })
  .map((path) => withoutComments(read(path)))
  .join('\n')

const manifest = elementsManifest()
const elements = manifest.modules.flatMap(
  ({ declarations }) => declarations as ElementDeclaration[],
)
const namesOf = (key: 'cssParts' | 'cssStates' | 'cssProperties' | 'events') =>
  sorted(elements.flatMap((element) => (element[key] ?? []).map(({ name }) => name)))

test('every element that is registered is in the manifest', () => {
  const files = ['src/define.ts', 'src/recorder.ts']
  const registered = files.flatMap((it) => [...read(it).matchAll(/^ {2}'([\w-]+)': \w+,$/gm)])
  assert.notEqual(registered.length, 0)
  assert.deepEqual(sorted(elements.map((it) => it.tagName ?? '')), sorted(registered.map(first)))
})

for (const element of elements) {
  test(`<${element.tagName}> is described, and all that is public of it`, () => {
    const { attributes, members, events, slots, cssParts, cssStates, cssProperties } = element
    assert.ok(element.description && element.summary, 'the element itself')
    const all = { attributes, members, events, slots, cssParts, cssStates, cssProperties }
    for (const [kind, items = []] of Object.entries(all)) {
      for (const { name, description } of items) {
        assert.ok(description?.trim(), `${kind} ${name}`)
        assert.doesNotMatch(name, /^[#_]/, kind)
      }
    }
    assert.deepEqual(
      ['for', 'locale'].filter((it) => attributes?.some(({ name }) => name === it)),
      ['for', 'locale'],
      'what it inherits',
    )
  })
}

test('every part of a template is documented, and every documented part is there', () => {
  const parts = [...source.matchAll(/\bpart=("([^"]+)"|\$\{[^}]*'([\w -]+)'[^}]*\})/g)]
  assert.deepEqual(
    namesOf('cssParts'),
    sorted(parts.flatMap(([, , plain, chosen]) => (plain ?? chosen ?? '').split(' '))),
  )
})

test('every custom property that the styles read is documented, with its default', () => {
  const read = [...source.matchAll(/var\((--bucket-upload-[\w-]+)/g)].map(first)
  assert.deepEqual(namesOf('cssProperties'), sorted(read))
  for (const { name, default: initial } of elements.flatMap((it) => it.cssProperties ?? [])) {
    const fallback = `var(${name}, ${initial})`.replaceAll('var(--bucket-upload-', 'var(--_')
    const found = source.replaceAll('var(--bucket-upload-', 'var(--_').includes(fallback)
    assert.ok(found, `${name} has another default than ${initial}`)
  }
})

test('every custom state is documented', () => {
  const set = [...source.matchAll(/states\??\.(?:add|delete)\('([\w-]+)'/g)].map(first)
  const listed = [...source.matchAll(/^ {6}\['([\w-]+)', .*\],$/gm)].map(first)
  assert.deepEqual(namesOf('cssStates'), sorted([...set, ...listed]))
})

test('every event that is fired is documented', () => {
  const own = [...source.matchAll(/new (?:Custom)?Event\('([\w-]+)'/g)].map(first)
  const told = own.filter((name) => name !== 'owner-change')
  assert.deepEqual(namesOf('events'), sorted([...told, ...UPLOAD_EVENTS]))
  for (const tag of ['bucket-upload', 'bucket-upload-field']) {
    const events = elements.find(({ tagName }) => tagName === tag)?.events ?? []
    const names = events.map(({ name }) => name)
    assert.deepEqual(sorted(names), sorted([...UPLOAD_EVENTS, 'input', 'change']), tag)
  }
})

test('package.json names the manifest, which is built', () => {
  const { customElements } = JSON.parse(read('package.json'))
  assert.deepEqual(JSON.parse(read(customElements)), JSON.parse(JSON.stringify(manifest)))
})

test('docs/theming.md has every token, part and state, and the looks as they are', () => {
  const text = read('docs/theming.md')
  const states = namesOf('cssStates').map((name) => `:state(${name})`)
  for (const name of [...namesOf('cssProperties'), ...namesOf('cssParts'), ...states]) {
    assert.ok(text.includes(`\`${name}\``), name)
  }
  for (const path of globSync('docs/themes/*.css', { cwd: root })) {
    assert.ok(text.includes(read(path).trim()), path)
  }
})

function sorted(names: string[]): string[] {
  return [...new Set(names)].sort()
}

function first([, name = '']: RegExpMatchArray): string {
  return name
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '')
}
